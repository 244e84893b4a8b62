import { timedOut, unavailable } from '../common/errors.ts';

export interface TurnsOptions {
  /** How many connections there are. */
  readonly connections: number;
  /** How many of them one client may hold, however many are free. */
  readonly perClient: number;
  /** Milliseconds that a statement waits for a connection; undefined where it waits until its operation's time is over. */
  readonly patience?: number;
}

/** Hands out connections to clients, so that one who asks much does not keep them from the others. */
export interface Turns {
  /**
   * Runs what takes a connection. While all are taken, the next one goes to the client that holds the fewest, and among
   * those to the one that was not given one for longest.
   *
   * @throws ApiError SERVICE_UNAVAILABLE when there was none in time, TIMEOUT when the deadline passed before.
   */
  run<T>(client: string, deadline: AbortSignal, work: () => Promise<T>): Promise<T>;
}

interface Client {
  held: number;
  /** When it was given one last, counted in turns. */
  last: number;
  readonly waiting: Set<() => void>;
}

export function createTurns({ connections, perClient, patience }: TurnsOptions): Turns {
  /** Those that hold a connection or wait for one. */
  const clients = new Map<string, Client>();
  let held = 0;
  let turns = 0;

  function take(client: Client): void {
    held += 1;
    client.held += 1;
    client.last = ++turns;
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
      // Where one is free, nobody waits who may have it: the last that was given back went to them.
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
