import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { CHARACTERS, MAX_ENTRIES } from './statement-names.ts';

/** How many are closed together, in one round trip. */
const TOGETHER = 50;

/**
 * Limits the prepared statements of a connection, in the server and in the driver: PostgreSQL keeps a named statement until
 * a client closes it, and the driver never does. The least recently used ones are closed.
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
  // Its overloads are handed on, whichever is called.
  const send = client.query.bind(client) as (...words: unknown[]) => unknown;
  // Missing in the driver's types: whether no query runs.
  const state = client as unknown as { readonly readyForQuery: boolean };

  Object.assign(client, {
    query: (...words: unknown[]) => {
      // A text, or an object that can have these.
      const { name, text } = (words[0] ?? {}) as { readonly name?: string; readonly text?: string };
      if (name && text !== undefined && prepared.get(name) === undefined) prepared.set(name, text.length);
      if (closing.length >= TOGETHER && state.readyForQuery) send(new CloseStatements(closing.splice(0)));
      return send(...words);
    },
  });
}

/** The parts of the driver's connection that its types leave out. */
interface Wire {
  readonly parsedStatements: Record<string, string>;
  close(message: { readonly type: 'S'; readonly name: string }): void;
  sync(): void;
}

/** Closes statements with protocol messages: no error for an unknown one, and allowed in a failed transaction. */
class CloseStatements {
  readonly #names: readonly string[];
  /** The driver wraps it with its timeout. */
  callback: (error: Error | null) => void = () => {};

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  submit(wire: Wire): null {
    for (const name of this.#names) wire.close({ type: 'S', name });
    wire.sync();
    return null;
  }

  /** Called when everything was done and nothing else was sent since. */
  handleReadyForQuery(wire: Wire): void {
    for (const name of this.#names) delete wire.parsedStatements[name];
    this.callback(null);
  }

  /** Called when the connection is lost, and its prepared statements with it. */
  handleError(error: Error): void {
    this.callback(error);
  }
}
