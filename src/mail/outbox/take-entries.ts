import { join, sqltag } from '@prisma/client/runtime/client';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { LEASE, type TakenEntry } from './entries.ts';
import { after } from './outbox.ts';

/** The entries to take: due ones, all, or these ids. */
export type Which = 'due' | 'all' | readonly number[];

/**
 * Leases entries to this process in one statement, so that no transaction stays open while a mail server responds. Each
 * entry is leased to one process. If that process dies, the lease expires.
 */
export function takeEntries(prisma: PrismaClient, most: number, which: Which): Promise<TakenEntry[]> {
  return prisma.$queryRaw<TakenEntry[]>`
    UPDATE "mail_outbox" SET "attempts" = "attempts" + 1, "takenUntil" = ${after(LEASE)}
    WHERE "id" IN (
      SELECT "id" FROM "mail_outbox"
      WHERE ${conditionOf(which)} AND ("takenUntil" IS NULL OR "takenUntil" <= now())
      ORDER BY "dueAt" LIMIT ${most} FOR UPDATE SKIP LOCKED)
    RETURNING "id", "kind", "userId", "adminId", "sealed", "createdAt", "attempts"`;
}

function conditionOf(which: Which): Prisma.Sql {
  if (which === 'all') return sqltag`true`;
  return which === 'due' ? sqltag`"dueAt" <= now()` : sqltag`"id" IN (${join([...which])})`;
}

/** Releases an entry, to be retried after a pause. */
export async function postponeEntry(
  prisma: PrismaClient,
  { id, attempts }: Pick<TakenEntry, 'id' | 'attempts'>,
  milliseconds: number,
): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "mail_outbox" SET "dueAt" = ${after(milliseconds)}, "takenUntil" = NULL
    WHERE "id" = ${id} AND "attempts" = ${attempts}`;
}
