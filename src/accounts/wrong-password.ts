import { type ApiError, badInput } from '../common/errors.ts';

/** One answer for an unknown identifier and for a wrong password. */
export function wrongPassword(): ApiError {
  return badInput('Invalid identifier or password');
}
