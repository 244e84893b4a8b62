import type { UserAccounts } from '../../accounts/accounts.ts';
import { newIdentity, taken } from '../../accounts/claim-identifiers.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { letIn } from '../../accounts/let-in.ts';
import { faultsOfNewPassword } from '../../accounts/passwords.ts';
import { writtenPassword } from '../../accounts/public-password.ts';
import { USER, type UserRow } from '../../accounts/realms/users.ts';
import { faultsOfForeignEmail, faultsOfUsername } from '../../accounts/usernames.ts';
import { byUser, SERVER } from '../../audit/actor.ts';
import { userTarget } from '../../audit/audit.ts';
import { applicationError, invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Settings } from '../../database/settings.ts';
import { isUniqueViolation } from '../../database/write-errors.ts';
import { MailFailure } from '../../mail/mailer.ts';
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
        const { user, code } = await create(services, valid, {
          confirmed: !settings.emailConfirmation,
          roleId: settings.defaultRoleId,
          from: context,
        });
        if (code !== undefined) await sendConfirmation(services, user, code);
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
  { prisma, passwords, codes, audit }: UserAccounts,
  { username, email, password }: RegisterInput,
  { from, ...account }: { readonly confirmed: boolean; readonly roleId: number; readonly from: Context },
): Promise<{ readonly user: UserRow; readonly code: string | undefined }> {
  const written = await writtenPassword(passwords, password);
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
      const code = user.confirmed ? undefined : await codes.issue(transaction, user.id, 'confirmEmail');
      const after = { username, email, role: user.role.type, confirmed: user.confirmed };
      await audit.record(transaction, byUser(user, from), { event: 'user.register', target: userTarget(user), after });
      return { user, code };
    });
  } catch (error) {
    // The database decides, not a look before the write: of two registrations at the same moment one ends here.
    if (isUniqueViolation(error)) throw taken();
    throw error;
  }
}

/** An account whose owner was never told how to confirm it is of no use, and holds its name: it does not stay behind. */
async function sendConfirmation(services: UserAccounts, user: UserRow, code: string): Promise<void> {
  const { prisma, mails, delivery, audit, log } = services;
  try {
    await delivery.now(await mails.confirmEmail(user, code));
  } catch (error) {
    await inTransaction(prisma, async (transaction) => {
      const { count } = await transaction.user.deleteMany({ where: { id: user.id, confirmed: false } });
      const before = { username: user.username, email: user.email };
      if (count > 0)
        await audit.record(transaction, SERVER, { event: 'user.delete', target: userTarget(user), before });
    });
    if (!(error instanceof MailFailure)) throw error;
    log.error({ err: error }, 'a confirmation mail could not be sent, so the account was not made');
    throw applicationError('Error sending confirmation email');
  }
}
