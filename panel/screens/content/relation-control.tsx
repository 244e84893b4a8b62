import { type ReactNode, useMemo } from 'react';
import { useMayChange } from '../../api/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { MultiPickerField, type Pick, PickerField } from '../../ui/picker.tsx';
import { useWords } from '../../words/words.ts';
import { findIn } from './content-data.ts';
import { type ContentField, type ContentType, targetOf } from './content-type.ts';
import { RelatedLink } from './value-view.tsx';
import type { Value } from './values.ts';

/** Chooses the documents that a relation leads to, or begins a new one. */
export function RelationControl({
  field,
  types,
  value,
  onChange,
  common,
  onCreateRelated,
}: {
  readonly field: ContentField;
  readonly types: readonly ContentType[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly common: {
    readonly label: string;
    readonly fault: string | undefined;
    readonly required: boolean;
    readonly hint: string | undefined;
  };
  readonly onCreateRelated: (() => void) | undefined;
}): ReactNode {
  const { content } = useWords();
  const mayChange = useMayChange();
  const target = targetOf(types, field.type);
  const find = useMemo(() => target && findIn(target), [target]);
  if (!find) return <TextField {...common} hint={content.noTarget} value="" onChange={() => {}} readOnly />;
  const type = types.find(({ name }) => name === field.type);
  const create = onCreateRelated && mayChange && type?.create && (
    <span className="content-create">
      <Button small look="plain" icon="plus" onClick={onCreateRelated} aria-haspopup="dialog">
        {content.createRelated(type.label)}
      </Button>
    </span>
  );
  if (field.kind === 'RELATION_TO_MANY') {
    return (
      <div className="stack tight">
        <MultiPickerField
          {...common}
          find={find}
          value={value as readonly Pick[]}
          onChange={(next) => onChange(next)}
        />
        {create && <div>{create}</div>}
      </div>
    );
  }
  const picked = value as Pick | null;
  return (
    <div className="stack tight">
      <PickerField {...common} find={find} value={picked} onChange={(next) => onChange(next)} />
      {(picked || create) && (
        <div className="row small">
          {picked && (
            <RelatedLink target={field.type} related={{ documentId: picked.id, title: picked.label }} types={types} />
          )}
          {create}
        </div>
      )}
    </div>
  );
}
