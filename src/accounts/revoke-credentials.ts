import type { Prisma } from '../generated/prisma/client.ts';

/**
 * What each event revokes: all sessions with their tokens and all mailed codes, which can start a session; or only the
 * codes, when the address changed. docs/decisions/027-what-ends.md has the whole table.
 */
const ENDED_BY = {
  /** Any block. A database trigger does the same for blocks written with SQL. */
  block: 'sessions and codes',
  /** Requested by the user or an administrator. */
  endSessions: 'sessions and codes',
  /** Its owner asked to delete it, and it is kept for some days. */
  deletion: 'sessions and codes',
  /** Changed, reset with a code, or set by an administrator. */
  newPassword: 'sessions and codes',
  /** Confirmed with a code, or set by an administrator. */
  newEmail: 'codes',
} as const;

export type EndingEvent = keyof typeof ENDED_BY;

/** Revokes the credentials of a user. Call it in the transaction that writes the event, with the user's row locked. */
export async function endCredentialsOfUser(
  transaction: Prisma.TransactionClient,
  userId: number,
  event: EndingEvent,
): Promise<void> {
  if (ENDED_BY[event] === 'sessions and codes') {
    // Tokens carry the version, so a token issued concurrently is revoked too.
    const data = { tokenVersion: { increment: 1 } };
    await transaction.user.update({ where: { id: userId }, data, select: { id: true } });
    await transaction.session.deleteMany({ where: { userId } });
  }
  await transaction.mailedCode.deleteMany({ where: { userId } });
  await transaction.usedConfirmation.deleteMany({ where: { userId } });
}

/** Revokes the credentials of an administrator. Administrators cannot be blocked. */
export async function endCredentialsOfAdmin(
  transaction: Prisma.TransactionClient,
  adminId: number,
  event: Exclude<EndingEvent, 'block'>,
): Promise<void> {
  if (ENDED_BY[event] === 'sessions and codes') {
    const data = { tokenVersion: { increment: 1 } };
    await transaction.admin.update({ where: { id: adminId }, data, select: { id: true } });
    await transaction.adminSession.deleteMany({ where: { adminId } });
  }
  await transaction.adminCode.deleteMany({ where: { adminId } });
}
