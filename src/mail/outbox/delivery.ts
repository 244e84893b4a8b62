import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectionShares } from '../../database/connection-shares.ts';
import { type WorkOffOptions, workOffEntry } from './deliver-or-retry.ts';
import type { TakenEntry } from './entries.ts';
import type { Outbox } from './outbox.ts';
import { takeEntries, type Which } from './take-entries.ts';

/** Delivers the entries of the outbox. Several processes can run it concurrently. */
export interface Delivery {
  /** The number of entries in the outbox, of all processes, when it was last polled. */
  readonly waiting: number;
  /** Starts polling for entries that other processes left. Entries enqueued here are delivered without polling. */
  start(): void;
  /** Delivers everything now, due or not, and resolves when the outbox is empty. */
  idle(): Promise<void>;
  /**
   * Stops: delivers only what is running or was just enqueued here, for at most this many milliseconds. The rest stays in
   * the outbox.
   */
  stop(milliseconds: number): Promise<void>;
}

export interface DeliveryOptions extends WorkOffOptions {
  readonly outbox: Outbox;
  readonly shares: Pick<ConnectionShares, 'apart'>;
  /** The polling interval, in milliseconds. */
  readonly lookEvery?: number | undefined;
}

/** The most concurrent deliveries, so that a flood of entries does not exhaust the database or the mail server. */
const AT_ONCE = 4;
/** The polling interval, with jitter so that processes do not poll in step. */
const LOOK_EVERY = 15_000;
const JITTER = 0.2;

export function createDelivery(options: DeliveryOptions): Delivery {
  return new OutboxDelivery(options);
}

class OutboxDelivery implements Delivery {
  readonly #options: DeliveryOptions;
  readonly #running = new Set<Promise<void>>();
  /** Entries enqueued here and not taken yet. */
  readonly #fresh = new Set<number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** The current poll, and the timer of the next one. */
  #round: Promise<void> | undefined;
  #next: NodeJS.Timeout | undefined;
  /** The current look for due entries, and whether another one follows. */
  #look: Promise<void> | undefined;
  #lookAgain = false;
  waiting = 0;
  #away = false;
  #stopped = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    options.outbox.onEnqueued((id, due) => {
      this.#fresh.add(id);
      // After this look the entry is taken (here or elsewhere), or it waits for a free slot.
      this.#in(due, () => this.#lookNow().finally(() => this.#fresh.delete(id)));
    });
  }

  start(): void {
    const { lookEvery = LOOK_EVERY } = this.#options;
    const look = async () => {
      await this.#count();
      if (this.waiting > 0) await this.#lookNow();
      if (this.#stopped) return;
      const next = () => {
        this.#round = look();
      };
      this.#options.shares.apart(() => {
        this.#next = setTimeout(next, lookEvery * (1 + JITTER * (2 * Math.random() - 1))).unref();
      });
    };
    this.#round = look();
  }

  async idle(): Promise<void> {
    for (;;) {
      await this.#look;
      await this.#count();
      const taken = this.waiting > 0 ? await this.#take('all') : 0;
      if (taken === 0 && this.#running.size === 0) break;
      await Promise.all(this.#running);
    }
    this.#forgetTimers();
  }

  async stop(milliseconds: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#next);
    this.#forgetTimers();
    const { log } = this.#options;
    const late = Symbol('late');
    const end = await Promise.race([this.#finish(), wait(milliseconds, late, { ref: false })]);
    const left = this.#running.size + this.#fresh.size;
    if (end === late) log.warn({ left }, 'stopped before all mails were sent: they stay in the outbox');
  }

  async #finish(): Promise<void> {
    await this.#round;
    await this.#look;
    while (this.#fresh.size > 0 || this.#running.size > 0) {
      // Missing entries were taken by another process.
      if (this.#fresh.size > 0 && (await this.#take([...this.#fresh])) === 0 && this.#running.size === 0) return;
      if (this.#running.size > 0) await Promise.race(this.#running);
    }
  }

  #forgetTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #in(milliseconds: number, work: () => Promise<void>): void {
    if (this.#stopped) return;
    this.#options.shares.apart(() => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void work();
      }, milliseconds);
      this.#timers.add(timer.unref());
    });
  }

  /** Takes due entries. Looks do not overlap. */
  #lookNow(): Promise<void> {
    if (this.#look !== undefined) this.#lookAgain = true;
    this.#look ??= this.#takeDue().finally(() => {
      this.#look = undefined;
      if (!this.#lookAgain) return;
      this.#lookAgain = false;
      void this.#lookNow();
    });
    return this.#look;
  }

  async #takeDue(): Promise<void> {
    while (!this.#stopped && this.#running.size < AT_ONCE && (await this.#take('due')) > 0);
  }

  /** Takes as many entries as there are free slots and starts delivering them. */
  async #take(which: Which): Promise<number> {
    const room = AT_ONCE - this.#running.size;
    if (room <= 0) return 0;
    const entries = await this.#reading(() => takeEntries(this.#options.prisma, room, which), []);
    for (const entry of entries) {
      this.#fresh.delete(entry.id);
      const run = this.#work(entry).finally(() => {
        this.#running.delete(run);
        void this.#lookNow();
      });
      this.#running.add(run);
    }
    return entries.length;
  }

  async #work(entry: TakenEntry): Promise<void> {
    const { log } = this.#options;
    try {
      const pause = await workOffEntry(this.#options, entry);
      if (pause !== undefined) this.#in(pause, () => this.#lookNow());
    } catch (error) {
      log.error({ err: error, mail: entry.kind }, 'a mail stays in the outbox and will be retried in two minutes');
    }
  }

  async #count(): Promise<void> {
    const { prisma } = this.#options;
    this.waiting = await this.#reading(() => prisma.outboxEntry.count(), this.waiting);
  }

  /** Reads the outbox; returns `otherwise` while the database is unavailable, and logs that once. */
  async #reading<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      const result = await read();
      this.#away = false;
      return result;
    } catch (error) {
      if (!this.#away) this.#options.log.warn({ err: error }, 'the outbox cannot be read: mails wait until it can');
      this.#away = true;
      return otherwise;
    }
  }
}
