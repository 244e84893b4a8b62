import type { Action } from '../../../authorization/permissions.ts';
import { forbidden } from '../../../common/errors.ts';
import { generatedValue } from '../../../database/generated-values.ts';
import { retryWriteConflicts } from '../../../database/retry.ts';
import { isRefusedWrite, isRelationGone, isStillReferenced } from '../../../database/write-errors.ts';
import { type ContentSchema, targetOf } from '../content-schema.ts';
import type { ContentType } from '../content-type.ts';
import type { Filter } from '../filter.ts';
import { clientFor } from '../row.ts';
import { selectedKey, uniqueWhere } from '../row-key.ts';
import type { CompiledGrant, SetValue } from '../rules/compiled-grant.ts';
import type { Operation } from '../sql/reader.ts';
import { agreementsOf } from './agreements.ts';
import {
  type Assigned,
  type Assignments,
  type Columns,
  type Links,
  relationOf,
  setColumn,
  valuesOf,
} from './assignments.ts';
import { returnsTo } from './condition-reach.ts';
import { keysOf } from './named-documents.ts';
import { changedMeanwhile, type Precondition } from './precondition.ts';
import { stampsOf } from './stamps.ts';
import {
  documentNotFound,
  documentsDisagree,
  failureOf,
  relatedDocumentNotFound,
  stillReferenced,
} from './write-failure.ts';
import {
  checkSql,
  deleteSql,
  insertSql,
  lockSql,
  type RowKey,
  type RowWrite,
  updateSql,
  type Written,
} from './write-sql.ts';
import type { Send, WriteTransaction } from './write-statements.ts';

/** A write of one document. It happens if one of the grants, tried in their order, allows it as a whole. */
export interface DocumentWrite {
  readonly schema: ContentSchema;
  readonly type: ContentType;
  readonly action: Action;
  readonly grants: readonly CompiledGrant[];
  /** The rows that the type has for the viewer, whatever a grant says. */
  readonly declared: Filter | undefined;
  readonly operation: Operation;
  /** Of an update: what the document must still be. */
  readonly precondition?: Precondition | undefined;
  /** Columns that hooks set, beside those of the data. */
  readonly hooked?: Columns | undefined;
}

/** The row that was written, and the grant that allowed it. */
export interface WrittenDocument {
  readonly key: RowKey;
  readonly documentId: string;
  readonly grant: CompiledGrant;
}

/**
 * Creates a document.
 *
 * @throws ApiError for what the client can correct: a duplicate value, a missing related document, an invalid value;
 * FORBIDDEN if no grant allows what it would be.
 */
export async function createDocument(write: DocumentWrite, assignments: Assignments): Promise<WrittenDocument> {
  const creating: Target = { row: undefined, id: undefined };
  const result = await firstAllowed(write, (grants) => attempt(write, creating, grants, assignments));
  if (result === 'exists') throw new Error(`The database did not insert a row of ${write.type.model}`);
  return result;
}

/** Creates the document of a single type, with this id; undefined if it is there already: of two first updates, one creates it. */
export async function createTheOne(
  write: DocumentWrite,
  assignments: Assignments,
  id: number,
): Promise<WrittenDocument | undefined> {
  const creating: Target = { row: undefined, id };
  const result = await firstAllowed(write, (grants) => attempt(write, creating, grants, assignments));
  return result === 'exists' ? undefined : result;
}

/**
 * Updates a document.
 *
 * @throws ApiError as for a new document; NOT_FOUND if no grant allows it as it is, or it is not there; BAD_USER_INPUT if it is no
 * longer as the precondition says.
 */
export async function updateDocument(
  write: DocumentWrite,
  row: RowKey,
  assignments: Assignments,
): Promise<WrittenDocument> {
  const result = await firstAllowed(write, (grants) => attempt(write, { row }, grants, assignments));
  if (result === 'exists') throw new Error(`An update of ${write.type.model} inserted a row`);
  return result;
}

/**
 * Deletes a document, and returns its documentId.
 *
 * @throws ApiError NOT_FOUND if no grant allows it or it is not there; APPLICATION_ERROR if another document requires this one.
 */
