import { Select as BaseSelect } from '@base-ui/react/select';
import type { ReactNode } from 'react';
import { Field, type FieldProps } from './field.tsx';
import { Icon } from './icons.tsx';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** One of a few values. For many, or for those that the server finds, there is Picker. */
export function SelectField<Value extends string>({
  label,
  hint,
  fault,
  required,
  aside,
  options,
  value,
  onChange,
  disabled,
}: FieldProps & {
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
}): ReactNode {
  return (
    <Field label={label} hint={hint} fault={fault} {...(required && { required })} aside={aside}>
      {({ id, ...control }) => (
        <Select id={id} {...control} options={options} value={value} onChange={onChange} disabled={disabled ?? false} />
      )}
    </Field>
  );
}

/** The same without a label of its own: it needs `aria-label`. */
export function Select<Value extends string>({
  options,
  value,
  onChange,
  disabled = false,
  ...control
}: {
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: true | undefined;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
}): ReactNode {
  return (
    <BaseSelect.Root
      items={options as Option<Value>[]}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={disabled}
    >
      <BaseSelect.Trigger className="select-trigger" {...control}>
        <BaseSelect.Value />
        <Icon name="down" size={16} />
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner className="positioner" alignItemWithTrigger={false} sideOffset={4}>
          <BaseSelect.Popup className="popup">
            {options.map((option) => (
              <BaseSelect.Item key={option.value} value={option.value} className="option">
                <span className="grow">
                  <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                  {option.hint && <span className="hint"> {option.hint}</span>}
                </span>
                <BaseSelect.ItemIndicator>
                  <Icon name="check" size={16} />
                </BaseSelect.ItemIndicator>
              </BaseSelect.Item>
            ))}
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
