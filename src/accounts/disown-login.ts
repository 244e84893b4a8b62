import { byUser, type Sent } from '../audit/actor.ts';
import { userTarget } from '../audit/audit.ts';
import { badInput, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { UserAccounts } from './accounts.ts';
import { DISOWNED_FOR } from './codes.ts';
import { NO_WRITTEN_PASSWORD } from './public-password.ts';
import { faultsOfBlank } from './required-texts.ts';

/**
 * Closes an account to somebody who logged in to it, for its owner, who got a mail about that: every session ends, the password no longer
 * works, and a mail brings a code for a new one. Second factors, passkeys and identities stay, but for those that somebody could
 * have added since that login.
 *
 * @throws ApiError BAD_USER_INPUT, with the same message for a wrong, used, replaced and expired code.
 */
export async function disownLogin(accounts: UserAccounts, code: string, sent: Sent): Promise<void> {
  const { realm, prisma, attempts, codes, outbox, audit } = accounts;
  await attempts.count('disownLogin', { address: sent.origin.address, account: code });
  refuse(faultsOfBlank({ code }));
  const found = await codes.find(prisma, code, 'disownLogin');
  if (!found) throw badInput('Incorrect code provided');
  await inTransaction(prisma, async (transaction) => {
    // Locks the account first, as everything that revokes codes does, to avoid deadlocks.
    const user = await realm.lock(transaction, found.userId);
    if (!user || !(await codes.use(transaction, code, 'disownLogin'))) throw badInput('Incorrect code provided');
    await realm.writePassword(transaction, user.id, NO_WRITTEN_PASSWORD);
    await removeAdded(accounts, transaction, user.id);
    // Wherever the owner is blocked, they cannot reset it either.
    const reset = await codes.issue(transaction, user.id, 'resetPassword');
    const mail = { purpose: 'resetPassword', to: user.email, account: { userId: user.id }, code: reset } as const;
    await outbox.enqueue(transaction, mail);
    await audit.record(transaction, byUser(user, sent), { event: 'user.disownLogin', target: userTarget(user) });
  });
}

/**
 * Removes the ways in and the factors of the time for which a code is good: whoever logged in could get in again with what they
 * added, and a factor of theirs would keep the owner out. The owner got a mail about each.
 */
async function removeAdded(
  { secondFactors, clock }: UserAccounts,
  transaction: Prisma.TransactionClient,
  userId: number,
): Promise<void> {
  const where = { userId, createdAt: { gt: new Date(clock().getTime() - DISOWNED_FOR) } };
  await transaction.passkey.deleteMany({ where });
  await transaction.identity.deleteMany({ where });
  if ((await transaction.totpSecret.count({ where })) > 0) await secondFactors.remove(transaction, { userId });
}
