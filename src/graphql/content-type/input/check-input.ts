import type { Fault } from '../../../common/errors.ts';
import type { ResolveRelation } from '../arguments/filters.ts';
import { type ContentSchema, resolveRelationFor } from '../content-schema.ts';
import type { ContentType } from '../content-type.ts';
import type { Filter, Rows } from '../filter.ts';
import type { Column, Member, Relation } from '../model.ts';
import { type Readable, readableWhole } from '../readable.ts';
import { condition, Source } from '../sql/conditions.ts';
import type { Operation } from '../sql/reader.ts';
import type { Statement } from '../sql/statement.ts';
import { type Data, relationsIn, uniquesIn } from './input-type.ts';
import { validateColumn } from './validate-column.ts';

/** The document to update: a key, and the rows the viewer is allowed to write. */
export interface TargetDocument {
  readonly allowed: Rows & { readonly type: ContentType };
  readonly key: 'id' | 'documentId';
  readonly value: string | number;
}

export interface CheckedInput {
  /** The id of the document to update; undefined for a new document and for one that was not found. */
  readonly id: number | undefined;
  readonly faults: readonly Fault[];
  /** The data for Prisma. Valid only without faults. */
  readonly values: Record<string, unknown>;
}

/** Validates `data` and returns all validation errors together. Everything it needs from the database is one statement. */
export async function checkInput(
  schema: ContentSchema,
  type: ContentType,
  data: Data,
  options: {
    readonly target: TargetDocument | undefined;
    readonly creating: (id: number | undefined) => boolean;
    readonly operation: Operation;
  },
): Promise<CheckedInput> {
  const known = await lookUp(schema, type, data, options);
  const creating = options.creating(known.id);
  const faults: Fault[] = [];
  const values: Record<string, unknown> = {};
  for (const member of type.write) {
    const value = data[member.name];
    const fault = isMissing(member, value, creating)
      ? `${member.name} must be defined.`
      : member.kind === 'column'
        ? value !== undefined && (validateColumn(member, value) ?? uniqueFault(member, known))
        : (relationFault(member, value, known) ?? uniqueFault(member, known));
    if (fault) faults.push({ path: [member.name], message: fault });
    else if (value !== undefined) Object.assign(values, toPrisma(member, value, known, creating));
  }
  return { id: known.id, faults, values };
}

/** What the database knows about the document and its data. */
interface Known {
  readonly id: number | undefined;
  /** For each relation: the keys of the documents it names, by documentId. */
  readonly related: ReadonlyMap<string, ReadonlyMap<string, string | number>>;
  /** The columns and relations whose value another document already has. */
  readonly taken: readonly string[];
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
  const documentIds = documentIdsIn(value);
  const unknown = documentIds.filter((documentId) => !related.get(name)?.has(documentId));
  if (unknown.length === 0) return undefined;
  return `${name} names ${unknown.length === 1 ? 'a document that does' : 'documents that do'} not exist`;
}

/** The value in the form Prisma expects. */
function toPrisma(member: Member, value: unknown, { related }: Known, creating: boolean): Record<string, unknown> {
  if (member.kind === 'column') return { [member.name]: value };
  const keys = [...(related.get(member.name)?.values() ?? [])];
  const [key = null] = keys;
  // Set the foreign key directly if it is a column of this table: `connect` would query the row once more.
  if (member.link.kind === 'here') return { [member.link.field]: key };
  if (member.many) {
    const rows = keys.map((id) => ({ id }));
    return { [member.name]: creating ? { connect: rows } : { set: rows } };
  }
  if (key !== null) return { [member.name]: { connect: { id: key } } };
  return creating ? {} : { [member.name]: { disconnect: true } };
}

function isTooMany(value: unknown): boolean {
  return Array.isArray(value) && value.length > MAX_RELATED;
}

function documentIdsIn(value: unknown): string[] {
  // GraphQL has coerced it to an ID or a list of IDs.
  return [...new Set([value ?? []].flat() as (string | null)[])].filter((documentId) => documentId !== null);
}

