import type { ReactNode } from 'react';
import { Field, type FieldProps } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { useWords, type Words } from '../../words/words.ts';

/** As it is entered: "14" "days". */
export interface Duration {
  readonly amount: string;
  readonly unit: Unit;
}

export type Unit = (typeof UNITS)[number];

const UNITS = ['days', 'hours', 'minutes', 'seconds'] as const;
const SECONDS: Readonly<Record<Unit, number>> = { days: 86_400, hours: 3_600, minutes: 60, seconds: 1 };

/** In the largest unit that it is a whole number of. */
export function durationOf(seconds: number): Duration {
  const unit = seconds === 0 ? 'seconds' : (UNITS.find((one) => seconds % SECONDS[one] === 0) ?? 'seconds');
  return { amount: String(seconds / SECONDS[unit]), unit };
}

/** Undefined where what was entered is no number, or no whole number of seconds. */
export function secondsOf({ amount, unit }: Duration): number | undefined {
  const seconds = amount.trim() === '' ? Number.NaN : Number(amount.replace(',', '.')) * SECONDS[unit];
  const whole = Math.round(seconds);
  return Number.isFinite(seconds) && Math.abs(seconds - whole) < 1e-6 && whole >= 0 ? whole : undefined;
}

/** "14 days", in the words of the panel. */
export function durationInWords(seconds: number, { settings }: Words): string {
  const { amount, unit } = durationOf(seconds);
  return settings.amount[unit](Number(amount));
}

export function DurationField({
  value,
  onChange,
  disabled,
  ...field
}: FieldProps & {
  readonly value: Duration;
  readonly onChange: (value: Duration) => void;
  readonly disabled: boolean;
}): ReactNode {
  const { settings } = useWords();
  return (
    <Field {...field}>
      {(control) => (
        <div className="duration">
          <input
            {...control}
            type="text"
            inputMode="decimal"
            className="input"
            value={value.amount}
            disabled={disabled}
            onChange={({ target }) => onChange({ ...value, amount: target.value })}
          />
          <Select
            aria-label={settings.unitOf(typeof field.label === 'string' ? field.label : '')}
            options={UNITS.map((unit) => ({ value: unit, label: settings.units[unit] }))}
            value={value.unit}
            onChange={(unit) => onChange({ ...value, unit })}
            disabled={disabled}
          />
        </div>
      )}
    </Field>
  );
}
