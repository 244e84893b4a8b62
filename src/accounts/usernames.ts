import type { Fault } from '../common/errors.ts';
import { charactersIn } from '../common/text-length.ts';
import { identifierKey } from './identifiers.ts';
import { isBlank } from './required-texts.ts';

/** Control characters, line breaks and bidirectional controls. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

const MAX_CHARACTERS = 255;

/** Validates a new, trimmed username. */
export function faultsOfUsername(username: string, path: readonly string[] = ['username']): Fault[] {
  // Measures the typed text and its key: there some characters disappear and some become eighteen.
  const lengths = [charactersIn(username, MAX_CHARACTERS), charactersIn(identifierKey(username), MAX_CHARACTERS)];
  if (isBlank(username)) return [{ path, message: 'username is a required field' }];
  if (Math.min(...lengths) < 3) return [{ path, message: 'username must be at least 3 characters' }];
  if (Math.max(...lengths) > MAX_CHARACTERS)
    return [{ path, message: `username must be at most ${MAX_CHARACTERS} characters` }];
  if (UNPRINTABLE.test(username)) return [{ path, message: 'username must not contain control characters' }];
  return [];
}

/** Whether a username looks like an e-mail other than the account's own. */
export function isForeignEmail({ username, email }: { readonly username: string; readonly email: string }): boolean {
  const key = identifierKey(username);
  return /^[^\s@]+@[^\s@]+$/u.test(key) && key !== identifierKey(email);
}

/** Refuses such a username: it would impersonate the owner of the address and block their registration. */
export function faultsOfForeignEmail(
  account: { readonly username: string; readonly email: string },
  path: readonly string[] = ['username'],
): Fault[] {
  const message = 'username must not be an e-mail address, unless it is the one of the account';
  return isForeignEmail(account) ? [{ path, message }] : [];
}
