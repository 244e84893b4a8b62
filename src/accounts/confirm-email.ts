import { byUser, type Sent } from '../audit/actor.ts';
import { difference, userTarget } from '../audit/audit.ts';
import { isBlocked } from '../authentication/viewer.ts';
import { badInput, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import { isUniqueViolation } from '../database/write-errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { faultsOfEmpty } from './blank.ts';
import { keepIdentifiers, taken, usernameAfter } from './claim-identifiers.ts';
import type { FoundCode } from './codes.ts';
import { type LoginResult, letIn } from './let-in.ts';
import { lockUser } from './lock-account.ts';
import { endCredentialsOfUser } from './revoke-credentials.ts';

export interface ConfirmEmailInput {
  /** The mailed code. */
  readonly confirmation: string;
  /** Whether its holder is logged in by it, too, where it is the first address of an account. */
  readonly logsIn: boolean;
}

/**
 * Confirms the address of who holds the mailed code. Where it is the new address of an account, it is the account's from
 * then on. A second use of the code says so again, and does nothing.
 *
 * @throws ApiError BAD_USER_INPUT alike for a code that is wrong, replaced or expired.
 */
export async function confirmEmail(
  accounts: UserAccounts,
  { confirmation, logsIn }: ConfirmEmailInput,
  sent: Sent,
): Promise<LoginResult<UserRow>> {
  await accounts.attempts.count('emailConfirmation', sent.origin);
  refuse(faultsOfEmpty({ confirmation }));
  const { user, purpose } = await useCode(accounts, confirmation, sent);
  // Who used a code before is let in by none. And of a changed address nobody knows that its reader asked for the change:
  // an address is soon mistyped.
  if (purpose !== 'confirmEmail' || !logsIn) return { kind: 'closed', account: user };
  return letIn(accounts, user, await accounts.settings(), sent);
}

const PURPOSES = ['confirmEmail', 'changeEmail'] as const;

interface Confirmed {
  readonly user: UserRow;
  /** What the code was for; undefined where it had been used before. */
  readonly purpose: FoundCode['purpose'] | undefined;
}

function useCode(accounts: UserAccounts, code: string, sent: Sent): Promise<Confirmed> {
  const { prisma, codes, outbox, audit, clock } = accounts;
  return inTransaction(prisma, async (transaction) => {
    const found = await codes.find(transaction, code, ...PURPOSES);
    // The user first, as for everybody who ends codes: two that wait for each other would be ended by the database.
    const owner = found && (await lockUser(transaction, found.userId));
    const used = owner && (await codes.use(transaction, code, ...PURPOSES));
    if (owner && isBlocked(owner, clock())) throw badInput('Invalid token');
    // Clicked twice, or opened by a program before its reader did.
    if (!used) return { user: await confirmedBefore(accounts, transaction, code), purpose: undefined };
    const user = await confirm(transaction, used, owner);
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
 * The user whose address this code confirmed, and still is.
 *
 * @throws ApiError BAD_USER_INPUT for any other code, whatever it is.
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
): Promise<UserRow> {
  if (newEmail === null) {
    return transaction.user.update({ where: { id: userId }, data: { confirmed: true }, select: USER });
  }
  try {
    const data = { email: newEmail, username: usernameAfter(before, newEmail), confirmed: true };
    const user = await transaction.user.update({ where: { id: userId }, data, select: USER });
    await keepIdentifiers(transaction, userId, before, user);
    // What was mailed went to an address that is not the account's any more.
    await endCredentialsOfUser(transaction, userId, 'newEmail');
    return user;
  } catch (error) {
    if (isUniqueViolation(error)) throw taken();
    throw error;
  }
}
