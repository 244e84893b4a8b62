import { z } from 'zod';
import type { Fault } from '../common/errors.ts';
import { isBlank } from './required-texts.ts';

/** The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3). */
const MAX_LENGTH = 254;

/** The normal form of an e-mail address, for storing, comparing and mailing. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * Validates an e-mail address before its case is folded: some non-ASCII letters fold to ASCII, which would make it
 * somebody else's address.
 */
export function faultsOfEmail(typed: string, path: readonly string[] = ['email']): Fault[] {
  const email = typed.trim();
  if (isBlank(email)) return [{ path, message: 'email is a required field' }];
  return isEmail(email) ? [] : [{ path, message: 'email must be a valid email' }];
}

/** Whether the whole text is an e-mail address. */
export function isEmail(text: string): boolean {
  return text.length <= MAX_LENGTH && z.email().safeParse(text).success;
}
