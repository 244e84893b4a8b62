import type { ReactNode } from 'react';
import { Switch, TextAreaField, TextField } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select.tsx';
import { zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import type { ContentField, ContentType } from './content-type.ts';
import { RelationControl } from './relation-control.tsx';
import { charactersIn, type Value } from './values.ts';

interface ControlProps {
  readonly field: ContentField;
  readonly types: readonly ContentType[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly fault: string | undefined;
  readonly isNew: boolean;
  /** Called to create a document that the relation can lead to. */
  readonly onCreateRelated?: () => void;
}

/** The control for a field of a document, by its kind and its rules. */
export function FieldControl(props: ControlProps): ReactNode {
  const { content } = useWords();
  const { field, value, onChange, fault, isNew } = props;
  const { label, kind, required, hasDefault, maxLength, unique, ofUsers, description, readable } = field;
  const text = typeof value === 'string' ? value : '';
  const hints = [
    description,
    unique && kind !== 'RELATION_TO_ONE' && (ofUsers ? content.uniqueOfUsers : content.uniqueHint),
    kind === 'DATE_TIME' && content.zone(zoneName()),
    kind === 'DATE' && content.dateOnly,
    kind === 'JSON' && content.asJson,
    kind === 'LIST' && content.asList,
    kind === 'BYTES' && content.asBase64,
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
    case 'BIG_INTEGER':
    case 'EXACT_DECIMAL':
      return (
        <TextField
          {...common}
          inputMode={kind === 'INTEGER' || kind === 'BIG_INTEGER' ? 'numeric' : 'decimal'}
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
    case 'TIME':
      return <TextField {...common} type="time" step={0.001} value={text} onChange={onChange} />;
    case 'JSON':
    case 'LIST':
      return <TextAreaField {...common} rows={kind === 'JSON' ? 8 : 4} value={text} onChange={onChange} />;
    case 'RELATION_TO_ONE':
    case 'RELATION_TO_MANY':
      return <RelationControl {...props} common={common} onCreateRelated={props.onCreateRelated} />;
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
