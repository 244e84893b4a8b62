import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectionShares } from '../../database/connection-shares.ts';
import { type WorkOffOptions, workOffEntry } from './deliver-or-retry.ts';
import type { TakenEntry } from './entries.ts';
import type { Outbox } from './outbox.ts';
import { takeEntries, type Which } from './take-entries.ts';

/** Sends what waits in the outbox. Several processes do it side by side. */
export interface Delivery {
  /** Mails and requests in the outbox, of all processes together, when it was last looked at. */
  readonly waiting: number;
  /** Begins to look for what other processes left, from time to time. What is enqueued here is sent without it. */
  start(): void;
  /** Resolves when nothing waits any more. What is due later is sent at once. */
  idle(): Promise<void>;
  /**
   * Takes nothing new but what was enqueued here a moment ago, and waits for so many milliseconds until all of it is
   * sent. The rest stays in the outbox.
   */
  stop(milliseconds: number): Promise<void>;
}

export interface DeliveryOptions extends WorkOffOptions {
  readonly outbox: Outbox;
  readonly shares: Pick<ConnectionShares, 'apart'>;
  /** Milliseconds between two looks for what others left. */
  readonly lookEvery?: number | undefined;
}

/** As many entries as are delivered at once, so that a flood of them leaves the database and the mail server to the rest. */
const AT_ONCE = 4;
/** Of two processes none looks always behind the other. */
const LOOK_EVERY = 15_000;
const JITTER = 0.2;

export function createDelivery(options: DeliveryOptions): Delivery {
  return new OutboxDelivery(options);
}

class OutboxDelivery implements Delivery {
  readonly #options: DeliveryOptions;
  readonly #running = new Set<Promise<void>>();
  /** What was enqueued here and is not taken yet. */
  readonly #fresh = new Set<number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** The regular look that is under way, and the timer of the next one. */
  #round: Promise<void> | undefined;
  #next: NodeJS.Timeout | undefined;
  /** The look that is under way, and whether there is to be one more after it. */
  #look: Promise<void> | undefined;
  #lookAgain = false;
  waiting = 0;
  #away = false;
  #stopped = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    options.outbox.onEnqueued((id, due) => {
      this.#fresh.add(id);
      // By then it is taken, or there is no room yet, or another process was faster.
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
    if (end === late) log.warn({ left }, 'mails were still being sent at the stop: they wait in the outbox');
  }

  async #finish(): Promise<void> {
    await this.#round;
    await this.#look;
    while (this.#fresh.size > 0 || this.#running.size > 0) {
      // What is not there any more was taken by another process.
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

  /** Takes what is due, one look after the other. */
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

  /** Takes as many as there is room for, and begins to deliver them. */
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
      log.error({ err: error, mail: entry.kind }, 'a mail stays in the outbox, and is retried in two minutes');
    }
  }

  async #count(): Promise<void> {
    const { prisma } = this.#options;
    this.waiting = await this.#reading(() => prisma.outboxEntry.count(), this.waiting);
  }

  /** What is read of the outbox; something else while the database is away, which is logged once. */
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
