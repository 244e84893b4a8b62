import type { ReactNode } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { useWords } from '../../words/words.ts';
import { isVariable, numberOut, textIn, textOut } from './condition.ts';
import type { RuleField } from './use-directory.ts';

interface ValueProps {
  readonly field: RuleField;
  /** What the value is of: read aloud. */
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly disabled: boolean;
}

const TAKE_LISTS: readonly string[] = ['in', 'notIn', 'between', 'hasSome', 'hasEvery'];

/** What a column is compared with, by the operator: one value, two, a list, or whether it is there. */
export function OperandInput({ operator, ...props }: ValueProps & { readonly operator: string }): ReactNode {
  const { rules, common } = useWords();
  const { value, onChange, label, disabled, field } = props;
  if (operator === 'null' || operator === 'notNull' || operator === 'isEmpty') {
    return value === true ? null : <YesNo {...props} />;
  }
  if (!TAKE_LISTS.includes(operator)) return <ValueInput {...props} />;
  const hasRoles = operator !== 'between' && field.variables.includes('$roles');
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  const change = (index: number, one: unknown) => onChange(values.map((old, place) => (place === index ? one : old)));
  return (
    <div className="stack tight grow">
      {hasRoles && (
        <Select
          aria-label={rules.kindOf(label)}
          disabled={disabled}
          value={value === '$roles' ? '$roles' : 'list'}
          onChange={(kind) => onChange(kind === '$roles' ? '$roles' : [''])}
          options={[
            { value: 'list', label: rules.list },
            { value: '$roles', label: rules.variables['$roles'] ?? '$roles' },
          ]}
        />
      )}
      {value !== '$roles' &&
        values.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what it is
          <div className="row nowrap-row" key={index}>
            <ValueInput
              {...props}
              label={rules.nth(label, index + 1)}
              value={one}
              onChange={(next) => change(index, next)}
            />
            {operator !== 'between' && values.length > 1 && !disabled && (
              <IconButton
                small
                icon="close"
                label={common.remove(rules.nth(label, index + 1))}
                onClick={() => onChange(values.filter((_, place) => place !== index))}
              />
            )}
          </div>
        ))}
      {value !== '$roles' && operator !== 'between' && !disabled && (
        <span>
          <Button small icon="plus" onClick={() => onChange([...values, field.values?.[0] ?? ''])}>
            {rules.addValue}
          </Button>
        </span>
      )}
    </div>
  );
}

/** One value of a column, or a variable that fits. */
export function ValueInput(props: ValueProps & { readonly mayBeNothing?: boolean }): ReactNode {
  const { field, label, value, onChange, disabled, mayBeNothing = false } = props;
  const { rules } = useWords();
  const variables = field.variables.filter((name) => name !== '$roles' && name !== '$now');
  if (field.type === 'DateTime') return <TimeInput {...props} />;
  const kinds = [
    { value: 'value', label: rules.value },
    ...variables.map((name) => ({ value: name, label: rules.variables[name] ?? name })),
    ...(isVariable(value) && !variables.includes(value) ? [{ value, label: value }] : []),
    ...(mayBeNothing ? [{ value: 'nothing', label: rules.nothing }] : []),
  ];
  const kind = value === null && mayBeNothing ? 'nothing' : isVariable(value) ? value : 'value';
  const first =
    field.values?.[0] ?? (field.type === 'Boolean' ? true : field.type === 'Int' || field.type === 'Float' ? 0 : '');
  return (
    <div className="row grow">
      {kinds.length > 1 && (
        <Select
          aria-label={rules.kindOf(label)}
          disabled={disabled}
          value={kind}
          options={kinds}
          onChange={(next) => onChange(next === 'value' ? first : next === 'nothing' ? null : next)}
        />
      )}
      {kind === 'value' && <Literal {...props} />}
    </div>
  );
}

function Literal(props: ValueProps): ReactNode {
  const { field, label, value, onChange, disabled } = props;
  if (field.type === 'Boolean') return <YesNo {...props} />;
  if (field.values) {
    const known = field.values.map((one) => ({ value: one, label: one }));
    const text = textIn(value);
    return (
      <Select
        aria-label={label}
        disabled={disabled}
        value={text}
        options={field.values.includes(text) ? known : [...known, { value: text, label: text }]}
        onChange={onChange}
      />
    );
  }
  const isNumber = field.type === 'Int' || field.type === 'Float';
  return (
    <input
      className="input"
      aria-label={label}
      readOnly={disabled}
      inputMode={isNumber ? 'decimal' : 'text'}
      value={textIn(value)}
      onChange={({ target }) => onChange(isNumber ? numberOut(target.value) : textOut(target.value))}
    />
  );
}

function YesNo({ label, value, onChange, disabled }: ValueProps): ReactNode {
  const { rules } = useWords();
  return (
    <Select
      aria-label={label}
      disabled={disabled}
      value={value === false ? 'false' : 'true'}
      options={[
        { value: 'true', label: rules.true },
        { value: 'false', label: rules.false },
      ]}
      onChange={(next) => onChange(next === 'true')}
    />
  );
}

const DISTANCE = /^\$now([+-])(\d+)([smhdw])$/;

/** A time: now, some time before or after it, or a fixed one. */
function TimeInput({
  label,
  value,
  onChange,
  disabled,
  mayBeNothing,
}: ValueProps & { readonly mayBeNothing?: boolean }): ReactNode {
  const { rules } = useWords();
  const [, sign, count, unit] = (typeof value === 'string' && DISTANCE.exec(value)) || [];
  const kind = value === null && mayBeNothing ? 'nothing' : value === '$now' ? 'now' : (sign ?? 'fixed');
  return (
    <div className="row grow">
      <Select
        aria-label={rules.kindOf(label)}
        disabled={disabled}
        value={kind}
        options={[
          { value: 'now', label: rules.variables['$now'] ?? '$now' },
          { value: '-', label: rules.beforeNow },
          { value: '+', label: rules.afterNow },
          { value: 'fixed', label: rules.fixedTime },
          ...(mayBeNothing ? [{ value: 'nothing', label: rules.nothing }] : []),
        ]}
        onChange={(next) => {
          if (next === 'now') onChange('$now');
          else if (next === 'nothing') onChange(null);
          else onChange(next === 'fixed' ? new Date().toISOString() : `$now${next}${count ?? 7}${unit ?? 'd'}`);
        }}
      />
      {sign !== undefined && (
        <>
          <input
            className="input narrow"
            aria-label={rules.howMany(label)}
            readOnly={disabled}
            inputMode="numeric"
            value={count}
            onChange={({ target }) => onChange(`$now${sign}${target.value.replaceAll(/\D/g, '') || '1'}${unit}`)}
          />
          <Select
            aria-label={rules.unitOf(label)}
            disabled={disabled}
            value={unit ?? 'd'}
            options={(['m', 'h', 'd', 'w'] as const).map((one) => ({ value: one, label: rules.units[one] }))}
            onChange={(next) => onChange(`$now${sign}${count}${next}`)}
          />
        </>
      )}
      {kind === 'fixed' && (
        <input
          type="datetime-local"
          className="input"
          aria-label={label}
          readOnly={disabled}
          value={localOf(value)}
          onChange={({ target }) => {
            const time = new Date(target.value);
            onChange(Number.isNaN(time.getTime()) ? target.value : time.toISOString());
          }}
        />
      )}
    </div>
  );
}

/** A time in the reader's zone, as the input takes it. */
function localOf(value: unknown): string {
  const time = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
