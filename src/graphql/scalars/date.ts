import { GraphQLError } from 'graphql';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A day of the years 1 to 9999 that exists; undefined for anything else. */
export function dateOf(value: unknown): string | undefined {
  const [date, year, month, day] = (typeof value === 'string' && DATE.exec(value)) || [];
  if (date === undefined || year === '0000') return undefined;
  const time = new Date(`${date}T00:00:00Z`); // NaN for a month or a day that is none; February 30 becomes March
  const exists = time.getUTCMonth() + 1 === Number(month) && time.getUTCDate() === Number(day);
  return exists ? date : undefined;
}

/** @throws GraphQLError for anything but a day, such as `2026-11-22`. */
export function parseDate(value: unknown): string {
  const date = dateOf(value);
  if (date === undefined) throw new GraphQLError('Date expects a day such as 2026-11-22');
  return date;
}
