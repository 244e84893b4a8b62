import { type AdminViewer, isBlocked, type UserViewer } from '../authentication/viewer.ts';
import { invalidCredential } from '../common/errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { ADMIN, type AdminRow, USER, type UserRow } from './account-rows.ts';

// A credential is checked before the transaction that writes: comparing a password takes long, and the embedded database
// has one connection. So whoever writes on the strength of one locks the row first, and looks whether it still holds.

/** A user as it is now, and stays until the transaction ends; undefined when there is none any more. */
export async function lockUser(transaction: Prisma.TransactionClient, id: number): Promise<UserRow | undefined> {
  // What an UPDATE locks. Read by a statement of its own: it sees what was committed while this one waited.
  await transaction.$queryRaw`SELECT 1 FROM "users" WHERE "id" = ${id} FOR NO KEY UPDATE`;
  const user = await transaction.user.findUnique({ where: { id }, select: USER });
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
  { account, session: documentId }: UserViewer,
  now: Date,
): Promise<UserRow> {
  const user = await lockUser(transaction, account.id);
  const session = user && (await transaction.session.findUnique({ where: { documentId, userId: user.id } }));
  if (!user || session?.tokenVersion !== user.tokenVersion) throw invalidCredential('revoked');
  if (isBlocked(user, now)) throw invalidCredential('blocked');
  return user;
}

/** An administrator as it is now, and stays until the transaction ends; undefined when there is none any more. */
export async function lockAdmin(transaction: Prisma.TransactionClient, id: number): Promise<AdminRow | undefined> {
  await transaction.$queryRaw`SELECT 1 FROM "admins" WHERE "id" = ${id} FOR NO KEY UPDATE`;
  return (await transaction.admin.findUnique({ where: { id }, select: ADMIN })) ?? undefined;
}

/**
 * The administrator who asks, locked, if the session of their token still lives.
 *
 * @throws ApiError UNAUTHENTICATED when it was ended since the request was let in.
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
