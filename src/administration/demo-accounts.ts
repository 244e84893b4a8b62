import { DEMO_PASSWORD } from '../authentication/public-password.ts';
import { type AdministrationServices, administer, BY_SERVER } from './administration.ts';
import { adminTarget } from './admins.ts';
import { blockUser } from './users.ts';

// A database that was begun in development would let everybody in who has read about it. Who has the public password is
// marked where a password is written (authentication/public-password.ts), so that nobody else's is compared.

/**
 * Blocks the users that have the public password of development, whatever else was changed of them, and names them. A block
 * that ends by itself is no end of it.
 */
export async function blockDemoUsers(services: AdministrationServices): Promise<string[]> {
  const { prisma } = services;
  const marked = await prisma.user.findMany({
    where: { publicPassword: true },
    select: { id: true, email: true, passwordHash: true, blocked: true, blockedUntil: true },
    orderBy: { id: 'asc' },
  });
  const isPublic = await publicHashesAmong(services, marked);
  const blocked: string[] = [];
  for (const { id, email, passwordHash, ...block } of marked) {
    if (!isPublic.has(passwordHash)) {
      await prisma.user.updateMany({ where: { id, passwordHash }, data: { publicPassword: false } });
    } else if (!block.blocked || block.blockedUntil !== null) {
      const why = { reason: 'The public password of development', until: null };
      await blockUser(services, BY_SERVER, { key: 'id', value: id }, why);
      blocked.push(email);
    }
  }
  return blocked;
}

/** Deletes the administrators that have the public password of development, and names them. */
export async function removeDemoAdmins(services: AdministrationServices): Promise<string[]> {
  const { prisma, audit } = services;
  const marked = await prisma.admin.findMany({
    where: { publicPassword: true },
    select: { id: true, documentId: true, email: true, passwordHash: true },
    orderBy: { id: 'asc' },
  });
  const isPublic = await publicHashesAmong(services, marked);
  const removed: string[] = [];
  for (const admin of marked) {
    const { id, email, passwordHash } = admin;
    if (!isPublic.has(passwordHash)) {
      await prisma.admin.updateMany({ where: { id, passwordHash }, data: { publicPassword: false } });
      continue;
    }
    await administer(prisma, BY_SERVER, async (transaction) => {
      const { count } = await transaction.admin.deleteMany({ where: { id, passwordHash } });
      if (count === 0) return; // another process was faster
      await audit.record(transaction, BY_SERVER.actor, { event: 'admin.delete', target: adminTarget(admin) });
      removed.push(email);
    });
  }
  return removed;
}

/** Demo users share one hash: each is compared once. */
async function publicHashesAmong(
  { passwords }: AdministrationServices,
  accounts: readonly { readonly passwordHash: string }[],
): Promise<ReadonlySet<string>> {
  const hashes = [...new Set(accounts.map(({ passwordHash }) => passwordHash))];
  const found = await Promise.all(hashes.map((hash) => passwords.matches(DEMO_PASSWORD, hash)));
  return new Set(hashes.filter((_hash, index) => found[index]));
}
