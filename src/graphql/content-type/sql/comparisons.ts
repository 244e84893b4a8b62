import type { Operator } from '../filter.ts';
import type { Column } from '../model.ts';
import { mapped } from '../rules/variables.ts';
import type { Statement } from './statement.ts';

/** A condition on a row. */
export interface Condition {
  readonly sql: string;
  /** Its value if every column is NULL, as in the empty side of an outer join; null is SQL's "unknown". */
  readonly whenAllNull: boolean | null;
}

/** Compares a column using an operator. Every value is a parameter, and LIKE wildcards in it are escaped. */
export function comparison(
  statement: Statement,
  column: Column,
  expression: string,
  operator: Operator,
  value: unknown,
): Condition {
  if (operator === 'null') return { sql: `${expression} IS ${value ? '' : 'NOT '}NULL`, whenAllNull: value === true };
  const write: Write = COMPARISONS[operator];
  return {
    sql: write({ statement, column, expression: compared(column, expression), value: asParameter(column, value) }),
    whenAllNull: isEmptyList(value) ? operator === 'notIn' : null,
  };
}

interface Parts {
  readonly statement: Statement;
  readonly column: Column;
  readonly expression: string;
  readonly value: unknown;
}

type Write = (parts: Parts) => string;

/** The expression, cast to the type used for comparisons. */
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

/** `before` and `after` are the wildcards around the text. */
function byPattern(
  sign: string,
  { before, after, ignoringCase }: { readonly before: string; readonly after: string; readonly ignoringCase?: boolean },
): Write {
  return ({ statement, column, expression, value }) => {
    const around = (text: unknown) => (text === null ? null : `${before}${escaped(String(text))}${after}`);
    if (column.type === 'Float') {
      // PostgreSQL formats float8 differently from JavaScript, so PostgreSQL formats both sides.
      const number = `(${statement.value(value, parameterType(column))})::${column.sqlType}::text`;
      const parts = [before && `'${before}'`, number, after && `'${after}'`].filter((part) => part !== '');
      return `${expression}::text ${sign} (${parts.join(' || ')})`;
    }
    const pattern = statement.value(mapped(value, around), 'text');
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
    const [least, largest] = value as readonly [unknown, unknown]; // readFilters() checked that there are two
    const type = parameterType(column);
    return `${expression} BETWEEN ${statement.value(least, type)} AND ${statement.value(largest, type)}`;
  },
};

/** The column's value as text, as clients read it. */
function textOf(column: Column, expression: string): string {
  if (column.sqlType === 'text') return expression;
  if (column.type !== 'DateTime') return `${expression}::text`;
  // Uses the epoch, so that neither the type of timestamp nor the session's time zone matters.
  return `to_char(to_timestamp(extract(epoch from ${expression})) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** Escapes the wildcards of LIKE. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** Dates become ISO strings. Numbers get the precision of the column: 0.1 as float4 is not 0.1 as float8. */
function asParameter(column: Column, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => asParameter(column, one));
  if (value instanceof Date) return value.toISOString();
  return column.sqlType === 'float4' && typeof value === 'number' ? Math.fround(value) : value; // variables stay as they are
}

/** float4 is compared with float8 parameters, so that a number outside float4's range is no error. */
function parameterType({ sqlType }: Column): string {
  return sqlType === 'float4' ? 'float8' : sqlType;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
