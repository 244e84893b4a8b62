import { type Asked, actorOf } from '../authentication/actor-of.ts';
import { applicationError, refuse } from '../common/errors.ts';
import type { Accounts } from './accounts.ts';
import { type LoginResult, letIn } from './let-in.ts';
import { faultsOfGivenPassword } from './passwords.ts';
import { rewrittenPassword } from './public-password.ts';
import type { Person } from './realms/realm.ts';
import { wrongPassword } from './wrong-password.ts';

export interface LogInInput {
  /** An e-mail or a username; of an administrator the e-mail. */
  readonly identifier: string;
  readonly password: string;
  /** Who knows the password: nobody but `local`. */
  readonly provider?: string;
}

/**
 * Logs in who knows the password.
 *
 * @throws ApiError BAD_USER_INPUT for a wrong password and for an unknown identifier, alike and in the same time; why an
 * account cannot be logged in to, only for who knows its password.
 */
export async function logIn<Account extends Person>(
  accounts: Accounts<Account>,
  { identifier, password, provider = 'local' }: LogInInput,
  asked: Asked,
): Promise<LoginResult<Account>> {
  const { realm, prisma, passwords, attempts, audit, clock } = accounts;
  await attempts.count(realm.attempts.logIn, { address: asked.origin.address, account: realm.countedAs(identifier) });
  if (provider !== 'local') throw applicationError('This provider is disabled');
  refuse([...realm.faultsOfIdentifier(identifier), ...faultsOfGivenPassword(password, ['password'])]);

  const account = await realm.find(prisma, identifier);
  const { same, outdated } = await passwords.compare(password, account?.passwordHash);
  accounts.onLogin(account && same ? 'accepted' : 'refused');
  if (!account || !same) {
    const event = realm.events.refusedLogin;
    // What was typed for an address may be a password: only an address that is known is kept.
    const target = realm.target(account);
    if (event) await audit.record(prisma, actorOf(asked), { event, outcome: 'refused', target });
    throw wrongPassword();
  }

  // Only who knows the password comes this far, and may learn what is the matter with the account.
  const settings = await accounts.settings();
  const refusal = realm.refusalOf(account, settings, clock());
  if (refusal) throw refusal;
  // Only now the password is there to be hashed as one is hashed today.
  if (outdated) await realm.renewHash(prisma, account, await rewrittenPassword(passwords, password));
  return letIn(accounts, account, settings, asked);
}
