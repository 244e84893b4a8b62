import type { Asked } from '../../authentication/actor-of.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { UserAccounts } from '../accounts.ts';
import { refuseTooMany } from './manage-passkeys.ts';

/** What a passkey is asked for. */
export type PasskeyAct = 'REGISTER' | 'LOGIN' | 'STEP_UP';

/**
 * What a browser needs to make a passkey, or to show one, in WebAuthn's JSON. The challenge in it is good for five minutes.
 *
 * @throws ApiError FORBIDDEN without an account, except for `LOGIN`; APPLICATION_ERROR on a server that is not set up for it.
 */
export async function passkeyOptions(accounts: UserAccounts, act: PasskeyAct, asked: Asked): Promise<object> {
  const { realm, prisma, passkeys, attempts } = accounts;
  await attempts.count('passkeyOptions', { address: asked.origin.address, byEverybody: true });
  if (act === 'LOGIN') return passkeys.options('login');
  const { account } = askedByUser(asked, 'user.changePasskeys').viewer;
  const owner = realm.mailAccount(account.id);
  if (act === 'STEP_UP') return passkeys.options('stepUp', owner);
  await refuseTooMany(prisma, owner);
  return passkeys.optionsToRegister(owner, account);
}
