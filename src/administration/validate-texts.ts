import { isBlank } from '../accounts/required-texts.ts';
import type { Fault } from '../common/errors.ts';
import { charactersIn } from '../common/text-length.ts';

/** Control characters, line breaks, and characters that change the direction of the text beside them. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** Validation errors of a name. */
export function faultsOfName(name: string, path: readonly string[] = ['name']): Fault[] {
  const length = charactersIn(name.trim(), 100);
  const label = path.at(-1);
  if (isBlank(name)) return [{ path, message: `${label} is a required field` }];
  if (length > 100) return [{ path, message: `${label} must be at most 100 characters` }];
  if (UNPRINTABLE.test(name)) return [{ path, message: `${label} must not contain control characters` }];
  return [];
}

/** Validation errors of a description. */
export function faultsOfText(text: string | null | undefined, path: readonly string[]): Fault[] {
  if (text != null && charactersIn(text, 1_000) > 1_000) {
    return [{ path, message: `${path.at(-1)} must be at most 1000 characters` }];
  }
  return text?.includes('\0') ? [{ path, message: `${path.at(-1)} must not contain control characters` }] : [];
}

/** Null for a text of blanks and invisible characters. */
export function textOrNull(text: string | null): string | null {
  return text === null || isBlank(text) ? null : text.trim();
}
