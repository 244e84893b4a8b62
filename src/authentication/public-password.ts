import { normalPassword, type Passwords } from './passwords.ts';

/** The password of the demo users in development. It is public: no start in production leaves it to anybody. */
export const DEMO_PASSWORD = 'gatehouse-demo';

/** What is written of a password. */
export interface WrittenPassword {
  readonly passwordHash: string;
  /** Whether it may be the public one: that is known now, and costs a comparison for each account later. */
  readonly publicPassword: boolean;
}

/** What is to be written for a new password, or for one that is hashed anew. */
export async function writtenPassword(passwords: Passwords, password: string): Promise<WrittenPassword> {
  const publicPassword = normalPassword(password) === DEMO_PASSWORD;
  return { passwordHash: await passwords.hash(password), publicPassword };
}

/** Of somebody who cannot log in before a password was chosen: no password has this hash. */
export const NO_PASSWORD = 'none';

/** The same as it is written. */
export const NO_WRITTEN_PASSWORD: WrittenPassword = { passwordHash: NO_PASSWORD, publicPassword: false };
