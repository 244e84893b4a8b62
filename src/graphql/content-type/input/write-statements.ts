import type { Clock } from '../../../common/clock.ts';
import type { Database } from '../../../database/open.ts';
import { inTransaction } from '../../../database/retry.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import { bound, variableValuesOf } from '../rules/variables.ts';
import type { Operation } from '../sql/reader.ts';
import { Statement } from '../sql/statement.ts';

/** Sends a statement that selects one JSON text named "json", and returns what it says. */
export type Send = (write: (statement: Statement) => string) => Promise<unknown>;

/** A transaction: its statements, and Prisma's client for it. */
export interface WriteTransaction {
  readonly send: Send;
  readonly prisma: Prisma.TransactionClient;
}

/** The statements of mutations. Their variables get the values of the viewer of an operation when they are sent. */
export interface WriteStatements {
  /** For statements that are each their own transaction. */
  for(operation: Operation): Send;
  inTransaction<T>(operation: Operation, work: (transaction: WriteTransaction) => Promise<T>): Promise<T>;
  /** The same statements in a transaction that somebody else began. */
  within(transaction: Prisma.TransactionClient): Pick<WriteStatements, 'for' | 'clock'>;
  readonly clock: Clock;
}

/** Milliseconds: as long as a statement can take. */
export const TRANSACTION = { maxWait: 10_000, timeout: 10_000 };

export function createWriteStatements(
  { query, foldCase, prisma }: Pick<Database, 'query' | 'foldCase' | 'prisma'>,
  clock: Clock,
): WriteStatements {
  function sending({ viewer }: Operation, run: (sql: string, values: unknown[]) => Promise<unknown>): Send {
    return async (write) => {
      const statement = new Statement(foldCase);
      const sql = write(statement);
      const rows = await run(sql, bound(statement.values, variableValuesOf(viewer, clock())));
      const [row] = rows as readonly { readonly json: string | null }[]; // every statement selects one text named "json"
      return JSON.parse(row?.json ?? 'null');
    };
  }

  const inside = (transaction: Prisma.TransactionClient) => (operation: Operation) =>
    sending(operation, (sql, values) => transaction.$queryRawUnsafe(sql, ...values));

  return {
    for: (operation) => sending(operation, query),
    within: (transaction) => ({ for: inside(transaction), clock }),
    inTransaction: (operation, work) =>
      inTransaction(
        prisma,
        (transaction) => work({ send: inside(transaction)(operation), prisma: transaction }),
        TRANSACTION,
      ),
    clock,
  };
}
