import { AsyncLocalStorage } from 'node:async_hooks';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { networkOf } from '../common/addresses.ts';
import { timedOut } from '../common/errors.ts';
import type { Turns } from './connection-queue.ts';

/** Who asks for an operation, and until when. */
export interface Asking {
  /** The address of the client. */
  readonly address: string;
  /** Once it has passed, the operation is given no connection any more. */
  readonly deadline: AbortSignal;
}

/**
 * Lets no operation hold more than its share of the connections: its other statements wait, and nobody else's. Those that do
 * not wait for their own operation take turns with those of other clients.
 */
export interface Shares {
  /** Runs an operation. */
  within<T>(asking: Asking, operation: () => Promise<T>): Promise<T>;
  /** Runs what an operation begins and is no part of it: work that goes on after the answer. */
  apart<T>(work: () => T): T;
  /**
   * Runs what takes a connection, as soon as the operation that it is part of may have one more.
   *
   * @throws ApiError TIMEOUT when the operation's deadline passes before, SERVICE_UNAVAILABLE when others hold all of them.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Each operation may hold so many connections at a time, as it is their client's turn. */
export function createShares(most: number, turns: Turns): Shares {
  const current = new AsyncLocalStorage<Share>();
  return {
    within: (asking, operation) => current.run(new Share(most, turns, asking), operation),
    apart: (work) => current.exit(work),
    run(work) {
      const share = current.getStore();
      return share ? share.run(work) : work();
    },
  };
}

class Share {
  #free: number;
  readonly #turns: Turns;
  readonly #address: string;
  readonly #deadline: AbortSignal;
  readonly #waiting: { begin(): void; refuse(): void }[] = [];
  /** Looked at by the first statement: many operations have none. */
  #network: string | undefined;

  constructor(most: number, turns: Turns, { address, deadline }: Asking) {
    this.#free = most;
    this.#turns = turns;
    this.#address = address;
    this.#deadline = deadline;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#deadline.aborted) throw timedOut();
    if (this.#free > 0) this.#free--;
    else await this.#turn();
    this.#network ??= networkOf(this.#address);
    try {
      return await this.#turns.run(this.#network, this.#deadline, work);
    } finally {
      const next = this.#waiting.shift();
      if (next) next.begin();
      else this.#free++;
    }
  }

  /** Resolves when one of the others has ended, and its connection is handed over. */
  #turn(): Promise<void> {
    // Most operations never wait: they are spared a listener.
    if (this.#waiting.length === 0) this.#deadline.addEventListener('abort', this.#refuseAll, { once: true });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ begin: resolve, refuse: () => reject(timedOut()) });
    });
  }

  readonly #refuseAll = () => {
    for (const { refuse } of this.#waiting.splice(0)) refuse();
  };
}

/** The same adapter, with each statement and each transaction in the share of the operation that it is part of. */
export function inShares(
  factory: SqlMigrationAwareDriverAdapterFactory,
  shares: Shares,
): SqlMigrationAwareDriverAdapterFactory {
  return replacing(factory, { connect: async () => adapterInShares(await factory.connect(), shares) });
}

function adapterInShares(adapter: SqlDriverAdapter, shares: Shares): SqlDriverAdapter {
  return replacing(adapter, {
    queryRaw: (query) => shares.run(() => adapter.queryRaw(query)),
    executeRaw: (query) => shares.run(() => adapter.executeRaw(query)),
    // A transaction holds its connection until it ends, whatever is done in between.
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

/** An object with some of its methods replaced. The others are called on itself: an adapter has state of its own. */
function replacing<T extends object>(object: T, methods: Partial<T>): T {
  return new Proxy(object, {
    get(target, name) {
      if (Object.hasOwn(methods, name)) return methods[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
