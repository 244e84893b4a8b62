import type { Prisma } from '../generated/prisma/client.ts';

/** Remembers that the user reads the mails of the account's address. Needs the row locked. */
export async function verifyEmail(transaction: Prisma.TransactionClient, userId: number, now: Date): Promise<void> {
  await transaction.user.update({ where: { id: userId }, data: { emailVerifiedAt: now }, select: { id: true } });
}