async function lookUp(
  schema: ContentSchema,
  type: ContentType,
  data: Data,
  { target, operation }: { readonly target: TargetDocument | undefined; readonly operation: Operation },
): Promise<Known> {
  const resolveRelation = resolveRelationFor(schema, operation.viewer.permissions);
  const named = relationsIn(type, data).flatMap((relation): NamedDocuments[] => {
    const to = resolveRelation(relation);
    const value = data[relation.name];
    const documentIds = isTooMany(value) ? [] : documentIdsIn(value);
    return to && documentIds.length > 0 ? [{ relation, to, documentIds }] : [];
  });
  const uniques = uniquesIn(type, data).filter(
    (member) => member.kind === 'relation' || validateColumn(member, data[member.name]) === undefined,
  );
  if (!target && named.length === 0 && uniques.length === 0) return { id: undefined, related: new Map(), taken: [] };

  const answer = (await schema.reader.json(operation, (statement) => {
    const id = target ? idOf(statement, target) : 'NULL';
    const related = named.map((documents) => keysOf(statement, documents));
    const taken = uniques.map((member) =>
      isTaken(statement, type, member, data[member.name], { resolveRelation, except: target && id }),
    );
    return `SELECT json_build_object('id', ${id}, 'related', json_build_array(${related.join(', ')}), 'taken', json_build_array(${taken.join(', ')}))::text AS "json"`;
  })) as {
    readonly id: number | null;
    readonly related: readonly [string, string | number][][];
    readonly taken: boolean[];
  };

  return {
    id: answer.id ?? undefined,
    related: new Map(named.map(({ relation }, index) => [relation.name, new Map(answer.related[index])])),
    taken: uniques.filter((_column, index) => answer.taken[index]).map(({ name }) => name),
  };
}

interface NamedDocuments {
  readonly relation: Relation;
  readonly to: Readable;
  readonly documentIds: readonly string[];
}

function idOf(statement: Statement, { allowed, key, value }: TargetDocument): string {
  const source = Source.of(statement, allowed);
  const expression = key === 'id' ? source.column('id') : `${source.column(allowed.type.documentId.column)}::text`;
  return `(SELECT ${source.column('id')} FROM ${source.from} WHERE ${expression} = ${statement.value(value, key === 'id' ? 'int4' : 'text')})`;
}

/** `[documentId, key]` of each named document that the viewer can find. */
function keysOf(statement: Statement, { relation, to, documentIds }: NamedDocuments): string {
  const { link } = relation;
  const source = Source.of(statement, to);
  const documentId = `${source.column(to.type.documentId.column)}::text`;
  const key = source.column(link.kind === 'here' ? link.references : 'id');
  const where = `${documentId} = ANY (${statement.value(documentIds, 'text[]')})`;
  return `(SELECT coalesce(json_agg(json_build_array(${documentId}, ${key})), '[]') FROM ${source.from} WHERE ${where})`;
}

function isTaken(
  statement: Statement,
  type: ContentType,
  member: Member,
  value: unknown,
  { resolveRelation, except }: { readonly resolveRelation: ResolveRelation; readonly except: string | undefined },
): string {
  const source = Source.of(statement, readableWhole(type, undefined));
  const filter = member.kind === 'column' ? equals(member, value) : pointsTo(member, resolveRelation(member), value);
  if (!filter) return 'FALSE';
  const { sql } = condition(statement, source, filter);
  const others = except === undefined ? '' : ` AND ${source.column('id')} IS DISTINCT FROM ${except}`;
  return `EXISTS (SELECT 1 FROM ${source.from} WHERE ${sql}${others})`;
}

function equals(column: Column, value: unknown): Filter {
  return { kind: 'compare', column, operator: 'eq', value, when: 'always' };
}

function pointsTo(relation: Relation, to: Readable | undefined, documentId: unknown): Filter | undefined {
  return to && { kind: 'related', to: { relation, to, when: 'always' }, of: equals(to.type.documentId, documentId) };
}
