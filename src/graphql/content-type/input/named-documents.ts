import type { Rows } from '../filter.ts';
import { Source } from '../sql/conditions.ts';
import { documentIdSql, hasDocumentId, hasOneOf } from '../sql/document-id.ts';
import type { Statement } from '../sql/statement.ts';
import type { AssignedValue, Links } from './assignments.ts';

/** A column of a document that a relation is to lead to; NULL if it is not among those that can be found. */
export function keyOf(statement: Statement, document: Extract<AssignedValue, { kind: 'document' }>): string {
  const { rows, column, references } = document;
  const source = Source.of(statement, rows);
  const where = hasDocumentId(statement, source, column, document.documentId);
  return `(SELECT ${source.column(references)} FROM ${source.from} WHERE ${where})`;
}

/** A JSON list of `[documentId, id]` for each of these documents that can be found; the id is null where there is none. */
export function keysOf(statement: Statement, { relation: { link }, rows, column, documentIds }: Links): string {
  const source = Source.of(statement, rows);
  const documentId = documentIdSql(source, column);
  const key = link.kind === 'here' ? source.column(link.pairs[0].references) : idSql(source, rows);
  const where = hasOneOf(statement, source, column, documentIds);
  return `(SELECT coalesce(json_agg(json_build_array(${documentId}, ${key})), '[]') FROM ${source.from} WHERE ${where})`;
}

function idSql(source: Source, { type: { rowKey } }: Rows): string {
  return rowKey.join() === 'id' ? source.column('id') : 'NULL';
}
