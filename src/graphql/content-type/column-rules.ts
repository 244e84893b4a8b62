import type { GeneratedColumn } from '../../database/models.ts';

/** Validation rules of a column, in addition to its type. */
export interface ColumnRules {
  /** The description in the schema, and the label in a form. */
  readonly label?: string;
  /** The length of a String, in characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** The range of an Int, a Float, a Decimal or a BigInt, inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** A well-known format, or a regular expression that must match the whole text. */
  readonly format?: Format;
}

export type Format = (typeof FORMATS)[number] | RegExp;

const FORMATS = ['email', 'url', 'slug', 'uuid'] as const;

/** Fits into an index of PostgreSQL with any characters; Strapi has the same limit. */
const MAX_UNIQUE_LENGTH = 255;
/** Larger float8 values do not survive the round trip through their decimal digits. */
const MAX_FLOAT = 1e308;
/** Of a text with a format: matching a regular expression may take quadratic time. */
const MAX_FORMATTED_LENGTH = 2_000;
const MAX_SMALL_INT = 32_767;
/** The largest float4, rounded down. */
const MAX_REAL = 3.4e38;

/**
 * The rules of a column: the declared ones, tightened by the limits of its database type.
 *
 * @throws Error for a rule that does not apply to the column's type.
 */
export function rulesOf(name: string, column: GeneratedColumn, declared: ColumnRules): ColumnRules {
  const isText = column.type === 'String';
  const isNumber = ['Int', 'Float', 'Decimal', 'BigInt'].includes(column.type);
  const { minLength, maxLength, format, min, max } = declared;
  checkRuleTypes(name, declared);
  if (!isText && (minLength !== undefined || maxLength !== undefined || format !== undefined)) {
    throw new Error(`${name} is not a String: minLength, maxLength and format do not apply`);
  }
  if (!isNumber && (min !== undefined || max !== undefined)) {
    throw new Error(`${name} is not a number: min and max do not apply`);
  }
  const rules = within(column, declared);
  if ((rules.minLength ?? 0) > (rules.maxLength ?? Number.POSITIVE_INFINITY)) {
    throw new Error(`${name}: minLength is greater than maxLength (${rules.maxLength})`);
  }
  if ((rules.min ?? Number.NEGATIVE_INFINITY) > (rules.max ?? Number.POSITIVE_INFINITY)) {
    throw new Error(`${name}: min is greater than max (${rules.max})`);
  }
  return rules;
}

const NUMBERS: readonly string[] = ['minLength', 'maxLength', 'min', 'max'];

/** Checks names and types of the rules, for a declaration that was not type checked. */
function checkRuleTypes(name: string, declared: ColumnRules): void {
  // The values are unknown until they are checked.
  for (const [rule, value] of Object.entries(declared) as [string, unknown][]) {
    if (value === undefined) continue;
    if (rule === 'label') {
      if (typeof value !== 'string' || value.trim() === '')
        throw new Error(`${name}: label must be a text that is not empty`);
    } else if (rule === 'format') {
      // Widened for the check.
      if (value instanceof RegExp || (FORMATS as readonly unknown[]).includes(value)) continue;
      throw new Error(`${name}: format must be ${FORMATS.join(', ')} or a regular expression`);
    } else if (!NUMBERS.includes(rule)) {
      throw new Error(`${name}: unknown rule ${rule}. The rules are label, format, ${NUMBERS.join(', ')}`);
    } else if (
      typeof value !== 'number' ||
      !(rule.endsWith('Length') ? Number.isInteger(value) && value >= 0 : Number.isFinite(value))
    ) {
      throw new Error(`${name}: ${rule} must be ${rule.endsWith('Length') ? 'an integer of 0 or more' : 'a number'}`);
    }
  }
}

function within(column: GeneratedColumn, declared: ColumnRules): ColumnRules {
  const { maxLength, min, max } = declared;
  if (column.type === 'String') {
    const known: ColumnRules = column.native === 'Uuid' ? { format: 'uuid' } : {};
    const rules = { ...known, ...declared };
    const longest = rules.format === undefined ? undefined : MAX_FORMATTED_LENGTH;
    return { ...rules, ...smallest('maxLength', maxLength ?? longest, maxLengthOf(column)) };
  }
  const largest = maxOf(column);
  if (largest === undefined) return declared;
  return { ...declared, min: Math.max(min ?? -largest, -largest), max: Math.min(max ?? largest, largest) };
}

function smallest(name: 'maxLength', declared: number | undefined, given: number | undefined): ColumnRules {
  const values = [declared, given].filter((value) => value !== undefined);
  return values.length > 0 ? { [name]: Math.min(...values) } : {};
}

function maxLengthOf({ native, sizes, unique }: GeneratedColumn): number | undefined {
  const size = Number(sizes[0] ?? Number.NaN);
  if ((native === 'VarChar' || native === 'Char') && Number.isInteger(size)) {
    return unique ? Math.min(size, MAX_UNIQUE_LENGTH) : size;
  }
  return unique ? MAX_UNIQUE_LENGTH : undefined;
}

function maxOf({ type, native }: GeneratedColumn): number | undefined {
  if (type === 'Float') return native === 'Real' ? MAX_REAL : MAX_FLOAT;
  return native === 'SmallInt' ? MAX_SMALL_INT : undefined;
}
