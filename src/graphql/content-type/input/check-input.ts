import type { Fault } from '../../../common/errors.ts';
import { quoted } from '../../../database/identifiers.ts';
import type { ResolveRelation } from '../arguments/filters.ts';
import { assignedValue } from '../column-values.ts';
import { resolveRelationFor } from '../content-schema.ts';
import type { ContentType } from '../content-type.ts';
import { allOf, type Filter } from '../filter.ts';
import type { Column, Member, Relation } from '../model.ts';
import type { Readable } from '../readable.ts';
import type { CompiledGrant } from '../rules/compiled-grant.ts';
import { condition, Source } from '../sql/conditions.ts';
import { documentIdSql } from '../sql/document-id.ts';
import type { Statement } from '../sql/statement.ts';
import { type Assigned, type Assignments, type Columns, type Links, setColumn, type Targets } from './assignments.ts';
import { type Data, relationsIn, uniquesIn } from './input-type.ts';
import { keysOf } from './named-documents.ts';
import { assignedKey, clearedKey, columnsOf, isStamped } from './stamps.ts';
import { validateColumn } from './validate-column.ts';
import type { DocumentWrite } from './write.ts';
import { everyRowOf, keyedSql, passesSql, type RowKey } from './write-sql.ts';

/** The document to update. */
export type TargetDocument = RowKey & {
  /** Whether it is created where it is not there. */
  readonly orCreated: boolean;
};

/** The grants that allow to write a document as it is now, and its documentId; null if it is not there. One statement. */
export async function allowedBefore(
  write: DocumentWrite,
  target: TargetDocument,
): Promise<{ readonly grants: readonly CompiledGrant[]; readonly documentId: string | null }> {
  const { schema, type, declared, grants, operation } = write;
  const found = (await schema.writes.for(operation)((statement) => {
    const source = Source.of(statement, everyRowOf(type));
    const passes = grants.map(({ where }) => passesSql(statement, source, allOf([declared, where])));
    const documentId = documentIdSql(source, type.documentId);
    const row = `json_build_object('documentId', ${documentId}, 'passes', json_build_array(${passes.join(', ')}))`;
    const where = keyedSql(statement, source, type, target);
    return `SELECT (SELECT ${row} FROM ${source.from} WHERE ${where})::text AS "json"`;
  })) as { readonly documentId: string; readonly passes: readonly boolean[] } | null;
  return {
    grants: grantsLeft(grants, found?.passes, target),
    documentId: found?.documentId ?? null,
  };
}

export interface CheckedInput {
  /** Whether the document to update is there; undefined where it was not looked up. */
  readonly exists: boolean | undefined;
  /** The grants that can still allow the write, as far as is known. If there are none, it is not there for this viewer. */
  readonly grants: readonly CompiledGrant[];
  readonly faults: readonly Fault[];
  /** Valid only without faults. */
  readonly assignments: Assignments;
}

/**
 * Validates `data` and returns all validation errors together. What it needs from the database is one statement, and none where
 * the data names no document and no unique value: the write itself finds out whether its document is there.
 */
export async function checkInput(
  write: DocumentWrite,
  data: Data,
  target: TargetDocument | undefined,
): Promise<CheckedInput> {
  const { schema, type, grants, operation, hooked } = write;
  const resolveRelation = resolveRelationFor(schema, operation.viewer.permissions);
  const named = documentsIn(type, data, resolveRelation);
  const uniques = uniquesIn(type, data).filter(
    (member) => member.kind === 'relation' || validateColumn(member, data[member.name]) === undefined,
  );
  if (named.length === 0 && uniques.length === 0 && !target?.orCreated) {
    const creating = target === undefined;
    const checked = checkedWith(type, data, { ...NOTHING_KNOWN, hooked, grants, creating, resolveRelation });
    // A document that is not there has no validation errors, so with one it has to be looked up.
    if (!target || checked.faults.length === 0) return checked;
  }
  const known = await lookUp(write, data, { target, named, uniques, resolveRelation });
  const creating = target === undefined || (target.orCreated && known.exists === false);
  return checkedWith(type, data, { ...known, hooked, creating, resolveRelation });
}

/** What the database knows about the document and its data. */
interface Known {
  readonly exists: boolean | undefined;
  /** For each relation: the documents it names that are there. */
  readonly related: ReadonlyMap<string, ReadonlySet<string>>;
  /** The columns and relations whose value another document already has. */
  readonly taken: readonly string[];
}

const NOTHING_KNOWN: Known = { exists: undefined, related: new Map(), taken: [] };

interface CheckOptions extends Known {
  readonly hooked: Columns | undefined;
  readonly grants: readonly CompiledGrant[];
  readonly creating: boolean;
  readonly resolveRelation: ResolveRelation;
}

