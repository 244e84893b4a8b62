import { textsOf } from '../document-ids.ts';
import type { Key } from '../key.ts';
import type { Column } from '../model.ts';
import type { Statement } from './statement.ts';

/** A table in a statement. */
interface Table {
  /** Its column with this name. */
  column(name: string): string;
}

/** The documentId of a row, as text. */
export function documentIdSql(table: Table, { column, key }: Column): string {
  return key ? keySql(table, key) : `${table.column(column)}::text`;
}

/** The documentId of a row whose key has these columns: document-ids.ts reads it. */
export function keySql(table: Table, { parts }: Key): string {
  const texts = parts.map(({ column }) => `${table.column(column)}::text`);
  if (texts.length === 1) return texts.join();
  // PostgreSQL's base64 has lines of 76 characters, and is filled up with `=`.
  return `(${texts.map((text) => `translate(encode(convert_to(${text}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`).join(" || '.' || ")})`;
}

/** Whether a row has this documentId. The value is cast to the type of the column, so that its index is used. */
export function hasDocumentId(statement: Statement, table: Table, documentId: Column, value: string): string {
  const { column, key } = documentId;
  if (!key) return `${table.column(column)}::text = ${statement.value(value, 'text')}`;
  const texts = textsOf(key, value);
  if (!texts) return 'FALSE';
  return key.parts
    .map(({ column, type }, index) => `${table.column(column)} = ${statement.value(texts[index], type)}`)
    .join(' AND ');
}

/** Whether a row has one of these documentIds. */
export function hasOneOf(
  statement: Statement,
  table: Table,
  documentId: Column,
  values: readonly (number | string)[],
): string {
  const { column, key } = documentId;
  return key
    ? hasOneOfKeys(statement, table, key, values)
    : `${table.column(column)}::text = ANY (${statement.value(values, 'text[]')})`;
}

/** Whether a row has one of these documentIds, which are made of a key. */
export function hasOneOfKeys(
  statement: Statement,
  table: Table,
  key: Key,
  values: readonly (number | string)[],
): string {
  const found = values.flatMap((value) => {
    const texts = textsOf(key, String(value));
    return texts ? [texts] : [];
  });
  const lists = key.parts.map(({ type }, index) =>
    statement.value(
      found.map((texts) => texts[index]),
      `${type}[]`,
    ),
  );
  const columns = key.parts.map(({ column }) => table.column(column));
  if (lists.length === 1) return `${columns[0]} = ANY (${lists[0]})`;
  const names = lists.map((_list, index) => `k${index}`).join(', ');
  return `(${columns.join(', ')}) IN (SELECT ${names} FROM unnest(${lists.join(', ')}) AS k(${names}))`;
}
