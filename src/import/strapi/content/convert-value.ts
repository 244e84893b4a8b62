import type { GeneratedColumn, Models } from '../../../database/models.ts';

/** A value as it is written in JSON for a column, or why it has no place there. */
export type Converted = { readonly value: unknown } | { readonly fault: ValueFault };

/** In words that follow a number: "3 values of another type". */
export type ValueFault =
  | 'of another type'
  | 'out of range'
  | 'too long'
  | 'not in the enum'
  | 'with characters that PostgreSQL cannot store';

const MAX_INT = { SmallInt: 32_767, Integer: 2_147_483_647 } as const;
const MAX_BIG_INT = 9_223_372_036_854_775_807n;
/** As for input: larger ones do not survive the round trip through their digits. */
const MAX_FLOAT = { Real: 3.4e38, Double: 1e308 } as const;

/** Converts a value of Strapi to what a column of the database takes. Null stays null. */
export function convertValue(given: unknown, field: GeneratedColumn, enums: Models['enums']): Converted {
  if (given === null || given === undefined) return { value: null };
  if (!field.list) return convertOne(given, field, enums);
  if (!Array.isArray(given)) return { fault: 'of another type' };
  const values = given.map((one: unknown) => (one === null ? OTHER_TYPE : convertOne(one, field, enums)));
  const fault = values.find((one) => 'fault' in one);
  return fault ?? { value: values.map((one) => ('value' in one ? one.value : null)) };
}

const OTHER_TYPE: Converted = { fault: 'of another type' };

function convertOne(given: unknown, field: GeneratedColumn, enums: Models['enums']): Converted {
  if (field.kind === 'enum') return convertEnum(given, enums[field.type] ?? {});
  switch (field.type) {
    case 'String':
      return convertText(given, field);
    case 'Int':
      return convertInt(given, field);
    case 'BigInt':
      return convertBigInt(given);
    case 'Float':
      return convertFloat(given, field);
    case 'Decimal':
      return convertDecimal(given, field);
    case 'Boolean':
      return convertBoolean(given);
    case 'DateTime':
      return convertTime(given, field);
    case 'Json':
      return isStorable(given) ? { value: given } : UNSTORABLE;
    default:
      return OTHER_TYPE;
  }
}

const UNSTORABLE: Converted = { fault: 'with characters that PostgreSQL cannot store' };
const OUT_OF_RANGE: Converted = { fault: 'out of range' };

function convertEnum(given: unknown, values: Readonly<Record<string, string>>): Converted {
  if (typeof given !== 'string') return OTHER_TYPE;
  return Object.hasOwn(values, given) ? { value: values[given] } : { fault: 'not in the enum' };
}

function convertText(given: unknown, { native, sizes, unique }: GeneratedColumn): Converted {
  // Strapi has a bigint as text and a number as a number: a text column keeps either.
  if (typeof given !== 'string' && typeof given !== 'number') return OTHER_TYPE;
  const text = String(given);
  if (!isStorable(text)) return UNSTORABLE;
  if (native === 'Uuid') return UUID.test(text) ? { value: text } : OTHER_TYPE;
  const longest = native === 'VarChar' || native === 'Char' ? Number(sizes[0] ?? 1) : Number.POSITIVE_INFINITY;
  // An index takes at most 2,704 bytes of a text.
  const isTooLong = [...text].length > longest || (unique && Buffer.byteLength(text) > 2_700);
  return isTooLong ? { fault: 'too long' } : { value: text };
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const DECIMAL = /^-?\d{1,1000}(\.\d{1,1000})?$/;

function numberOf(given: unknown): number | undefined {
  if (typeof given === 'number') return given;
  return typeof given === 'string' && DECIMAL.test(given) ? Number(given) : undefined;
}

function convertInt(given: unknown, { native }: GeneratedColumn): Converted {
  const value = numberOf(given);
  if (value === undefined || !Number.isInteger(value)) return OTHER_TYPE;
  const largest = native === 'SmallInt' ? MAX_INT.SmallInt : MAX_INT.Integer;
  return Math.abs(value) > largest ? OUT_OF_RANGE : { value };
}

function convertBigInt(given: unknown): Converted {
  const isWhole =
    typeof given === 'number' ? Number.isSafeInteger(given) : typeof given === 'string' && WHOLE.test(given);
  if (!isWhole) return OTHER_TYPE;
  const value = BigInt(given as string | number); // checked above
  return value > MAX_BIG_INT || value < -MAX_BIG_INT ? OUT_OF_RANGE : { value: value.toString() };
}

const WHOLE = /^-?\d{1,20}$/;

function convertFloat(given: unknown, { native }: GeneratedColumn): Converted {
  const value = numberOf(given);
  if (value === undefined) return OTHER_TYPE;
  return Math.abs(value) > (native === 'Real' ? MAX_FLOAT.Real : MAX_FLOAT.Double) ? OUT_OF_RANGE : { value };
}

function convertDecimal(given: unknown, { sizes }: GeneratedColumn): Converted {
  const text = typeof given === 'number' ? String(given) : given;
  if (typeof text !== 'string' || !DECIMAL.test(text)) return OTHER_TYPE;
  const [precision = 65, scale = 30] = sizes.map(Number);
  const digits = text.replace(/^-?0*/, '').split('.')[0]?.length ?? 0;
  return digits > precision - scale ? OUT_OF_RANGE : { value: text };
}

function convertBoolean(given: unknown): Converted {
  if (typeof given === 'boolean') return { value: given };
  return given === 0 || given === 1 ? { value: given === 1 } : OTHER_TYPE; // as SQLite has them
}

function convertTime(given: unknown, { native }: GeneratedColumn): Converted {
  if (native === 'Time' || native === 'Timetz') {
    return typeof given === 'string' && TIME_OF_DAY.test(given) ? { value: given } : OTHER_TYPE;
  }
  if (typeof given !== 'string' && typeof given !== 'number') return OTHER_TYPE;
  if (typeof given === 'string' && !/^\d{4}-\d{2}-\d{2}/.test(given)) return OTHER_TYPE;
  const time = new Date(given);
  if (Number.isNaN(time.getTime())) return OTHER_TYPE;
  const year = time.getUTCFullYear();
  return year < 1 || year > 9999 ? OUT_OF_RANGE : { value: time.toISOString() };
}

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/;

/** Whether no text in a value has a NUL or half of a surrogate pair. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, one]) => isStorable(key) && isStorable(one));
}
