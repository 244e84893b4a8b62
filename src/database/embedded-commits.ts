import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  Transaction,
} from '@prisma/driver-adapter-utils';
import { replacing } from './replacing.ts';

/**
 * The adapter of the embedded database, with commits that fail: it takes the error of a COMMIT for none, so that what a deferred constraint
 * undid would count as written. Such constraints are checked just before.
 */
export function withCommitErrors(
  factory: SqlMigrationAwareDriverAdapterFactory,
): SqlMigrationAwareDriverAdapterFactory {
  return replacing(factory, { connect: async () => adapterWith(await factory.connect()) });
}

function adapterWith(adapter: SqlDriverAdapter): SqlDriverAdapter {
  return replacing(adapter, {
    startTransaction: async (isolationLevel) => {
      const transaction = await adapter.startTransaction(isolationLevel);
      return replacing(transaction, { commit: () => commit(transaction) });
    },
  });
}

async function commit(transaction: Transaction): Promise<void> {
  try {
    await transaction.executeRaw({ sql: 'SET CONSTRAINTS ALL IMMEDIATE', args: [], argTypes: [] });
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
  return transaction.commit();
}