function checkedWith(type: ContentType, data: Data, options: CheckOptions): CheckedInput {
  const { hooked } = options;
  const grants = options.creating ? grantsToCreate(type, data, options.grants, hooked) : options.grants;
  const faults: Fault[] = [];
  const columns = new Map<string, Assigned>();
  const links: Links[] = [];
  for (const member of type.write) {
    const value = data[member.name];
    const message = faultOf(member, value, { ...options, grants });
    if (message !== undefined) faults.push({ path: [member.name], message });
    else if (value === undefined) continue;
    else if (member.kind === 'column') setColumn(columns, member.column, assignedValue(member, value));
    else if (isHooked(member, hooked))
      continue; // the hook replaces all of it
    else assign(member, value, options.resolveRelation, { columns, links });
  }
  for (const [column, assigned] of hooked ?? []) setColumn(columns, column, assigned);
  return { exists: options.exists, grants, faults, assignments: { columns, links } };
}

/** Those that set whatever is required and was not sent, if there are any: others cannot create the document. */
function grantsToCreate(
  type: ContentType,
  data: Data,
  grants: readonly CompiledGrant[],
  hooked: Columns | undefined,
): readonly CompiledGrant[] {
  const missing = type.write.filter(
    (member) => isMissing(member, data[member.name], true) && !isHooked(member, hooked),
  );
  const able = grants.filter(({ set }) => missing.every((member) => isStamped(member, set)));
  return able.length > 0 ? able : grants;
}

function faultOf(
  member: Member,
  value: unknown,
  { creating, grants, hooked, ...known }: CheckOptions,
): string | undefined {
  const isStampedByAll = grants.length > 0 && grants.every(({ set }) => isStamped(member, set));
  const isSet = value === undefined && (isStampedByAll || isHooked(member, hooked));
  if (!isSet && isMissing(member, value, creating)) return `${member.name} must be defined.`;
  if (member.kind === 'relation') return relationFault(member, value, known) ?? uniqueFault(member, known);
  return value === undefined ? undefined : (validateColumn(member, value) ?? uniqueFault(member, known));
}

/** Whether a hook sets the key of a relation. */
function isHooked(member: Member, hooked: Columns | undefined): boolean {
  const columns = columnsOf(member);
  return columns.length > 0 && columns.every((column) => hooked?.has(column));
}

/** Required, and either absent or null. */
function isMissing(member: Member, value: unknown, creating: boolean): boolean {
  if (!member.required || (member.kind === 'relation' && member.many)) return false;
  const hasDefault = member.kind === 'column' && member.hasDefault;
  return value === null || (creating && value === undefined && !hasDefault);
}

function uniqueFault({ name }: Member, { taken }: Known): string | undefined {
  return taken.includes(name) ? 'This attribute must be unique' : undefined;
}

/** Documents that one relation can name in one write. */
const MAX_RELATED = 1_000;

function relationFault({ name }: Relation, value: unknown, { related }: Known): string | undefined {
  if (isTooMany(value)) return `${name} must have at most ${MAX_RELATED} documents`;
  const unknown = documentIdsIn(value).filter((documentId) => !related.get(name)?.has(documentId));
  if (unknown.length === 0) return undefined;
  return `${name} names ${unknown.length === 1 ? 'a document that does' : 'documents that do'} not exist`;
}

function assign(
  relation: Relation,
  value: unknown,
  resolveRelation: ResolveRelation,
  { columns, links }: { readonly columns: Map<string, Assigned>; readonly links: Links[] },
): void {
  const documentIds = documentIdsIn(value);
  const readable = resolveRelation(relation);
  // refused before any mutation runs
  if (!readable) throw new Error(`${relation.name} leads to documents that the viewer cannot find`);
  const targets = targetsOf(relation, readable);
  if (relation.link.kind !== 'here') links.push({ ...targets, documentIds });
  else {
    const [documentId] = documentIds;
    const assigned = documentId === undefined ? clearedKey(relation) : assignedKey({ ...targets, documentId });
    for (const [column, value] of assigned) setColumn(columns, column, value);
  }
}

function targetsOf(relation: Relation, readable: Readable): Targets {
  return { relation, rows: readable, column: readable.type.documentId };
}

function isTooMany(value: unknown): boolean {
  return Array.isArray(value) && value.length > MAX_RELATED;
}

function documentIdsIn(value: unknown): string[] {
  // GraphQL has coerced it to an ID or a list of IDs.
  return [...new Set([value ?? []].flat() as (string | null)[])].filter((documentId) => documentId !== null);
}

