import { type Asked, actorOf } from '../../authentication/actor-of.ts';
import { badInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Accounts } from '../accounts.ts';
import { completeLogin, type LoginResult } from '../complete-login.ts';
import type { Person } from '../realms/realm.ts';
import { refuseClosed } from '../refuse-closed.ts';
import { PASSKEY_REFUSED } from './passkey-refused.ts';

const WAY = 'loginWithPasskey';

export interface PasskeyLogin {
  /** `challenge` of the options. */
  readonly challenge: string;
  /** What the browser returned. */
  readonly response: unknown;
}

/**
 * Logs in with a passkey alone: it is something that one has, and its authenticator has verified its user.
 *
 * @throws ApiError BAD_USER_INPUT, with one message for a challenge that is wrong, used or expired, an unknown passkey and whatever
 * else is wrong with the response; otherwise as `logIn`.
 */
export async function logInWithPasskey<Account extends Person>(
  accounts: Accounts<Account>,
  { challenge, response }: PasskeyLogin,
  asked: Asked,
): Promise<LoginResult<Account>> {
  const { realm, prisma, attempts, passkeys, hooks, audit } = accounts;
  await attempts.count(realm.attempts.logInWithPasskey, { address: asked.origin.address, account: challenge });
  const shown = await passkeys.verify(response, 'login', { challenge });
  const account =
    shown &&
    (await inTransaction(prisma, async (transaction) => {
      const locked = await realm.lock(transaction, shown.accountId);
      // The authenticator says whose it is: it has to agree.
      if (!locked || locked.documentId !== shown.userHandle) return undefined;
      return (await passkeys.use(transaction, shown)) ? locked : undefined;
    }));
  accounts.onLogin(account ? 'accepted' : 'refused');
  if (!account) {
    accounts.loginRefusals?.count();
    hooks.onLoginRefused('credential', undefined, { ...asked, way: WAY });
    const event = realm.events.refusedLogin;
    // Whose it is, is not proven.
    if (event)
      await audit.record(prisma, actorOf(asked), { event, outcome: 'refused', target: realm.target(undefined) });
    throw badInput(PASSKEY_REFUSED);
  }
  const settings = await accounts.settings();
  refuseClosed(accounts, account, settings, asked, WAY);
  return completeLogin(accounts, account, settings, asked, WAY, ['hwk']);
}
