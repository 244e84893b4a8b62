import type { Sent } from '../../audit/actor.ts';
import { badInput, refuse } from '../../common/errors.ts';
import type { UserRow } from '../account-rows.ts';
import type { UserAccounts } from '../accounts.ts';
import { completeLogin, type LoginResult } from '../complete-login.ts';
import { refuseClosed } from '../refuse-closed.ts';
import { faultsOfBlank } from '../required-texts.ts';
import { useLoginCode } from './login-codes.ts';

const WAY = 'loginWithProvider';

export interface ProviderCode {
  /** What the callback brought to the front end. */
  readonly code: string;
  /** The front end's own verifier, if it began with a challenge. */
  readonly verifier?: string | null | undefined;
}

/**
 * Logs in with the code that a login with a provider ended with.
 *
 * @throws ApiError BAD_USER_INPUT, with one message for a wrong, used and expired code and a wrong verifier; otherwise as `logIn`.
 */
export async function logInWithProvider(
  accounts: UserAccounts,
  { code: text, verifier }: ProviderCode,
  sent: Sent,
): Promise<LoginResult<UserRow>> {
  const { realm, prisma, attempts, clock } = accounts;
  await attempts.count(WAY, { address: sent.origin.address, account: text });
  refuse(faultsOfBlank({ code: text }));
  const code = await useLoginCode(prisma, text, verifier ?? undefined, clock());
  // That of a link logs nobody in.
  const user = code.session === null ? await realm.findById(prisma, code.userId) : undefined;
  if (user?.tokenVersion !== code.tokenVersion) throw badInput('Invalid code');
  accounts.onLogin('accepted');
  const settings = await accounts.settings();
  refuseClosed(accounts, user, settings, sent, WAY);
  return completeLogin(accounts, user, settings, sent, WAY, [code.provider]);
}
