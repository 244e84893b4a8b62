import { type ApiError, badInput } from '../common/errors.ts';

/** The same error for an unknown identifier and a wrong password. */
export function invalidLogin(): ApiError {
  return badInput('Invalid identifier or password');
}
