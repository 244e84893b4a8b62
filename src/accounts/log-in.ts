import { type Asked, actorOf } from '../authentication/actor-of.ts';
import { refuse } from '../common/errors.ts';
import type { Accounts } from './accounts.ts';
import { completeLogin, type LoginResult } from './complete-login.ts';
import { invalidLogin } from './invalid-login.ts';
import { faultsOfLength, faultsOfOldPassword } from './passwords.ts';
import { rewrittenPassword } from './public-password.ts';
import type { Person } from './realms/realm.ts';
import { refuseClosed } from './refuse-closed.ts';

export interface LogInInput {
  /** An e-mail or a username; for administrators, the e-mail. */
  readonly identifier: string;
  readonly password: string;
}

const WAY = 'login';

/**
 * Logs in with a password.
 *
 * @throws ApiError BAD_USER_INPUT for a wrong password and an unknown identifier, with the same message and timing. The
 * reason why an account cannot log in is revealed only after the right password.
 */
export async function logIn<Account extends Person>(
  accounts: Accounts<Account>,
  { identifier, password }: LogInInput,
  asked: Asked,
): Promise<LoginResult<Account>> {
  const { realm, prisma, passwords, attempts, audit } = accounts;
  await attempts.count(realm.attempts.logIn, { address: asked.origin.address, account: realm.countedAs(identifier) });
  refuse([...realm.faultsOfIdentifier(identifier), ...faultsOfOldPassword(password, ['password'])]);

  const account = await realm.find(prisma, identifier);
  const { same, outdated } = await passwords.compare(password, account?.passwordHash);
  accounts.onLogin(account && same ? 'accepted' : 'refused');
  if (!account || !same) {
    const event = realm.events.refusedLogin;
    // A user may type a password into the identifier field, so only known identifiers are recorded.
    const target = realm.target(account);
    accounts.loginRefusals?.count();
    accounts.hooks.onLoginRefused('credential', account, { ...asked, way: WAY });
    if (event) await audit.record(prisma, actorOf(asked), { event, outcome: 'refused', target });
    // It does not depend on the account.
    refuse(faultsOfLength(password, ['password']));
    throw invalidLogin();
  }

  // The password is right, so the viewer may learn why the account cannot log in.
  const settings = await accounts.settings();
  refuseClosed(accounts, account, settings, asked, WAY);
  // The plain password is available only now, so this is where an outdated hash is upgraded.
  if (outdated) await realm.renewHash(prisma, account, await rewrittenPassword(passwords, password));
  return completeLogin(accounts, account, settings, asked, WAY, ['pwd']);
}
