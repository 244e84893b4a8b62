import type { Operator } from '../filter.ts';
import type { Column } from '../model.ts';
import type { Statement } from './statement.ts';

/** What a row has to fulfil, and what becomes of it where there is no row and every column holds nothing. */
export interface Condition {
  readonly sql: string;
  /** null: neither true nor false, as SQL has it. */
  readonly whenNothing: boolean | null;
}

/** Compares a column by one of the operators. Every value is a parameter, and texts are literal: `%` is a character. */
export function comparison(
  statement: Statement,
  column: Column,
  expression: string,
  operator: Operator,
  value: unknown,
): Condition {
  if (operator === 'null') return { sql: `${expression} IS ${value ? '' : 'NOT '}NULL`, whenNothing: value === true };
  const write: Write = COMPARISONS[operator];
  return {
    sql: write({ statement, column, expression: compared(column, expression), value: asParameter(column, value) }),
    whenNothing: isEmptyList(value) ? operator === 'notIn' : null,
  };
}

interface Parts {
  readonly statement: Statement;
  readonly column: Column;
  readonly expression: string;
  readonly value: unknown;
}

type Write = (parts: Parts) => string;

/** An expression in the type in which it is compared. */
export function compared({ sqlType }: Column, expression: string): string {
  return sqlType === 'text' ? `${expression}::text` : expression;
}

function by(sign: string): Write {
  return ({ statement, column, expression, value }) =>
    `${expression} ${sign} ${statement.value(value, parameterType(column))}`;
}

function byIgnoringCase(sign: string): Write {
  return (parts) => {
    if (parts.column.sqlType !== 'text') return by(sign)(parts);
    const { statement, expression, value } = parts;
    return `${statement.fold(expression)} ${sign} ${statement.fold(statement.value(value, 'text'))}`;
  };
}

function byList(sign: string): Write {
  return ({ statement, column, expression, value }) =>
    `${expression} ${sign} (${statement.value(value ?? [null], `${parameterType(column)}[]`)})`;
}

/** `before` and `after` are what may stand around the text. */
function byPattern(
  sign: string,
  { before, after, ignoringCase }: { readonly before: string; readonly after: string; readonly ignoringCase?: boolean },
): Write {
  return ({ statement, column, expression, value }) => {
    const around = (text: string | null) => (text === null ? null : `${before}${escaped(text)}${after}`);
    if (column.type === 'Float') {
      // PostgreSQL writes numbers of eight bytes in other words than JavaScript: both sides by the same hand.
      const number = `(${statement.value(value, parameterType(column))})::${column.sqlType}::text`;
      const parts = [before && `'${before}'`, number, after && `'${after}'`].filter((part) => part !== '');
      return `${expression}::text ${sign} (${parts.join(' || ')})`;
    }
    const pattern = statement.value(around(value === null ? null : String(value)), 'text');
    const text = textOf(column, expression);
    return ignoringCase && column.sqlType === 'text'
      ? `${statement.fold(text)} ${sign} ${statement.fold(pattern)}`
      : `${text} ${sign} ${pattern}`;
  };
}

const ANYWHERE = { before: '%', after: '%' };

const COMPARISONS: Readonly<Record<Exclude<Operator, 'null'>, Write>> = {
  eq: by('='),
  eqi: byIgnoringCase('='),
  ne: by('<>'),
  nei: byIgnoringCase('<>'),
  gt: by('>'),
  gte: by('>='),
  lt: by('<'),
  lte: by('<='),
  in: byList('= ANY'),
  notIn: byList('<> ALL'),
  contains: byPattern('LIKE', ANYWHERE),
  containsi: byPattern('LIKE', { ...ANYWHERE, ignoringCase: true }),
  notContains: byPattern('NOT LIKE', ANYWHERE),
  notContainsi: byPattern('NOT LIKE', { ...ANYWHERE, ignoringCase: true }),
  startsWith: byPattern('LIKE', { before: '', after: '%' }),
  endsWith: byPattern('LIKE', { before: '%', after: '' }),
  between: ({ statement, column, expression, value }) => {
    const [least, largest] = value as readonly [unknown, unknown]; // two, as was checked
    const type = parameterType(column);
    return `${expression} BETWEEN ${statement.value(least, type)} AND ${statement.value(largest, type)}`;
  },
};

/** What a client reads, as text. */
function textOf(column: Column, expression: string): string {
  if (column.sqlType === 'text') return expression;
  if (column.type !== 'DateTime') return `${expression}::text`;
  // By the point in time, so that neither the column's kind of timestamp nor the session's time zone matters.
  return `to_char(to_timestamp(extract(epoch from ${expression})) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** A text in which nothing is a wildcard of LIKE. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** Dates as the database and the client write them; numbers as precise as the column keeps them: 0.1 of four bytes is not 0.1 of eight. */
function asParameter(column: Column, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => asParameter(column, one));
  if (value instanceof Date) return value.toISOString();
  return column.sqlType === 'float4' && typeof value === 'number' ? Math.fround(value) : value;
}

/** A number that four bytes cannot hold is larger or smaller than all that they can, and no error. */
function parameterType({ sqlType }: Column): string {
  return sqlType === 'float4' ? 'float8' : sqlType;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
