import { Source } from '../sql/conditions.ts';
import type { Statement } from '../sql/statement.ts';
import type { Links, Targets } from './assignments.ts';

/** The key of a document that a relation is to lead to; NULL if it is not among those that can be found. */
export function keyOf(statement: Statement, document: Targets & { readonly documentId: string }): string {
  const { source, key, documentId } = targetsOf(statement, document);
  const where = `${documentId} = ${statement.value(document.documentId, 'text')}`;
  return `(SELECT ${key} FROM ${source.from} WHERE ${where})`;
}

/** A JSON list of `[documentId, key]` for each of these documents that can be found. */
export function keysOf(statement: Statement, links: Links): string {
  const { source, key, documentId } = targetsOf(statement, links);
  const where = `${documentId} = ANY (${statement.value(links.documentIds, 'text[]')})`;
  return `(SELECT coalesce(json_agg(json_build_array(${documentId}, ${key})), '[]') FROM ${source.from} WHERE ${where})`;
}

function targetsOf(statement: Statement, { relation: { link }, rows, column }: Targets) {
  const source = Source.of(statement, rows);
  return {
    source,
    key: source.column(link.kind === 'here' ? link.references : 'id'),
    documentId: `${source.column(column.column)}::text`,
  };
}