export async function deleteDocument(
  { schema, type, grants, declared, operation }: DocumentWrite,
  row: RowKey,
): Promise<string> {
  if (!isSome(grants)) throw documentNotFound(type);
  // The statement returns JSON of this type (write-sql.ts builds both).
  const sendDelete = async (send: Send) =>
    (await send((statement) => deleteSql(statement, row, { type, declared, grants }))) as Written;
  try {
    let written = await retryWriteConflicts(() => sendDelete(schema.writes.for(operation)));
    if (written.target?.moved) {
      written = await schema.writes.inTransaction(operation, async ({ send }) => {
        await send((statement) => lockSql(statement, type, row));
        return sendDelete(send);
      });
    }
    if (!written.done) throw documentNotFound(type);
    return written.done.documentId;
  } catch (error) {
    if (isRelationGone(error) || isStillReferenced(error)) throw stillReferenced();
    throw error;
  }
}

/** A row that is there, or a new one, of a single type with its id. */
type Target =
  | { readonly row: RowKey; readonly id?: undefined }
  | { readonly row: undefined; readonly id: number | undefined };

type Grants = RowWrite['grants'];

/** What came of trying grants: the document, or that none of them allows the row as it was (`hidden`) or would be (`refused`). */
type Result = WrittenDocument | 'hidden' | 'refused' | 'exists';

async function firstAllowed(
  { type, action, grants }: DocumentWrite,
  tryWith: (grants: Grants) => Promise<Result>,
): Promise<WrittenDocument | 'exists'> {
  let refused = false;
  for (const together of withEqualSet(grants)) {
    const result = await tryWith(together);
    if (result === 'refused') refused = true;
    else if (result !== 'hidden') return result;
  }
  if (!refused) throw documentNotFound(type);
  throw forbidden(action, { reason: 'The document would no longer be one that you may write' });
}

/** Neighbours that set the same are tried in one statement: what they would write is the same. */
function withEqualSet(grants: readonly CompiledGrant[]): Grants[] {
  const groups: [CompiledGrant, ...CompiledGrant[]][] = [];
  for (const grant of grants) {
    const last = groups.at(-1);
    if (last && last[0].set.length === 0 && grant.set.length === 0) last.push(grant);
    else groups.push([grant]);
  }
  return groups;
}

async function attempt(
  { schema, type, declared, operation, precondition }: DocumentWrite,
  target: Target,
  grants: Grants,
  { columns, links }: Assignments,
): Promise<Result> {
  const all = withServersValues(type, target, grants[0], columns, schema.writes.clock());
  const agreements = agreementsOf(type, all, grants[0].set, { creating: !target.row });
  const write: RowWrite = { type, declared, grants, columns: all, agreements, precondition };
  const checks = [declared, ...grants.map(({ check }) => check)];
  try {
    if (links.length === 0 && !checks.some((check) => check && returnsTo(type.model, check))) {
      const send = schema.writes.for(operation);
      const written = await retryWriteConflicts(() => sendWrite(send, target, write, { check: true }));
      if (!written.target?.moved) return resultOf(write, target, written);
    }
    return await schema.writes.inTransaction(operation, (transaction) =>
      writeInSteps(schema, transaction, target, write, links),
    );
  } catch (error) {
    if (isRefusedWrite(error) || error instanceof CheckFailed) return 'refused';
    throw failureOf(error, type, target.row ? documentNotFound(type) : relatedDocumentNotFound());
  }
}

async function sendWrite(
  send: Send,
  { row }: Target,
  write: RowWrite,
  checking: { readonly check: boolean },
): Promise<Written> {
  // The statements return JSON of this type (write-sql.ts builds both).
  return (await send((statement) =>
    row ? updateSql(statement, row, write, checking) : insertSql(statement, write, checking),
  )) as Written;
}

/**
 * Lock, write, links and check, one after the other in a transaction: for links whose keys are in another table, for a check
 * that reads other rows of the written table, and for a row that changed at this moment.
 */
