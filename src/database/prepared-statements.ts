import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { CHARACTERS, MAX_ENTRIES } from './statement-names.ts';

/** Closed together, in one exchange with the server. */
const TOGETHER = 50;

/**
 * Bounds what a connection keeps prepared, at both of its ends: PostgreSQL keeps a named statement until it is told to
 * close it, and the driver never tells it. Those that were not used for longest are closed.
 */
export function boundPrepared(client: pg.ClientBase): void {
  const closing: string[] = [];
  const prepared = new LRUCache<string, number>({
    max: MAX_ENTRIES,
    maxSize: CHARACTERS,
    sizeCalculation: (length) => length || 1,
    dispose: (_length, name, reason) => {
      if (reason === 'evict') closing.push(name);
    },
  });
  const send = client.query.bind(client) as (...words: unknown[]) => unknown;
  // What the types leave out: whether it runs nothing.
  const state = client as unknown as { readonly readyForQuery: boolean };

  Object.assign(client, {
    query: (...words: unknown[]) => {
      const { name, text } = (words[0] ?? {}) as { readonly name?: string; readonly text?: string };
      if (name && text !== undefined && prepared.get(name) === undefined) prepared.set(name, text.length);
      if (closing.length >= TOGETHER && state.readyForQuery) send(new CloseStatements(closing.splice(0)));
      return send(...words);
    },
  });
}

/** The driver's end of a connection, as far as its types leave it out. */
interface Wire {
  readonly parsedStatements: Record<string, string>;
  close(message: { readonly type: 'S'; readonly name: string }): void;
  sync(): void;
}

/** Closes statements by the protocol: that is no error for one that is not there, nor within a transaction that failed. */
class CloseStatements {
  readonly #names: readonly string[];
  /** The driver puts its timeout around it. */
  callback: (error: Error | null) => void = () => {};

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  submit(wire: Wire): null {
    for (const name of this.#names) wire.close({ type: 'S', name });
    wire.sync();
    return null;
  }

  /** All of it was done, and nothing else was sent since. */
  handleReadyForQuery(wire: Wire): void {
    for (const name of this.#names) delete wire.parsedStatements[name];
    this.callback(null);
  }

  /** The connection is lost, and with it what was prepared. */
  handleError(error: Error): void {
    this.callback(error);
  }
}
