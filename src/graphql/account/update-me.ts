import type { UserAccounts } from '../../accounts/accounts.ts';
import { keepIdentifiers } from '../../accounts/claim-identifiers.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { type LockedUser, lockPerson } from '../../accounts/lock-account.ts';
import { faultsOfGivenPassword } from '../../accounts/passwords.ts';
import { faultsOfForeignEmail, faultsOfUsername } from '../../accounts/usernames.ts';
import { difference, userTarget } from '../../audit/audit.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import { ACCOUNT, type Account } from '../../authentication/viewer.ts';
import { type Fault, invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { rejectNull } from '../reject-null.ts';
import { askedByUser } from './me.ts';
import type { AccountTypes } from './types.ts';

interface UpdateMeInput {
  readonly username?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly currentPassword?: string | null | undefined;
}

export function addUpdateMe(builder: Builder, types: AccountTypes, services: UserAccounts): void {
  const input = builder.inputRef<UpdateMeInput>('UpdateMeInput').implement({
    description: 'What is absent stays as it is.',
    fields: (t) => ({
      username: t.string(),
      email: t.string({
        description:
          'Needs the current password. It is the new address once the mail that is sent there has been answered.',
      }),
      currentPassword: t.string(),
    }),
  });

  builder.mutationField('updateMe', (t) =>
    t.field({
      type: types.me,
      nullable: true,
      description: 'Another username, at once; another e-mail, once it is confirmed.',
      authScopes: { action: 'user.updateMe' },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { data }, context) => {
        const { origin } = context;
        const { viewer } = askedByUser(context, 'user.updateMe');
        const { account } = viewer;
        rejectNull(data, ['username', 'email']);
        const username = data.username?.trim();
        const by = { address: origin.address, account: String(account.id) };
        const renames = username !== undefined && username !== account.username;
        const newEmail = data.email == null ? undefined : normalEmail(data.email);
        if (renames) await services.attempts.count('updateMe.username', by);
        const faults = [
          ...(username === undefined ? [] : faultsOfUsername(username)),
          ...(renames ? faultsOfForeignEmail({ username, email: account.email }) : []),
          ...(data.email == null ? [] : faultsOfEmail(data.email)),
        ];
        const changesEmail = newEmail !== undefined && newEmail !== account.email;
        if (changesEmail) {
          await services.attempts.count('updateMe', by);
          faults.push(...(await faultsOfCurrentPassword(services, account, data.currentPassword ?? undefined)));
        }
        if (faults.length > 0) throw invalidInput(faults);

        if (username === undefined && !changesEmail) return account;
        return inTransaction(services.prisma, async (transaction) => {
          // Whoever's password was changed meanwhile, or who was blocked, asks for nothing any more.
          const before = await lockPerson(transaction, viewer, services.clock());
          const updated =
            username === undefined ? before : await rename(transaction, services, before, username, context);
          if (changesEmail) await requestEmail(transaction, services, updated, newEmail, context);
          return updated;
        });
      },
    }),
  );
}

async function faultsOfCurrentPassword(
  { prisma, passwords }: UserAccounts,
  { id }: Account,
  currentPassword: string | undefined,
): Promise<Fault[]> {
  const path = ['currentPassword'];
  if (currentPassword === undefined) return [{ path, message: 'currentPassword is a required field' }];
  const faults = faultsOfGivenPassword(currentPassword, path);
  if (faults.length > 0) return faults;
  const user = await prisma.user.findUnique({ where: { id }, select: { passwordHash: true } });
  if (await passwords.matches(currentPassword, user?.passwordHash)) return [];
  return [{ path, message: 'The provided current password is invalid' }];
}

async function rename(
  transaction: Prisma.TransactionClient,
  { audit }: UserAccounts,
  before: LockedUser,
  username: string,
  context: Context,
): Promise<Account> {
  const { id } = before;
  const user = await transaction.user.update({ where: { id }, data: { username }, select: ACCOUNT });
  await keepIdentifiers(transaction, id, before, user);
  const changed = difference({ username: before.username }, { username });
  if (changed) {
    await audit.record(transaction, actorOf(context), { event: 'user.update', target: userTarget(user), ...changed });
  }
  return user;
}

/**
 * The code goes to the new address, and word of it to the old one. An address that is another account's gets nothing,
 * which is seen when its mail is to be sent: the answer does not tell.
 */
async function requestEmail(
  transaction: Prisma.TransactionClient,
  { codes, outbox, audit }: UserAccounts,
  user: Account,
  newEmail: string,
  context: Context,
): Promise<void> {
  const account = { userId: user.id };
  const code = await codes.issue(transaction, user.id, 'changeEmail', newEmail);
  await outbox.enqueue(transaction, { purpose: 'emailChangeRequested', to: user.email, newEmail, account });
  await outbox.enqueue(transaction, { purpose: 'changeEmail', to: newEmail, code, account });
  const [before, after] = [{ email: user.email }, { email: newEmail }];
  const target = userTarget(user);
  await audit.record(transaction, actorOf(context), { event: 'user.requestEmail', target, before, after });
}
