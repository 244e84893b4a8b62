import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Switch as BaseSwitch } from '@base-ui/react/switch';
import { type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes, useId } from 'react';
import { classNames } from './class-names.ts';
import { Icon } from './icons.tsx';

export interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** Why the value cannot be kept. */
  readonly fault?: string | undefined;
  readonly required?: boolean;
  /** Beside the label, for example a button. */
  readonly aside?: ReactNode;
}

interface Control {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-required': true | undefined;
}

/** A label, what it means, the control and why it is wrong. */
export function Field({
  label,
  hint,
  fault,
  required,
  aside,
  children,
}: FieldProps & { readonly children: (control: Control) => ReactNode }): ReactNode {
  const id = useId();
  const [hintId, faultId] = [`${id}-hint`, `${id}-fault`];
  const described = [hint && hintId, fault && faultId].filter(Boolean).join(' ');
  return (
    <div className="field">
      <div className="row apart">
        <label className="label" htmlFor={id}>
          {label}
          {required && <span aria-hidden="true"> *</span>}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': fault ? true : undefined,
        'aria-required': required ? true : undefined,
      })}
      {hint && (
        <div id={hintId} className="hint">
          {hint}
        </div>
      )}
      {fault && <FaultText id={faultId} text={fault} />}
    </div>
  );
}

export function FaultText({ id, text }: { readonly id?: string; readonly text: string }): ReactNode {
  return (
    <div id={id} className="fault" role="alert">
      <Icon name="bad" size={16} />
      <span>{text}</span>
    </div>
  );
}

type Native<Element> = Omit<InputHTMLAttributes<Element>, 'value' | 'onChange' | 'required' | 'id'>;

export function TextField({
  label,
  hint,
  fault,
  required,
  aside,
  value,
  onChange,
  mono,
  className,
  ...rest
}: FieldProps &
  Native<HTMLInputElement> & {
    readonly value: string;
    readonly onChange: (value: string) => void;
    readonly mono?: boolean;
    readonly ref?: Ref<HTMLInputElement>;
  }): ReactNode {
  return (
    <Field label={label} hint={hint} fault={fault} {...(required && { required })} aside={aside}>
      {(control) => (
        <input
          type="text"
          {...rest}
          {...control}
          className={classNames('input', mono && 'mono', className)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export function TextAreaField({
  label,
  hint,
  fault,
  required,
  aside,
  value,
  onChange,
  mono,
  ...rest
}: FieldProps &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'value' | 'onChange' | 'required' | 'id'> & {
    readonly value: string;
    readonly onChange: (value: string) => void;
    readonly mono?: boolean;
  }): ReactNode {
  return (
    <Field label={label} hint={hint} fault={fault} {...(required && { required })} aside={aside}>
      {(control) => (
        <textarea
          {...rest}
          {...control}
          className={classNames('input', mono && 'mono')}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A box that is ticked, or `some` where only a part of what it stands for is. */
export function Checkbox({
  label,
  hideLabel,
  checked,
  onChange,
  disabled,
  hint,
}: {
  readonly label: ReactNode;
  /** The label is read aloud only. */
  readonly hideLabel?: boolean;
  readonly checked: boolean | 'some';
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly hint?: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div className="check">
      <BaseCheckbox.Root
        className="check-box"
        aria-labelledby={id}
        checked={checked === true}
        indeterminate={checked === 'some'}
        onCheckedChange={onChange}
        disabled={disabled ?? false}
      >
        <BaseCheckbox.Indicator className="check-mark">
          <Icon name={checked === 'some' ? 'minus' : 'check'} size={16} />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span className={hideLabel ? 'visually-hidden' : 'stack tight'}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the control beside it does the same by keyboard */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same */}
        <span id={id} onClick={disabled ? undefined : () => onChange(checked !== true)}>
          {label}
        </span>
        {hint && <span className="hint">{hint}</span>}
      </span>
    </div>
  );
}

/** Something that is on or off. */
export function Switch({
  label,
  checked,
  onChange,
  disabled,
  hint,
}: {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly hint?: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div className="check">
      <BaseSwitch.Root
        className="switch"
        aria-labelledby={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled ?? false}
      >
        <BaseSwitch.Thumb className="switch-thumb" />
      </BaseSwitch.Root>
      <span className="stack tight">
        <span id={id} className="label">
          {label}
        </span>
        {hint && <span className="hint">{hint}</span>}
      </span>
    </div>
  );
}
