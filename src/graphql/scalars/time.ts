import { GraphQLError } from 'graphql';

const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/;

/** A time of day, with milliseconds at least; undefined for anything else. */
export function timeOf(value: unknown): string | undefined {
  const [time, hour, minute, second = '00', fraction = ''] = (typeof value === 'string' && TIME.exec(value)) || [];
  return time === undefined ? undefined : `${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}`;
}

/** As PostgreSQL writes it: `09:30:00.1` becomes `09:30:00.100`, and 24:00:00, which it also has, `24:00:00.000`. */
export function serializeTime(stored: string): string {
  const [whole = '', fraction = ''] = stored.split('.');
  return `${whole}.${fraction.padEnd(3, '0')}`;
}

/** @throws GraphQLError for anything but a time of day, such as `09:30` or `09:30:00.000`. */
export function parseTime(value: unknown): string {
  const time = timeOf(value);
  if (time === undefined) throw new GraphQLError('Time expects a time of day such as 09:30:00.000, without a zone');
  return time;
}
