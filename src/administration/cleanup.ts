import type { Logger } from 'pino';
import type { Clock } from '../common/clock.ts';
import type { AdministrationServices } from './administration.ts';
import { liftExpiredBlocks } from './users/lift-expired-blocks.ts';

/** Throws away what has ended by itself and only takes room: nothing asks for it any more. */
export interface Housekeeping {
  /** Once, now. */
  run(): Promise<void>;
  stop(): void;
}

const HOUR = 3_600_000;

/** Begins to tidy once an hour. Several processes on one database do it all, and get in nobody's way. */
export function startHousekeeping(options: {
  readonly administration: AdministrationServices;
  readonly clock: Clock;
  readonly log: Logger;
}): Housekeeping {
  const { administration, clock, log } = options;
  const { prisma } = administration;
  async function run(): Promise<void> {
    const now = clock();
    try {
      await prisma.session.deleteMany({ where: { OR: [{ expiresAt: { lt: now } }, { idleUntil: { lt: now } }] } });
      await prisma.adminSession.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.adminCode.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.mailedCode.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.usedConfirmation.deleteMany({ where: { expiresAt: { lt: now } } });
      await liftExpiredBlocks(administration);
      await prisma.attempt.deleteMany({ where: { expire: { lt: now.getTime() } } });
    } catch (error) {
      log.error({ err: error }, 'housekeeping failed; it is tried again in an hour');
    }
  }
  const timer = setInterval(run, HOUR);
  timer.unref();
  return { run, stop: () => clearInterval(timer) };
}
