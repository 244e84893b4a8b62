import { raw, sqltag } from '@prisma/client/runtime/client';
import type { Transaction } from '../administration/administration.ts';

/**
 * Moves the sequence of a table's ids behind all that are there, and never back. The database does not undo it with the
 * transaction: a gap stays.
 *
 * @param table its name in SQL, as our own models have it: `"users"`.
 */
export async function moveSequenceOn(transaction: Pick<Transaction, '$executeRaw'>, table: string): Promise<void> {
  const sequence = sqltag`pg_get_serial_sequence(${table}, 'id')::regclass`;
  await transaction.$executeRaw(sqltag`
    SELECT setval(${sequence}, GREATEST("last", pg_sequence_last_value(${sequence})))
    FROM (SELECT max("id")::bigint AS "last" FROM ${raw(table)}) AS present
    WHERE "last" IS NOT NULL`);
}
