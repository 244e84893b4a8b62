import type { ContentType } from './content-type.ts';
import { documentIdIn, valuesOf } from './document-ids.ts';
import { guardedRowOf } from './guarded-row.ts';
import { InMemoryRow } from './in-memory-row.ts';
import type { Row } from './row.ts';
import { LoadedRow } from './sql/rows.ts';
import { WholeRow } from './whole-row.ts';

type Keyed = Pick<ContentType, 'model' | 'key' | 'hasId'>;

/** By what the server knows a row: its id, or, where rows have none, its documentId. */
export function rowIdOf({ model, key, hasId }: Keyed, row: Row): number | string {
  if (row instanceof LoadedRow || row instanceof WholeRow || row instanceof InMemoryRow) return row.id;
  const guarded = guardedRowOf(row);
  if (guarded) return guarded.id;
  const columns = row as Readonly<Record<string, unknown>>; // as Prisma, or the project, read it
  const names = hasId ? ['id'] : key.parts.map(({ name }) => name);
  const missing = names.find((name) => columns[name] == null);
  if (missing !== undefined) throw new Error(`A field returned a row of ${model} without its ${missing}`);
  return hasId ? (columns['id'] as number) : documentIdIn(key, columns);
}

/** The row, as Prisma's `where` names it. */
export function uniqueWhere(
  { model, key, hasId }: Keyed,
  { id, documentId }: { readonly id: number | null; readonly documentId: string },
): Readonly<Record<string, unknown>> {
  if (hasId) return { id };
  const values = valuesOf(key, documentId);
  if (!values) throw new Error(`The database has a row of ${model} whose documentId cannot be read`);
  return key.parts.length === 1 ? values : { [key.together]: values };
}

/** The same of a row that resolvers pass on. */
export function uniqueWhereOf(type: Keyed, row: Row): Readonly<Record<string, unknown>> {
  const id = rowIdOf(type, row);
  return uniqueWhere(type, typeof id === 'number' ? { id, documentId: '' } : { id: null, documentId: id });
}

/** The columns that a row is known by, as Prisma's `select` names them. */
export function selectedKey({ key, hasId }: Keyed): Readonly<Record<string, true>> {
  return hasId ? { id: true } : Object.fromEntries(key.parts.map(({ name }) => [name, true as const]));
}
