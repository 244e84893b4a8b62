import type { DocumentKey } from '../../../database/document-key.ts';
import { quoted, quotedTable } from '../../../database/identifiers.ts';
import type { ContentType } from '../content-type.ts';
import { allOf, type Filter, type Rows } from '../filter.ts';
import type { CompiledGrant } from '../rules/compiled-grant.ts';
import { condition, Source } from '../sql/conditions.ts';
import { documentIdSql, hasDocumentId } from '../sql/document-id.ts';
import type { Statement } from '../sql/statement.ts';
import { type Agreement, agreementSql, keptIn } from './agreements.ts';
import type { AssignedValue, Columns } from './assignments.ts';
import { leavesRow } from './condition-reach.ts';
import { keyOf } from './named-documents.ts';
import { type Precondition, unchangedSql } from './precondition.ts';

/*
 * A write is one statement. It locks the row, asks of the locked row which grants allow it, looks up the documents that are
 * linked, writes, and asks of the row as it was written, after triggers, whether one of these grants allows that, too. If none
 * does, refuse_write() ends the statement, and nothing of it stays. So nothing can change between a check and the write.
 */

/** The row to write. */
export type RowKey = DocumentKey;

/** What a write sets, and what can allow it. */
export interface RowWrite {
  readonly type: ContentType;
  /** The rows that the type has for the viewer, whatever a grant says: the row before and after the write is one of them. */
  readonly declared: Filter | undefined;
  /** In their order. What they set is among the columns, so it is the same for all of them. */
  readonly grants: readonly [CompiledGrant, ...CompiledGrant[]];
  readonly columns: Columns;
  /** What must hold of the columns. */
  readonly agreements: readonly Agreement[];
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
    /** For each agreement, whether it holds; absent where there is none. */
    readonly agreed?: readonly boolean[];
    /** The row changed between the beginning of the statement and its lock, so `passes` may be wrong. Nothing was written. */
    readonly moved: boolean;
    /** Whether the precondition holds. */
    readonly unchanged: boolean;
  } | null;
  /** Null: nothing was written. */
  readonly done: {
    /** Null where rows have none. */
    readonly id: number | null;
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
  const keys = keysIn(statement, write);
  const target = `SELECT ${keys.map(({ name, sql }) => `${sql} AS ${name}`).join(', ') || 'TRUE'}`;
  const values = [...columns].map(([column, assigned]) => ({
    name: quoted(column),
    sql: valueSql(statement, assigned, keys),
  }));
  const into = `${quotedTable(type.table)} (${values.map(({ name }) => name).join(', ')})`;
  const linked = linkedIn(keys);
  const agreed = agreedIn(statement, write, keys);
  const select = `SELECT ${values.map(({ sql }) => sql).join(', ')} FROM ${TARGET} g WHERE ${[linked, ...agreed].join(' AND ')}`;
  // A single type has one row: of two first updates, one inserts it, and the other finds it.
  const once = type.kind === 'single' ? ` ON CONFLICT ("id") DO NOTHING` : '';
  const insert =
    values.length > 0 ? `INSERT INTO ${into} ${select}` : `INSERT INTO ${quotedTable(type.table)} DEFAULT VALUES`;
  return answer(statement, write, check, {
    ctes: [`${TARGET} AS (${target})`, `${DONE} AS (${insert}${once} RETURNING *)`],
    target: { passes: grants.map(() => 'TRUE'), linked, agreed, moved: 'FALSE', unchanged: 'TRUE' },
  });
}

