import { ImportRefused, type StrapiData } from '../source.ts';

/** A row of an account's table, with words for it that can be printed: `user 12`. */
export interface Row {
  readonly name: string;
  readonly data: StrapiData;
}

/** Far more than Strapi's columns of 255 characters, and little enough for millions of them. */
const MAXIMUM_LENGTH = 1_024;

/** A text that has to be there. */
export function text(row: Row, column: string): string {
  const value = optionalText(row, column);
  if (value === null) throw refused(row, column, 'is missing');
  return value;
}

/** A text, or null where the column holds nothing. */
export function optionalText(row: Row, column: string): string | null {
  const value = own(row.data, column);
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw refused(row, column, 'is not a text');
  if (value.length > MAXIMUM_LENGTH) throw refused(row, column, `has more than ${MAXIMUM_LENGTH} characters`);
  if (value.includes('\0') || !value.isWellFormed()) throw refused(row, column, 'has a character that cannot be kept');
  return value;
}

/** A boolean; null is false, as it is for Strapi. */
export function flag(row: Row, column: string): boolean {
  const value = own(row.data, column);
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw refused(row, column, 'is neither true nor false');
  return value;
}

/** A whole number that is not negative, or null. Strapi writes large ones as texts. */
export function optionalNumber(row: Row, column: string): number | null {
  const value = own(row.data, column);
  if (value === undefined || value === null) return null;
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    throw refused(row, column, 'is not a whole number');
  return number;
}

/** A point in time as ISO 8601, or null. */
export function optionalDate(row: Row, column: string): Date | null {
  const value = own(row.data, column);
  if (value === undefined || value === null) return null;
  const date = typeof value === 'string' && ISO.test(value) ? new Date(value) : undefined;
  if (!date || Number.isNaN(date.getTime())) throw refused(row, column, 'is not a point in time');
  return date;
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/;

/** Both dates of a row. One stands in for the other, and rows that were inserted by hand have neither. */
export function dates(row: Row): { readonly createdAt: Date; readonly updatedAt: Date } {
  const created = optionalDate(row, 'createdAt');
  const updated = optionalDate(row, 'updatedAt');
  const known = created ?? updated ?? new Date(0);
  return { createdAt: known, updatedAt: updated ?? known };
}

/** Strapi 4 has no documentId. */
export const documentIdOf = (row: Row): string | undefined => optionalText(row, 'documentId') ?? undefined;

/** Only what the row itself has: names of columns are anything. */
export const own = (data: StrapiData, column: string): unknown =>
  Object.hasOwn(data, column) ? data[column] : undefined;

export const refused = ({ name }: Row, column: string, why: string): ImportRefused =>
  new ImportRefused(`${name}: the column "${column}" ${why}. Correct it in Strapi first.`);
