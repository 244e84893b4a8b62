import { invalidInput } from '../common/errors.ts';
import { normalPassword, type Passwords } from './passwords.ts';

/** The public password of the demo accounts in development. A start in production removes it from every account. */
export const DEMO_PASSWORD = 'gatehouse-demo';

/** The e-mail of the demo administrator, who has the public password. */
export const DEMO_ADMIN = 'admin@example.com';

/** The columns that store a password. */
export interface WrittenPassword {
  readonly passwordHash: string;
  /** Whether it is the public password. Stored, because finding out later costs a comparison per account. */
  readonly publicPassword: boolean;
}

/** Whether it is the public password, in any Unicode form. */
export function isPublicPassword(password: string): boolean {
  return normalPassword(password) === DEMO_PASSWORD;
}

/**
 * The columns to write for a new password.
 *
 * @throws ApiError BAD_USER_INPUT in production for the public one: the next start would block or delete the account.
 */
export async function writtenPassword(passwords: Passwords, password: string): Promise<WrittenPassword> {
  if (passwords.refusesPublic && isPublicPassword(password)) {
    throw invalidInput([{ path: ['password'], message: PUBLIC_PASSWORD }]);
  }
  return rewrittenPassword(passwords, password);
}

export const PUBLIC_PASSWORD = 'password must not be the public one of development';

/** The columns to write when an existing password is hashed again. */
export async function rewrittenPassword(passwords: Passwords, password: string): Promise<WrittenPassword> {
  return { passwordHash: await passwords.hash(password), publicPassword: isPublicPassword(password) };
}

/** The hash of an account without a password. No password matches it. */
export const NO_PASSWORD = 'none';

/** The columns of an account without a password. */
export const NO_WRITTEN_PASSWORD: WrittenPassword = { passwordHash: NO_PASSWORD, publicPassword: false };
