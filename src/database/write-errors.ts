import { Prisma } from '../generated/prisma/client.ts';

/** Another row has the value already. */
export function isUniqueViolation(error: unknown): boolean {
  return knownCode(error) === 'P2002';
}

/** The row to update or delete is not there. */
export function isNotFound(error: unknown): boolean {
  return knownCode(error) === 'P2025';
}

/** A row to be linked was deleted between the look-up and the write. */
export function isRelationGone(error: unknown): boolean {
  const code = knownCode(error);
  return code === 'P2003' || code === 'P2018';
}

/** The columns of the unique constraint that a write broke; none when the error is another. */
export function uniqueColumnsIn(error: unknown): readonly string[] {
  if (!isUniqueViolation(error)) return [];
  const { meta } = error as Prisma.PrismaClientKnownRequestError;
  const adapterError = meta?.['driverAdapterError'] as
    | { readonly cause?: { readonly constraint?: { readonly fields?: readonly string[] } } }
    | undefined;
  const fields = adapterError?.cause?.constraint?.fields ?? (meta?.['target'] as readonly string[] | undefined) ?? [];
  return fields.map((field) => field.replaceAll('"', '')); // PostgreSQL quotes names that are not lower-case
}

function knownCode(error: unknown): string | undefined {
  return error instanceof Prisma.PrismaClientKnownRequestError ? error.code : undefined;
}
