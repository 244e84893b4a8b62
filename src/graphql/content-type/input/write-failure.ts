import { type ApiError, applicationError, type Fault, invalidInput, notFound } from '../../../common/errors.ts';
import {
  generatedColumnIn,
  isInvalidValue,
  isNotFound,
  isRelationGone,
  isRuleBroken,
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
  const generated = generatedColumnIn(error);
  if (generated !== undefined) {
    const path = type.write
      .filter((member) => member.kind === 'column' && member.column === generated)
      .map(({ name }) => name);
    return invalidInput([{ path, message: `${path[0] ?? 'A value'} is computed by the database and cannot be set` }]);
  }
  if (isInvalidValue(error)) return invalidInput([{ path: [], message: 'A value does not fit its column' }]);
  if (isRuleBroken(error)) return invalidInput([{ path: [], message: 'The values break a rule of the database' }]);
  return error;
}

/** A validation error for each writable field of the violated constraint; one without a path if the constraint is unknown. */
function uniqueFaults(error: unknown, type: ContentType): Fault[] {
  const { table } = type.table;
  const broken = type.uniqueConstraints.filter((fields) => violatesUnique(error, table, columnsOf(fields))).flat();
  const taken = type.write.filter((member) => broken.some(({ name }) => fieldsOf(member).includes(name)));
  const paths = taken.length > 0 ? taken.map(({ name }) => [name]) : [[]];
  return paths.map((path) => ({ path, message: 'This attribute must be unique' }));
}

function columnsOf(fields: readonly UniqueField[]): string[] {
  return fields.map(({ column }) => column);
}

function fieldsOf(member: Member): readonly string[] {
  const isKey = member.kind === 'relation' && member.link.kind === 'here';
  return isKey ? member.link.pairs.map(({ field }) => field) : [member.name];
}

/** The related document was deleted between validation and write. */
export function relatedDocumentNotFound(): ApiError {
  return invalidInput([{ path: [], message: 'A related document no longer exists' }]);
}

/** Relations that share a column would not lead to what was named. */
export function documentsDisagree(faults: readonly Fault[]): ApiError {
  return invalidInput([...new Map(faults.map((fault) => [fault.path.join('.'), fault])).values()]);
}

export function stillReferenced(): ApiError {
  return applicationError('Another document requires this one');
}

export function documentNotFound(type: ContentType): ApiError {
  return notFound(`${type.name} not found`);
}
