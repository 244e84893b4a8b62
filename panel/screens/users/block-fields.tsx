import type { ReactNode } from 'react';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select.tsx';
import { zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';

export interface Block {
  readonly reason: string;
  readonly length: 'lifted' | 'day' | 'week' | 'date';
  /** In the reader's zone: `2026-12-24T18:00`. */
  readonly date: string;
}

export const NO_BLOCK: Block = { reason: '', length: 'lifted', date: '' };

/** When a block ends: null for one that has to be lifted, undefined where no time was entered. */
export function endOf({ length, date }: Block): string | null | undefined {
  if (length === 'lifted') return null;
  if (length !== 'date') return new Date(Date.now() + (length === 'day' ? 1 : 7) * 86_400_000).toISOString();
  const end = new Date(date);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}

/** Why somebody is blocked, and until when. */
export function BlockFields({
  value,
  onChange,
  fault,
}: {
  readonly value: Block;
  readonly onChange: (value: Block) => void;
  readonly fault?: ((field: string) => string | undefined) | undefined;
}): ReactNode {
  const { users, common } = useWords();
  return (
    <>
      <TextAreaField
        label={users.reason}
        hint={users.reasonHint}
        value={value.reason}
        onChange={(reason) => onChange({ ...value, reason })}
        fault={fault?.('reason')}
      />
      <SelectField
        label={users.blockEnds}
        options={[
          { value: 'lifted', label: users.untilLifted },
          { value: 'day', label: users.oneDay },
          { value: 'week', label: users.oneWeek },
          { value: 'date', label: users.atDate },
        ]}
        value={value.length}
        onChange={(length) => onChange({ ...value, length })}
        fault={value.length === 'date' ? undefined : fault?.('until')}
      />
      {value.length === 'date' && (
        <TextField
          label={users.date}
          hint={common.zone(zoneName())}
          type="datetime-local"
          required
          value={value.date}
          onChange={(date) => onChange({ ...value, date })}
          fault={fault?.('until')}
        />
      )}
    </>
  );
}
