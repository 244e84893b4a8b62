import { actorOf } from '../../audit/actor.ts';
import { difference, userTarget } from '../../audit/audit.ts';
import { faultsOfEmail, normalEmail } from '../../authentication/emails.ts';
import { identifierKey } from '../../authentication/identifiers.ts';
import { keepIdentifiers } from '../../authentication/own-identifiers.ts';
import { faultsOfGivenPassword } from '../../authentication/passwords.ts';
import { faultsOfUsername } from '../../authentication/usernames.ts';
import { ACCOUNT, type Account } from '../../authentication/viewer.ts';
import type { Context } from '../../context.ts';
import { type Fault, invalidInput } from '../../errors.ts';
import type { Builder } from '../builder.ts';
import { codedMail } from './coded-mail.ts';
import { personOf } from './me.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

interface UpdateMeInput {
  readonly username?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly currentPassword?: string | null | undefined;
}

export function addUpdateMe(builder: Builder, types: AccountTypes, services: AccountServices): void {
  const input = builder.inputRef<UpdateMeInput>('UpdateMeInput').implement({
    description: 'What is absent or null stays as it is.',
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
        const { viewer, origin } = context;
        const account = personOf(viewer, 'user.updateMe');
        const username = data.username?.trim();
        const newEmail = data.email == null ? undefined : normalEmail(data.email);
        const faults = [
          ...(username === undefined ? [] : faultsOfUsername(username)),
          ...(data.email == null ? [] : faultsOfEmail(data.email)),
        ];
        const changesEmail = newEmail !== undefined && newEmail !== account.email;
        if (changesEmail) {
          await services.attempts.count('updateMe', { address: origin.address, account: String(account.id) });
          faults.push(...(await faultsOfCurrentPassword(services, account, data.currentPassword ?? undefined)));
        }
        if (faults.length > 0) throw invalidInput(faults);

        const updated = username === undefined ? account : await rename(services, account, username, context);
        if (changesEmail) await askForConfirmation(services, updated, newEmail, context);
        return updated;
      },
    }),
  );
}

async function faultsOfCurrentPassword(
  { prisma, passwords }: AccountServices,
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

function rename(
  { prisma, audit }: AccountServices,
  before: Account,
  username: string,
  context: Context,
): Promise<Account> {
  const { id } = before;
  return prisma.$transaction(async (transaction) => {
    const user = await transaction.user.update({ where: { id }, data: { username }, select: ACCOUNT });
    await keepIdentifiers(transaction, id, user);
    const changed = difference({ username: before.username }, { username });
    if (changed) {
      await audit.record(transaction, actorOf(context), { event: 'user.update', target: userTarget(user), ...changed });
    }
    return user;
  });
}

/**
 * The code goes to the new address, and word of it to the old one. An address that is another account's gets nothing, and
 * the answer does not tell.
 */
async function askForConfirmation(
  services: AccountServices,
  user: Account,
  newEmail: string,
  context: Context,
): Promise<void> {
  const { prisma, attempts, codes, mails, delivery, audit } = services;
  const code = await prisma.$transaction(async (transaction) => {
    const issued = await codes.issue(transaction, user.id, 'changeEmail', newEmail);
    const [before, after] = [{ email: user.email }, { email: newEmail }];
    await audit.record(transaction, actorOf(context), {
      event: 'user.requestEmail',
      target: userTarget(user),
      before,
      after,
    });
    return issued;
  });
  delivery.later('emailChangeRequested', async () => ({ mail: await mails.emailChangeRequested(user, newEmail) }));
  delivery.later('changeEmail', async () => {
    const other = await prisma.identifier.findUnique({
      where: { key: identifierKey(newEmail) },
      select: { userId: true },
    });
    if ((other && other.userId !== user.id) || !(await attempts.mayMail(newEmail))) return undefined;
    return codedMail(services, await mails.changeEmail(newEmail, code), code);
  });
}
