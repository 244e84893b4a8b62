import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

let known: ReadonlySet<string> | undefined;

/** Whether a password is one of those that are tried first, in any case: nearly fifty thousand, from leaks of other sites. */
export function isCommonPassword(password: string): boolean {
  known ??= readList();
  return known.has(password.toLowerCase());
}

/** When the first password is chosen: six megabytes that most processes do without for a long time. */
function readList(): ReadonlySet<string> {
  // `require` has no types of its own.
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}
