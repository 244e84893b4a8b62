import { byUser, type Sent } from '../audit/actor.ts';
import { difference, userTarget } from '../audit/audit.ts';
import { isBlocked } from '../authentication/viewer.ts';
import { badInput, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import { isUniqueViolation } from '../database/write-errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { keepIdentifiers, taken, usernameAfter } from './claim-identifiers.ts';
import type { FoundCode } from './codes.ts';
import { completeLogin, type LoginResult } from './complete-login.ts';
import { lockUser } from './lock-account.ts';
import { faultsOfBlank } from './required-texts.ts';
import { endCredentialsOfUser } from './revoke-credentials.ts';

export interface ConfirmEmailInput {
  /** The mailed code. */
  readonly confirmation: string;
  /** Whether the code also logs in. Applies only to the first address of an account. */
  readonly logsIn: boolean;
}

/**
 * Confirms an address with a mailed code; a new address becomes the account's. A second use of the code succeeds again
 * and changes nothing.
 *
 * @throws ApiError BAD_USER_INPUT, with the same message for a wrong, replaced and expired code.
 */
export async function confirmEmail(
  accounts: UserAccounts,
  { confirmation, logsIn }: ConfirmEmailInput,
  sent: Sent,
): Promise<LoginResult<UserRow>> {
  await accounts.attempts.count('emailConfirmation', sent.origin);
  refuse(faultsOfBlank({ confirmation }));
  const { user, purpose } = await useCode(accounts, confirmation, sent);
  // A used code does not log in. Nor does a changed address: it may be mistyped, and its reader somebody else.
  if (purpose !== 'confirmEmail' || !logsIn) return { kind: 'closed', account: user };
  return completeLogin(accounts, user, await accounts.settings(), sent, 'emailConfirmation', ['mail']);
}

const PURPOSES = ['confirmEmail', 'changeEmail'] as const;

interface Confirmed {
  readonly user: UserRow;
  /** The purpose of the code; undefined if it was used before. */
  readonly purpose: FoundCode['purpose'] | undefined;
}

function useCode(accounts: UserAccounts, code: string, sent: Sent): Promise<Confirmed> {
  const { prisma, codes, outbox, audit, clock } = accounts;
  return inTransaction(prisma, async (transaction) => {
    const found = await codes.find(transaction, code, ...PURPOSES);
    // Locks the user first, as everything that revokes codes does, to avoid deadlocks.
    const owner = found && (await lockUser(transaction, found.userId));
    const used = owner && (await codes.use(transaction, code, ...PURPOSES));
    if (owner && isBlocked(owner, clock())) throw badInput('Invalid token');
    // The link was clicked twice, or a mail program prefetched it.
    if (!used) return { user: await confirmedBefore(accounts, transaction, code), purpose: undefined };
    const user = await confirm(transaction, used, owner, clock());
    await codes.rememberConfirmation(transaction, used, code, user.email);
    if (used.purpose === 'changeEmail') {
      const notice = { to: owner.email, newEmail: user.email, account: { userId: user.id } };
      await outbox.enqueue(transaction, { purpose: 'emailChanged', ...notice });
    }
    await audit.record(transaction, byUser(user, sent), {
      event: used.purpose === 'confirmEmail' ? 'user.confirm' : 'user.changeEmail',
      target: userTarget(user),
      ...difference(namesOf(owner), namesOf(user)),
    });
    return { user, purpose: used.purpose };
  });
}

/**
 * The user who still has the address that this code confirmed.
 *
 * @throws ApiError BAD_USER_INPUT for any other code.
 */
async function confirmedBefore(
  { codes, clock }: UserAccounts,
  transaction: Prisma.TransactionClient,
  code: string,
): Promise<UserRow> {
  const before = await codes.findConfirmation(transaction, code);
  const user = before && (await transaction.user.findUnique({ where: { id: before.userId }, select: USER }));
  if (!user?.confirmed || user.email !== before?.email || isBlocked(user, clock())) throw badInput('Invalid token');
  return user;
}

function namesOf({ email, username }: Pick<UserRow, 'email' | 'username'>) {
  return { email, username };
}

async function confirm(
  transaction: Prisma.TransactionClient,
  { userId, newEmail }: FoundCode,
  before: Pick<UserRow, 'email' | 'username'>,
  emailVerifiedAt: Date,
): Promise<UserRow> {
  if (newEmail === null) {
    const data = { confirmed: true, emailVerifiedAt };
    return transaction.user.update({ where: { id: userId }, data, select: USER });
  }
  try {
    const username = usernameAfter(before, newEmail);
    const data = { email: newEmail, username, confirmed: true, emailVerifiedAt };
    const user = await transaction.user.update({ where: { id: userId }, data, select: USER });
    await keepIdentifiers(transaction, userId, before, user);
    // Pending codes were mailed to the old address.
    await endCredentialsOfUser(transaction, userId, 'newEmail');
    return user;
  } catch (error) {
    if (isUniqueViolation(error)) throw taken();
    throw error;
  }
}
