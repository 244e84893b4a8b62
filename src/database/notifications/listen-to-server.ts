import { randomUUID } from 'node:crypto';
import { Connection } from '../connection.ts';
import type { ServerConnections } from '../server-connections.ts';
import { CHANNEL, type Change, type ChangeFeed, type ChangeListener, MAX_LAG, readChange } from './changes.ts';

export interface ListenOptions {
  /** Where to listen: a server, or a pooler that keeps one connection for as long as its client does. */
  readonly server: () => Promise<ServerConnections>;
  /** Notifies through the connections that write, to find out whether their notifications arrive here. */
  readonly notify: (channel: string, payload: string) => Promise<unknown>;
}

/** Milliseconds between two proofs, while somebody asks. */
const PROOF_EVERY = MAX_LAG / 3;
/** Milliseconds after the last question for which proofs go on. */
const IN_USE = 2_000;
/** Milliseconds in which a proof, and a first notification, has to arrive. Otherwise the connection is dead, or brings none. */
const PATIENCE = 2_000;
/** Milliseconds between two attempts to listen. */
const RECONNECT_AFTER = 250;
const RETRY_UNSUPPORTED_AFTER = 30_000;

/**
 * Listens on a connection of its own, and reconnects when it breaks.
 *
 * A statement on that connection proves that no notification is missing: PostgreSQL delivers the notifications of everything
 * that was committed before the statement with its answer, at the latest. Only the answer shows that none is on its way, and
 * that the connection still works.
 */
export async function listenToServer(options: ListenOptions): Promise<ChangeFeed> {
  const feed = new ServerFeed(options);
  await feed.connect();
  return feed;
}

class ServerFeed implements ChangeFeed {
  state: ChangeFeed['state'] = 'disconnected';
  provenAt = Number.NEGATIVE_INFINITY;
  /** The same by the clock on the wall. */
  #provenOn = Number.NEGATIVE_INFINITY;
  readonly #options: ListenOptions;
  readonly #listeners: ChangeListener[] = [];
  #client: Connection | undefined;
  /** The proof that is under way, and the next one, which requests of the meantime have to wait for. */
  #proof: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #beat: NodeJS.Timeout | undefined;
  #reconnect: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ListenOptions) {
    this.#options = options;
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  #notify(change: Change | undefined): void {
    for (const listener of this.#listeners) listener(change);
  }

  isCurrent(): boolean {
    const now = performance.now();
    this.#askedAt = now;
    if (this.state !== 'live') return false;
    if (!this.#beat) this.#keepProving();
    // The one clock stands still while the machine sleeps, the other one may be set.
    return now - this.provenAt <= MAX_LAG && Date.now() - this.#provenOn <= MAX_LAG;
  }

  async catchUp(): Promise<boolean> {
    if (this.state !== 'live') return false;
    // The proof that is under way may be answered before the caller's change was committed.
    if (!this.#proof) return this.#prove();
    this.#next ??= this.#proof.then(() => {
      this.#next = undefined;
      return this.state === 'live' && this.#prove();
    });
    return this.#next;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnect);
    this.#lose();
  }

  #prove(): Promise<boolean> {
    const client = this.#client;
    const at = performance.now();
    const on = Date.now();
    const proof = this.#statement('SELECT').then((answered) => {
      if (this.#proof === proof) this.#proof = undefined;
      const proven = answered && this.#client === client && this.state === 'live';
      if (proven) {
        this.provenAt = at;
        this.#provenOn = on;
      }
      return proven;
    });
    this.#proof = proof;
    return proof;
  }

  /** Runs a statement on the connection, and gives the connection up when it is not answered. */
  async #statement(sql: string): Promise<boolean> {
    const client = this.#client;
    if (!client) return false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), PATIENCE);
    });
    const answered = await Promise.race([
      client.query(sql).then(
        () => true,
        () => false,
      ),
      late,
    ]);
    clearTimeout(timer);
    if (!answered && this.#client === client) this.#lose();
    return answered;
  }

  /** Proves regularly while there are requests, so that they do not have to wait for a proof. */
  #keepProving(): void {
    this.#beat = setInterval(() => {
      if (this.state !== 'live' || performance.now() - this.#askedAt > IN_USE) {
        clearInterval(this.#beat);
        this.#beat = undefined;
      } else if (!this.#proof) void this.#prove();
    }, PROOF_EVERY);
    this.#beat.unref();
  }

  async connect(): Promise<void> {
    const server = await this.#options.server().catch(() => undefined);
    if (this.#closed) return;
    if (!server) {
      this.#connectLater(RECONNECT_AFTER);
      return;
    }
    const client = new Connection({
      ...server.config,
      connectionTimeoutMillis: PATIENCE,
      application_name: 'gatehouse listener',
    });
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    let arrived: (() => void) | undefined;
    const mark = `mark ${randomUUID()}`;
    client.on('notification', ({ channel, payload = '' }) => {
      if (this.#client !== client) return;
      if (channel === CHANNEL) this.#notify(readChange(payload));
      else if (payload === mark) arrived?.();
    });
    this.#client = client;
    try {
      await client.connect();
      await server.prepare(client);
      // A channel of its own for the mark: it is no change, and no other process should receive it.
      const own = `gatehouse_${randomUUID().replaceAll('-', '')}`;
      await client.query(`LISTEN ${CHANNEL}; LISTEN ${own}`);
      const isSupported = await this.#arrives(own, mark, (resolve) => {
        arrived = resolve;
      });
      if (this.#client !== client) return;
      await client.query(`UNLISTEN ${own}`);
      if (isSupported) this.#live();
      else this.#unsupported();
    } catch {
      this.#lose(client);
    }
  }

  async #arrives(channel: string, mark: string, onArrival: (resolve: () => void) => void): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const arrived = new Promise<boolean>((resolve) => {
      onArrival(() => resolve(true));
      timer = setTimeout(() => resolve(false), PATIENCE);
    });
    await this.#options.notify(channel, mark);
    return arrived.finally(() => clearTimeout(timer));
  }

  /** Memory from before is not valid: changes of the meantime were not notified. */
  #live(): void {
    this.provenAt = Number.NEGATIVE_INFINITY;
    this.state = 'live';
    this.#notify(undefined);
  }

  #lose(client = this.#client): void {
    if (!client || this.#client !== client) return;
    this.#client = undefined;
    this.#proof = undefined;
    this.state = 'disconnected';
    clearInterval(this.#beat);
    this.#beat = undefined;
    if (!this.#closed) this.#notify(undefined);
    client.connection.stream.destroy(); // a goodbye would wait for a connection that may be dead
    this.#connectLater(RECONNECT_AFTER);
  }

  /** Tried again from time to time: the database may only have been slow. */
  #unsupported(): void {
    const client = this.#client;
    this.#client = undefined;
    this.state = 'unsupported';
    this.#notify(undefined);
    client?.connection.stream.destroy();
    this.#connectLater(RETRY_UNSUPPORTED_AFTER);
  }

  #connectLater(after: number): void {
    if (this.#closed) return;
    this.#reconnect = setTimeout(() => void this.connect(), after);
    this.#reconnect.unref();
  }
}
