import { join, sqltag } from '@prisma/client/runtime/client';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { LEASE, type TakenEntry } from './entries.ts';
import { after } from './outbox.ts';

/** Which entries are taken: those that are due, those too that are due later, or some of them. */
export type Which = 'due' | 'all' | readonly number[];

/**
 * Takes some entries for this process, in one statement: no transaction stays open while a mail server is talked to. Of
 * several processes each entry is taken by one. Whoever took it and died gives it back by its time.
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

/** Gives an entry back, to be taken once more later. */
export async function postponeEntry(
  prisma: PrismaClient,
  { id, attempts }: Pick<TakenEntry, 'id' | 'attempts'>,
  milliseconds: number,
): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "mail_outbox" SET "dueAt" = ${after(milliseconds)}, "takenUntil" = NULL
    WHERE "id" = ${id} AND "attempts" = ${attempts}`;
}
