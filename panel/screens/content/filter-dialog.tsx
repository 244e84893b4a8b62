import { type ReactNode, useMemo, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox, FaultText, TextField } from '../../ui/field.tsx';
import { MultiPickerField } from '../../ui/picker.tsx';
import { SelectField } from '../../ui/select.tsx';
import { zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { type Condition, inputOf, type OperatorName, operatorsOf, valuesOf } from './conditions.ts';
import { findIn, useTitles } from './content-data.ts';
import { type ContentField, type ContentType, fieldOf, isRelation, targetOf } from './content-type.ts';
import { fromLocal, toLocal } from './local-time.ts';
import { operatorText } from './operator-text.ts';

/** Makes a condition, or changes one: its field, what is asked of it, and with which value. */
export function FilterDialog({
  type,
  types,
  condition,
  onClose,
  onApply,
}: {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  readonly condition?: Condition;
  readonly onClose: () => void;
  readonly onApply: (condition: Condition) => void;
}): ReactNode {
  const { common, content } = useWords();
  const fields = type.fields.filter(
    (field) => field.readable && (!isRelation(field) || targetOf(types, field.type) !== undefined),
  );
  const [draft, setDraft] = useState<Condition>(() => condition ?? begin(fieldOf(type, type.title) ?? fields[0]));
  const [isTried, setTried] = useState(false);
  const field = fieldOf(type, draft.field);
  const isComplete = inputOf(draft, type, new Date()) !== undefined;
  const apply = () => {
    setTried(true);
    if (!isComplete) return;
    onApply(draft);
    onClose();
  };
  const change = (next: Partial<Condition>) => {
    setTried(false);
    setDraft((before) => ({ ...before, ...next }));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={content.filters}
      dirty={draft.values.some((value) => value !== '')}
      onSubmit={apply}
      foot={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" look="primary">
            {content.apply}
          </Button>
        </>
      }
    >
      <SelectField
        label={content.field}
        options={fields.map(({ name, label }) => ({ value: name, label }))}
        value={draft.field}
        onChange={(name) => change(begin(fieldOf(type, name)))}
      />
      {field && (
        <SelectField
          label={content.condition}
          options={operatorsOf(field).map((value) => ({ value, label: operatorText(content, field, value) }))}
          value={draft.operator}
          onChange={(operator) => change({ operator, values: keptValues(field, draft, operator) })}
        />
      )}
      {field && (
        <ValueControl
          key={`${draft.field} ${draft.operator}`}
          field={field}
          types={types}
          operator={draft.operator}
          values={draft.values}
          onChange={(values) => change({ values })}
        />
      )}
      {isTried && !isComplete && <FaultText text={content.incomplete} />}
    </Dialog>
  );
}

function begin(field: ContentField | undefined): Condition {
  const operator = (field && operatorsOf(field)[0]) ?? 'eq';
  return { field: field?.name ?? 'documentId', operator, values: startOf(field, operator) };
}

function startOf(field: ContentField | undefined, operator: OperatorName): readonly string[] {
  if (isSpan(operator)) return ['7d'];
  return field?.kind === 'BOOLEAN' && operator === 'eq' ? ['true'] : [];
}

/** What was entered stays where the next operator takes the same. */
function keptValues(field: ContentField, { operator: before, values }: Condition, operator: OperatorName) {
  const isSame = isSpan(before) === isSpan(operator) && valuesOf(before) !== 'none';
  if (!isSame || valuesOf(operator) === 'none') return startOf(field, operator);
  return valuesOf(operator) === 'one' ? values.slice(0, 1) : values;
}

function isSpan(operator: OperatorName): boolean {
  return operator === 'last' || operator === 'before' || operator === 'next';
}

function ValueControl({
  field,
  types,
  operator,
  values,
  onChange,
}: {
  readonly field: ContentField;
  readonly types: readonly ContentType[];
  readonly operator: OperatorName;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}): ReactNode {
  const { common, content } = useWords();
  const count = valuesOf(operator);
  const target = isRelation(field) ? targetOf(types, field.type) : undefined;
  const titles = useTitles(target, target ? values : []);
  const [labels, setLabels] = useState<ReadonlyMap<string, string>>(new Map());
  const find = useMemo(() => target && findIn(target), [target]);
  if (count === 'none') return null;
  if (find) {
    return (
      <MultiPickerField
        label={content.values}
        find={find}
        value={values.map((id) => ({ id, label: labels.get(id) ?? titles.get(id) ?? id }))}
        onChange={(picked) => {
          setLabels(new Map(picked.map(({ id, label }) => [id, label])));
          onChange(picked.map(({ id }) => id));
        }}
      />
    );
  }
  if (isSpan(operator)) {
    const [value = ''] = values;
    const [amount, unit] = [value.replace(/\D/g, ''), value.endsWith('h') ? 'h' : 'd'] as const;
    return (
      <div className="columns">
        <TextField
          label={content.amount}
          value={amount}
          inputMode="numeric"
          autoComplete="off"
          onChange={(next) => onChange([`${next.replace(/\D/g, '')}${unit}`])}
        />
        <SelectField
          label={content.unit}
          options={[
            { value: 'd', label: content.days },
            { value: 'h', label: content.hours },
          ]}
          value={unit}
          onChange={(next) => onChange([`${amount}${next}`])}
        />
      </div>
    );
  }
  switch (field.kind) {
    case 'BOOLEAN':
      return (
        <SelectField
          label={content.value}
          options={[
            { value: 'true', label: common.yes },
            { value: 'false', label: common.no },
          ]}
          value={values[0] ?? 'true'}
          onChange={(value) => onChange([value])}
        />
      );
    case 'ENUM':
      return (
        <fieldset className="stack tight">
          <legend className="label">{content.values}</legend>
          {(field.values ?? []).map((value) => (
            <Checkbox
              key={value}
              label={value}
              checked={values.includes(value)}
              onChange={(on) => onChange(on ? [...values, value] : values.filter((one) => one !== value))}
            />
          ))}
        </fieldset>
      );
    default: {
      const inputs = count === 'two' ? [content.from, content.to] : [content.value];
      return (
        <div className="columns">
          {inputs.map((label, index) => (
            <PlainValue
              key={label}
              field={field}
              label={label}
              value={values[index] ?? ''}
              onChange={(value) =>
                onChange(inputs.map((_, other) => (other === index ? value : (values[other] ?? ''))))
              }
            />
          ))}
        </div>
      );
    }
  }
}

function PlainValue({
  field: { kind },
  label,
  value,
  onChange,
}: {
  readonly field: ContentField;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { content } = useWords();
  switch (kind) {
    case 'DATE_TIME':
      return (
        <TextField
          label={label}
          type="datetime-local"
          hint={content.zone(zoneName())}
          value={toLocal(value)}
          onChange={(local) => onChange(fromLocal(local) ?? '')}
        />
      );
    case 'DATE':
      return <TextField label={label} type="date" value={value} onChange={onChange} />;
    case 'TIME':
      return <TextField label={label} type="time" step={1} value={value} onChange={onChange} />;
    case 'INTEGER':
    case 'DECIMAL':
    case 'BIG_INTEGER':
    case 'EXACT_DECIMAL':
      return (
        <TextField
          label={label}
          inputMode={kind === 'INTEGER' || kind === 'BIG_INTEGER' ? 'numeric' : 'decimal'}
          autoComplete="off"
          value={value}
          onChange={onChange}
        />
      );
    default:
      return <TextField label={label} dir="auto" autoComplete="off" value={value} onChange={onChange} />;
  }
}
