import { type ApiError, applicationError, type Fault, invalidInput, notFound } from '../../../common/errors.ts';
import { retryWriteConflicts } from '../../../database/retry.ts';
import {
  brokeUnique,
  isNotFound,
  isRelationGone,
  isRelationNeeded,
  isUniqueViolation,
  isValueUnfit,
} from '../../../database/write-errors.ts';
import type { ContentType } from '../content-type.ts';
import type { Member, Row, UniqueField } from '../model.ts';

/** Writes, and translates what the database refused into what the caller can mend. */
export async function written(type: ContentType, whenMissing: ApiError, write: () => Promise<Row>): Promise<Row> {
  try {
    return await retryWriteConflicts(write);
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidInput(uniqueFaults(error, type));
    if (isRelationNeeded(error)) throw stillNeeded();
    if (isRelationGone(error)) throw relationGone();
    if (isNotFound(error)) throw whenMissing;
    if (isValueUnfit(error)) throw invalidInput([{ path: [], message: 'A value does not fit its column' }]);
    throw error;
  }
}

/** Deletes, unless another document cannot be without this one. */
export async function deleted(type: ContentType, remove: () => Promise<{ readonly count: number }>): Promise<void> {
  try {
    const { count } = await retryWriteConflicts(remove);
    if (count === 0) throw missing(type);
  } catch (error) {
    if (isRelationGone(error) || isRelationNeeded(error)) throw stillNeeded();
    throw error;
  }
}

/** A fault for each written column or relation of the constraint that was broken; for the whole, where none can be told. */
function uniqueFaults(error: unknown, type: ContentType): Fault[] {
  const { table } = type.table;
  const broken = type.uniqueConstraints.filter((fields) => brokeUnique(error, table, columnsOf(fields))).flat();
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

/** Deleted between the look-up and the write. */
export function relationGone(): ApiError {
  return invalidInput([{ path: [], message: 'A document that was named does not exist any more' }]);
}

function stillNeeded(): ApiError {
  return applicationError('Another document cannot be without this one');
}

export function missing(type: ContentType) {
  return notFound(`${type.name} not found`);
}
