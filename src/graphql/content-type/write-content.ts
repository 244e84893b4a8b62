import { forbidden, refuse } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import { actionOf } from './actions.ts';
import { type ContentSchema, declaredRows, readableBy } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { beginHooks } from './hooks/run-hooks.ts';
import { allowedBefore, checkInput } from './input/check-input.ts';
import type { Data } from './input/input-type.ts';
import { changedMeanwhile } from './input/precondition.ts';
import { grantsToSend } from './input/writable.ts';
import {
  createDocument,
  createTheOne,
  type DocumentWrite,
  deleteDocument,
  updateDocument,
  type WrittenDocument,
} from './input/write.ts';
import { documentNotFound } from './input/write-failure.ts';
import type { RowKey } from './input/write-sql.ts';
import { type Readable, readableAfterWrite } from './readable.ts';

/** A write of an operation. */
export interface ContentWrite extends DocumentWrite {
  readonly operation: Context;
  /** Columns that the field sets itself, beside those that were sent: see `WriteOptions`. */
  readonly set?: Data | undefined;
}

/** A write with the grants that can allow it: those that hold all fields that were sent. */
export function writeOf(
  schema: ContentSchema,
  type: ContentType,
  verb: 'create' | 'update' | 'delete',
  operation: Context,
  data: Data = {},
): ContentWrite {
  const { permissions } = operation.viewer;
  const action = actionOf(type, verb);
  const grants = grantsToSend(schema, type, verb, data, permissions);
  if (grants.length === 0) throw forbidden(action); // checked before, by the guard of the field and its inputCheck()
  return { schema, type, action, grants, declared: declaredRows(type, permissions), operation };
}

/** What its writer can read of a document: what the grant that allowed the write shows, and what they can find. */
export function readableWritten(
  { schema, type, operation }: ContentWrite,
  { grant }: Pick<WrittenDocument, 'grant'>,
): Readable {
  const { permissions } = operation.viewer;
  const found = (['find', 'findOne'] as const).map((verb) => readableBy(schema, type, verb, permissions));
  return readableAfterWrite(type, grant, found);
}

/** Creates a document. Its hooks run, as they do in all of these. */
export async function create(write: ContentWrite, data: Data): Promise<WrittenDocument> {
  const hooks = beginHooks(write, write.operation);
  const changed = await hooks.beforeCreate(data);
  const { grants, faults, assignments } = await checkInput({ ...write, ...changed }, changed.data, undefined);
  refuse(faults);
  const created = await createDocument({ ...write, grants }, assignments);
  hooks.afterCreate(created.documentId, changed);
  return created;
}

/** @throws ApiError NOT_FOUND if no grant allows the document as it is, or it is not there. */
export async function update(write: ContentWrite, row: RowKey, data: Data): Promise<WrittenDocument> {
  const hooks = beginHooks(write, write.operation);
  const target = { ...row, orCreated: false };
  const documentId = hooks.has('beforeUpdate') ? await expectAllowed(write, row) : '';
  const changed = await hooks.beforeUpdate(documentId, data);
  const { grants, faults, assignments } = await checkInput({ ...write, ...changed }, changed.data, target);
  if (grants.length === 0) throw documentNotFound(write.type);
  refuse(faults);
  // Grants that do not allow the document are not tried. The write asks the others again.
  const updated = await updateDocument({ ...write, grants }, row, assignments);
  hooks.afterUpdate(updated.documentId, changed);
  return updated;
}

/** Deletes a document, and returns its documentId. */
export async function remove(write: ContentWrite, row: RowKey): Promise<string> {
  const hooks = beginHooks(write, write.operation);
  if (hooks.has('beforeDelete')) {
    await hooks.beforeDelete(await expectAllowed(write, row));
  }
  const documentId = await deleteDocument(write, row);
  hooks.afterDelete(documentId);
  return documentId;
}

/** The row of a single type. */
export const THE_ONE = { key: 'id', value: 1 } as const;

/** Updates the document of a single type, and creates it where it is not there. */
export async function updateTheOne(write: ContentWrite, data: Data): Promise<WrittenDocument> {
  const hooks = beginHooks(write, write.operation);
  let documentId = '';
  if (hooks.has('beforeUpdate')) {
    const found = await allowedBefore(write, { ...THE_ONE, orCreated: true });
    if (found.grants.length === 0) throw documentNotFound(write.type);
    documentId = found.documentId ?? '';
  }
  const changed = await hooks.beforeUpdate(documentId, data);
  const written = await writeTheOne({ ...write, ...changed }, changed.data);
  hooks.afterUpdate(written.documentId, changed);
  return written;
}

async function writeTheOne(write: DocumentWrite, data: Data, attempts = 3): Promise<WrittenDocument> {
  const { exists, grants, faults, assignments } = await checkInput(write, data, { ...THE_ONE, orCreated: true });
  if (grants.length === 0) throw documentNotFound(write.type);
  refuse(faults);
  const { precondition } = write;
  if (exists) {
    if (precondition?.at === null) throw changedMeanwhile();
    return updateDocument({ ...write, grants }, THE_ONE, assignments);
  }
  if (precondition?.at) throw documentNotFound(write.type);
  const created = await createTheOne({ ...write, grants }, assignments, THE_ONE.value);
  if (created) return created;
  if (attempts === 1) throw new Error(`${write.type.model} is not there, and cannot be created`);
  return writeTheOne(write, data, attempts - 1); // somebody else created it at this moment
}

/** Before a hook learns of a document: one that the viewer cannot write is not there. */
async function expectAllowed(write: ContentWrite, row: RowKey): Promise<string> {
  const { grants, documentId } = await allowedBefore(write, { ...row, orCreated: false });
  if (grants.length === 0 || documentId === null) throw documentNotFound(write.type);
  return documentId;
}
