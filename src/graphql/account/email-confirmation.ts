import type { UserAccounts } from '../../accounts/accounts.ts';
import { faultsOfEmpty } from '../../accounts/blank.ts';
import { keepIdentifiers, taken, usernameAfter } from '../../accounts/claim-identifiers.ts';
import type { FoundCode } from '../../accounts/codes.ts';
import { letIn } from '../../accounts/let-in.ts';
import { lockUser } from '../../accounts/lock-account.ts';
import { USER, type UserRow } from '../../accounts/realms/users.ts';
import { endCredentialsOfUser } from '../../accounts/revoke-credentials.ts';
import { byUser } from '../../audit/actor.ts';
import { difference, userTarget } from '../../audit/audit.ts';
import { isBlocked } from '../../authentication/viewer.ts';
import { badInput, invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import { isUniqueViolation } from '../../database/write-errors.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addEmailConfirmation(builder: Builder, types: AccountTypes, services: UserAccounts): void {
  const { prisma, attempts, codes, outbox, audit, clock } = services;
  builder.mutationField('emailConfirmation', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description:
        'Confirms the e-mail of who holds the mailed code. Where it is the new one of an account, it is the account’s from then on; the answer has no token then, and none for a code that was used.',
      authScopes: { action: 'auth.emailConfirmation' },
      args: { confirmation: t.arg.string({ required: true }) },
      resolve: async (_root, { confirmation }, context) => {
        await attempts.count('emailConfirmation', context.origin);
        const faults = faultsOfEmpty({ confirmation });
        if (faults.length > 0) throw invalidInput(faults);
        const confirmed = await inTransaction(prisma, async (transaction) => {
          const found = await codes.find(transaction, confirmation, ...PURPOSES);
          // The user first, as for everybody who ends codes: two that wait for each other would be ended by the database.
          const owner = found && (await lockUser(transaction, found.userId));
          const used = owner && (await codes.use(transaction, confirmation, ...PURPOSES));
          if (owner && isBlocked(owner, clock())) throw badInput('Invalid token');
          if (!used) return { used, user: await confirmedBefore(services, transaction, confirmation) };
          const user = await confirm(transaction, used, owner);
          await codes.rememberConfirmation(transaction, used, confirmation, user.email);
          if (used.purpose === 'changeEmail') {
            const notice = { to: owner.email, newEmail: user.email, account: { userId: user.id } };
            await outbox.enqueue(transaction, { purpose: 'emailChanged', ...notice });
          }
          await audit.record(transaction, byUser(user, context), {
            event: used.purpose === 'confirmEmail' ? 'user.confirm' : 'user.changeEmail',
            target: userTarget(user),
            ...difference(namesOf(owner), namesOf(user)),
          });
          return { used, user };
        });
        const { used, user } = confirmed;
        // Clicked twice, or opened by a program before its reader did: nothing is done again, and nobody is let in by it.
        if (!used) return { jwt: null, refreshToken: null, user };
        if (used.purpose === 'confirmEmail')
          return loginPayload(await letIn(services, user, await services.settings(), context), context.refreshCookie);
        // Whoever reads that mailbox is not known to be who asked: an address is soon mistyped.
        return { jwt: null, refreshToken: null, user };
      },
    }),
  );
}

const PURPOSES = ['confirmEmail', 'changeEmail'] as const;

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
