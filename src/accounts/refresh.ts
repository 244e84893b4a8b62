import type { Sent } from '../audit/actor.ts';
import { invalidCredential } from '../common/errors.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { type GivenTokens, given } from './complete-login.ts';
import { USERS } from './realms/users.ts';

/**
 * Exchanges a refresh token for new tokens. A refresh token works once.
 *
 * @throws ApiError UNAUTHENTICATED for a missing, invalid, spent or expired token, and if its user was blocked or the
 * password changed.
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
