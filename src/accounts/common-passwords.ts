import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

let known: ReadonlySet<string> | undefined;

/** Whether a password is among nearly fifty thousand common ones from leaks, ignoring case. */
export function isCommonPassword(password: string): boolean {
  known ??= readList();
  return known.has(password.toLowerCase());
}

/** Loaded on first use: the list takes six megabytes, and many processes never need it. */
function readList(): ReadonlySet<string> {
  // `require` has no types of its own.
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}
