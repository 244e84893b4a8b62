import type { ContentType } from '../content-type.ts';
import { allOf, type Filter, type Rows } from '../filter.ts';
import type { CompiledGrant } from '../rules/compiled-grant.ts';
import { condition, Source } from '../sql/conditions.ts';
import { quoted, type Statement } from '../sql/statement.ts';
import type { Assigned, Columns } from './assignments.ts';
import { leavesRow } from './condition-reach.ts';
import { keyOf } from './named-documents.ts';
import { type Precondition, unchangedSql } from './precondition.ts';

/*
 * A write is one statement. It locks the row, asks of the locked row which grants allow it, looks up the documents that are
 * linked, writes, and asks of the row as it was written, after triggers, whether one of these grants allows that, too. If none
 * does, refuse_write() ends the statement, and nothing of it stays. So nothing can change between a check and the write.
 */

/** The row to write. */
export interface RowKey {
  readonly key: 'id' | 'documentId';
  readonly value: string | number;
}

/** What a write sets, and what can allow it. */
export interface RowWrite {
  readonly type: ContentType;
  /** The rows that the type has for the viewer, whatever a grant says: the row before and after the write is one of them. */
  readonly declared: Filter | undefined;
  /** In their order. What they set is among the columns, so it is the same for all of them. */
  readonly grants: readonly [CompiledGrant, ...CompiledGrant[]];
  readonly columns: Columns;
  /** Undefined: the row is written as it is now. */
  readonly precondition?: Precondition | undefined;
}

/** What came of the statement of a write. */
export interface Written {
  /** Null: there is no such row. */
  readonly target: {
    /** For each grant, whether it allows to write the row as it was before. */
    readonly passes: readonly boolean[];
    /** Whether each document that is linked was found. */
    readonly linked: boolean;
    /** The row changed between the beginning of the statement and its lock, so `passes` may be wrong. Nothing was written. */
    readonly moved: boolean;
    /** Whether the precondition holds. */
    readonly unchanged: boolean;
  } | null;
  /** Null: nothing was written. */
  readonly done: {
    readonly id: number;
    readonly documentId: string;
    /** The first grant that allows the row as it was before, and as it is now; null where that is checked afterwards. */
    readonly grant: number | null;
  } | null;
}

/** Names that no table has. */
const LOCKED = '"(locked)"';
const TARGET = '"(target)"';
const DONE = '"(done)"';

/** `check: false` leaves the check to `checkSql`, in the same transaction. */
export interface Checking {
  readonly check: boolean;
}

export function insertSql(statement: Statement, write: RowWrite, { check }: Checking): string {
  const { type, columns, grants } = write;
  const keys = keysIn(statement, columns);
  const target = `SELECT ${keys.map(({ name, sql }) => `${sql} AS ${name}`).join(', ') || 'TRUE'}`;
  const values = [...columns].map(([column, assigned]) => ({
    name: quoted(column),
    sql: valueSql(statement, column, assigned, keys),
  }));
  const into = `${tableOf(type)} (${values.map(({ name }) => name).join(', ')})`;
  const select = `SELECT ${values.map(({ sql }) => sql).join(', ')} FROM ${TARGET} g WHERE ${linkedIn(keys)}`;
  // A single type has one row: of two first updates, one inserts it, and the other finds it.
  const once = type.kind === 'single' ? ` ON CONFLICT ("id") DO NOTHING` : '';
  const insert = values.length > 0 ? `INSERT INTO ${into} ${select}` : `INSERT INTO ${tableOf(type)} DEFAULT VALUES`;
  return answer(statement, write, check, {
    ctes: [`${TARGET} AS (${target})`, `${DONE} AS (${insert}${once} RETURNING *)`],
    target: { passes: grants.map(() => 'TRUE'), linked: linkedIn(keys), moved: 'FALSE', unchanged: 'TRUE' },
  });
}

