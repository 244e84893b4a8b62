import { invalidInput } from '../common/errors.ts';
import { normalPassword, type Passwords } from './passwords.ts';

/** The password of the demo users in development. It is public: no start in production leaves it to anybody. */
export const DEMO_PASSWORD = 'gatehouse-demo';

/** What is written of a password. */
export interface WrittenPassword {
  readonly passwordHash: string;
  /** Whether it may be the public one: that is known now, and costs a comparison for each account later. */
  readonly publicPassword: boolean;
}

/** Whether it is the one that everybody knows, however it is spelled. */
export function isPublicPassword(password: string): boolean {
  return normalPassword(password) === DEMO_PASSWORD;
}

/**
 * What is to be written for a new password.
 *
 * @throws ApiError BAD_USER_INPUT in production for the public one: the next start would block or delete who has it.
 */
export async function writtenPassword(passwords: Passwords, password: string): Promise<WrittenPassword> {
  if (passwords.refusesPublic && isPublicPassword(password)) {
    throw invalidInput([{ path: ['password'], message: PUBLIC_PASSWORD }]);
  }
  return rewrittenPassword(passwords, password);
}

export const PUBLIC_PASSWORD = 'password must not be the public one of development';

/** The same for a password that somebody has already, and that is hashed anew. */
export async function rewrittenPassword(passwords: Passwords, password: string): Promise<WrittenPassword> {
  return { passwordHash: await passwords.hash(password), publicPassword: isPublicPassword(password) };
}

/** Of somebody who cannot log in before a password was chosen: no password has this hash. */
export const NO_PASSWORD = 'none';

/** The same as it is written. */
export const NO_WRITTEN_PASSWORD: WrittenPassword = { passwordHash: NO_PASSWORD, publicPassword: false };
