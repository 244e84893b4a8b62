import { Prisma } from '../generated/prisma/client.ts';

/** Another row has the value already. */
export function isUniqueViolation(error: unknown): boolean {
  return knownCode(error) === 'P2002';
}

/** The row to update or delete is not there. */
export function isNotFound(error: unknown): boolean {
  return knownCode(error) === 'P2025';
}

/** Two transactions waited for each other, and the database ended this one. It may be tried again. */
export function isWriteConflict(error: unknown): boolean {
  return knownCode(error) === 'P2034';
}

/** A row to be linked was deleted between the look-up and the write. */
export function isRelationGone(error: unknown): boolean {
  const code = knownCode(error);
  return code === 'P2003' || code === 'P2018';
}

/**
 * The columns of the unique constraint that a write broke, as far as the driver tells: the embedded one names the
 * columns, the server's names the index, which Prisma calls `<table>_<column>_key`.
 */
export function uniqueColumnsIn(error: unknown): readonly string[] {
  if (!isUniqueViolation(error)) return [];
  const { meta } = error as Prisma.PrismaClientKnownRequestError;
  const { cause } = (meta?.['driverAdapterError'] ?? {}) as { readonly cause?: UniqueViolation };
  const { fields, index } = cause?.constraint ?? {};
  if (fields) return fields.map((field) => field.replaceAll('"', '')); // PostgreSQL quotes names that are not lower-case
  const table = cause?.table;
  if (!index || !table || !index.startsWith(`${table}_`) || !index.endsWith('_key')) return [];
  return index.slice(table.length + 1, -'_key'.length).split('_');
}

interface UniqueViolation {
  readonly table?: string;
  readonly constraint?: { readonly fields?: readonly string[]; readonly index?: string };
}

function knownCode(error: unknown): string | undefined {
  return error instanceof Prisma.PrismaClientKnownRequestError ? error.code : undefined;
}
