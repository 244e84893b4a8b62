import { timedOut, unavailable } from '../common/errors.ts';

export interface ConnectionQueueOptions {
  /** Number of connections. */
  readonly connections: number;
  /** How many of them one client can hold at a time, even when more are free. */
  readonly perClient: number;
  /** Milliseconds that a statement waits for a connection; undefined: until its operation times out. */
  readonly patience?: number;
}

/** Gives connections to clients fairly: a busy client does not keep others waiting. */
export interface ConnectionQueue {
  /**
   * Runs work that needs a connection. While all are in use, the next free one goes to the client that holds the fewest, and
   * among those to the one that has waited longest since its last connection.
   *
   * @throws ApiError SERVICE_UNAVAILABLE when no connection was free in time, TIMEOUT when the deadline passed first.
   */
  run<T>(client: string, deadline: AbortSignal, work: () => Promise<T>): Promise<T>;
}

interface Client {
  held: number;
  /** The number of its last connection, counted over all clients. */
  last: number;
  readonly waiting: Set<() => void>;
}

export function createConnectionQueue({ connections, perClient, patience }: ConnectionQueueOptions): ConnectionQueue {
  /** The clients that hold a connection or wait for one. */
  const clients = new Map<string, Client>();
  let held = 0;
  let given = 0;

  function take(client: Client): void {
    held += 1;
    client.held += 1;
    client.last = ++given;
  }

  function giveBack(name: string, client: Client): void {
    held -= 1;
    client.held -= 1;
    forgetIfIdle(name, client);
    nextClient()?.waiting.values().next().value?.();
  }

  function nextClient(): Client | undefined {
    let next: Client | undefined;
    for (const client of clients.values()) {
      if (client.waiting.size === 0 || client.held >= perClient) continue;
      if (!next || client.held < next.held || (client.held === next.held && client.last < next.last)) next = client;
    }
    return next;
  }

  function forgetIfIdle(name: string, client: Client): void {
    if (client.held === 0 && client.waiting.size === 0) clients.delete(name);
  }

  function wait(name: string, client: Client, deadline: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        client.waiting.delete(begin);
        clearTimeout(timer);
        deadline.removeEventListener('abort', expire);
      };
      const begin = () => {
        end();
        take(client);
        resolve();
      };
      const refuse = (error: Error) => {
        end();
        forgetIfIdle(name, client);
        reject(error);
      };
      const expire = () => refuse(timedOut());
      const timer = patience === undefined ? undefined : setTimeout(() => refuse(unavailable(BUSY)), patience);
      deadline.addEventListener('abort', expire, { once: true });
      client.waiting.add(begin);
    });
  }

  return {
    async run(name, deadline, work) {
      const client = clients.get(name) ?? { held: 0, last: 0, waiting: new Set() };
      clients.set(name, client);
      // While a connection is free, no client waits that could have it: each returned connection goes to such a client.
      if (held < connections && client.held < perClient) take(client);
      else await wait(name, client, deadline);
      try {
        return await work();
      } finally {
        giveBack(name, client);
      }
    },
  };
}

const BUSY = 'The server is busy';
