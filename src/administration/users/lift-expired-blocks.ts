import { difference, userTarget } from '../../audit/audit.ts';
import { type AdministrationServices, administer, BY_SERVER } from '../administration.ts';
import { recordOf, USER } from './user-row.ts';

/** The rest is lifted an hour later. Until then they are shown as blocked, and are not. */
const MAX_AT_ONCE = 1_000;

/** Lifts the blocks that have expired. */
export async function liftExpiredBlocks(services: AdministrationServices): Promise<void> {
  const { prisma, audit, clock } = services;
  const where = { blocked: true, blockedUntil: { lte: clock() } };
  const ended = await prisma.user.findMany({ where, select: USER, take: MAX_AT_ONCE });
  for (const user of ended) {
    await administer(prisma, BY_SERVER, async (transaction) => {
      const data = { blocked: false, blockedUntil: null, blockReason: null };
      const { count } = await transaction.user.updateMany({ where: { ...where, id: user.id }, data });
      if (count === 0) return; // another process was faster
      const changed = difference(recordOf(user), recordOf({ ...user, ...data }));
      await audit.record(transaction, BY_SERVER.actor, { event: 'user.unblock', target: userTarget(user), ...changed });
    });
  }
}
