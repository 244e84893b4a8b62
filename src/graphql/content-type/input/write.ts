import { type ApiError, applicationError, type Fault, invalidInput, notFound } from '../../../common/errors.ts';
import { retryWriteConflicts } from '../../../database/retry.ts';
import {
  isInvalidValue,
  isNotFound,
  isRelationGone,
  isStillReferenced,
  isUniqueViolation,
  violatesUnique,
} from '../../../database/write-errors.ts';
import type { ContentType } from '../content-type.ts';
import type { Member, Row, UniqueField } from '../model.ts';

/**
 * Creates or updates a document.
 *
 * @throws ApiError for what the client can correct: a duplicate value, a missing related document, an invalid value.
 */
export async function writeDocument(type: ContentType, whenMissing: ApiError, write: () => Promise<Row>): Promise<Row> {
  try {
    return await retryWriteConflicts(write);
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidInput(uniqueFaults(error, type));
    if (isStillReferenced(error)) throw stillReferenced();
    if (isRelationGone(error)) throw relatedDocumentNotFound();
    if (isNotFound(error)) throw whenMissing;
    if (isInvalidValue(error)) throw invalidInput([{ path: [], message: 'A value does not fit its column' }]);
    throw error;
  }
}

/**
 * Deletes a document.
 *
 * @throws ApiError NOT_FOUND, or APPLICATION_ERROR if another document requires this one.
 */
export async function deleteDocument(
  type: ContentType,
  remove: () => Promise<{ readonly count: number }>,
): Promise<void> {
  try {
    const { count } = await retryWriteConflicts(remove);
    if (count === 0) throw documentNotFound(type);
  } catch (error) {
    if (isRelationGone(error) || isStillReferenced(error)) throw stillReferenced();
    throw error;
  }
}

/** A validation error for each writable field of the violated constraint; one without a path if the constraint is unknown. */
function uniqueFaults(error: unknown, type: ContentType): Fault[] {
  const { table } = type.table;
  const broken = type.uniqueConstraints.filter((fields) => violatesUnique(error, table, columnsOf(fields))).flat();
  const taken = type.write.filter((member) => broken.some(({ name }) => name === fieldOf(member)));
  const paths = taken.length > 0 ? taken.map(({ name }) => [name]) : [[]];
  return paths.map((path) => ({ path, message: 'This attribute must be unique' }));
}

function columnsOf(fields: readonly UniqueField[]): string[] {
  return fields.map(({ column }) => column);
}

function fieldOf(member: Member): string {
  return member.kind === 'relation' && member.link.kind === 'here' ? member.link.field : member.name;
}

/** The related document was deleted between validation and write. */
export function relatedDocumentNotFound(): ApiError {
  return invalidInput([{ path: [], message: 'A related document no longer exists' }]);
}

function stillReferenced(): ApiError {
  return applicationError('Another document requires this one');
}

export function documentNotFound(type: ContentType) {
  return notFound(`${type.name} not found`);
}