/** The documents that the data names, for each relation. */
function documentsIn(type: ContentType, data: Data, resolveRelation: ResolveRelation): Links[] {
  return relationsIn(type, data).flatMap((relation): Links[] => {
    const readable = resolveRelation(relation);
    const value = data[relation.name];
    const documentIds = isTooMany(value) ? [] : documentIdsIn(value);
    return readable && documentIds.length > 0 ? [{ ...targetsOf(relation, readable), documentIds }] : [];
  });
}

async function lookUp(
  write: DocumentWrite,
  data: Data,
  asked: {
    readonly target: TargetDocument | undefined;
    readonly named: readonly Links[];
    readonly uniques: readonly Member[];
    readonly resolveRelation: ResolveRelation;
  },
): Promise<Known & Pick<CheckedInput, 'grants'>> {
  const { schema, type, grants, operation } = write;
  const { target, named, uniques, resolveRelation } = asked;
  const answer = (await schema.writes.for(operation)((statement) => {
    const row = target ? `WITH ${ROW} AS (${rowSql(statement, write, target)}) ` : '';
    const except = target && exceptRow(type);
    const related = named.map((links) => keysOf(statement, links));
    const taken = uniques.map((member) =>
      isTaken(statement, type, member, data[member.name], { resolveRelation, except }),
    );
    const found = target ? `(SELECT "row" FROM ${ROW})` : 'NULL';
    return `${row}SELECT json_build_object('row', ${found}, 'related', json_build_array(${related.join(', ')}), 'taken', json_build_array(${taken.join(', ')}))::text AS "json"`;
  })) as {
    readonly row: readonly boolean[] | null;
    readonly related: readonly (readonly (readonly [documentId: string, key: string | number])[])[];
    readonly taken: readonly boolean[];
  };

  const { row, related, taken } = answer;
  return {
    exists: target && row !== null,
    grants: target ? grantsLeft(grants, row ?? undefined, target) : grants,
    related: new Map(
      named.map(({ relation }, index) => [relation.name, new Set(related[index]?.map(([documentId]) => documentId))]),
    ),
    taken: uniques.filter((_column, index) => taken[index]).map(({ name }) => name),
  };
}

/** Where there is no row yet, no condition on what it was can hold. */
function grantsLeft(
  grants: readonly CompiledGrant[],
  passes: readonly boolean[] | undefined,
  { orCreated }: TargetDocument,
): readonly CompiledGrant[] {
  return grants.filter(({ where }, index) => (passes ? passes[index] : orCreated && !where));
}

/** A name that no table has. */
const ROW = '"(row)"';

/** The row with this key: its id, which of the grants allow it, as JSON, and whether any of them does. */
function rowSql(statement: Statement, { type, declared, grants }: DocumentWrite, row: RowKey): string {
  const source = Source.of(statement, everyRowOf(type));
  const passes = grants.map(({ where }) => passesSql(statement, source, allOf([declared, where])));
  const id = type.rowKey.map((column) => `${source.column(column)} AS ${quoted(column)}`).join(', ');
  const allowed = `json_build_array(${passes.join(', ')}) AS "row", (${passes.join(' OR ')}) AS "passes"`;
  return `SELECT ${id}, ${allowed} FROM ${source.from} WHERE ${keyedSql(statement, source, type, row)}`;
}

/** Whether a row is another one than that, if that one may be written at all. */
function exceptRow({ rowKey }: ContentType): (source: Source) => string {
  const [only = '', ...more] = rowKey.map(quoted);
  if (more.length === 0) {
    return (source) => `${source.column(rowKey[0] ?? '')} IS DISTINCT FROM (SELECT ${only} FROM ${ROW} WHERE "passes")`;
  }
  return (source) => {
    const same = rowKey.map((column) => `r.${quoted(column)} = ${source.column(column)}`);
    return `NOT EXISTS (SELECT 1 FROM ${ROW} r WHERE r."passes" AND ${same.join(' AND ')})`;
  };
}

function isTaken(
  statement: Statement,
  type: ContentType,
  member: Member,
  value: unknown,
  {
    resolveRelation,
    except,
  }: { readonly resolveRelation: ResolveRelation; readonly except: ((source: Source) => string) | undefined },
): string {
  const source = Source.of(statement, everyRowOf(type));
  const filter = member.kind === 'column' ? equals(member, value) : pointsTo(member, resolveRelation(member), value);
  if (!filter) return 'FALSE';
  const { sql } = condition(statement, source, filter);
  const others = except ? ` AND ${except(source)}` : '';
  return `EXISTS (SELECT 1 FROM ${source.from} WHERE ${sql}${others})`;
}

function equals(column: Column, value: unknown): Filter {
  return { kind: 'compare', column, operator: 'eq', value, when: 'always' };
}

function pointsTo(relation: Relation, to: Readable | undefined, documentId: unknown): Filter | undefined {
  return to && { kind: 'related', to: { relation, to, when: 'always' }, of: equals(to.type.documentId, documentId) };
}
