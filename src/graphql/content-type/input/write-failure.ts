import { type ApiError, applicationError, type Fault, invalidInput, notFound } from '../../../common/errors.ts';
import {
  isInvalidValue,
  isNotFound,
  isRelationGone,
  isStillReferenced,
  isUniqueViolation,
  violatesUnique,
} from '../../../database/write-errors.ts';
import type { ContentType } from '../content-type.ts';
import type { Member, UniqueField } from '../model.ts';

/** What clients are told of a write that the database refused; the same error if they cannot correct it. */
export function failureOf(error: unknown, type: ContentType, whenMissing: ApiError): unknown {
  if (isUniqueViolation(error)) return invalidInput(uniqueFaults(error, type));
  if (isStillReferenced(error)) return stillReferenced();
  if (isRelationGone(error)) return relatedDocumentNotFound();
  if (isNotFound(error)) return whenMissing;
  if (isInvalidValue(error)) return invalidInput([{ path: [], message: 'A value does not fit its column' }]);
  return error;
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

export function stillReferenced(): ApiError {
  return applicationError('Another document requires this one');
}

export function documentNotFound(type: ContentType): ApiError {
  return notFound(`${type.name} not found`);
}
