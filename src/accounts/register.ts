import type { Sent } from '../audit/actor.ts';
import { applicationError, refuse } from '../common/errors.ts';
import type { Settings } from '../database/settings.ts';
import type { UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { completeLogin, type LoginResult } from './complete-login.ts';
import { createAccount } from './create-account.ts';
import { faultsOfEmail, normalEmail } from './emails.ts';
import type { HookedOperation } from './hooks/user-hooks.ts';
import { faultsOfNewPassword } from './passwords.ts';
import { writtenPassword } from './public-password.ts';
import type { UserFieldValues } from './user-fields.ts';
import { faultsOfForeignEmail, faultsOfUsername } from './usernames.ts';

export interface RegisterInput {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** Of the fields that are the application's own, those that who registers writes. */
  readonly fields?: UserFieldValues | undefined;
}

/** The same, valid. `fields` can have others, which a hook has set. */
interface ValidAccount {
  readonly username: string;
  readonly email: string;
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
  const account = await validAccount(accounts, input, settings, { ...sent, way: WAY });
  const written = await writtenPassword(accounts.passwords, input.password);
  const confirmed = !settings.emailConfirmation;
  const user = await createAccount(accounts, { ...account, written, confirmed }, settings, sent);
  accounts.hooks.afterRegister(user, { ...sent, way: WAY });
  return completeLogin(accounts, user, settings, sent, WAY, ['pwd']);
}

const WAY = 'register';

/** What somebody registers with: without a password, if they log in by other means. */
export type AccountInput = Omit<RegisterInput, 'password'> & { readonly password?: string };

/**
 * Validates the data of a new account, and calls the hook. That runs before anything is looked up, so what it refuses does not
 * tell who has an account.
 *
 * @throws ApiError as the hook refuses it; BAD_USER_INPUT with every validation error. No message repeats a value.
 */
export async function validAccount(
  accounts: UserAccounts,
  input: AccountInput,
  settings: Settings,
  operation: HookedOperation,
): Promise<ValidAccount> {
  const { hooks } = accounts;
  // What is required can be left to the hook.
  const valid = validated(accounts, input, settings, { creating: !hooks.hasBeforeRegister });
  if (!hooks.hasBeforeRegister) return valid;
  const { username, fields } = await hooks.beforeRegister(valid, 'register', operation);
  if (username === valid.username && !accounts.userFields.exist) return valid;
  // Again: the password must not be the new name, and fields are valid as if they had been sent.
  return validated(accounts, { ...input, username, fields }, settings, { creating: true });
}

function validated(
  { userFields }: UserAccounts,
  { fields = {}, password, ...input }: AccountInput,
  { passwordMinLength: minLength }: Settings,
  options: { readonly creating: boolean },
): ValidAccount {
  const username = input.username.trim();
  const email = normalEmail(input.email);
  const names = [username, email];
  refuse([
    ...faultsOfUsername(username),
    ...faultsOfEmail(input.email),
    ...faultsOfForeignEmail({ username, email }),
    ...(password === undefined ? [] : faultsOfNewPassword(password, { path: ['password'], minLength, names })),
    ...userFields.faultsOf({ writer: 'register', values: fields }, options),
  ]);
  return { username, email, fields };
}