export function updateSql(statement: Statement, row: RowKey, write: RowWrite, { check }: Checking): string {
  const { type, columns } = write;
  const keys = keysIn(statement, write);
  const target = targetSql(statement, row, write, 'FOR NO KEY UPDATE', keys);
  const to = statement.alias();
  const set = [...columns].map(([column, assigned]) => `${quoted(column)} = ${valueSql(statement, assigned, keys)}`);
  const where = `${isRow(type, to, 'g')} AND ${target.writable}`;
  const done =
    set.length > 0
      ? `UPDATE ${quotedTable(type.table)} ${to} SET ${set.join(', ')} FROM ${TARGET} g WHERE ${where} RETURNING ${to}.*`
      : `SELECT ${to}.* FROM ${LOCKED} ${to}, ${TARGET} g WHERE ${where}`;
  return answer(statement, write, check, { ctes: [...target.ctes, `${DONE} AS (${done})`], target });
}

export function deleteSql(statement: Statement, row: RowKey, write: Omit<RowWrite, 'columns' | 'agreements'>): string {
  const setsNothing = { ...write, columns: new Map(), agreements: [] };
  const target = targetSql(statement, row, setsNothing, 'FOR UPDATE', []);
  const from = statement.alias();
  const where = `${isRow(write.type, from, 'g')} AND ${target.writable}`;
  const done = `DELETE FROM ${quotedTable(write.type.table)} ${from} USING ${TARGET} g WHERE ${where} RETURNING ${from}.*`;
  return answer(statement, write, false, { ctes: [...target.ctes, `${DONE} AS (${done})`], target });
}

/** The first of these grants whose check the row passes now; null if none. */
export function checkSql(
  statement: Statement,
  { type, declared }: Pick<RowWrite, 'type' | 'declared'>,
  key: RowKey,
  grants: readonly CompiledGrant[],
): string {
  const source = Source.of(statement, everyRowOf(type));
  const passes = grants.map(({ check }) => passesSql(statement, source, allOf([declared, check])));
  const row = keyedSql(statement, source, type, key);
  return `SELECT (SELECT ${firstPassing(passes, 'NULL')} FROM ${source.from} WHERE ${row})::text AS "json"`;
}

/** Locks a row, so that a later statement of the transaction sees it as it is. */
export function lockSql(statement: Statement, type: ContentType, row: RowKey): string {
  const locked = lockedCte(statement, type, row, 'FOR UPDATE');
  return `WITH ${locked} SELECT (SELECT ${type.hasId ? '"id"' : '1'} FROM ${LOCKED})::text AS "json"`;
}

interface Target {
  readonly passes: readonly string[];
  readonly linked: string;
  readonly agreed: readonly string[];
  readonly moved: string;
  readonly unchanged: string;
}

type Lock = 'FOR UPDATE' | 'FOR NO KEY UPDATE';

/** The row, locked, with what is to be known of it before it is written. */
function targetSql(statement: Statement, row: RowKey, write: RowWrite, lock: Lock, keys: readonly Key[]) {
  const { type, declared, grants, precondition, agreements } = write;
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
    ...type.rowKey.map((column, index) => `${source.column(column)} AS ${rowKeyName(type, index)}`),
    ...[...passes, ...keys].map(({ name, sql }) => `${sql} AS ${name}`),
    ...keptIn(agreements).map((column) => `${source.column(column)} AS ${wasName(column)}`),
    `${moved} AS "moved"`,
    `${unchangedSql(statement, source, precondition)} AS "unchanged"`,
  ];
  const names = passes.map(({ name }) => `g.${name}`);
  const linked = linkedIn(keys);
  const agreed = agreedIn(statement, write, keys);
  return {
    ctes: [locked, `${TARGET} AS (SELECT ${items.join(', ')} FROM ${source.from})`],
    passes: names,
    linked,
    agreed,
    moved: 'g."moved"',
    unchanged: 'g."unchanged"',
    writable: [`(${names.join(' OR ')})`, linked, ...agreed, 'NOT g."moved"', 'g."unchanged"'].join(' AND '),
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
  const version = `SELECT ${before}.ctid FROM ${quotedTable(type.table)} ${before} WHERE ${type.rowKey.map((column) => `${before}.${quoted(column)} = ${locked.column(column)}`).join(' AND ')}`;
  return `${locked.column('(version)')} IS DISTINCT FROM (${version})`;
}

