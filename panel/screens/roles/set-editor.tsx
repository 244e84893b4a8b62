import type { ReactNode } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { useWords } from '../../words/words.ts';
import { isObject, isVariable, textIn, textOut, valueFor } from './condition.ts';
import type { RuleField, RuleType } from './use-directory.ts';
import { ValueInput } from './value-input.tsx';

/** Columns that the server sets, whatever the client sends: `owner: $user`. */
export function SetEditor({
  type,
  value,
  onChange,
  hasUser,
  disabled,
}: {
  readonly type: RuleType;
  readonly value: unknown;
  readonly onChange: (value: Record<string, unknown> | undefined) => void;
  readonly hasUser: boolean;
  readonly disabled: boolean;
}): ReactNode {
  const { rules, common } = useWords();
  const set = isObject(value) ? value : {};
  const entries = Object.entries(set);
  const settable = type.fields.filter(({ name, many }) => !many && name !== 'id' && name !== 'documentId');
  const free = settable.filter(({ name }) => !Object.hasOwn(set, name));
  const change = (next: readonly (readonly [string, unknown])[]) =>
    onChange(next.length === 0 ? undefined : Object.fromEntries(next));
  const first = (field: RuleField) => {
    if (field.kind !== 'RELATION') return valueFor(field, 'eq');
    return hasUser && field.variables.includes('$user') ? '$user' : '';
  };
  return (
    <div className="stack tight">
      {entries.map(([name, one], index) => {
        const field = settable.find((known) => known.name === name);
        const put = (next: unknown) => change(entries.map((entry, place) => (place === index ? [name, next] : entry)));
        return (
          <div className="rule-row" key={name}>
            <Select
              aria-label={rules.column}
              disabled={disabled}
              value={name}
              options={[
                ...(field ? [] : [{ value: name, label: name }]),
                ...settable
                  .filter((known) => known.name === name || free.includes(known))
                  .map((known) => ({ value: known.name, label: known.name })),
              ]}
              onChange={(next) => {
                const known = settable.find((other) => other.name === next);
                if (known) change(entries.map((entry, place) => (place === index ? [next, first(known)] : entry)));
              }}
            />
            <span aria-hidden="true">=</span>
            {field?.kind === 'COLUMN' ? (
              <ValueInput
                field={
                  hasUser
                    ? field
                    : { ...field, variables: field.variables.filter((known) => !known.startsWith('$user')) }
                }
                label={rules.valueOf(name)}
                value={one}
                onChange={put}
                disabled={disabled}
                mayBeNothing
              />
            ) : (
              <Related
                field={field}
                hasUser={hasUser}
                label={rules.valueOf(name)}
                value={one}
                onChange={put}
                disabled={disabled}
              />
            )}
            {!disabled && (
              <IconButton
                small
                icon="close"
                label={common.remove(name)}
                onClick={() => change(entries.filter((_, place) => place !== index))}
              />
            )}
          </div>
        );
      })}
      {!disabled && free.length > 0 && (
        <span>
          <Button
            small
            icon="plus"
            onClick={() => {
              const next = free.find(({ variables }) => variables.includes('$user')) ?? free[0];
              if (next) change([...entries, [next.name, first(next)]]);
            }}
          >
            {rules.addSet}
          </Button>
        </span>
      )}
    </div>
  );
}

/** A related document: the user, one by its documentId, or none. */
function Related({
  field,
  hasUser,
  label,
  value,
  onChange,
  disabled,
}: {
  readonly field: RuleField | undefined;
  readonly hasUser: boolean;
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly disabled: boolean;
}): ReactNode {
  const { rules } = useWords();
  const kind = value === null ? 'nothing' : value === '$user' ? '$user' : 'id';
  return (
    <div className="row grow">
      <Select
        aria-label={rules.kindOf(label)}
        disabled={disabled}
        value={kind}
        options={[
          ...(kind === '$user' || (hasUser && field?.variables.includes('$user'))
            ? [{ value: '$user' as const, label: rules.variables['$user'] ?? '$user' }]
            : []),
          { value: 'id' as const, label: rules.document },
          { value: 'nothing' as const, label: rules.nothing },
        ]}
        onChange={(next) => onChange(next === '$user' ? next : next === 'nothing' ? null : '')}
      />
      {kind === 'id' && (
        <input
          className="input mono"
          aria-label={label}
          placeholder="documentId"
          readOnly={disabled}
          value={isVariable(value) ? value : textIn(value)}
          onChange={({ target }) => onChange(textOut(target.value))}
        />
      )}
    </div>
  );
}
