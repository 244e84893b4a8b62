import { z } from 'zod';
import type { Fault } from '../common/errors.ts';
import { isBlank } from './blank.ts';

/** The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3). */
const MAX_LENGTH = 254;

/** The one form in which an e-mail address is stored, compared and written to. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * What is wrong with an e-mail address, as it was typed: before letters are folded, since some that are not ASCII fold
 * to ones that are, and the address would be somebody else's.
 */
export function faultsOfEmail(typed: string, path: readonly string[] = ['email']): Fault[] {
  const email = typed.trim();
  if (isBlank(email)) return [{ path, message: 'email is a required field' }];
  return isEmail(email) ? [] : [{ path, message: 'email must be a valid email' }];
}

/** Whether a text is an e-mail address, and nothing else beside it. */
export function isEmail(text: string): boolean {
  return text.length <= MAX_LENGTH && z.email().safeParse(text).success;
}
