import { GraphQLError } from 'graphql';

const RFC_3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/**
 * Parses a date-time of RFC 3339. The offset is required.
 *
 * @throws GraphQLError for anything else, including a day that does not exist in its month.
 */
export function parseDateTime(value: unknown): Date {
  if (typeof value === 'string' && RFC_3339.test(value) && dayExists(value)) {
    const date = new Date(value);
    const year = date.getUTCFullYear();
    if (year >= 1 && year <= 9999) return date; // in UTC, as it is stored; NaN for an invalid time
  }
  throw new GraphQLError('DateTime expects a date-time such as 2026-11-22T09:30:00.000Z');
}

/** ISO 8601 in UTC, with milliseconds, as Strapi writes it. */
export function serializeDateTime(value: Date | string): string {
  return new Date(value).toISOString();
}

/** `Date` turns February 31 into March 3. */
function dayExists(value: string): boolean {
  const [year, month, day] = value.slice(0, 10).split('-').map(Number);
  return day !== undefined && new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).getUTCDate() === day;
}
