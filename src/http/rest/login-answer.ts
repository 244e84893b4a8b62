import type { UserRow } from '../../accounts/account-rows.ts';
import type { UserAccounts } from '../../accounts/accounts.ts';
import type { LoginResult } from '../../accounts/complete-login.ts';
import { secondFactorRequired } from '../../common/errors.ts';
import type { RestAnswer, RestRequest } from './rest-route.ts';
import { userJson } from './user-json.ts';

/**
 * The answer to a login: `{ jwt, user }`, with a `refreshToken` in the session mode `refresh` unless it is sent as a cookie, and
 * without a `jwt` for an account that cannot log in yet.
 *
 * @param options.isNew whether the account was just made, of what was sent.
 * @throws ApiError SECOND_FACTOR_REQUIRED when the login needs a second factor.
 */
export async function loginAnswer(
  accounts: UserAccounts,
  result: LoginResult<UserRow>,
  { refreshCookie }: RestRequest,
  { isNew = false }: { readonly isNew?: boolean } = {},
): Promise<RestAnswer> {
  if (result.kind === 'pending') throw secondFactorRequired(result);
  // Who has a mailed code can be somebody else.
  const withoutOwnFields = result.kind === 'closed' && !isNew;
  const user = await userJson(accounts, result.account.id, { withoutOwnFields });
  if (result.kind === 'closed') return { body: { user } };
  const { jwt, refreshToken, expiresAt, inCookie } = result.tokens;
  if (refreshToken === null) return { body: { jwt, user } };
  if (!inCookie) return { body: { jwt, refreshToken, user } };
  refreshCookie.set(refreshToken, expiresAt);
  return { body: { jwt, user } };
}