async function writeInSteps(
  schema: ContentSchema,
  { send, prisma }: WriteTransaction,
  target: Target,
  write: RowWrite,
  links: readonly Links[],
): Promise<Result> {
  const { type, grants } = write;
  if (target.row) await send((statement) => lockSql(statement, type, target.row));
  const written = await sendWrite(send, target, write, { check: false });
  if (!written.done) return resultOf(write, target, written);
  const key = keyOf(written.done);
  if (links.length > 0) {
    const data = await linksForPrisma(schema, send, links, target);
    const where = uniqueWhere(type, written.done);
    await clientFor(prisma, type.model).update({ where, data, select: selectedKey(type) });
  }
  const passing = grants.filter((_grant, index) => written.target?.passes[index]);
  const first = await send((statement) => checkSql(statement, write, key, passing));
  const grant = typeof first === 'number' ? passing[first] : undefined;
  if (!grant) throw new CheckFailed(); // so that the transaction is rolled back
  return { key, documentId: written.done.documentId, grant };
}

function keyOf({ id, documentId }: NonNullable<Written['done']>): RowKey {
  return id === null ? { key: 'documentId', value: documentId } : { key: 'id', value: id };
}

class CheckFailed extends Error {}

function resultOf({ grants, agreements }: RowWrite, { row }: Target, { target, done }: Written): Result {
  if (!target?.passes.includes(true)) return 'hidden';
  if (!target.unchanged) throw changedMeanwhile();
  if (!target.linked) throw relatedDocumentNotFound();
  const broken = agreements.filter((_agreement, index) => target.agreed?.[index] === false);
  if (broken.length > 0) throw documentsDisagree(broken.map(({ fault }) => fault));
  const grant = done?.grant == null ? undefined : grants[done.grant];
  if (done && grant) return { key: keyOf(done), documentId: done.documentId, grant };
  return row ? 'hidden' : 'exists'; // of a single type; otherwise a trigger of the database prevented it
}

/** The columns of the data, with what the server sets: what was not sent, and what the grant sets whatever was sent. */
function withServersValues(
  type: ContentType,
  { row, id }: Target,
  { set }: CompiledGrant,
  columns: Columns,
  now: Date,
): Columns {
  const key: [string, Assigned][] = id === undefined ? [] : [['id', { kind: 'value', value: id }]];
  const changes = new Map([...stampedOver(columns, set), ...key]);
  if (row && changes.size === 0) return changes;
  const generated = type.generated
    .filter(({ on }) => on === 'write' || !row)
    .map(({ column, value }) => [column, { kind: 'value', value: generatedValue(value, now) }] as const);
  return new Map<string, Assigned>([...generated, ...changes]);
}

/** What a grant sets replaces what hooks set. What a client names must agree with it. */
function stampedOver(columns: Columns, set: readonly SetValue[]): Map<string, Assigned> {
  const stamped = new Map<string, Assigned>();
  for (const [column, assigned] of stampsOf(set)) setColumn(stamped, column, assigned);
  const all = new Map(columns);
  for (const [column, assigned] of stamped) {
    const before = columns.get(column);
    const named = before ? valuesOf(before).filter((value) => relationOf(value) !== undefined) : [];
    const agreeing = [...(assigned.agreeing ?? []), ...named];
    all.set(column, agreeing.length > 0 ? { ...assigned, agreeing } : assigned);
  }
  return all;
}

/** The links as Prisma takes them. Looked up again: what was hidden since then is not linked. */
async function linksForPrisma(
  schema: ContentSchema,
  send: Send,
  links: readonly Links[],
  { row }: Target,
): Promise<object> {
  const found = (await send((statement) => {
    const keys = links.map((link) => keysOf(statement, link));
    return `SELECT json_build_array(${keys.join(', ')})::text AS "json"`;
  })) as readonly (readonly (readonly [documentId: string, id: number | null])[])[];
  const entries = links.map(({ relation, documentIds }, index) => {
    const type = targetOf(schema, relation.target);
    const rows = (found[index] ?? []).map(([documentId, id]) => uniqueWhere(type, { documentId, id }));
    if (rows.length < documentIds.length) throw relatedDocumentNotFound();
    if (relation.many) return [relation.name, row ? { set: rows } : { connect: rows }];
    if (rows[0]) return [relation.name, { connect: rows[0] }];
    return [relation.name, row ? { disconnect: true } : {}];
  });
  return Object.fromEntries(entries);
}

function isSome(grants: readonly CompiledGrant[]): grants is Grants {
  return grants.length > 0;
}
