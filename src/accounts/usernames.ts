import type { Fault } from '../common/errors.ts';
import { charactersIn } from '../common/text-length.ts';
import { isBlank } from './blank.ts';
import { identifierKey } from './identifiers.ts';

/** Control characters, line breaks, and what turns the direction of the text beside it. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

const MAX_CHARACTERS = 255;

/** What is wrong with a username that somebody chooses, without the blanks around it. */
export function faultsOfUsername(username: string, path: readonly string[] = ['username']): Fault[] {
  // As it is typed and as it is compared: some characters are nothing there, and some are eighteen.
  const lengths = [charactersIn(username, MAX_CHARACTERS), charactersIn(identifierKey(username), MAX_CHARACTERS)];
  if (isBlank(username)) return [{ path, message: 'username is a required field' }];
  if (Math.min(...lengths) < 3) return [{ path, message: 'username must be at least 3 characters' }];
  if (Math.max(...lengths) > MAX_CHARACTERS)
    return [{ path, message: `username must be at most ${MAX_CHARACTERS} characters` }];
  if (UNPRINTABLE.test(username)) return [{ path, message: 'username must not contain control characters' }];
  return [];
}

/** Whether a username has the form of an e-mail that is not the account's own, however it is spelled. */
export function isForeignEmail({ username, email }: { readonly username: string; readonly email: string }): boolean {
  const key = identifierKey(username);
  return /^[^\s@]+@[^\s@]+$/u.test(key) && key !== identifierKey(email);
}

/** Such a username would be taken for whoever has the address, and keep them from it. */
export function faultsOfForeignEmail(
  account: { readonly username: string; readonly email: string },
  path: readonly string[] = ['username'],
): Fault[] {
  const message = 'username must not be an e-mail address, unless it is the one of the account';
  return isForeignEmail(account) ? [{ path, message }] : [];
}
