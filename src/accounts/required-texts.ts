import type { Fault } from '../common/errors.ts';

/** Whether a text is empty or has only white space and invisible characters. */
export function isBlank(text: string): boolean {
  return /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]*$/u.test(text);
}

/** A validation error for each blank text, by its name. */
export function faultsOfBlank(texts: Readonly<Record<string, string>>): Fault[] {
  return Object.entries(texts)
    .filter(([, text]) => isBlank(text))
    .map(([name]) => ({ path: [name], message: `${name} is a required field` }));
}
