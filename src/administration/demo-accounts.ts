import { DEMO_ADMIN, DEMO_PASSWORD, DEMO_USERS } from '../../prisma/seed.ts';
import { type AdministrationServices, administer, BY_SERVER } from './administration.ts';
import { adminTarget } from './admins.ts';
import { blockUser } from './users.ts';

// A database that was begun in development would let everybody in who has read about it.

/** Blocks the demo users that still have the public password of development, and names them. */
export async function blockDemoUsers(services: AdministrationServices): Promise<string[]> {
  const { prisma, passwords } = services;
  const users = await prisma.user.findMany({
    where: { email: { in: DEMO_USERS.map(({ email }) => email) }, blocked: false },
    select: { id: true, email: true, passwordHash: true },
  });
  const blocked: string[] = [];
  for (const { id, email, passwordHash } of users) {
    if (!(await passwords.matches(DEMO_PASSWORD, passwordHash))) continue;
    const why = { reason: 'The public password of development', until: null };
    await blockUser(services, BY_SERVER, { key: 'id', value: id }, why);
    blocked.push(email);
  }
  return blocked;
}

/** Deletes the administrator of development where the password is still the public one. */
export async function removeDemoAdmin({ prisma, passwords, audit }: AdministrationServices): Promise<boolean> {
  const demo = await prisma.admin.findUnique({
    where: { email: DEMO_ADMIN },
    select: { id: true, documentId: true, email: true, passwordHash: true },
  });
  if (!demo || !(await passwords.matches(DEMO_PASSWORD, demo.passwordHash))) return false;
  await administer(prisma, BY_SERVER, async (transaction) => {
    const { count } = await transaction.admin.deleteMany({ where: { id: demo.id, passwordHash: demo.passwordHash } });
    if (count > 0)
      await audit.record(transaction, BY_SERVER.actor, { event: 'admin.delete', target: adminTarget(demo) });
  });
  return true;
}
