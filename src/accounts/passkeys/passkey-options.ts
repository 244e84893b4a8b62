import type { Asked, AskedBy } from '../../authentication/actor-of.ts';
import type { Viewer } from '../../authentication/viewer.ts';
import type { Accounts } from '../accounts.ts';
import type { Person } from '../realms/realm.ts';
import { refuseTooMany } from './manage-passkeys.ts';

/** What a passkey is asked for. */
export type PasskeyAct = 'REGISTER' | 'LOGIN' | 'STEP_UP';

/**
 * What a browser needs to make a passkey, or to show one, in WebAuthn's JSON. The challenge in it is good for five minutes.
 *
 * @param asOwner the request, if its viewer has an account here; throws otherwise.
 * @throws ApiError FORBIDDEN without an account, except for `LOGIN`; APPLICATION_ERROR on a server that is not set up for it.
 */
export async function passkeyOptions<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  act: PasskeyAct,
  asked: Asked,
  asOwner: () => AskedBy<Me>,
): Promise<object> {
  const { realm, prisma, passkeys, attempts } = accounts;
  await attempts.count(realm.attempts.passkeyOptions, { address: asked.origin.address, byEverybody: true });
  if (act === 'LOGIN') return passkeys.options('login');
  const account = realm.ownAccount(asOwner().viewer);
  const owner = realm.mailAccount(account.id);
  if (act === 'STEP_UP') return passkeys.options('stepUp', owner);
  await refuseTooMany(prisma, owner);
  return passkeys.optionsToRegister(owner, account);
}
