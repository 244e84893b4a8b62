import { textsOf } from '../document-ids.ts';
import type { Operator } from '../filter.ts';
import type { Key } from '../key.ts';
import type { Condition } from './comparisons.ts';
import { hasOneOfKeys } from './document-id.ts';
import type { Statement } from './statement.ts';

/** A table in a statement; `optional`: all its columns can be NULL. */
interface Table {
  readonly optional: boolean;
  column(name: string): string;
}

const SIGNS = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
type KeyOperator = keyof typeof SIGNS | 'in' | 'notIn' | 'between';

/** The operators that compare documentIds as the columns of the key are, in the order of the key. The others see a text. */
export function isComparedByKey(operator: Operator): operator is KeyOperator {
  return Object.hasOwn(SIGNS, operator) || operator === 'in' || operator === 'notIn' || operator === 'between';
}

/** A text that is the documentId of no row is neither equal to one, nor before or after it. */
export function compareDocumentIds(
  statement: Statement,
  table: Table,
  key: Key,
  operator: KeyOperator,
  value: unknown,
): Condition {
  if (operator === 'between') {
    const [least, largest] = value as readonly [unknown, unknown]; // readFilters() checked that there are two
    const parts = [compared(statement, table, key, 'gte', least), compared(statement, table, key, 'lte', largest)];
    return { sql: `(${parts.join(' AND ')})`, whenAllNull: null };
  }
  if (operator !== 'in' && operator !== 'notIn') {
    return { sql: compared(statement, table, key, operator, value), whenAllNull: null };
  }
  const sql = isIn(statement, table, key, value);
  const isEmpty = Array.isArray(value) && value.length === 0;
  return operator === 'in'
    ? { sql, whenAllNull: isEmpty ? false : null }
    : { sql: `NOT ${sql}`, whenAllNull: isEmpty ? true : null };
}

function compared(statement: Statement, table: Table, key: Key, operator: keyof typeof SIGNS, value: unknown): string {
  if (value === null) return 'NULL::boolean';
  const texts = textsOf(key, String(value));
  // SQL's "unknown" of a row that is not there, as of any other column.
  if (!texts) return operator === 'ne' ? `(${isKnown(table, key)} OR NULL)` : `(NOT (${isKnown(table, key)}) AND NULL)`;
  const columns = key.parts.map(({ column }) => table.column(column));
  const values = key.parts.map(({ type }, index) => statement.value(texts[index], type));
  return columns.length === 1
    ? `${columns[0]} ${SIGNS[operator]} ${values[0]}`
    : `(${columns.join(', ')}) ${SIGNS[operator]} (${values.join(', ')})`;
}

function isIn(statement: Statement, table: Table, key: Key, value: unknown): string {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const documentIds = values.filter((one) => one !== null).map(String);
  const isFound = hasOneOfKeys(statement, table, key, documentIds);
  const unknown = [
    ...(documentIds.length < values.length ? ['NULL'] : []),
    ...(table.optional && values.length > 0 ? [`(NOT (${isKnown(table, key)}) AND NULL)`] : []),
  ];
  return `(${[isFound, ...unknown].join(' OR ')})`;
}

function isKnown(table: Table, { parts: [first] }: Key): string {
  return `${table.column(first.column)} IS NOT NULL`;
}
