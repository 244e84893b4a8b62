import type { UserRow } from '../../accounts/account-rows.ts';
import type { LoginResult } from '../../accounts/complete-login.ts';
import { secondFactorRequired } from '../../common/errors.ts';
import type { RefreshCookie } from '../context.ts';
import type { LoginPayload } from './types.ts';

/**
 * The payload of a login. The refresh token is in it, or only in an HttpOnly cookie. Without a session, the fields that are the
 * application's own are null: who has a mailed code can be somebody else.
 *
 * @param options.isNew whether the account was just made, of what was sent.
 * @throws ApiError SECOND_FACTOR_REQUIRED when the login needs a second factor.
 */
export function loginPayload(
  result: LoginResult<UserRow>,
  cookie: RefreshCookie,
  { isNew = false }: { readonly isNew?: boolean } = {},
): LoginPayload {
  const { account: user } = result;
  switch (result.kind) {
    case 'pending':
      throw secondFactorRequired(result);
    case 'closed':
      return { jwt: null, refreshToken: null, user: { ...user, withoutOwnFields: !isNew } };
    case 'loggedIn': {
      const { jwt, refreshToken, expiresAt, inCookie } = result.tokens;
      if (refreshToken === null || !inCookie) return { jwt, refreshToken, user };
      cookie.set(refreshToken, expiresAt);
      return { jwt, refreshToken: null, user };
    }
  }
}
