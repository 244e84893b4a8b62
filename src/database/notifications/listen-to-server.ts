import { randomUUID } from 'node:crypto';
import { Connection } from '../connection.ts';
import type { ServerConnections } from '../server-connections.ts';
import { CHANNEL, type Change, type ChangeFeed, type ChangeListener, MOST_BEHIND, readChange } from './changes.ts';

export interface ListenOptions {
  /** Where to listen: a server, or a pooler that keeps one connection for as long as its client does. */
  readonly server: () => Promise<ServerConnections>;
  /** Notifies through the connections that write, to find out whether what is told through them is heard here. */
  readonly notify: (channel: string, payload: string) => Promise<unknown>;
}

/** Milliseconds between two proofs, while somebody asks. */
const PROOF_EVERY = MOST_BEHIND / 3;
/** Milliseconds after the last question for which proofs go on. */
const IN_USE = 2_000;
/** Milliseconds within which a proof, and a first notification, has to arrive: else the line is dead, or deaf. */
const PATIENCE = 2_000;
/** Milliseconds between two attempts to listen. */
const AGAIN_AFTER = 250;
const DEAF_AGAIN_AFTER = 30_000;

/**
 * Listens on a connection of its own, and again when it breaks.
 *
 * That everything was told is proven by a statement on that connection: PostgreSQL delivers what was committed before it
 * with its answer, at the latest. A notification that is under way can be heard without one; but that there is none, and
 * that the connection is still one, only the answer says.
 */
export async function listenToServer(options: ListenOptions): Promise<ChangeFeed> {
  const feed = new ServerFeed(options);
  await feed.connect();
  return feed;
}

class ServerFeed implements ChangeFeed {
  state: ChangeFeed['state'] = 'lost';
  provenAt = Number.NEGATIVE_INFINITY;
  /** The same by the clock on the wall. */
  #provenOn = Number.NEGATIVE_INFINITY;
  readonly #options: ListenOptions;
  readonly #listeners: ChangeListener[] = [];
  #client: Connection | undefined;
  /** The proof that is under way, and the one that whoever asks meanwhile has to wait for. */
  #proof: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #beat: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ListenOptions) {
    this.#options = options;
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  #tell(change: Change | undefined): void {
    for (const listener of this.#listeners) listener(change);
  }

  isCurrent(): boolean {
    const now = performance.now();
    this.#askedAt = now;
    if (this.state !== 'live') return false;
    if (!this.#beat) this.#keepProving();
    // The one clock stands still while the machine sleeps, the other one may be set.
    return now - this.provenAt <= MOST_BEHIND && Date.now() - this.#provenOn <= MOST_BEHIND;
  }

  async catchUp(): Promise<boolean> {
    if (this.state !== 'live') return false;
    // One that is under way may have been answered before what the caller waits for was committed.
    if (!this.#proof) return this.#prove();
    this.#next ??= this.#proof.then(() => {
      this.#next = undefined;
      return this.state === 'live' && this.#prove();
    });
    return this.#next;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
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

  /** So that whoever asks need not wait for a proof, as long as somebody does. */
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
      this.#connectAgain(AGAIN_AFTER);
      return;
    }
    const client = new Connection({
      ...server.config,
      connectionTimeoutMillis: PATIENCE,
      application_name: 'gatehouse listener',
    });
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    let heard: (() => void) | undefined;
    const mark = `mark ${randomUUID()}`;
    client.on('notification', ({ channel, payload = '' }) => {
      if (this.#client !== client) return;
      if (channel === CHANNEL) this.#tell(readChange(payload));
      else if (payload === mark) heard?.();
    });
    this.#client = client;
    try {
      await client.connect();
      await server.prepare(client);
      // A channel of its own for the mark: it is no change, and nobody else is to hear it.
      const own = `gatehouse_${randomUUID().replaceAll('-', '')}`;
      await client.query(`LISTEN ${CHANNEL}; LISTEN ${own}`);
      const isHeard = await this.#isHeard(own, mark, (resolve) => {
        heard = resolve;
      });
      if (this.#client !== client) return;
      await client.query(`UNLISTEN ${own}`);
      if (isHeard) this.#live();
      else this.#isDeaf();
    } catch {
      this.#lose(client);
    }
  }

  async #isHeard(channel: string, mark: string, onHeard: (resolve: () => void) => void): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const heard = new Promise<boolean>((resolve) => {
      onHeard(() => resolve(true));
      timer = setTimeout(() => resolve(false), PATIENCE);
    });
    await this.#options.notify(channel, mark);
    return heard.finally(() => clearTimeout(timer));
  }

  /** Nothing that is remembered from before is good any more: what was changed meanwhile was not told. */
  #live(): void {
    this.provenAt = Number.NEGATIVE_INFINITY;
    this.state = 'live';
    this.#tell(undefined);
  }

  #lose(client = this.#client): void {
    if (!client || this.#client !== client) return;
    this.#client = undefined;
    this.#proof = undefined;
    this.state = 'lost';
    clearInterval(this.#beat);
    this.#beat = undefined;
    if (!this.#closed) this.#tell(undefined);
    client.connection.stream.destroy(); // a word of farewell would wait for a line that may be dead
    this.#connectAgain(AGAIN_AFTER);
  }

  /** Looked at again from time to time: the database may only have been slow. */
  #isDeaf(): void {
    const client = this.#client;
    this.#client = undefined;
    this.state = 'deaf';
    this.#tell(undefined);
    client?.connection.stream.destroy();
    this.#connectAgain(DEAF_AGAIN_AFTER);
  }

  #connectAgain(after: number): void {
    if (this.#closed) return;
    this.#again = setTimeout(() => void this.connect(), after);
    this.#again.unref();
  }
}