export function updateSql(statement: Statement, row: RowKey, write: RowWrite, { check }: Checking): string {
  const { type, columns } = write;
  const keys = keysIn(statement, columns);
  const target = targetSql(statement, row, write, 'FOR NO KEY UPDATE', keys);
  const to = statement.alias();
  const set = [...columns].map(
    ([column, assigned]) => `${quoted(column)} = ${valueSql(statement, column, assigned, keys)}`,
  );
  const where = `${to}."id" = g."id" AND ${target.writable}`;
  const done =
    set.length > 0
      ? `UPDATE ${tableOf(type)} ${to} SET ${set.join(', ')} FROM ${TARGET} g WHERE ${where} RETURNING ${to}.*`
      : `SELECT ${to}.* FROM ${LOCKED} ${to}, ${TARGET} g WHERE ${where}`;
  return answer(statement, write, check, { ctes: [...target.ctes, `${DONE} AS (${done})`], target });
}

export function deleteSql(statement: Statement, row: RowKey, write: Omit<RowWrite, 'columns'>): string {
  const target = targetSql(statement, row, write, 'FOR UPDATE', []);
  const from = statement.alias();
  const where = `${from}."id" = g."id" AND ${target.writable}`;
  const done = `DELETE FROM ${tableOf(write.type)} ${from} USING ${TARGET} g WHERE ${where} RETURNING ${from}.*`;
  return answer(statement, write, false, { ctes: [...target.ctes, `${DONE} AS (${done})`], target });
}

/** The first of these grants whose check the row passes now; null if none. */
export function checkSql(
  statement: Statement,
  { type, declared }: Pick<RowWrite, 'type' | 'declared'>,
  id: number,
  grants: readonly CompiledGrant[],
): string {
  const source = Source.of(statement, everyRowOf(type));
  const passes = grants.map(({ check }) => passesSql(statement, source, allOf([declared, check])));
  const row = keyedSql(statement, source, type, { key: 'id', value: id });
  return `SELECT (SELECT ${firstPassing(passes, 'NULL')} FROM ${source.from} WHERE ${row})::text AS "json"`;
}

/** Locks a row, so that a later statement of the transaction sees it as it is. */
export function lockSql(statement: Statement, type: ContentType, row: RowKey): string {
  const locked = lockedCte(statement, type, row, 'FOR UPDATE');
  return `WITH ${locked} SELECT (SELECT "id" FROM ${LOCKED})::text AS "json"`;
}

interface Target {
  readonly passes: readonly string[];
  readonly linked: string;
  readonly moved: string;
  readonly unchanged: string;
}

type Lock = 'FOR UPDATE' | 'FOR NO KEY UPDATE';

/** The row, locked, with what is to be known of it before it is written. */
function targetSql(
  statement: Statement,
  row: RowKey,
  { type, declared, grants, precondition }: Omit<RowWrite, 'columns'>,
  lock: Lock,
  keys: readonly Key[],
) {
  const locked = lockedCte(statement, type, row, lock);
  const source = new Source(statement, LOCKED);
  const conditions = grants.map(({ where }) => allOf([declared, where]));
  const passes = conditions.map((where, index) => ({
    name: quoted(String(index)),
    sql: passesSql(statement, source, where),
  }));
  const asked = [...conditions, ...grants.map(({ check }) => check)];
  const moved = asked.some((filter) => filter && leavesRow(filter)) ? isMoved(statement, type, source) : 'FALSE';
  const items = [
    `${source.column('id')} AS "id"`,
    ...[...passes, ...keys].map(({ name, sql }) => `${sql} AS ${name}`),
    `${moved} AS "moved"`,
    `${unchangedSql(statement, source, precondition)} AS "unchanged"`,
  ];
  const names = passes.map(({ name }) => `g.${name}`);
  return {
    ctes: [locked, `${TARGET} AS (SELECT ${items.join(', ')} FROM ${source.from})`],
    passes: names,
    linked: linkedIn(keys),
    moved: 'g."moved"',
    unchanged: 'g."unchanged"',
    writable: `(${names.join(' OR ')}) AND ${linkedIn(keys)} AND NOT g."moved" AND g."unchanged"`,
  };
}

function lockedCte(statement: Statement, type: ContentType, row: RowKey, lock: Lock): string {
  const source = Source.of(statement, everyRowOf(type));
  const { alias } = source;
  const where = keyedSql(statement, source, type, row);
  return `${LOCKED} AS (SELECT ${alias}.*, ${alias}.ctid AS "(version)" FROM ${source.from} WHERE ${where} ${lock})`;
}

