import type { HookRunner } from '../../common/hook-runner.ts';
import type { Query } from '../../database/open.ts';
import { afterCommit } from '../../database/retry.ts';
import { isWriteConflict } from '../../database/write-errors.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { ContentSchema } from './content-schema.ts';
import type { WriteStatements } from './input/write-statements.ts';

/** The schema with statements that are part of a transaction. Hooks after a write wait for its commit. */
export function withinTransaction(schema: ContentSchema, transaction: Prisma.TransactionClient): ContentSchema {
  const query: Query = (sql, values) => transaction.$queryRawUnsafe(sql, ...values);
  const hooks: HookRunner = {
    now: schema.hooks.now,
    later: (hook, work) => afterCommit(transaction, () => schema.hooks.later(hook, work)),
  };
  const one = inTurn();
  return {
    ...schema,
    transaction,
    reader: schema.reader.within((sql, values) => one(() => query(sql, values))),
    writes: partOf(transaction, schema.writes, one),
    hooks,
  };
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** The database has one transaction on a connection, and a savepoint ends with those that began after it. */
function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}

/**
 * Each write is undone alone where it fails, as one of its own is: PostgreSQL ends the whole transaction otherwise, and code that
 * catches the error could not go on.
 */
function partOf(transaction: Prisma.TransactionClient, writes: WriteStatements, inTurn: InTurn): WriteStatements {
  async function undoable<T>(work: () => Promise<T>): Promise<T> {
    await transaction.$executeRawUnsafe('SAVEPOINT content_write');
    try {
      const result = await work();
      await transaction.$executeRawUnsafe('RELEASE SAVEPOINT content_write');
      return result;
    } catch (error) {
      await transaction.$executeRawUnsafe('ROLLBACK TO SAVEPOINT content_write');
      // What the transaction wrote before is still locked: all of it has to be run again.
      throw isWriteConflict(error) ? new Conflict(error) : error;
    }
  }
  const statements = writes.within(transaction);
  return {
    clock: writes.clock,
    within: writes.within,
    for: (operation) => (write) => inTurn(() => undoable(() => statements.for(operation)(write))),
    inTransaction: (operation, work) =>
      inTurn(() => undoable(() => work({ send: statements.for(operation), prisma: transaction }))),
  };
}

/** Hides from the retries of a single write that the database ended it for a deadlock. */
class Conflict extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super('The database ended a transaction for a deadlock', { cause: error });
    this.error = error;
  }
}

/** The error of the database, so that the transaction is run again. */
export async function showingConflicts<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Conflict ? error.error : error;
  }
}
