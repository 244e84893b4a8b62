import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Background } from '../common/background.ts';
import { databaseFailureOf } from '../database/failures.ts';
import { type Mail, type Mailer, MailFailure } from './mailer.ts';

/** Sends mails, and tries again what may end better the next time. */
export interface Delivery {
  /**
   * While somebody waits for it: a fault that passes within a moment is not told.
   *
   * @throws MailFailure when it could not be handed over.
   */
  now(mail: Mail): Promise<void>;
  /**
   * After the answer, whatever becomes of it: what cannot be sent is logged, without its address and link. `prepare`
   * makes the mail, or none.
   */
  later(name: string, prepare: Prepare): void;
}

type Prepare = () => Promise<PreparedMail | undefined>;

export interface PreparedMail {
  readonly mail: Mail;
  /** Asked before each further attempt: the code in it may have been used or replaced meanwhile. */
  readonly wanted?: () => Promise<boolean>;
}

export interface DeliveryOptions {
  readonly mailer: Mailer;
  readonly background: Background;
  readonly log: Logger;
  /** Milliseconds between the attempts that somebody waits for. */
  readonly shortPauses?: readonly number[];
}

/** Milliseconds before each further attempt. A code lives an hour: later than that nobody wants its mail. */
const LONG_PAUSES = [1_000, 5_000, 30_000, 120_000, 600_000];

export function createDelivery({ mailer, background, log, shortPauses = [300, 1_200] }: DeliveryOptions): Delivery {
  async function attempt(name: string, prepared: PreparedMail, before: number): Promise<void> {
    if (before > 0 && prepared.wanted && !(await prepared.wanted())) return;
    try {
      await mailer.send(prepared.mail);
    } catch (error) {
      const pause = LONG_PAUSES[before];
      if (!(error instanceof MailFailure) || !error.passing || pause === undefined) throw error;
      log.warn({ err: error, mail: name, attempt: before + 1, seconds: pause / 1_000 }, 'a mail is tried again');
      background.run(name, () => attempt(name, prepared, before + 1), pause);
    }
  }

  /** The database may be away for the moment, and whoever asked was told that all is well. */
  async function prepareAndSend(name: string, prepare: Prepare, before: number): Promise<void> {
    let prepared: PreparedMail | undefined;
    try {
      prepared = await prepare();
    } catch (error) {
      const pause = LONG_PAUSES[before];
      if (!databaseFailureOf(error) || pause === undefined) throw error;
      log.warn({ err: error, mail: name, seconds: pause / 1_000 }, 'a mail is prepared again');
      background.run(name, () => prepareAndSend(name, prepare, before + 1), pause);
      return;
    }
    if (prepared) await attempt(name, prepared, 0);
  }

  return {
    async now(mail) {
      for (const pause of [...shortPauses, undefined]) {
        const started = performance.now();
        try {
          return await mailer.send(mail);
        } catch (error) {
          // A server that takes its time to fail would be waited for once more: whoever waits here has waited enough.
          const slow = performance.now() - started > SLOW;
          if (!(error instanceof MailFailure) || !error.passing || slow || pause === undefined) throw error;
          await wait(pause);
        }
      }
    },
    later(name, prepare) {
      background.run(name, () => prepareAndSend(name, prepare, 0));
    },
  };
}

/** Milliseconds. */
const SLOW = 1_000;
