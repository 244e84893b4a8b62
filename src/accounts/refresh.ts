import type { Sent } from '../audit/actor.ts';
import { invalidCredential } from '../common/errors.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { type GivenTokens, given } from './let-in.ts';
import { USERS } from './realms/users.ts';

/**
 * New tokens for a refresh token, which is spent by that.
 *
 * @throws ApiError UNAUTHENTICATED for none, for one that is wrong, spent or too old, and where its user was blocked or
 * given another password since.
 */
export async function refresh(
  { prisma, sessions, clock, settings: readSettings }: UserAccounts,
  refreshToken: string | undefined,
  sent: Sent,
): Promise<{ readonly account: UserRow; readonly tokens: GivenTokens }> {
  const settings = await readSettings();
  const refreshed = refreshToken === undefined ? undefined : await sessions.refresh(refreshToken, sent, settings);
  const account = refreshed && (await prisma.user.findUnique({ where: { id: refreshed.userId }, select: USER }));
  const isCurrent = account?.tokenVersion === refreshed?.tokenVersion;
  if (!refreshed || !account || !isCurrent || USERS.refusalOf(account, settings, clock())) {
    throw invalidCredential('invalid');
  }
  return { account, tokens: given(await refreshed.issue(account), settings) };
}
