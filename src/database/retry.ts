import { setTimeout as wait } from 'node:timers/promises';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { isWriteConflict } from './write-errors.ts';

const ATTEMPTS = 5;

/** Writes of the same rows in another order may end in a deadlock, which the database ends by refusing one of them: it is done again. */
export async function again<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === ATTEMPTS || !isWriteConflict(error)) throw error;
      await wait(Math.random() * 20 * attempt);
    }
  }
}

/** Runs the work in a transaction, and again from its beginning where the database ended it for a deadlock. */
export function inTransaction<T>(
  prisma: PrismaClient,
  work: (transaction: Prisma.TransactionClient) => Promise<T>,
  options?: { readonly maxWait: number; readonly timeout: number },
): Promise<T> {
  return again(() => prisma.$transaction(work, options));
}
