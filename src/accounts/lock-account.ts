import { type AdminViewer, isBlocked, type UserViewer } from '../authentication/viewer.ts';
import { invalidCredential } from '../common/errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { ADMIN, type AdminRow, USER, type UserRow } from './account-rows.ts';

// Credentials are checked before the writing transaction: comparing a password is slow, and the embedded database has one
// connection. So a transaction that relies on a credential locks the account first and checks the credential again.

/** Locks a user until the transaction ends and returns its current row; undefined if it no longer exists. */
export async function lockUser(transaction: Prisma.TransactionClient, id: number): Promise<UserRow | undefined> {
  // The lock of an UPDATE. The separate read below sees what was committed while this statement waited.
  await transaction.$queryRaw`SELECT 1 FROM "users" WHERE "id" = ${id} FOR NO KEY UPDATE`;
  const user = await transaction.user.findUnique({ where: { id }, select: USER });
  return user ?? undefined;
}

/**
 * Locks the viewer's account and checks that their session still exists. Everything that revokes a token ends the
 * session, a password change too, so the password is still the one at the time of the request.
 *
 * @throws ApiError UNAUTHENTICATED when the session was revoked since the request was authenticated.
 */
export async function lockPerson(
  transaction: Prisma.TransactionClient,
  { account, session: documentId }: UserViewer,
  now: Date,
): Promise<UserRow> {
  const user = await lockUser(transaction, account.id);
  const session = user && (await transaction.session.findUnique({ where: { documentId, userId: user.id } }));
  if (!user || session?.tokenVersion !== user.tokenVersion) throw invalidCredential('revoked');
  if (isBlocked(user, now)) throw invalidCredential('blocked');
  return user;
}

/** Locks an administrator until the transaction ends and returns the current row; undefined if it no longer exists. */
export async function lockAdmin(transaction: Prisma.TransactionClient, id: number): Promise<AdminRow | undefined> {
  await transaction.$queryRaw`SELECT 1 FROM "admins" WHERE "id" = ${id} FOR NO KEY UPDATE`;
  return (await transaction.admin.findUnique({ where: { id }, select: ADMIN })) ?? undefined;
}

/**
 * Locks the viewer's administrator account and checks that their session still exists.
 *
 * @throws ApiError UNAUTHENTICATED when the session was revoked since the request was authenticated.
 */
export async function lockAdministrator(
  transaction: Prisma.TransactionClient,
  { admin: { id }, session: documentId }: AdminViewer,
) {
  const admin = await lockAdmin(transaction, id);
  if (!admin || !(await transaction.adminSession.findUnique({ where: { documentId, adminId: admin.id } }))) {
    throw invalidCredential('revoked');
  }
  return admin;
}
