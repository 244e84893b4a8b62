import { setTimeout as wait } from 'node:timers/promises';
import {
  isNotFound,
  isRelationGone,
  isUniqueViolation,
  isWriteConflict,
  uniqueColumnsIn,
} from '../../database/write-errors.ts';
import { type ApiError, type Fault, invalidInput, notFound } from '../../errors.ts';
import type { ContentType } from './content-type.ts';
import type { Row } from './model.ts';

/** Writes, and translates what the database refused into what the caller can mend. */
export async function written(type: ContentType, whenMissing: ApiError, write: () => Promise<Row>): Promise<Row> {
  try {
    return await again(write);
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidInput(uniqueFaults(error, type));
    if (isRelationGone(error)) throw relationGone();
    if (isNotFound(error)) throw whenMissing;
    throw error;
  }
}

/** A fault for each written column whose value another row has already; for the whole, where none can be told. */
function uniqueFaults(error: unknown, type: ContentType): Fault[] {
  const columns = uniqueColumnsIn(error);
  const taken = type.write.filter((member) => columns.includes(member.name));
  const paths = taken.length > 0 ? taken.map(({ name }) => [name]) : [[]];
  return paths.map((path) => ({ path, message: 'This attribute must be unique' }));
}

/** Writes of the same rows in another order may end in a deadlock, which the database ends by refusing one of them. */
async function again(write: () => Promise<Row>): Promise<Row> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === ATTEMPTS || !isWriteConflict(error)) throw error;
      await wait(Math.random() * 20 * attempt);
    }
  }
}

const ATTEMPTS = 5;

/** Deleted between the look-up and the write. */
export function relationGone(): ApiError {
  return invalidInput([{ path: [], message: 'A document that was named does not exist any more' }]);
}

export function missing(type: ContentType) {
  return notFound(`${type.model} not found`);
}
