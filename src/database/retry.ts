import { setTimeout as wait } from 'node:timers/promises';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { isWriteConflict } from './write-errors.ts';

const ATTEMPTS = 5;

/** Retries a write that the database refused to end a deadlock: two transactions wrote the same rows in a different order. */
export async function retryWriteConflicts<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === ATTEMPTS || !isWriteConflict(error)) throw error;
      await wait(Math.random() * 20 * attempt);
    }
  }
}

/** Runs the work in a transaction, and retries the whole transaction where the database ended it for a deadlock. */
export function inTransaction<T>(
  prisma: PrismaClient,
  work: (transaction: Prisma.TransactionClient) => Promise<T>,
  options?: { readonly maxWait: number; readonly timeout: number },
): Promise<T> {
  return retryWriteConflicts(async () => {
    const callbacks: (() => void)[] = [];
    const result = await prisma.$transaction((transaction) => {
      waiting.set(transaction, callbacks);
      return work(transaction);
    }, options);
    for (const callback of callbacks) callback();
    return result;
  });
}

/** What waits for the commit of each transaction. */
const waiting = new WeakMap<object, (() => void)[]>();

/** Calls back once the transaction is committed, and never where it is not; at once outside of any `inTransaction`. */
export function afterCommit(database: object, callback: () => void): void {
  const callbacks = waiting.get(database);
  if (callbacks) callbacks.push(callback);
  else callback();
}
