import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectionShares } from '../../database/connection-shares.ts';
import { databaseFailureOf } from '../../database/failures.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { MailOutcome } from '../../telemetry/metrics.ts';
import { MailFailure } from '../mailer.ts';
import { accountOf, deliverEntry, type EntryDeliveryOptions } from './deliver-entry.ts';
import { isRequest, type TakenEntry } from './entries.ts';
import type { Outbox } from './outbox.ts';
import { postponeEntry, takeEntries, type Which } from './take-entries.ts';

/** Sends what waits in the outbox. Several processes do it side by side. */
export interface Delivery {
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

export interface DeliveryOptions extends EntryDeliveryOptions {
  readonly prisma: PrismaClient;
  readonly outbox: Outbox;
  readonly shares: Pick<ConnectionShares, 'apart'>;
  readonly onMail: (outcome: MailOutcome) => void;
  /** Milliseconds between two looks for what others left. */
  readonly lookEvery?: number | undefined;
}

/** Milliseconds before each further attempt. A code lives an hour: later than that nobody wants its mail. */
const PAUSES = [1_000, 5_000, 30_000, 120_000, 600_000];
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
  #next: NodeJS.Timeout | undefined;
  /** The look that is under way, and whether there is to be one more after it. */
  #look: Promise<void> | undefined;
  #lookAgain = false;
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
    const look = () => {
      if (this.#stopped) return;
      void this.#lookNow();
      this.#options.shares.apart(() => {
        this.#next = setTimeout(look, lookEvery * (1 + JITTER * (2 * Math.random() - 1))).unref();
      });
    };
    look();
  }

  async idle(): Promise<void> {
    for (;;) {
      await this.#look;
      const taken = await this.#take('all');
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
    await this.#look;
    while (this.#fresh.size > 0 || this.#running.size > 0) {
      // What is not there any more was taken by another process.
      if (this.#fresh.size > 0 && (await this.#take([...this.#fresh])) === 0 && this.#running.size === 0) return;
      await Promise.race(this.#running);
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
    const entries = await this.#tryToTake(room, which);
    for (const entry of entries) {
      this.#fresh.delete(entry.id);
      const run = this.#deliver(entry).finally(() => {
        this.#running.delete(run);
        void this.#lookNow();
      });
      this.#running.add(run);
    }
    return entries.length;
  }

  async #tryToTake(most: number, which: Which): Promise<TakenEntry[]> {
    const { prisma, log } = this.#options;
    try {
      const entries = await takeEntries(prisma, most, which);
      this.#away = false;
      return entries;
    } catch (error) {
      // Once for each time that it is away.
      if (!this.#away) log.warn({ err: error }, 'the outbox cannot be read: mails wait until it can');
      this.#away = true;
      return [];
    }
  }

  async #deliver(entry: TakenEntry): Promise<void> {
    const { log } = this.#options;
    const { kind, attempts } = entry;
    try {
      const delivered = await deliverEntry(this.#options, entry);
      if (delivered === 'unreadable') {
        log.error({ mail: kind }, 'a mail cannot be read, so it was dropped: its secret is not in JWT_SECRET any more');
        await this.#giveUp(entry);
        return;
      }
      if (delivered !== 'requested') this.#options.onMail(delivered);
      if (delivered === 'unwanted') log.info({ mail: kind }, 'a mail was not wanted any more');
      await this.#remove(entry);
    } catch (error) {
      await this.#retry(entry, error).catch((failure: unknown) => {
        log.error({ err: failure, mail: kind, attempts }, 'a mail waits until its process is taken for dead');
      });
    }
  }

  async #retry(entry: TakenEntry, error: unknown): Promise<void> {
    const { log, prisma } = this.#options;
    const { kind, attempts } = entry;
    const pause = PAUSES[attempts - 1];
    const passing = error instanceof MailFailure ? error.passing : databaseFailureOf(error) !== undefined;
    if (!passing || pause === undefined) {
      log.error({ err: error, mail: kind, attempts }, 'a mail was given up');
      await this.#giveUp(entry);
      return;
    }
    log.warn({ err: error, mail: kind, attempt: attempts, seconds: pause / 1_000 }, 'a mail is tried again');
    await postponeEntry(prisma, entry, pause);
    this.#in(pause, () => this.#lookNow());
  }

  async #giveUp(entry: TakenEntry): Promise<void> {
    const account = accountOf(entry);
    this.#options.onMail('failed');
    if (account && !isRequest(entry.kind)) {
      await this.#options.rules.failed(entry.kind, account, entry.attempts);
    }
    await this.#remove(entry);
  }

  /** A mail that was sent and stayed in the outbox would be sent twice: a database that is away is waited for. */
  async #remove(entry: TakenEntry): Promise<void> {
    const { outbox, prisma } = this.#options;
    for (const pause of [100, 1_000, 5_000, 20_000]) {
      try {
        await outbox.remove(prisma, entry);
        return;
      } catch (error) {
        if (!databaseFailureOf(error)) throw error;
        await wait(pause, undefined, { ref: false });
      }
    }
    await outbox.remove(prisma, entry);
  }
}
