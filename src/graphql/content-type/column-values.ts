import { withoutTrailingZeros } from '../scalars/decimal.ts';
import { serializeTime } from '../scalars/time.ts';
import type { Assigned } from './input/assignments.ts';
import type { Column } from './model.ts';
import { mapped } from './rules/variables.ts';

/** A column in a SELECT of JSON: numbers that JavaScript would round are text, times do not depend on the session. */
export function selectedSql({ type, sqlType, list }: Column, expression: string): string {
  if (list && (type === 'DateTime' || type === 'Date' || type === 'Bytes')) {
    const one = selectedOne(type, sqlType, 'v');
    return `CASE WHEN ${expression} IS NOT NULL THEN ARRAY(SELECT ${one} FROM unnest(${expression}) v) END`;
  }
  if (list) return type === 'Decimal' || type === 'Long' ? `${expression}::text[]` : expression;
  return selectedOne(type, sqlType, expression);
}

function selectedOne(type: string, sqlType: string, expression: string): string {
  switch (type) {
    case 'DateTime':
      return millisecondsOf(expression);
    case 'Date':
      return within(expression, '0001-01-01', '9999-12-31');
    case 'Decimal':
    case 'Long':
      return `${expression}::text`;
    case 'Bytes':
      return `encode(${expression}, 'base64')`;
    default:
      return sqlType === 'timetz' ? inUtc(expression) : expression;
  }
}

/** A timestamp as milliseconds since 1970: independent of its type and the session's time zone, and fast to parse. */
export function millisecondsOf(expression: string): string {
  // A column without a zone ignores that of these literals.
  const moment = within(expression, '0001-01-01 00:00:00+00', '9999-12-31 23:59:59.999+00');
  return `floor(extract(epoch from ${moment}) * 1000)::int8`;
}

/**
 * PostgreSQL has infinity, and years that RFC 3339 does not have: they are answered as the first or the last that it has. NULL stays
 * NULL, which greatest() and least() would not do.
 */
function within(expression: string, first: string, last: string): string {
  return `CASE WHEN ${expression} > '${last}' THEN '${last}' WHEN ${expression} < '${first}' THEN '${first}' ELSE ${expression} END`;
}

/** Two times of day in different zones are never equal for PostgreSQL, so they are compared and answered in one. */
export function inUtc(expression: string): string {
  return `(${expression} AT TIME ZONE 'UTC')::time`;
}

/** What was selected, as it is answered. */
export function answeredValue(column: Column, raw: unknown): unknown {
  if (raw === null) return null;
  // As selectedSql() makes them. An element that is null has no place in a list of `[String!]`.
  if (column.list) return (raw as unknown[]).filter((one) => one !== null).map((one) => answeredOne(column, one));
  return answeredOne(column, raw);
}

function answeredOne({ type, stored, digits }: Column, raw: unknown): unknown {
  switch (type) {
    case 'DateTime':
      return new Date(raw as number);
    case 'Decimal':
      return digits?.declared ? raw : withoutTrailingZeros(raw as string);
    case 'Bytes':
      return (raw as string).replaceAll('\n', '');
    case 'Time':
      return serializeTime(raw as string);
    default:
      if (!stored) return raw;
      for (const [value, kept] of stored) if (kept === raw) return value;
      return raw; // of an enum that has more values in the database, which the schema refuses
  }
}

/** A value of a client or a rule, or a variable, as it is written into the column. */
export function assignedValue(column: Column, value: unknown): Assigned {
  if (value === null) return { kind: 'value', value: null };
  if (column.list) return { kind: 'value', value: arrayOf(column, [value].flat()) };
  return column.type === 'Bytes'
    ? { kind: 'value', value, encoded: 'base64' }
    : { kind: 'value', value: storedValue(column, value) };
}

/** A value as the database has it. */
export function storedValue({ type, sqlType, stored }: Column, value: unknown): unknown {
  if (type === 'JSON') return value === null ? null : JSON.stringify(value);
  if (stored) return mapped(value, (name) => stored.get(name as string) ?? name);
  return sqlType === 'timetz' && typeof value === 'string' ? `${value}+00` : value;
}

/** A list as PostgreSQL writes one: drivers do not know the lists of every type. */
function arrayOf(column: Column, values: readonly unknown[]): string {
  const texts = values.map((value) => {
    if (column.type === 'Bytes') return `\\x${Buffer.from(value as string, 'base64').toString('hex')}`;
    const stored = storedValue(column, value);
    return stored instanceof Date ? stored.toISOString() : String(stored);
  });
  return `{${texts.map((text) => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}
