import { quoted } from '../../../database/identifiers.ts';
import { selectedSql } from '../column-values.ts';
import type { ContentType } from '../content-type.ts';
import type { ListQuery, Related, Rows } from '../filter.ts';
import { condition, orderBy, Source } from './conditions.ts';
import { documentIdSql, hasOneOf } from './document-id.ts';
import type { ConnectionPlan, FieldPlan, RowPlan } from './plan.ts';
import type { Statement } from './statement.ts';

/*
 * A whole tree of lists is one statement: each relation is a subquery that returns JSON, so the number of statements
 * depends neither on the number of rows nor on the depth. Columns are named by position: aliases of the client would make
 * every statement different, and PostgreSQL truncates names at 63 bytes.
 */

/** Where a list starts: at all rows of a type, or at the rows related to a row. Returns the condition. */
type Start = (source: Source) => string | undefined;

const everyRow: Start = () => undefined;

function relatedTo(parent: Source, related: Related): Start {
  return (source) => source.relatedTo(parent, related);
}

/** `SELECT` of one JSON text: the rows of a list. */
export function selectList(statement: Statement, allowed: Rows, query: ListQuery, row: RowPlan): string {
  return `SELECT ${jsonList(statement, allowed, query, row, everyRow)}::text AS "json"`;
}

/** `SELECT` of one JSON text: `{ "total", "nodes": [rows, …] }`. */
export function selectConnection(statement: Statement, allowed: Rows, connection: ConnectionPlan): string {
  return `SELECT ${jsonConnection(statement, allowed, connection, everyRow)}::text AS "json"`;
}

/** `SELECT` of one JSON text: the rows with these keys. */
export function selectByKey(
  statement: Statement,
  allowed: Rows & { readonly type: ContentType },
  row: RowPlan,
  key: 'id' | 'documentId',
  values: readonly (number | string)[],
): string {
  const source = Source.of(statement, allowed);
  const items = columnsOf(statement, source, row);
  const where =
    key === 'id'
      ? `${source.column('id')} = ANY (${statement.value(values, 'int4[]')})`
      : hasOneOf(statement, source, allowed.type.documentId, values);
  return `SELECT ${jsonOf(`SELECT ${items} FROM ${source.from} WHERE ${where}`)}::text AS "json"`;
}

function jsonList(statement: Statement, allowed: Rows, query: ListQuery, row: RowPlan, start: Start): string {
  const source = Source.of(statement, allowed);
  const where = whereOf(statement, source, query, start);
  const order = orderBy(source, query.sort, allowed.type);
  const { skip, take } = query.page;
  const page = ` ORDER BY ${order} LIMIT ${statement.value(take, 'int8')} OFFSET ${statement.value(skip, 'int8')}`;
  if (!hasRelations(row)) {
    const items = columnsOf(statement, source, row);
    return jsonOf(`SELECT ${items} FROM ${source.from}${where}${page}`);
  }
  // Cut the page before joining relations: they would be read for the skipped rows, too.
  const rows = `SELECT ${source.alias}.* FROM ${source.from}${where}${page}`;
  const paged = new Source(statement, `(${rows})`);
  return jsonOf(`SELECT ${columnsOf(statement, paged, row)} FROM ${paged.from}`);
}

function jsonConnection(
  statement: Statement,
  allowed: Rows,
  { query, nodes, counted }: ConnectionPlan,
  start: Start,
): string {
  const lists = [...nodes.values()].map((row) => jsonList(statement, allowed, query, row, start));
  return `json_build_object('total', ${counted ? count(statement, allowed, query, start) : 'NULL'}, 'nodes', array_to_json(ARRAY[${lists.join(', ')}]::json[]))`;
}

function count(statement: Statement, allowed: Rows, query: ListQuery, start: Start): string {
  const source = Source.of(statement, allowed);
  const where = whereOf(statement, source, query, start);
  return `(SELECT count(*) FROM ${source.from}${where})`;
}

/** Call it before reading `source.from`: conditions add joins. */
function whereOf(statement: Statement, source: Source, { filter }: ListQuery, start: Start): string {
  const conditions = [start(source), filter && condition(statement, source, filter).sql];
  const where = conditions.filter((sql) => sql !== undefined).join(' AND ');
  return where === '' ? '' : ` WHERE ${where}`;
}

function jsonOf(rows: string): string {
  return `(SELECT coalesce(json_agg(r), '[]') FROM (${rows}) r)`;
}

/** `"0"` is the id, or the documentId of a row without one; the fields of the plan follow by position. */
function columnsOf(statement: Statement, source: Source, { fields, readable: { type } }: RowPlan): string {
  const values = [type.hasId ? source.column('id') : documentIdSql(source, type.documentId)];
  for (const { position, plan } of fields.values()) {
    if (plan.kind !== 'refused') values[position] ??= fieldSql(statement, source, plan);
  }
  return values.map((sql, position) => `${sql} AS ${quoted(String(position))}`).join(', ');
}

function fieldSql(statement: Statement, source: Source, field: Exclude<FieldPlan, { kind: 'refused' }>): string {
  switch (field.kind) {
    case 'column':
      return selectedSql(field.column, source.cell(field.column, field.when));
    case 'one':
      return one(statement, source, field.to, field.row);
    case 'many':
      return jsonList(statement, field.to.to, field.list.query, field.list.row, relatedTo(source, field.to));
    case 'connection':
      return jsonConnection(statement, field.to.to, field.connection, relatedTo(source, field.to));
  }
}

function one(statement: Statement, parent: Source, to: Related, row: RowPlan): string {
  const source = Source.of(statement, to.to);
  const linked = source.relatedTo(parent, to);
  const items = columnsOf(statement, source, row);
  return `(SELECT to_json(r) FROM (SELECT ${items} FROM ${source.from} WHERE ${linked}) r)`;
}

function hasRelations({ fields }: RowPlan): boolean {
  return [...fields.values()].some(({ plan }) => plan.kind !== 'column');
}
