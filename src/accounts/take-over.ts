import type { Prisma } from '../generated/prisma/client.ts';
import type { UserAccounts } from './accounts.ts';
import { NO_WRITTEN_PASSWORD } from './public-password.ts';

/**
 * Confirms an account for the owner of its address, when somebody registered with it and waits for that: nothing by which its maker
 * could get in stays. Needs the row locked.
 */
export async function takeOver(
  { realm, secondFactors, clock }: Pick<UserAccounts, 'realm' | 'secondFactors' | 'clock'>,
  transaction: Prisma.TransactionClient,
  userId: number,
): Promise<void> {
  await transaction.identity.deleteMany({ where: { userId } });
  // The factor of somebody else would keep the owner out.
  await secondFactors.removeAll(transaction, { userId });
  await realm.writePassword(transaction, userId, NO_WRITTEN_PASSWORD);
  const data = { confirmed: true, emailVerifiedAt: clock() };
  await transaction.user.update({ where: { id: userId }, data, select: { id: true } });
}
