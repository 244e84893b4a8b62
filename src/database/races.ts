import { type ApiError, notFound, unavailable } from '../common/errors.ts';
import { isDeletedMeanwhile, isWriteConflict } from './write-errors.ts';

/** What is said of a write that somebody else's write at the same moment refused; undefined for any other error. */
export function raceErrorOf(cause: unknown): ApiError | undefined {
  if (isDeletedMeanwhile(cause)) return notFound('Something that this needs was deleted meanwhile');
  if (isWriteConflict(cause)) return unavailable('Others changed the same at this moment: try again');
  return undefined;
}