/** Whether a row has this key. */
export function keyedSql(statement: Statement, source: Source, type: ContentType, { key, value }: RowKey): string {
  return key === 'id'
    ? `${source.column('id')} = ${statement.value(value, 'int4')}`
    : hasDocumentId(statement, source, type.documentId, String(value));
}

/** Whether a row of the table is the one of the target. */
function isRow({ rowKey, ...type }: ContentType, table: string, target: string): string {
  return rowKey
    .map((column, index) => `${table}.${quoted(column)} = ${target}.${rowKeyName(type, index)}`)
    .join(' AND ');
}

/** The name of a part of the key among the columns of the target: no other of them has such a name. */
function rowKeyName({ hasId }: Pick<ContentType, 'hasId'>, index: number): string {
  return hasId ? '"id"' : quoted(`row ${index}`);
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
  readonly of: AssignedValue;
  readonly name: string;
  readonly sql: string;
}

/** The keys of the documents that are linked, each looked up among those that can be found. */
function keysIn(statement: Statement, { columns, agreements }: RowWrite): Key[] {
  const others = agreements.flatMap((agreement) => (agreement.kind === 'equal' ? [agreement.other] : []));
  return [...columns.values(), ...others].flatMap((of, position): Key[] =>
    of.kind === 'document' ? [{ of, name: quoted(`key ${position}`), sql: keyOf(statement, of) }] : [],
  );
}

function agreedIn(statement: Statement, { columns, agreements }: RowWrite, keys: readonly Key[]): string[] {
  const set = (assigned: AssignedValue) => valueSql(statement, assigned, keys);
  return agreements.map((agreement) =>
    agreementSql(agreement, columns, { set, was: (column) => `g.${wasName(column)}` }),
  );
}

/** The name of a column as it was before, among the columns of the target. */
function wasName(column: string): string {
  return quoted(`was ${column}`);
}

function linkedIn(keys: readonly Key[]): string {
  return keys.length === 0 ? 'TRUE' : keys.map(({ name }) => `g.${name} IS NOT NULL`).join(' AND ');
}

/** The database takes the type of a value from the column that it is for. A cast could cut off a text to make it fit. */
function valueSql(statement: Statement, assigned: AssignedValue, keys: readonly Key[]): string {
  if (assigned.kind === 'document') return `g.${keys.find(({ of }) => of === assigned)?.name}`;
  const { value, encoded } = assigned;
  if (encoded) return `decode(${statement.value(value, 'text')}, '${encoded}')`;
  statement.values.push(value instanceof Date ? value.toISOString() : value);
  return `$${statement.values.length}`;
}

/** Selects what came of the write, as `Written`. */
function answer(
  statement: Statement,
  { type, declared, grants }: Pick<RowWrite, 'type' | 'declared' | 'grants'>,
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
  const id = type.hasId ? done.column('id') : 'NULL';
  const row = `json_build_object('id', ${id}, 'documentId', ${documentIdSql(done, type.documentId)}, 'grant', ${grant})`;
  const agreed = target.agreed.length > 0 ? `, 'agreed', json_build_array(${target.agreed.join(', ')})` : '';
  const before = `json_build_object('passes', json_build_array(${target.passes.join(', ')}), 'linked', ${target.linked}, 'moved', ${target.moved}, 'unchanged', ${target.unchanged}${agreed})`;
  return `WITH ${ctes.join(', ')} SELECT json_build_object('target', (SELECT ${before} FROM ${TARGET} g), 'done', (SELECT ${row} FROM ${done.from}))::text AS "json"`;
}

/** The position of the first condition that holds. */
function firstPassing(conditions: readonly string[], otherwise: string): string {
  // Also one behind a condition that always holds stays in the text: the statement has its values.
  if (conditions.length > 0 && conditions.every((sql) => sql === 'TRUE')) return '0';
  return `CASE ${conditions.map((sql, index) => `WHEN ${sql} THEN ${index}`).join(' ')} ELSE ${otherwise} END`;
}
