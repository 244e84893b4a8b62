import type { ReactNode } from 'react';
import { useLanguage } from '../words/words.ts';

/** A time in the reader's zone, and how long ago it was. Its zone is named where it is pointed at. */
export function Time({ at, relative = true }: { readonly at: string; readonly relative?: boolean }): ReactNode {
  const language = useLanguage();
  const date = new Date(at);
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
  const zoned = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }).format(date);
  return (
    <time dateTime={at} title={zoned}>
      {relative ? distance(date, language) : exact}
    </time>
  );
}

/** The reader's zone: `Europe/Berlin`. */
export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "3 hours ago", and the date where that is more than a month. */
function distance(date: Date, language: string): string {
  const seconds = (date.getTime() - Date.now()) / 1_000;
  if (Math.abs(seconds) > 30 * 86_400) return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(date);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(Math.trunc(seconds), 'second');
}