/**
 * The locked row is the newest one, and everything else that a condition reads is as it was when the statement began. Both
 * fit together only if that row was already there then.
 */
function isMoved(statement: Statement, type: ContentType, locked: Source): string {
  const before = statement.alias();
  const version = `SELECT ${before}.ctid FROM ${tableOf(type)} ${before} WHERE ${before}."id" = ${locked.column('id')}`;
  return `${locked.column('(version)')} IS DISTINCT FROM (${version})`;
}

/** Whether a row has this key. */
export function keyedSql(statement: Statement, source: Source, type: ContentType, { key, value }: RowKey): string {
  return key === 'id'
    ? `${source.column('id')} = ${statement.value(value, 'int4')}`
    : `${source.column(type.documentId.column)}::text = ${statement.value(value, 'text')}`;
}

/** Whether a row matches a condition. Unknown is no. */
export function passesSql(statement: Statement, source: Source, filter: Filter | undefined): string {
  return filter ? `(${condition(statement, source, filter).sql}) IS TRUE` : 'TRUE';
}

/** Every row of the table. */
export function everyRowOf(type: ContentType): Rows {
  return { type, rule: undefined, gates: [] };
}

interface Key {
  readonly column: string;
  readonly name: string;
  readonly sql: string;
}

/** The keys of the documents that are linked, each looked up among those that can be found. */
function keysIn(statement: Statement, columns: Columns): Key[] {
  return [...columns].flatMap(([column, assigned], position): Key[] =>
    assigned.kind === 'document' ? [{ column, name: quoted(`key ${position}`), sql: keyOf(statement, assigned) }] : [],
  );
}

function linkedIn(keys: readonly Key[]): string {
  return keys.length === 0 ? 'TRUE' : keys.map(({ name }) => `g.${name} IS NOT NULL`).join(' AND ');
}

/** The database takes the type of a value from the column that it is for. A cast could cut off a text to make it fit. */
function valueSql(statement: Statement, column: string, assigned: Assigned, keys: readonly Key[]): string {
  if (assigned.kind === 'document') return `g.${keys.find((key) => key.column === column)?.name}`;
  const { value } = assigned;
  statement.values.push(value instanceof Date ? value.toISOString() : value);
  return `$${statement.values.length}`;
}

/** Selects what came of the write, as `Written`. */
function answer(
  statement: Statement,
  { type, declared, grants }: Omit<RowWrite, 'columns'>,
  check: boolean,
  { ctes, target }: { readonly ctes: readonly string[]; readonly target: Target },
): string {
  const done = new Source(statement, DONE);
  // Conditions that are not used would leave values that the text does not have.
  const passes = (check ? grants : []).map((grant, index) => {
    const before = grants.length > 1 ? [`(SELECT ${target.passes[index]} FROM ${TARGET} g)`] : [];
    const after = passesSql(statement, done, allOf([declared, grant.check]));
    return [...before, after].filter((sql) => sql !== 'TRUE').join(' AND ') || 'TRUE';
  });
  const grant = check ? firstPassing(passes, 'refuse_write()') : 'NULL';
  const documentId = done.column(type.documentId.column);
  const row = `json_build_object('id', ${done.column('id')}, 'documentId', ${documentId}::text, 'grant', ${grant})`;
  const before = `json_build_object('passes', json_build_array(${target.passes.join(', ')}), 'linked', ${target.linked}, 'moved', ${target.moved}, 'unchanged', ${target.unchanged})`;
  return `WITH ${ctes.join(', ')} SELECT json_build_object('target', (SELECT ${before} FROM ${TARGET} g), 'done', (SELECT ${row} FROM ${done.from}))::text AS "json"`;
}

/** The position of the first condition that holds. */
function firstPassing(conditions: readonly string[], otherwise: string): string {
  // Also one behind a condition that always holds stays in the text: the statement has its values.
  if (conditions.length > 0 && conditions.every((sql) => sql === 'TRUE')) return '0';
  return `CASE ${conditions.map((sql, index) => `WHEN ${sql} THEN ${index}`).join(' ')} ELSE ${otherwise} END`;
}

function tableOf({ table: { schema, table } }: ContentType): string {
  return schema === null ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
}
