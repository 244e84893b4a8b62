import type { Fault } from '../common/errors.ts';

/** Whether there is nothing in a text that anybody could see: nothing, blanks, or characters that take no room. */
export function isBlank(text: string): boolean {
  return /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]*$/u.test(text);
}

/** A fault for each of these texts in which there is nothing, by its name. */
export function faultsOfEmpty(texts: Readonly<Record<string, string>>): Fault[] {
  return Object.entries(texts)
    .filter(([, text]) => isBlank(text))
    .map(([name]) => ({ path: [name], message: `${name} is a required field` }));
}
