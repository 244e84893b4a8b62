import type { GeneratedColumn } from '../../database/models.ts';

/** What a column may hold, beyond what its type says. Each is told to clients in the fault of a value that breaks it. */
export interface ColumnRules {
  /** What people call it: the description in the schema, and the label of its field in a form. */
  readonly label?: string;
  /** Characters of a String, at least and at most. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** An Int or a Float, at least and at most. */
  readonly min?: number;
  readonly max?: number;
  /** A kind of text that is well known, or a regular expression that the whole of it has to match. */
  readonly format?: Format;
}

export type Format = (typeof FORMATS)[number] | RegExp;

const FORMATS = ['email', 'url', 'slug', 'uuid'] as const;

/** As long as a text can be that PostgreSQL keeps in an index, whatever its letters; Strapi's bound, too. */
const LONGEST_UNIQUE = 255;
/** Beyond this a number of eight bytes is written in digits that it is not read back from. */
const LARGEST_FLOAT = 1e308;
/** Of a text that has to have a form: nobody means a longer one, and a regular expression may take the square of its length. */
const LONGEST_OF_A_FORMAT = 2_000;
const LARGEST_SMALL_INT = 32_767;
/** And this the largest of four bytes. */
const LARGEST_REAL = 3.4e38;

/**
 * The rules of a column: those that were declared, within those that its type in the database makes.
 *
 * @throws an Error at start for a rule that has no meaning for the column's type.
 */
export function rulesOf(name: string, column: GeneratedColumn, declared: ColumnRules): ColumnRules {
  const isText = column.type === 'String';
  const isNumber = column.type === 'Int' || column.type === 'Float';
  const { minLength, maxLength, format, min, max } = declared;
  checkForm(name, declared);
  if (!isText && (minLength !== undefined || maxLength !== undefined || format !== undefined)) {
    throw new Error(`${name} is no String: it has no length and no format`);
  }
  if (!isNumber && (min !== undefined || max !== undefined)) {
    throw new Error(`${name} is no number: it has no least and no largest value`);
  }
  const rules = within(column, declared);
  if ((rules.minLength ?? 0) > (rules.maxLength ?? Number.POSITIVE_INFINITY)) {
    throw new Error(`${name} has a minLength above its maxLength of ${rules.maxLength}: no text would do`);
  }
  if ((rules.min ?? Number.NEGATIVE_INFINITY) > (rules.max ?? Number.POSITIVE_INFINITY)) {
    throw new Error(`${name} has a min above its max of ${rules.max}: no number would do`);
  }
  return rules;
}

const NUMBERS: readonly string[] = ['minLength', 'maxLength', 'min', 'max'];

/** That each rule is one, where nobody compiled the declaration. */
function checkForm(name: string, declared: ColumnRules): void {
  for (const [rule, value] of Object.entries(declared) as [string, unknown][]) {
    if (value === undefined) continue;
    if (rule === 'label') {
      if (typeof value !== 'string' || value.trim() === '') throw new Error(`${name}: label has to be a text`);
    } else if (rule === 'format') {
      if (value instanceof RegExp || (FORMATS as readonly unknown[]).includes(value)) continue;
      throw new Error(`${name}: format has to be ${FORMATS.join(', ')} or a regular expression`);
    } else if (!NUMBERS.includes(rule)) {
      throw new Error(`${name}: there is no rule ${rule}; there are label, format, ${NUMBERS.join(', ')}`);
    } else if (
      typeof value !== 'number' ||
      !(rule.endsWith('Length') ? Number.isInteger(value) && value >= 0 : Number.isFinite(value))
    ) {
      throw new Error(`${name}: ${rule} has to be ${rule.endsWith('Length') ? 'a whole number from 0' : 'a number'}`);
    }
  }
}

function within(column: GeneratedColumn, declared: ColumnRules): ColumnRules {
  const { maxLength, min, max } = declared;
  if (column.type === 'String') {
    const known: ColumnRules = column.native === 'Uuid' ? { format: 'uuid' } : {};
    const rules = { ...known, ...declared };
    const longest = rules.format === undefined ? undefined : LONGEST_OF_A_FORMAT;
    return { ...rules, ...least('maxLength', maxLength ?? longest, longestOf(column)) };
  }
  const largest = largestOf(column);
  if (largest === undefined) return declared;
  return { ...declared, min: Math.max(min ?? -largest, -largest), max: Math.min(max ?? largest, largest) };
}

function least(name: 'maxLength', declared: number | undefined, given: number | undefined): ColumnRules {
  const values = [declared, given].filter((value) => value !== undefined);
  return values.length > 0 ? { [name]: Math.min(...values) } : {};
}

function longestOf({ native, sizes, unique }: GeneratedColumn): number | undefined {
  const size = Number(sizes[0] ?? Number.NaN);
  if ((native === 'VarChar' || native === 'Char') && Number.isInteger(size)) {
    return unique ? Math.min(size, LONGEST_UNIQUE) : size;
  }
  return unique ? LONGEST_UNIQUE : undefined;
}

function largestOf({ type, native }: GeneratedColumn): number | undefined {
  if (type === 'Float') return native === 'Real' ? LARGEST_REAL : LARGEST_FLOAT;
  return native === 'SmallInt' ? LARGEST_SMALL_INT : undefined;
}
