import { byUser, type Sent } from '../audit/actor.ts';
import { userTarget } from '../audit/audit.ts';
import { applicationError, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { Settings } from '../database/settings.ts';
import { isUniqueViolation } from '../database/write-errors.ts';
import { MailFailure } from '../mail/mailer.ts';
import type { OutgoingMail } from '../mail/outbox/entries.ts';
import type { TakenMail } from '../mail/outbox/outbox.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { newIdentity, taken } from './claim-identifiers.ts';
import { completeLogin, type LoginResult } from './complete-login.ts';
import { deleteUnconfirmed } from './delete-unconfirmed.ts';
import { faultsOfEmail, normalEmail } from './emails.ts';
import { faultsOfNewPassword } from './passwords.ts';
import { writtenPassword } from './public-password.ts';
import { UserFieldTaken, type UserFieldValues, withUserFields } from './user-fields.ts';
import { faultsOfForeignEmail, faultsOfUsername } from './usernames.ts';

export interface RegisterInput {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** Of the fields that are the application's own, those that who registers writes. */
  readonly fields?: UserFieldValues | undefined;
}

/** The same, valid. `fields` can have others, which a hook has set. */
interface ValidInput extends RegisterInput {
  readonly fields: UserFieldValues;
}

/**
 * Creates an account with the default role and logs in, unless the address has to be confirmed first.
 *
 * @throws ApiError as `beforeRegister` refuses it; APPLICATION_ERROR if sign-ups are disabled, an identifier is taken, or the mail cannot be sent. No
 * account is kept then.
 */
export async function register(
  accounts: UserAccounts,
  input: RegisterInput,
  sent: Sent,
): Promise<LoginResult<UserRow>> {
  await accounts.attempts.count('register', sent.origin);
  const settings = await accounts.settings();
  if (!settings.signUps) throw applicationError('Register action is currently disabled');
  const { user, mail } = await create(accounts, await hooked(accounts, input, settings, sent), settings, sent);
  if (mail) await sendConfirmation(accounts, user, mail);
  accounts.hooks.afterRegister(user, { ...sent, way: WAY });
  return completeLogin(accounts, user, settings, sent, WAY, ['pwd']);
}

const WAY = 'register';

/** The hook runs before anything is looked up, so what it refuses does not tell who has an account. */
async function hooked(
  accounts: UserAccounts,
  input: RegisterInput,
  settings: Settings,
  sent: Sent,
): Promise<ValidInput> {
  const { hooks } = accounts;
  // What is required can be left to the hook.
  const valid = validated(accounts, input, settings, { creating: !hooks.hasBeforeRegister });
  if (!hooks.hasBeforeRegister) return valid;
  const { username, fields } = await hooks.beforeRegister(valid, 'register', { ...sent, way: WAY });
  if (username === valid.username && !accounts.userFields.exist) return valid;
  // Again: the password must not be the new name, and fields are valid as if they had been sent.
  return validated(accounts, { ...input, username, fields }, settings, { creating: true });
}

/** @throws ApiError BAD_USER_INPUT with every validation error. No message repeats a value. */
function validated(
  { userFields }: UserAccounts,
  { fields = {}, ...input }: RegisterInput,
  { passwordMinLength }: Settings,
  options: { readonly creating: boolean },
): ValidInput {
  const username = input.username.trim();
  const email = normalEmail(input.email);
  refuse([
    ...faultsOfUsername(username),
    ...faultsOfEmail(input.email),
    ...faultsOfForeignEmail({ username, email }),
    ...faultsOfNewPassword(input.password, {
      path: ['password'],
      minLength: passwordMinLength,
      names: [username, email],
    }),
    ...userFields.faultsOf({ writer: 'register', values: fields }, options),
  ]);
  return { username, email, password: input.password, fields };
}

async function create(
  { prisma, passwords, codes, outbox, audit, userFields }: UserAccounts,
  { username, email, password, fields }: ValidInput,
  { emailConfirmation, defaultRoleId: roleId }: Settings,
  sent: Sent,
): Promise<{ readonly user: UserRow; readonly mail: RegistrationMail | undefined }> {
  const written = await writtenPassword(passwords, password);
  try {
    return await inTransaction(prisma, async (transaction) => {
      const user = await transaction.user.create({
        data: { confirmed: !emailConfirmation, roleId, ...newIdentity({ username, email }), ...written },
        select: USER,
      });
      await userFields.write(transaction, user.id, fields);
      let mail: RegistrationMail | undefined;
      if (!user.confirmed) {
        // In the same transaction, so that everything that revokes codes finds this one.
        const code = await codes.issue(transaction, user.id, 'confirmEmail');
        const outgoing = { purpose: 'confirmEmail', to: user.email, account: { userId: user.id }, code } as const;
        mail = { mail: outgoing, taken: await outbox.enqueueRegistration(transaction, outgoing) };
      }
      const recorded = { username, email, role: user.role.type, confirmed: user.confirmed };
      const after = withUserFields(userFields, recorded, fields);
      await audit.record(transaction, byUser(user, sent), { event: 'user.register', target: userTarget(user), after });
      return { user, mail };
    });
  } catch (error) {
    // The unique key decides, not a check before the write: one of two concurrent registrations fails here.
    if (isUniqueViolation(error) || error instanceof UserFieldTaken) throw taken(userFields.uniquesIn(fields));
    throw error;
  }
}

interface RegistrationMail {
  readonly mail: OutgoingMail;
  readonly taken: TakenMail;
}

/**
 * Sends the confirmation mail before answering. If that fails, the account is deleted and the client gets an error. If
 * this process dies meanwhile, another one sends the mail or deletes the account.
 */
async function sendConfirmation(
  accounts: UserAccounts,
  user: UserRow,
  { mail, taken }: RegistrationMail,
): Promise<void> {
  const { prisma, mails, outbox, sendNow, log } = accounts;
  try {
    await sendNow(await mails.render(mail));
  } catch (error) {
    await deleteUnconfirmed(accounts, user.id);
    if (!(error instanceof MailFailure)) throw error;
    log.error({ err: error }, 'a confirmation mail could not be sent, so the account was not created');
    throw applicationError('Error sending confirmation email');
  }
  await outbox.remove(prisma, taken).catch((error: unknown) => {
    log.warn({ err: error }, 'a sent mail could not be removed from the outbox and will be sent again');
  });
}
