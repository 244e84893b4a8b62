import { byUser, type Sent } from '../audit/actor.ts';
import { difference, userTarget } from '../audit/audit.ts';
import { isBlocked } from '../authentication/viewer.ts';
import { badInput, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { keepIdentifiers, usernameAfter } from './claim-identifiers.ts';
import { DISOWNED_FOR, findDisownCode, useDisownCode } from './disown-codes.ts';
import { identifierKey } from './identifiers.ts';
import { NO_WRITTEN_PASSWORD } from './public-password.ts';
import { faultsOfBlank } from './required-texts.ts';
import { verifyEmail } from './verify-email.ts';

/**
 * Closes an account to somebody who logged in to it, for its owner, who got a mail about that: every session ends, the password no longer
 * works, the account has the address of the mail again and is not deleted, and a mail brings a code for a new password. Second factors,
 * passkeys and identities stay, but for those that somebody could have added since that login.
 *
 * @throws ApiError BAD_USER_INPUT, with the same message for a wrong, used and expired code.
 */
export async function disownLogin(accounts: UserAccounts, code: string, sent: Sent): Promise<void> {
  const { realm, prisma, attempts, codes, outbox, audit, clock } = accounts;
  await attempts.count('disownLogin', { address: sent.origin.address, account: code });
  refuse(faultsOfBlank({ code }));
  const found = await findDisownCode(prisma, code, clock());
  if (!found) throw badInput('Incorrect code provided');
  await inTransaction(prisma, async (transaction) => {
    // Locks the account first, as everything that revokes codes does, to avoid deadlocks.
    const before = await realm.lock(transaction, found.userId);
    const used = before && (await useDisownCode(transaction, code, clock()));
    if (!used) throw badInput('Incorrect code provided');
    await realm.writePassword(transaction, before.id, NO_WRITTEN_PASSWORD);
    await removeAdded(accounts, transaction, before.id, used.devices);
    const after = await restored(accounts, transaction, before, used.email);
    // A blocked owner cannot reset it either.
    if (!isBlocked(after, clock())) {
      const reset = await codes.issue(transaction, after.id, 'resetPassword');
      const mail = { purpose: 'resetPassword', to: after.email, account: { userId: after.id }, code: reset } as const;
      await outbox.enqueue(transaction, mail);
    }
    const changed = difference(recordOf(before), recordOf(after));
    const event = { event: 'user.disownLogin', target: userTarget(after), ...changed } as const;
    await audit.record(transaction, byUser(after, sent), event);
  });
}

/**
 * Removes the ways in and the factors of the time for which a code is good: whoever logged in could get in again with what they
 * added, as somebody whom they invited, too, and a factor of theirs would keep the owner out. The owner got a mail about each. Their devices are new ones again.
 */
async function removeAdded(
  { secondFactors, clock }: UserAccounts,
  transaction: Prisma.TransactionClient,
  userId: number,
  devices: readonly string[],
): Promise<void> {
  const where = { userId, createdAt: { gt: new Date(clock().getTime() - DISOWNED_FOR) } };
  await transaction.passkey.deleteMany({ where });
  await transaction.identity.deleteMany({ where });
  if ((await transaction.totpSecret.count({ where })) > 0) await secondFactors.remove(transaction, { userId });
  await transaction.invitation.deleteMany({ where: { inviterId: userId, createdAt: where.createdAt } });
  await transaction.knownDevice.deleteMany({ where: { userId, hash: { in: [...devices] } } });
}

/**
 * Keeps the account, and gives it the address at which its owner reads mails. Where that is another account's now, the account is
 * blocked: with the address that it has, somebody else would reset the password.
 */
async function restored(
  { clock }: UserAccounts,
  transaction: Prisma.TransactionClient,
  before: UserRow,
  email: string,
): Promise<UserRow> {
  const write = (data: Prisma.UserUpdateInput) =>
    transaction.user.update({ where: { id: before.id }, data: { deletesAt: null, ...data }, select: USER });
  if (before.email === email) return write({});
  const where = { key: identifierKey(email), userId: { not: before.id } };
  if ((await transaction.identifier.count({ where })) > 0) {
    return write({
      blocked: true,
      blockedUntil: null,
      blockReason: 'A login was disowned. Its address is another account’s.',
    });
  }
  const user = await write({ email, username: usernameAfter(before, email) });
  await keepIdentifiers(transaction, user.id, before, user);
  await verifyEmail(transaction, user.id, clock());
  return user;
}

function recordOf({ email, username, deletesAt, blocked }: UserRow) {
  return { email, username, deletesAt: deletesAt?.toISOString() ?? null, blocked };
}
