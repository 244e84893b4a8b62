import { setTimeout as wait } from 'node:timers/promises';
import { type Mail, type Mailer, MailFailure } from './mailer.ts';

/**
 * Sends a mail while somebody waits for it: a fault that passes within a moment is not told.
 *
 * @throws MailFailure when it could not be handed over.
 */
export type SendNow = (mail: Mail) => Promise<void>;

/** Milliseconds between the attempts. */
const PAUSES = [300, 1_200];
/** A server that takes so many milliseconds to fail is not waited for once more. */
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
