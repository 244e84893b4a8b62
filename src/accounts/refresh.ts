import type { Sent } from '../audit/actor.ts';
import type { Viewer } from '../authentication/viewer.ts';
import { invalidCredential } from '../common/errors.ts';
import type { RefreshableAccounts } from './accounts.ts';
import { type GivenTokens, given } from './complete-login.ts';
import type { Person } from './realms/realm.ts';

/**
 * Exchanges a refresh token for new tokens. A refresh token works once.
 *
 * @throws ApiError UNAUTHENTICATED for a missing, invalid, spent or expired token, and if its account was blocked or the
 * password changed.
 */
export async function refresh<Account extends Person, Me extends Viewer>(
  { realm, prisma, sessions, clock, settings: readSettings }: RefreshableAccounts<Account, Me>,
  refreshToken: string | undefined,
  sent: Sent,
): Promise<{ readonly account: Account; readonly tokens: GivenTokens }> {
  const settings = await readSettings();
  const refreshed = refreshToken === undefined ? undefined : await sessions.refresh(refreshToken, sent, settings);
  const account = refreshed && (await realm.findById(prisma, refreshed.accountId));
  const isCurrent = account?.tokenVersion === refreshed?.tokenVersion;
  if (!refreshed || !account || !isCurrent || realm.refusalOf(account, settings, clock())) {
    throw invalidCredential('invalid');
  }
  return { account, tokens: given(await refreshed.issue(account), settings) };
}
