import { inUtc, storedValue } from '../column-values.ts';
import { type Operator, TAKE_LISTS } from '../filter.ts';
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
  if (operator === 'null') {
    const cell = column.type === 'JSON' && !column.list ? compared(column, expression) : expression;
    return { sql: `${cell} IS ${value ? '' : 'NOT '}NULL`, whenAllNull: value === true };
  }
  const write: Write = COMPARISONS[operator];
  return {
    sql: write({
      statement,
      column,
      expression: compared(column, expression),
      value: asParameter(column, value, operator),
    }),
    whenAllNull: isEmptyList(value) && TAKE_LISTS.includes(operator) && !column.list ? operator === 'notIn' : null,
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
export function compared(column: Column, expression: string): string {
  const { sqlType, list } = column;
  if (list) return sqlType === 'text' || sqlType === 'float4' ? `${expression}::${parameterType(column)}` : expression;
  switch (sqlType) {
    case 'text':
      return `${expression}::text`;
    case 'timetz':
      return inUtc(expression);
    case 'jsonb':
      return `nullif(${expression}::jsonb, 'null'::jsonb)`; // to clients both are null
    default:
      return expression;
  }
}

/** The expression that rows are sorted by: an enum by the names that clients see. */
export function ordered(column: Column, expression: string): string {
  if (!column.stored) return compared(column, expression);
  const names = [...column.stored].map(([name, kept]) => `WHEN ${literal(kept)} THEN ${literal(name)}`);
  return `CASE ${compared(column, expression)} ${names.join(' ')} END`;
}

/** Only for what a model says: values of clients are parameters. */
function literal(text: string): string {
  return `E'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}

function by(sign: string): Write {
  return ({ statement, column, expression, value }) => `${expression} ${sign} ${parameter(statement, column, value)}`;
}

function parameter(statement: Statement, column: Column, value: unknown): string {
  if (column.sqlType !== 'bytea') return statement.value(value, parameterType(column));
  if (column.list) return decodedList(statement, value);
  return `decode(${statement.value(value, 'text')}, 'base64')`;
}

function decodedList(statement: Statement, values: unknown): string {
  return `ARRAY(SELECT decode(v, 'base64') FROM unnest(${statement.value(values, 'text[]')}) v)`;
}

function byIgnoringCase(sign: string): Write {
  return (parts) => {
    if (parts.column.sqlType !== 'text' || parts.column.list) return by(sign)(parts);
    const { statement, expression, value } = parts;
    return `${statement.fold(expression)} ${sign} ${statement.fold(statement.value(value, 'text'))}`;
  };
}

function byList(sign: string): Write {
  return ({ statement, column, expression, value }) => {
    const list = value ?? [null];
    if (column.sqlType === 'bytea') return `${expression} ${sign} (${decodedList(statement, list)})`;
    return `${expression} ${sign} (${statement.value(list, `${parameterType(column)}[]`)})`;
  };
}

/** A text pattern of a scalar, or what a JSON value must contain. */
function containing(write: Write): Write {
  return (parts) => {
    const { statement, column, expression, value } = parts;
    return column.type === 'JSON' ? `${expression} @> ${statement.value(value, 'jsonb')}` : write(parts);
  };
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
  contains: containing(byPattern('LIKE', ANYWHERE)),
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
  has: ({ statement, column, expression, value }) =>
    `${parameter(statement, { ...column, list: false }, value)} = ANY (${expression})`,
  hasSome: by('&&'),
  hasEvery: by('@>'),
  isEmpty: ({ expression, value }) => (value === null ? 'NULL' : `cardinality(${expression}) ${value ? '=' : '<>'} 0`),
  hasKey: ({ statement, expression, value }) => `${expression} ? ${statement.value(value, 'text')}`,
};

/** The column's value as text, as clients read it. */
function textOf(column: Column, expression: string): string {
  if (column.sqlType === 'text' || column.sqlType === 'citext') return expression;
  if (column.type === 'Date') return `to_char(${expression}, 'YYYY-MM-DD')`;
  if (column.type === 'Time') return `to_char(${expression}, 'HH24:MI:SS.MS')`;
  if (column.type !== 'DateTime') return `${expression}::text`;
  // Uses the epoch, so that neither the type of timestamp nor the session's time zone matters.
  return `to_char(to_timestamp(extract(epoch from ${expression})) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** Escapes the wildcards of LIKE. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** Dates become ISO strings. Numbers get the precision of the column: 0.1 as float4 is not 0.1 as float8. */
function asParameter(column: Column, value: unknown, operator: Operator): unknown {
  if (operator === 'isEmpty' || operator === 'hasKey') return value;
  if (Array.isArray(value) && (column.type !== 'JSON' || TAKE_LISTS.includes(operator)))
    return value.map((one) => asParameter(column, one, 'eq'));
  if (value instanceof Date) return value.toISOString();
  if (column.sqlType === 'float4' && typeof value === 'number') return Math.fround(value);
  return column.sqlType === 'timetz' ? value : storedValue(column, value); // variables stay as they are
}

/** float4 is compared with float8 parameters, so that a number outside float4's range is no error. */
function parameterType({ sqlType, list }: Column): string {
  const type = sqlType === 'float4' ? 'float8' : sqlType === 'timetz' ? 'time' : sqlType;
  return list ? `${type}[]` : type;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
