import { ACCOUNT, type Account, isBlocked, type Viewer } from '../authentication/viewer.ts';
import { invalidCredential } from '../common/errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';

// A credential is checked before the transaction that writes: comparing a password takes long, and the embedded database
// has one connection. So whoever writes on the strength of one locks the row first, and looks whether it still holds.

const LOCKED_USER = { ...ACCOUNT, tokenVersion: true } as const;

export type LockedUser = Account & { readonly tokenVersion: number };

/** A user as it is now, and stays until the transaction ends; undefined when there is none any more. */
export async function lockUser(transaction: Prisma.TransactionClient, id: number): Promise<LockedUser | undefined> {
  // What an UPDATE locks. Read by a statement of its own: it sees what was committed while this one waited.
  await transaction.$queryRaw`SELECT 1 FROM "users" WHERE "id" = ${id} FOR NO KEY UPDATE`;
  const user = await transaction.user.findUnique({ where: { id }, select: LOCKED_USER });
  return user ?? undefined;
}

/**
 * The user who asks, locked, if the session of their token still lives: everything that ends a token ends the session. So
 * the password is the one that it was when the request came, too.
 *
 * @throws ApiError UNAUTHENTICATED when it was ended since the request was let in.
 */
export async function lockPerson(
  transaction: Prisma.TransactionClient,
  { account, session: documentId }: Extract<Viewer, { kind: 'user' }>,
  now: Date,
): Promise<LockedUser> {
  const user = await lockUser(transaction, account.id);
  const session = user && (await transaction.session.findUnique({ where: { documentId, userId: user.id } }));
  if (!user || session?.tokenVersion !== user.tokenVersion) throw invalidCredential('revoked');
  if (isBlocked(user, now)) throw invalidCredential('blocked');
  return user;
}

const LOCKED_ADMIN = { id: true, documentId: true, email: true, name: true, role: true, tokenVersion: true } as const;

/** An administrator as it is now, and stays until the transaction ends; undefined when there is none any more. */
export async function lockAdmin(transaction: Prisma.TransactionClient, id: number) {
  await transaction.$queryRaw`SELECT 1 FROM "admins" WHERE "id" = ${id} FOR NO KEY UPDATE`;
  return (await transaction.admin.findUnique({ where: { id }, select: LOCKED_ADMIN })) ?? undefined;
}

/**
 * The administrator who asks, locked, if the session of their token still lives.
 *
 * @throws ApiError UNAUTHENTICATED when it was ended since the request was let in.
 */
export async function lockAdministrator(
  transaction: Prisma.TransactionClient,
  { admin: { id }, session: documentId }: Extract<Viewer, { kind: 'admin' }>,
) {
  const admin = await lockAdmin(transaction, id);
  if (!admin || !(await transaction.adminSession.findUnique({ where: { documentId, adminId: admin.id } }))) {
    throw invalidCredential('revoked');
  }
  return admin;
}
