import { type ReactNode, useMemo } from 'react';
import { Switch, TextAreaField, TextField } from '../../ui/field.tsx';
import { MultiPickerField, type Pick, PickerField } from '../../ui/picker.tsx';
import { SelectField } from '../../ui/select.tsx';
import { zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { findIn } from './content-data.ts';
import { type ContentField, type ContentType, targetOf } from './content-type.ts';
import { RelatedLink } from './value-view.tsx';
import { charactersIn, type Value } from './values.ts';

interface ControlProps {
  readonly field: ContentField;
  readonly types: readonly ContentType[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly fault: string | undefined;
  readonly isNew: boolean;
}

/** The control for a field of a document, by its kind and its rules. */
export function FieldControl(props: ControlProps): ReactNode {
  const { content } = useWords();
  const { field, value, onChange, fault, isNew } = props;
  const { label, kind, required, hasDefault, maxLength, unique, description, readable } = field;
  const text = typeof value === 'string' ? value : '';
  const hints = [
    description,
    unique && kind !== 'RELATION_TO_ONE' && content.uniqueHint,
    kind === 'DATE_TIME' && content.zone(zoneName()),
    kind === 'DATE' && content.dateOnly,
    !readable && !isNew && content.notReadable,
  ].filter(Boolean);
  const isEmptyAllowed = !required || (isNew && hasDefault);
  const common = {
    label,
    fault,
    required: required && !(isNew && hasDefault),
    hint: hints.length > 0 ? hints.join(' · ') : undefined,
  };
  const empty = isNew && hasDefault ? content.default : content.notSet;
  switch (kind) {
    case 'BOOLEAN':
      return isEmptyAllowed ? (
        <SelectField
          {...common}
          options={[
            { value: '', label: empty },
            { value: 'true', label: content.yes },
            { value: 'false', label: content.no },
          ]}
          value={value === true ? 'true' : value === false ? 'false' : ''}
          onChange={(next) => onChange(next === '' ? null : next === 'true')}
        />
      ) : (
        <Switch label={label} hint={common.hint} checked={value === true} onChange={onChange} />
      );
    case 'ENUM':
      return (
        <SelectField
          {...common}
          options={[
            ...(isEmptyAllowed || text === '' ? [{ value: '', label: isEmptyAllowed ? empty : content.choose }] : []),
            ...(field.values ?? []).map((one) => ({ value: one, label: one })),
          ]}
          value={text}
          onChange={onChange}
        />
      );
    case 'INTEGER':
    case 'DECIMAL':
      return (
        <TextField
          {...common}
          inputMode={kind === 'INTEGER' ? 'numeric' : 'decimal'}
          autoComplete="off"
          placeholder={isNew && hasDefault ? content.default : undefined}
          value={text}
          onChange={onChange}
        />
      );
    case 'DATE_TIME':
      return <TextField {...common} type="datetime-local" step={1} value={text} onChange={onChange} />;
    case 'DATE':
      return <TextField {...common} type="date" value={text} onChange={onChange} />;
    case 'RELATION_TO_ONE':
    case 'RELATION_TO_MANY':
      return <RelationControl {...props} common={common} />;
    case 'LONG_TEXT':
      return (
        <TextAreaField
          {...common}
          aside={<Counter value={text} most={maxLength} />}
          dir="auto"
          rows={6}
          value={text}
          onChange={onChange}
        />
      );
    default:
      return (
        <TextField
          {...common}
          aside={<Counter value={text} most={maxLength} />}
          dir="auto"
          autoComplete="off"
          placeholder={isNew && hasDefault ? content.default : undefined}
          value={text}
          onChange={onChange}
        />
      );
  }
}

/** How much of the allowed length is used. */
function Counter({ value, most }: { readonly value: string; readonly most: number | null | undefined }): ReactNode {
  const { content } = useWords();
  if (!most) return null;
  const length = charactersIn(value);
  return <span className={length > most ? 'fault' : 'hint'}>{content.counter(length, most)}</span>;
}

function RelationControl({
  field,
  types,
  value,
  onChange,
  common,
}: ControlProps & {
  readonly common: {
    readonly label: string;
    readonly fault: string | undefined;
    readonly required: boolean;
    readonly hint: string | undefined;
  };
}): ReactNode {
  const { content } = useWords();
  const target = targetOf(types, field.type);
  const find = useMemo(() => target && findIn(target), [target]);
  if (!find) return <TextField {...common} hint={content.noTarget} value="" onChange={() => {}} readOnly />;
  if (field.kind === 'RELATION_TO_MANY') {
    return (
      <MultiPickerField {...common} find={find} value={value as readonly Pick[]} onChange={(next) => onChange(next)} />
    );
  }
  const picked = value as Pick | null;
  return (
    <div className="stack tight">
      <PickerField {...common} find={find} value={picked} onChange={(next) => onChange(next)} />
      {picked && (
        <span className="small">
          <RelatedLink target={field.type} related={{ documentId: picked.id, title: picked.label }} types={types} />
        </span>
      )}
    </div>
  );
}
