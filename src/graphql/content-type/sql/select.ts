import type { ListQuery, Related } from '../filter.ts';
import type { Column } from '../model.ts';
import { condition, orderBy, Source } from './conditions.ts';
import type { ConnectionPlan, FieldPlan, Readable, RowPlan } from './plan.ts';
import { quoted, type Statement } from './statement.ts';

/*
 * A whole tree of lists becomes one statement: each relation is a subquery of the row it belongs to, and answers with JSON,
 * so that the number of statements depends neither on the rows nor on the depth. Columns are named by their positions: the
 * client's names would make each statement another one, and PostgreSQL cuts names at 63 bytes.
 */

/** How a list finds its rows: all of a type, or those that a relation leads to from a row. */
type Start = (source: Source) => string | undefined;

const everyRow: Start = () => undefined;

function linkedFrom(parent: Source, { relation }: Related): Start {
  return (source) => source.linkedTo(parent, relation.link);
}

/** `SELECT` of one JSON text: the rows of a list. */
export function selectList(statement: Statement, readable: Readable, query: ListQuery, row: RowPlan): string {
  return `SELECT ${jsonList(statement, readable, query, row, everyRow)}::text AS "json"`;
}

/** `SELECT` of one JSON text: `{ "total", "nodes": [rows, …] }`. */
export function selectConnection(statement: Statement, readable: Readable, connection: ConnectionPlan): string {
  return `SELECT ${jsonConnection(statement, readable, connection, everyRow)}::text AS "json"`;
}

/** `SELECT` of one JSON text: the rows with these values in a column that is unique. */
export function selectByKey(
  statement: Statement,
  readable: Readable,
  row: RowPlan,
  key: 'id' | 'documentId',
  values: readonly (number | string)[],
): string {
  const source = Source.of(statement, readable.type, readable.rule);
  const type = key === 'id' ? 'int4' : 'text';
  const expression = key === 'id' ? source.column('id') : `${source.column(readable.type.documentId.column)}::text`;
  const items = columnsOf(statement, source, row);
  const where = `${expression} = ANY (${statement.value(values, `${type}[]`)})`;
  return `SELECT ${jsonOf(`SELECT ${items} FROM ${source.from} WHERE ${where}`)}::text AS "json"`;
}

function jsonList(statement: Statement, readable: Readable, query: ListQuery, row: RowPlan, start: Start): string {
  const source = Source.of(statement, readable.type, readable.rule);
  const where = whereOf(statement, source, query, start);
  const order = orderBy(source, query.sort);
  const { skip, take } = query.page;
  const page = ` ORDER BY ${order} LIMIT ${statement.value(take, 'int8')} OFFSET ${statement.value(skip, 'int8')}`;
  if (!hasRelations(row)) {
    const items = columnsOf(statement, source, row);
    return jsonOf(`SELECT ${items} FROM ${source.from}${where}${page}`);
  }
  // The page first, and then what belongs to its rows: else it would be looked up for the rows before it, too.
  const rows = `SELECT ${source.alias}.* FROM ${source.from}${where}${page}`;
  const paged = new Source(statement, `(${rows})`);
  return jsonOf(`SELECT ${columnsOf(statement, paged, row)} FROM ${paged.from}`);
}

function jsonConnection(
  statement: Statement,
  readable: Readable,
  { query, nodes, counted }: ConnectionPlan,
  start: Start,
): string {
  const lists = [...nodes.values()].map((row) => jsonList(statement, readable, query, row, start));
  return `json_build_object('total', ${counted ? count(statement, readable, query, start) : 'NULL'}, 'nodes', array_to_json(ARRAY[${lists.join(', ')}]::json[]))`;
}

function count(statement: Statement, readable: Readable, query: ListQuery, start: Start): string {
  const source = Source.of(statement, readable.type, readable.rule);
  const where = whereOf(statement, source, query, start);
  return `(SELECT count(*) FROM ${source.from}${where})`;
}

/** To be called before `source.from` is read: conditions join what they need. */
function whereOf(statement: Statement, source: Source, { filter }: ListQuery, start: Start): string {
  const conditions = [start(source), filter && condition(statement, source, filter).sql];
  const where = conditions.filter((sql) => sql !== undefined).join(' AND ');
  return where === '' ? '' : ` WHERE ${where}`;
}

function jsonOf(rows: string): string {
  return `(SELECT coalesce(json_agg(r), '[]') FROM (${rows}) r)`;
}

/** `"0"` is the key, and the plan's fields follow in their order. */
function columnsOf(statement: Statement, source: Source, { fields }: RowPlan): string {
  const values = [source.column('id')];
  for (const { position, plan } of fields.values()) values[position] ??= fieldSql(statement, source, plan);
  return values.map((sql, position) => `${sql} AS ${quoted(String(position))}`).join(', ');
}

function fieldSql(statement: Statement, source: Source, field: FieldPlan): string {
  switch (field.kind) {
    case 'column':
      return columnValue(field.column, source.column(field.column.column));
    case 'one':
      return one(statement, source, field.to, field.row);
    case 'many':
      return jsonList(statement, readableBy(field.to), field.list.query, field.list.row, linkedFrom(source, field.to));
    case 'connection':
      return jsonConnection(statement, readableBy(field.to), field.connection, linkedFrom(source, field.to));
  }
}

function one(statement: Statement, parent: Source, to: Related, row: RowPlan): string {
  const source = Source.of(statement, to.target, to.rule);
  const linked = source.linkedTo(parent, to.relation.link);
  const items = columnsOf(statement, source, row);
  return `(SELECT to_json(r) FROM (SELECT ${items} FROM ${source.from} WHERE ${linked}) r)`;
}

function readableBy({ target, rule }: Related): Readable {
  return { type: target, rule };
}

/** Points in time as milliseconds: whatever the column's kind of timestamp and the session's time zone, and `Date` reads it fast. */
function columnValue({ type }: Column, expression: string): string {
  return type === 'DateTime' ? `floor(extract(epoch from ${expression}) * 1000)::int8` : expression;
}

function hasRelations({ fields }: RowPlan): boolean {
  return [...fields.values()].some(({ plan }) => plan.kind !== 'column');
}
