import type { UserAccounts } from '../../accounts/accounts.ts';
import { newIdentity, taken } from '../../accounts/claim-identifiers.ts';
import { deleteUnconfirmed } from '../../accounts/delete-unconfirmed.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { letIn } from '../../accounts/let-in.ts';
import { faultsOfNewPassword } from '../../accounts/passwords.ts';
import { writtenPassword } from '../../accounts/public-password.ts';
import { USER, type UserRow } from '../../accounts/realms/users.ts';
import { faultsOfForeignEmail, faultsOfUsername } from '../../accounts/usernames.ts';
import { byUser } from '../../audit/actor.ts';
import { userTarget } from '../../audit/audit.ts';
import { applicationError, invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Settings } from '../../database/settings.ts';
import { isUniqueViolation } from '../../database/write-errors.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { MailFailure } from '../../mail/mailer.ts';
import type { OutgoingMail } from '../../mail/outbox/entries.ts';
import type { TakenMail } from '../../mail/outbox/outbox.ts';
import type { Builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

interface RegisterInput {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

export function addRegister(builder: Builder, types: AccountTypes, services: UserAccounts): void {
  const input = builder.inputType('UsersPermissionsRegisterInput', {
    fields: (t) => ({
      username: t.string({ required: true }),
      email: t.string({ required: true }),
      password: t.string({ required: true }),
    }),
  });

  builder.mutationField('register', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Makes an account of the default role.',
      authScopes: { action: 'auth.register' },
      args: { input: t.arg({ type: input, required: true }) },
      resolve: async (_root, args, context) => {
        await services.attempts.count('register', context.origin);
        const settings = await services.settings();
        if (!settings.signUps) throw applicationError('Register action is currently disabled');
        const valid = validated(args.input, settings);
        const { user, mail } = await create(services, valid, {
          confirmed: !settings.emailConfirmation,
          roleId: settings.defaultRoleId,
          from: context,
        });
        if (mail) await sendConfirmation(services, user, mail);
        return loginPayload(await letIn(services, user, settings, context), context.refreshCookie);
      },
    }),
  );
}

/** @throws ApiError BAD_USER_INPUT with every fault, none of them repeating a value. */
function validated(input: RegisterInput, { passwordMinLength }: Settings): RegisterInput {
  const username = input.username.trim();
  const email = normalEmail(input.email);
  const faults = [
    ...faultsOfUsername(username),
    ...faultsOfEmail(input.email),
    ...faultsOfForeignEmail({ username, email }),
    ...faultsOfNewPassword(input.password, {
      path: ['password'],
      minLength: passwordMinLength,
      names: [username, email],
    }),
  ];
  if (faults.length > 0) throw invalidInput(faults);
  return { username, email, password: input.password };
}

async function create(
  { prisma, passwords, codes, outbox, audit }: UserAccounts,
  { username, email, password }: RegisterInput,
  { from, ...account }: { readonly confirmed: boolean; readonly roleId: number; readonly from: Context },
): Promise<{ readonly user: UserRow; readonly mail: RegistrationMail | undefined }> {
  const written = await writtenPassword(passwords, password);
  const enqueue = async (transaction: Prisma.TransactionClient, user: UserRow): Promise<RegistrationMail> => {
    const code = await codes.issue(transaction, user.id, 'confirmEmail');
    const mail = { purpose: 'confirmEmail', to: user.email, account: { userId: user.id }, code } as const;
    return { mail, taken: await outbox.enqueueRegistration(transaction, mail) };
  };
  try {
    return await inTransaction(prisma, async (transaction) => {
      const user = await transaction.user.create({
        data: {
          ...account,
          ...newIdentity({ username, email }),
          ...written,
        },
        select: USER,
      });
      // With the account, so that what ends codes finds this one.
      const mail = user.confirmed ? undefined : await enqueue(transaction, user);
      const after = { username, email, role: user.role.type, confirmed: user.confirmed };
      await audit.record(transaction, byUser(user, from), { event: 'user.register', target: userTarget(user), after });
      return { user, mail };
    });
  } catch (error) {
    // The database decides, not a look before the write: of two registrations at the same moment one ends here.
    if (isUniqueViolation(error)) throw taken();
    throw error;
  }
}

interface RegistrationMail {
  readonly mail: OutgoingMail;
  readonly taken: TakenMail;
}

/**
 * Whoever registers learns at once that the mail cannot be sent: the account does not stay. When this process dies in the
 * middle, another one sends the mail, or deletes the account.
 */
async function sendConfirmation(
  services: UserAccounts,
  user: UserRow,
  { mail, taken }: RegistrationMail,
): Promise<void> {
  const { prisma, mails, outbox, sendNow, log } = services;
  try {
    await sendNow(await mails.render(mail));
  } catch (error) {
    await deleteUnconfirmed(services, user.id);
    if (!(error instanceof MailFailure)) throw error;
    log.error({ err: error }, 'a confirmation mail could not be sent, so the account was not made');
    throw applicationError('Error sending confirmation email');
  }
  await outbox.remove(prisma, taken).catch((error: unknown) => {
    log.warn({ err: error }, 'a mail that was sent is still in the outbox, and will be sent once more');
  });
}
