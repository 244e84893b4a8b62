import { setTimeout as wait } from 'node:timers/promises';
import { type Mail, type Mailer, MailFailure } from './mailer.ts';

/**
 * Sends a mail during a request, with short retries for transient failures.
 *
 * @throws MailFailure when the mail could not be sent.
 */
export type SendNow = (mail: Mail) => Promise<void>;

/** Milliseconds between attempts. */
const PAUSES = [300, 1_200];
/** No retry if an attempt took longer than this many milliseconds to fail. */
const SLOW = 1_000;

export function createSendNow(mailer: Mailer): SendNow {
  return async (mail) => {
    for (const pause of [...PAUSES, undefined]) {
      const started = performance.now();
      try {
        return await mailer.send(mail);
      } catch (error) {
        const slow = performance.now() - started > SLOW;
        if (!(error instanceof MailFailure) || !error.passing || slow || pause === undefined) throw error;
        await wait(pause);
      }
    }
  };
}
