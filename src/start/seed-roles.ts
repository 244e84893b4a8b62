import { DEFAULT_ROLES } from '../authorization/defaults.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';

/** Any number that nothing else in the database locks with. */
const SEED_LOCK = 7_461_283;

/**
 * Gives an empty database its roles and settings, and whatever else `then` adds, all of it or nothing. Tells whether
 * there was anything to do: a database that has roles is left as its administrators made it.
 */
export async function seedRoles(
  prisma: PrismaClient,
  then: (transaction: Prisma.TransactionClient) => Promise<void> = async () => {},
): Promise<boolean> {
  if ((await prisma.role.count()) > 0) return false;
  return prisma.$transaction(
    async (transaction) => {
      // Of several processes that start on an empty database, one seeds and the others wait for it.
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${SEED_LOCK})`;
      if ((await transaction.role.count()) > 0) return false;
      for (const { actions, ...role } of DEFAULT_ROLES) {
        await transaction.role.create({
          data: { ...role, permissions: { create: actions.map((action) => ({ action })) } },
        });
      }
      const { id } = await transaction.role.findUniqueOrThrow({
        where: { type: 'authenticated' },
        select: { id: true },
      });
      await transaction.settings.create({ data: { id: 1, defaultRoleId: id } });
      await then(transaction);
      return true;
    },
    { timeout: 60_000, maxWait: 60_000 },
  );
}
