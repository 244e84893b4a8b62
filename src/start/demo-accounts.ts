import { DEMO_PASSWORD } from '../accounts/public-password.ts';
import { adminTarget } from '../accounts/realms/administrators.ts';
import { type AdministrationServices, administer, BY_SERVER } from '../administration/administration.ts';
import { blockUser } from '../administration/users/block-user.ts';
import { ApiError } from '../common/errors.ts';

// In production, a database from development would be open to everybody who knows the public password. Accounts with that
// password are marked when it is set (accounts/public-password.ts), so that no other hash has to be compared.

/**
 * Blocks the users with the public password of development, and returns their e-mails. A temporary block becomes permanent.
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
      if (await blockUnlessGone(services, id)) blocked.push(email);
    }
  }
  return blocked;
}

async function blockUnlessGone(services: AdministrationServices, id: number): Promise<boolean> {
  const why = { reason: 'The public password of development', until: null };
  try {
    await blockUser(services, BY_SERVER, { key: 'id', value: id }, why);
    return true;
  } catch (error) {
    // Deleted since it was found.
    if (error instanceof ApiError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

/** Deletes the administrators with the public password of development, and returns their e-mails. */
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

/** The number of hashes compared at once, below the limit of the password threads' queue. */
const CONCURRENCY = 20;

/** Compares each hash once: demo users share one. */
async function publicHashesAmong(
  { passwords }: AdministrationServices,
  accounts: readonly { readonly passwordHash: string }[],
): Promise<ReadonlySet<string>> {
  const hashes = [...new Set(accounts.map(({ passwordHash }) => passwordHash))];
  const found = new Set<string>();
  for (let from = 0; from < hashes.length; from += CONCURRENCY) {
    const compare = async (hash: string) => {
      if (await passwords.matches(DEMO_PASSWORD, hash)) found.add(hash);
    };
    await Promise.all(hashes.slice(from, from + CONCURRENCY).map(compare));
  }
  return found;
}
