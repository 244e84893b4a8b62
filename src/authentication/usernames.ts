import type { Fault } from '../errors.ts';
import { identifierKey } from './identifiers.ts';

/** Control characters, line breaks, and what turns the direction of the text beside it. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** What is wrong with a username that somebody chooses, without the blanks around it. */
export function faultsOfUsername(username: string, path: readonly string[] = ['username']): Fault[] {
  const length = Math.min([...username].length, [...identifierKey(username)].length);
  if (length === 0) return [{ path, message: 'username is a required field' }];
  if (length < 3) return [{ path, message: 'username must be at least 3 characters' }];
  if ([...username].length > 255) return [{ path, message: 'username must be at most 255 characters' }];
  if (UNPRINTABLE.test(username)) return [{ path, message: 'username must not contain control characters' }];
  return [];
}
