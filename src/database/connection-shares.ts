import { AsyncLocalStorage } from 'node:async_hooks';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { networkOf } from '../common/addresses.ts';
import { timedOut } from '../common/errors.ts';
import type { ConnectionQueue } from './connection-queue.ts';
import { replacing } from './replacing.ts';

/** The client of an operation, and its deadline. */
export interface OperationClient {
  /** The client's IP address. */
  readonly address: string;
  /** After it, the operation gets no more connections. */
  readonly deadline: AbortSignal;
}

/**
 * Limits each operation to its share of the connections: more statements of the same operation wait, those of other
 * operations do not. Within the share, statements queue fairly with those of other clients.
 */
export interface ConnectionShares {
  /** Runs an operation. */
  within<T>(client: OperationClient, operation: () => Promise<T>): Promise<T>;
  /** Runs work that an operation starts but that is not part of it: it goes on after the answer. */
  apart<T>(work: () => T): T;
  /**
   * Runs work that needs a connection as soon as its operation can have one more.
   *
   * @throws ApiError TIMEOUT when the operation's deadline passes first, SERVICE_UNAVAILABLE when all are in use.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Each operation can hold at most `max` connections at a time. */
export function createConnectionShares(max: number, queue: ConnectionQueue): ConnectionShares {
  const current = new AsyncLocalStorage<Share>();
  return {
    within: (client, operation) => current.run(new Share(max, queue, client), operation),
    apart: (work) => current.exit(work),
    run(work) {
      const share = current.getStore();
      return share ? share.run(work) : work();
    },
  };
}

class Share {
  #free: number;
  readonly #queue: ConnectionQueue;
  readonly #address: string;
  readonly #deadline: AbortSignal;
  readonly #waiting: { begin(): void; refuse(): void }[] = [];
  /** Computed by the first statement: many operations have none. */
  #network: string | undefined;

  constructor(max: number, queue: ConnectionQueue, { address, deadline }: OperationClient) {
    this.#free = max;
    this.#queue = queue;
    this.#address = address;
    this.#deadline = deadline;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#deadline.aborted) throw timedOut();
    if (this.#free > 0) this.#free--;
    else await this.#waitForOwn();
    this.#network ??= networkOf(this.#address);
    try {
      return await this.#queue.run(this.#network, this.#deadline, work);
    } finally {
      const next = this.#waiting.shift();
      if (next) next.begin();
      else this.#free++;
    }
  }

  /** Resolves when another statement of this operation has ended and hands over its connection. */
  #waitForOwn(): Promise<void> {
    // Most operations never wait and need no listener.
    if (this.#waiting.length === 0) this.#deadline.addEventListener('abort', this.#refuseAll, { once: true });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ begin: resolve, refuse: () => reject(timedOut()) });
    });
  }

  readonly #refuseAll = () => {
    for (const { refuse } of this.#waiting.splice(0)) refuse();
  };
}

/** The same adapter, with each statement and each transaction counted in the share of its operation. */
export function withShares(
  factory: SqlMigrationAwareDriverAdapterFactory,
  shares: ConnectionShares,
): SqlMigrationAwareDriverAdapterFactory {
  return replacing(factory, { connect: async () => adapterWithShares(await factory.connect(), shares) });
}

function adapterWithShares(adapter: SqlDriverAdapter, shares: ConnectionShares): SqlDriverAdapter {
  return replacing(adapter, {
    queryRaw: (query) => shares.run(() => adapter.queryRaw(query)),
    executeRaw: (query) => shares.run(() => adapter.executeRaw(query)),
    // A transaction holds its connection until it ends.
    startTransaction: (isolationLevel) =>
      new Promise((resolve, reject) => {
        shares
          .run(async () => {
            const transaction = await adapter.startTransaction(isolationLevel);
            const { promise: ended, resolve: end } = Promise.withResolvers<void>();
            resolve(
              replacing(transaction, {
                commit: () => transaction.commit().finally(end),
                rollback: () => transaction.rollback().finally(end),
              }),
            );
            await ended;
          })
          .catch(reject);
      }),
  });
}
