import type { Prisma } from '../generated/prisma/client.ts';

/**
 * What ends with an event, of a user or of an administrator. Everything that opens the account: each session with its
 * tokens, and each mailed code, which is as good as a session. Or the codes alone, where their address is another's now.
 * docs/decisions/027-what-ends.md has the whole table.
 */
const ENDED_BY = {
  /** By whomever and for however long. A trigger of the database ends the same, for who writes it by hand. */
  block: 'sessions and codes',
  /** Asked for by the person or by an administrator. */
  endSessions: 'sessions and codes',
  /** Changed, reset with a code, or set by an administrator. */
  newPassword: 'sessions and codes',
  /** Confirmed with a code, or set by an administrator. */
  newEmail: 'codes',
} as const;

export type EndingEvent = keyof typeof ENDED_BY;

/** Ends what this event ends of a user. To be called in the transaction that writes the event, with the user's row locked. */
export async function endCredentialsOfUser(
  transaction: Prisma.TransactionClient,
  userId: number,
  event: EndingEvent,
): Promise<void> {
  if (ENDED_BY[event] === 'sessions and codes') {
    // Tokens carry the version. So one that is issued while this is written is dead, too.
    const data = { tokenVersion: { increment: 1 } };
    await transaction.user.update({ where: { id: userId }, data, select: { id: true } });
    await transaction.session.deleteMany({ where: { userId } });
  }
  await transaction.mailedCode.deleteMany({ where: { userId } });
  await transaction.usedConfirmation.deleteMany({ where: { userId } });
}

/** The same of an administrator. Nobody blocks one. */
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
