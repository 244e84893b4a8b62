import type { Logger } from 'pino';
import type { UserAccounts } from '../accounts/accounts.ts';
import { deleteEndedAccounts } from '../accounts/delete-own-account.ts';
import { dayOf } from '../accounts/login-refusals.ts';
import { KNOWN_FOR } from '../accounts/new-devices.ts';
import type { Clock } from '../common/clock.ts';
import type { AdministrationServices } from './administration.ts';
import { MAX_DAYS } from './overview/days.ts';
import { liftExpiredBlocks } from './users/lift-expired-blocks.ts';

/** Deletes rows that have expired and are of no more use. */
export interface Cleanup {
  /** Once, now. */
  run(): Promise<void>;
  stop(): void;
}

const HOUR = 3_600_000;

/** Starts a cleanup once an hour. Several processes can run it on one database. */
export function startCleanup(options: {
  readonly administration: AdministrationServices;
  readonly users: UserAccounts;
  readonly clock: Clock;
  readonly log: Logger;
}): Cleanup {
  const { administration, users, clock, log } = options;
  const { prisma } = administration;
  async function run(): Promise<void> {
    const now = clock();
    try {
      const ended = { OR: [{ expiresAt: { lt: now } }, { idleUntil: { lt: now } }] };
      await prisma.session.deleteMany({ where: ended });
      await prisma.adminSession.deleteMany({ where: ended });
      await prisma.adminCode.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.mailedCode.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.knownDevice.deleteMany({ where: { lastSeenAt: { lt: new Date(now.getTime() - KNOWN_FOR) } } });
      await prisma.disownCode.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.invitation.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.loginCode.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.usedConfirmation.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.loginChallenge.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.passkeyChallenge.deleteMany({ where: { expiresAt: { lt: now } } });
      await prisma.openForm.deleteMany({ where: { expiresAt: { lt: now } } });
      await administration.signingKeys.maintain();
      await liftExpiredBlocks(administration);
      await deleteEndedAccounts(users);
      await prisma.loginRefusals.deleteMany({ where: { day: { lte: dayOf(now) - MAX_DAYS } } });
      await prisma.attempt.deleteMany({ where: { expire: { lt: now.getTime() } } });
    } catch (error) {
      log.error({ err: error }, 'cleanup failed; it is tried again in an hour');
    }
  }
  const timer = setInterval(run, HOUR);
  timer.unref();
  return { run, stop: () => clearInterval(timer) };
}
