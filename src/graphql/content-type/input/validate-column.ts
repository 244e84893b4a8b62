import { isEmail } from '../../../accounts/emails.ts';
import { charactersIn } from '../../../common/text-length.ts';
import { compareDecimals, decimalOf, digitsOf } from '../../scalars/decimal.ts';
import { faultOfStoredJson } from '../../scalars/json.ts';
import type { Format } from '../column-rules.ts';
import type { Column } from '../model.ts';

/** The validation error of a column's value, with Strapi's message; undefined if the value is valid. */
export function validateColumn(column: Column, value: unknown): string | undefined {
  if (!column.list || !Array.isArray(value)) return faultOfValue(column, value);
  if (value.length > MAX_ITEMS) return `${column.name} must have at most ${MAX_ITEMS} values`;
  for (const one of value) {
    const fault = faultOfValue(column, one);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Values of one list. */
const MAX_ITEMS = 1_000;

function faultOfValue(column: Column, value: unknown): string | undefined {
  const { name, type, rules } = column;
  const { min, max, minLength, maxLength, format } = rules;
  if (typeof value === 'number') {
    if (type === 'Float' && !Number.isFinite(value)) return `${name} is out of range`;
    if (min !== undefined && value < min) return `${name} must be greater than or equal to ${min}`;
    if (max !== undefined && value > max) return `${name} must be less than or equal to ${max}`;
  }
  if (typeof value === 'string' && (type === 'Decimal' || type === 'Long')) return faultOfDigits(column, value);
  if (type === 'JSON') {
    const fault = faultOfStoredJson(value);
    return fault && `${name} ${fault}`;
  }
  if (typeof value === 'string' && type === 'String') {
    const length = charactersIn(value, maxLength ?? minLength ?? 0);
    if (minLength !== undefined && length < minLength) return `${name} must be at least ${minLength} characters`;
    if (maxLength !== undefined && length > maxLength) return `${name} must be at most ${maxLength} characters`;
    if (format !== undefined) return validateFormat(name, format, value);
  }
  return undefined;
}

/** Digits are compared as digits: a number of JavaScript would round them. */
function faultOfDigits({ name, digits, rules: { min, max } }: Column, value: string): string | undefined {
  const { before, after } = digitsOf(value);
  if (digits && before > digits.before) return `${name} is out of range`;
  if (digits && after > digits.after) return `${name} must have at most ${digits.after} digits after the point`;
  if (min !== undefined && compareDecimals(value, decimalOf(String(min)) ?? '0') < 0)
    return `${name} must be greater than or equal to ${min}`;
  if (max !== undefined && compareDecimals(value, decimalOf(String(max)) ?? '0') > 0)
    return `${name} must be less than or equal to ${max}`;
  return undefined;
}

function validateFormat(name: string, format: Format, value: string): string | undefined {
  if (format instanceof RegExp) {
    return matches(format, value) ? undefined : `${name} must match the following: "${format}"`;
  }
  const { holds, message } = FORMATS[format];
  return holds(value) ? undefined : `${name} must be ${message}`;
}

const FORMATS = {
  email: { holds: isEmail, message: 'a valid email' },
  url: { holds: isUrl, message: 'a valid URL' },
  uuid: {
    holds: (value: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
    message: 'a valid UUID',
  },
  slug: {
    holds: (value: string) => /^[A-Za-z0-9\-_.~]+$/.test(value),
    message: 'made of letters, digits and - _ . ~ only',
  },
};

/** Only http and https: a link with `javascript:` or `data:` runs code in the page of the person who clicks it. */
function isUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}

/** Matches the whole text; flags that change where a search starts are dropped. */
function matches(format: RegExp, value: string): boolean {
  return new RegExp(`^(?:${format.source})$`, format.flags.replaceAll(/[gmy]/g, '')).test(value);
}
