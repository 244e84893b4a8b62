import { PrismaClientKnownRequestError } from '@prisma/client/runtime/client';

/** Another row already has the value. */
export function isUniqueViolation(error: unknown): boolean {
  return knownCode(error) === 'P2002';
}

/**
 * Runs a write. Where another row has a unique value already, what `taken` says is thrown in place of the database's error.
 *
 * @param isTaken which errors of the write say so.
 */
export async function uniquely<T>(
  write: () => Promise<T>,
  taken: () => Error | Promise<Error>,
  isTaken: (error: unknown) => boolean = isUniqueViolation,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isTaken(error) ? await taken() : error;
  }
}

/** The row to update or delete does not exist. */
export function isNotFound(error: unknown): boolean {
  return knownCode(error) === 'P2025';
}

/** Two transactions waited for each other, and the database ended this one. It can be retried. */
export function isWriteConflict(error: unknown): boolean {
  return knownCode(error) === 'P2034';
}

/** A row was deleted between its look-up and the write that changes it or links to it. */
export function isDeletedMeanwhile(error: unknown): boolean {
  return isNotFound(error) || isRelationGone(error);
}

/** A row to be linked was deleted between the look-up and the write. */
export function isRelationGone(error: unknown): boolean {
  const code = knownCode(error);
  return code === 'P2003' || code === 'P2018';
}

/** The write would remove a row that another row requires. */
export function isStillReferenced(error: unknown): boolean {
  // PostgreSQL 18 has a separate code for ON DELETE RESTRICT, which Prisma does not know yet.
  return knownCode(error) === 'P2014' || causeOf(error)?.originalCode === '23001' || causeOf(error)?.code === '23001';
}

/** A value is too long, out of range, or not of its column's type. */
export function isInvalidValue(error: unknown): boolean {
  return ['P2000', 'P2007', 'P2020'].includes(knownCode(error) ?? '');
}

/**
 * Whether a write broke the unique constraint over exactly these columns, as far as the driver reports it: the embedded one
 * names the columns, the server's names the index, which Prisma calls `<table>_<column>_<column>_key`.
 */
export function violatesUnique(error: unknown, table: string, columns: readonly string[]): boolean {
  if (!isUniqueViolation(error)) return false;
  const { fields, index } = causeOf(error)?.constraint ?? {};
  if (!fields) return index === `${table}_${columns.join('_')}_key`;
  const named = fields.map((field) => field.replaceAll('"', '')); // PostgreSQL quotes names that are not lower-case
  return named.length === columns.length && columns.every((column) => named.includes(column));
}

interface DriverError {
  readonly originalCode?: string;
  readonly code?: string;
  readonly constraint?: { readonly fields?: readonly string[]; readonly index?: string };
}

function causeOf(error: unknown): DriverError | undefined {
  if (!(error instanceof PrismaClientKnownRequestError)) return undefined;
  // What the driver adapters write there, which Prisma leaves untyped.
  const { driverAdapterError } = (error.meta ?? {}) as {
    readonly driverAdapterError?: { readonly cause?: DriverError };
  };
  return driverAdapterError?.cause;
}

function knownCode(error: unknown): string | undefined {
  return error instanceof PrismaClientKnownRequestError ? error.code : undefined;
}
