/** What one JSON text can become in memory: at most about 50 bytes for each value. */
const MAXIMUM_VALUES = 2_000_000;

/** Rich text in blocks nests its lists, and a schema its components: ten or twenty levels. Code after this can recurse. */
const MAXIMUM_DEPTH = 100;

/** Why a JSON text is not taken, as the end of a sentence. */
export type JsonProblem = string;

/**
 * Parses JSON of somebody else. Its depth and number of values are asked before anything is made of it, and a key `__proto__`,
 * which would become a prototype wherever an object is copied, is a problem.
 */
export function parseJson(text: string): { readonly value: unknown } | { readonly problem: JsonProblem } {
  const problem = tooLarge(text);
  if (problem) return { problem };
  try {
    // Only a text with this name, or with an escape that could spell it, needs the slow way.
    const value: unknown = /__proto__|\\u/.test(text) ? JSON.parse(text, withoutPrototype) : JSON.parse(text);
    return { value };
  } catch (error) {
    return { problem: error instanceof ForbiddenContent ? error.message : 'is not JSON' };
  }
}

class ForbiddenContent extends Error {}

function withoutPrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new ForbiddenContent('has a key named __proto__');
  if (key.includes('\0') || (typeof value === 'string' && value.includes('\0')))
    throw new ForbiddenContent('has a NUL character, which PostgreSQL cannot keep');
  if (typeof value === 'string' && !value.isWellFormed())
    throw new ForbiddenContent('has half of a surrogate pair, which is no character');
  return value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts brackets and commas outside of strings. */
function tooLarge(text: string): JsonProblem | undefined {
  let depth = 0;
  let values = 1;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case 0x5b: // [
      case 0x7b: // {
        values++;
        if (++depth > MAXIMUM_DEPTH) return `is nested more than ${MAXIMUM_DEPTH} levels deep`;
        if (values > MAXIMUM_VALUES) return `has more than ${MAXIMUM_VALUES} values`;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x2c: // ,
        if (++values > MAXIMUM_VALUES) return `has more than ${MAXIMUM_VALUES} values`;
        break;
      default:
    }
  }
  return undefined;
}

/** The index of the quote that ends the string, or of the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}
