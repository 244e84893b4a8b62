import { GraphQLError, Kind, type ValueNode } from 'graphql';

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Digits of one number. PostgreSQL's numeric has as many in a column with a declared precision. */
const MAX_DIGITS = 1_000;

/**
 * A decimal number without exponent, leading zeros and the minus of zero, which keeps every digit that follows the point:
 * `-0012.50e1` is `-125.0`. Undefined for what is no number, and for one of more than 1,000 digits.
 */
export function decimalOf(text: string): string | undefined {
  if (text.length > MAX_DIGITS + 8) return undefined;
  const [match, sign, before = '', after = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (match === undefined || before + after === '') return undefined;
  const shift = Number(exponent);
  if (Math.abs(shift) + before.length + after.length > MAX_DIGITS) return undefined;
  const digits = before + after;
  const point = before.length + shift;
  const padded = point > 0 ? digits.padEnd(point, '0') : digits.padStart(digits.length - point, '0');
  const at = Math.max(point, 0);
  const whole = padded.slice(0, at).replace(/^0+/, '') || '0';
  const fraction = padded.slice(at);
  const number = fraction === '' ? whole : `${whole}.${fraction}`;
  return sign === '-' && /[1-9]/.test(number) ? `-${number}` : number;
}

/** Compares two numbers in the form of `decimalOf`: negative if the first is less, positive if it is greater. */
export function compareDecimals(one: string, other: string): number {
  const scale = Math.max(fractionOf(one).length, fractionOf(other).length);
  const difference = scaled(one, scale) - scaled(other, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The digits before the point and those after it, of a number in the form of `decimalOf`. */
export function digitsOf(decimal: string): { readonly before: number; readonly after: number } {
  const [whole = ''] = decimal.replace('-', '').split('.');
  return { before: whole === '0' ? 0 : whole.length, after: fractionOf(decimal).length };
}

/** Without zeros at the end of the fraction. */
export function withoutTrailingZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** @throws GraphQLError for what is neither a number nor a text of one. */
export function parseDecimal(value: unknown): string {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  const decimal = typeof text === 'string' ? decimalOf(text) : undefined;
  if (decimal === undefined)
    throw new GraphQLError(`Decimal expects a number such as "12.50" of at most ${MAX_DIGITS} digits`);
  return decimal;
}

/** The digits of a literal are read as they are written: as a number of JavaScript they would be rounded. */
export function parseDecimalLiteral(node: ValueNode): string {
  const isNumber = node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT;
  return parseDecimal(isNumber ? node.value : undefined);
}

function scaled(decimal: string, scale: number): bigint {
  const [whole = '0'] = decimal.split('.');
  return BigInt(whole + fractionOf(decimal).padEnd(scale, '0'));
}

function fractionOf(decimal: string): string {
  return decimal.split('.')[1] ?? '';
}
