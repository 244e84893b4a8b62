import type { UserRow } from '../../accounts/account-rows.ts';
import type { UserAccounts } from '../../accounts/accounts.ts';
import type { LoginResult } from '../../accounts/let-in.ts';
import { secondFactorRequired } from '../../common/errors.ts';
import type { RestAnswer, RestRequest } from './rest-route.ts';
import { userJson } from './user-json.ts';

/**
 * What an act that logs in is answered with: `{ jwt, user }`, with a `refreshToken` in the session mode `refresh`, unless
 * that is a cookie; without a `jwt` for an account that cannot be logged in to yet.
 *
 * @throws ApiError SECOND_FACTOR_REQUIRED when one more step is needed.
 */
export async function loginAnswer(
  { prisma, clock }: UserAccounts,
  result: LoginResult<UserRow>,
  { refreshCookie }: RestRequest,
): Promise<RestAnswer> {
  if (result.kind === 'pending') throw secondFactorRequired(result);
  const user = await userJson(prisma, result.account.id, { now: clock() });
  if (result.kind === 'closed') return { body: { user } };
  const { jwt, refreshToken, expiresAt, inCookie } = result.tokens;
  if (refreshToken === null) return { body: { jwt, user } };
  if (!inCookie) return { body: { jwt, refreshToken, user } };
  refreshCookie.set(refreshToken, expiresAt);
  return { body: { jwt, user } };
}
