import type { Prisma } from '../generated/prisma/client.ts';

/** What only one transaction does at a time, across all processes: each is a row of the table `locks`. */
export type LockName = 'administration' | 'identifiers' | 'seed' | 'signingKeys';

/**
 * Waits for other transactions with the same lock, and holds it until this one ends. What they wrote can be seen by the next
 * statement, not by one that is running: transactions are at READ COMMITTED.
 *
 * A locked row has the same meaning on every database that speaks PostgreSQL's language; some accept an advisory lock and ignore
 * it.
 */
export async function lock(transaction: Prisma.TransactionClient, name: LockName): Promise<void> {
  const rows = await transaction.$queryRaw<unknown[]>`SELECT FROM "locks" WHERE "name" = ${name} FOR UPDATE`;
  // Without the row nothing would be locked.
  if (rows.length === 0) throw new Error(`the row ${name} of the table locks is missing: insert it`);
}
