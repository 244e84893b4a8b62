import { PrismaClientKnownRequestError } from '@prisma/client/runtime/client';

/*
 * A write fails in one of two forms: through Prisma with a code of Prisma's, and as SQL of our own with PostgreSQL's code
 * (SQLSTATE), which the drivers throw as it came.
 */

/** Another row already has the value. */
export function isUniqueViolation(error: unknown): boolean {
  return prismaCode(error) === 'P2002' || sqlState(error) === '23505';
}

/**
 * Runs a write. Where another row has a unique value already, what `taken` says is thrown in place of the database's error.
 *
 * @param isTaken which errors of the write say so.
 */
export async function uniquely<T>(
  write: () => Promise<T>,
  taken: (error: unknown) => Error | Promise<Error>,
  isTaken: (error: unknown) => boolean = isUniqueViolation,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isTaken(error) ? await taken(error) : error;
  }
}

/** The row to update or delete does not exist. */
export function isNotFound(error: unknown): boolean {
  return prismaCode(error) === 'P2025';
}

/** Two transactions waited for each other, and the database ended this one. It can be retried. */
export function isWriteConflict(error: unknown): boolean {
  return prismaCode(error) === 'P2034' || ['40001', '40P01'].includes(sqlState(error) ?? '');
}

/** A row was deleted between its look-up and the write that changes it or links to it. */
export function isDeletedMeanwhile(error: unknown): boolean {
  return isNotFound(error) || isRelationGone(error);
}

/** A row to be linked was deleted between the look-up and the write. */
export function isRelationGone(error: unknown): boolean {
  return ['P2003', 'P2018'].includes(prismaCode(error) ?? '') || sqlState(error) === '23503';
}

/** The write would remove a row that another row requires. */
export function isStillReferenced(error: unknown): boolean {
  // PostgreSQL 18 has a separate code for ON DELETE RESTRICT, which Prisma does not know yet.
  return prismaCode(error) === 'P2014' || sqlState(error) === '23001';
}

/** A value is too long, out of range, or not of its column's type. */
export function isInvalidValue(error: unknown): boolean {
  return (
    ['P2000', 'P2007', 'P2020'].includes(prismaCode(error) ?? '') || INVALID_VALUES.includes(sqlState(error) ?? '')
  );
}

/** Too long, out of range, not a date, out of range as a date, and not of the type. */
const INVALID_VALUES: readonly string[] = ['22001', '22003', '22007', '22008', '22P02'];

/** The values break a rule that only the database has: `CHECK (price >= 0)`, or `EXCLUDE`. */
export function isRuleBroken(error: unknown): boolean {
  return ['23514', '23P01'].includes(sqlState(error) ?? '');
}

/** A value for a column that the database computes itself: its name in the database; undefined where it is another error. */
export function generatedColumnIn(error: unknown): string | undefined {
  if (sqlState(error) !== '428C9' || !(error instanceof Error)) return undefined;
  return /column "(.+?)"/i.exec(error.message)?.[1] ?? '';
}

/** The database's function `refuse_write()` was called: no grant allows the row as it would be. */
export function isRefusedWrite(error: unknown): boolean {
  return sqlState(error) === REFUSED;
}

/** As in prisma/triggers.sql. */
const REFUSED = 'GH001';

/** The SQLSTATE of a write whose values a table refuses: by a type, a constraint or a trigger of its own. */
export function refusedValuesState(error: unknown): string | undefined {
  const state = sqlState(error);
  return state !== undefined && /^(22|23|P0)/.test(state) ? state : undefined;
}

/**
 * Whether a write broke the unique constraint over exactly these columns, as far as the driver reports it: some name the
 * columns, others the index, which Prisma calls `<table>_<column>_<column>_key`.
 */
export function violatesUnique(error: unknown, table: string, columns: readonly string[]): boolean {
  if (!isUniqueViolation(error)) return false;
  const { fields, index } = constraintIn(error);
  if (!fields) return index === `${table}_${columns.join('_')}_key`;
  const named = fields.map((field) => field.replaceAll('"', '')); // PostgreSQL quotes names that are not lower-case
  return named.length === columns.length && columns.every((column) => named.includes(column));
}

interface Constraint {
  readonly fields?: readonly string[] | undefined;
  readonly index?: string | undefined;
}

function constraintIn(error: unknown): Constraint {
  if (!(error instanceof PrismaClientKnownRequestError)) {
    // The same as the adapters read: `Key (series, number)=(x, 1) already exists.`
    const { detail, constraint } = error as SqlError;
    return { fields: detail?.match(/Key \((.+?)\)=\(/)?.[1]?.split(', '), index: constraint };
  }
  return causeOf(error)?.constraint ?? {};
}

/** What both drivers throw. */
interface SqlError {
  readonly code: string;
  readonly detail?: string;
  readonly constraint?: string;
}

/** PostgreSQL's code, whether the statement was ours or Prisma's. */
function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code =
    error instanceof PrismaClientKnownRequestError
      ? (causeOf(error)?.originalCode ?? causeOf(error)?.code)
      : 'code' in error && 'severity' in error
        ? error.code
        : undefined;
  return typeof code === 'string' && /^[\dA-Z]{5}$/.test(code) ? code : undefined;
}

interface DriverError {
  readonly originalCode?: string;
  readonly code?: string;
  readonly constraint?: Constraint;
}

function causeOf(error: PrismaClientKnownRequestError): DriverError | undefined {
  // What the driver adapters write there, which Prisma leaves untyped.
  const { driverAdapterError } = (error.meta ?? {}) as {
    readonly driverAdapterError?: { readonly cause?: DriverError };
  };
  return driverAdapterError?.cause;
}

function prismaCode(error: unknown): string | undefined {
  return error instanceof PrismaClientKnownRequestError ? error.code : undefined;
}
