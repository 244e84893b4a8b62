import { createHash } from 'node:crypto';

/** Which rules a Strapi database follows for the names of its tables and columns. */
export type NamingVersion = 4 | 5;

/** lodash's snakeCase, which Strapi makes names with: `readMinutes` is `read_minutes`, and `address2` is `address_2`. */
export const snakeCase = (name: string): string =>
  (name.replaceAll("'", '').match(WORDS) ?? []).map((word) => word.toLowerCase()).join('_');

/** lodash's words, for ASCII: ordinals and numbers are words of their own. */
const WORDS =
  /[A-Z]?[a-z]+(?=[^A-Za-z\d]|[A-Z]|$)|[A-Z]+(?=[^A-Za-z\d]|[A-Z][a-z]|$)|[A-Z]?[a-z]+|[A-Z]+|\d*(?:1ST|2ND|3RD|(?![123])\dTH)(?=\b|[a-z_])|\d*(?:1st|2nd|3rd|(?![123])\dth)(?=\b|[A-Z_])|\d+/g;

/** The other way round, for columns that no schema describes. */
export const camelCase = (column: string): string =>
  column.replace(/_+([a-z\d])/g, (_, letter: string) => letter.toUpperCase());

/** Joins the parts of a name. Strapi 5 shortens what is longer than 55 characters, and Strapi 4 nothing. */
export function nameOf(version: NamingVersion, parts: readonly string[], { prefix = '', suffix = '' } = {}): string {
  const whole = [prefix, ...parts, suffix].filter((part) => part !== '').join('_');
  if (version === 4 || whole.length <= MAXIMUM_LENGTH) return whole;
  const fixed = [prefix, suffix].filter((part) => part !== '');
  const separators = parts.length + fixed.length - 1;
  const available = MAXIMUM_LENGTH - separators - fixed.join('').length;
  const lengths = share(available, parts);
  const shortened = parts.map((part, index) => withHash(part, lengths[index] ?? part.length));
  return [prefix, ...shortened, suffix].filter((part) => part !== '').join('_');
}

const MAXIMUM_LENGTH = 55;
const HASH_LENGTH = 5;

/** Each part gets the same length; what short ones leave goes to the long ones, one character after the other. */
function share(available: number, parts: readonly string[]): readonly number[] {
  const each = Math.floor(available / parts.length);
  const lengths = parts.map((part) => Math.min(part.length, each));
  let surplus = available - lengths.reduce((sum, length) => sum + length, 0);
  let long = parts.map((_, index) => index).filter((index) => (parts[index] ?? '').length >= each);
  while (surplus > 0 && long.length > 0) {
    long = long.filter((index) => {
      const length = lengths[index] ?? 0;
      if (length >= (parts[index] ?? '').length || surplus === 0) return false;
      lengths[index] = length + 1;
      surplus--;
      return true;
    });
  }
  return lengths;
}

function withHash(part: string, length: number): string {
  if (part.length <= length) return part;
  const hash = createHash('shake256', { outputLength: Math.ceil(HASH_LENGTH / 2) })
    .update(part)
    .digest('hex');
  return `${part.slice(0, length - HASH_LENGTH)}${hash.slice(0, HASH_LENGTH)}`;
}
