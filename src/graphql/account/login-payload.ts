import type { IssuedTokens } from '../../authentication/sessions.ts';
import { ACCOUNT, type Account, isBlocked } from '../../authentication/viewer.ts';
import type { Settings } from '../../database/settings.ts';
import type { Context, RefreshCookie } from '../context.ts';
import type { AccountServices } from './services.ts';
import type { LoginPayload } from './types.ts';

/** The columns of a user that a login needs, for a query's `select`. */
export const LOGIN_USER = { ...ACCOUNT, tokenVersion: true } as const;

export type LoginUser = Account & { readonly tokenVersion: number };

/** The answer for a user: with a new session, unless the account is blocked or still has to be confirmed. */
export async function loginPayload(
  { sessions, clock }: AccountServices,
  user: LoginUser,
  settings: Settings,
  context: Context,
): Promise<LoginPayload> {
  if (!mayLogIn(user, settings, clock())) return { jwt: null, refreshToken: null, user };
  return issuedPayload(await sessions.begin(user, context, settings), user, settings, context.refreshCookie);
}

/** The answer with tokens that were issued: the refresh token in it, or as a cookie and then in nothing that a script reads. */
export function issuedPayload(
  { jwt, refreshToken, expiresAt }: IssuedTokens,
  user: Account,
  { refreshTokenInCookie }: Settings,
  cookie: RefreshCookie,
): LoginPayload {
  if (refreshToken === null || !refreshTokenInCookie) return { jwt, refreshToken, user };
  cookie.set(refreshToken, expiresAt);
  return { jwt, refreshToken: null, user };
}

/** Whether an account can be logged in to at all. */
export function mayLogIn(
  account: Pick<Account, 'blocked' | 'blockedUntil' | 'confirmed'>,
  { emailConfirmation }: Settings,
  now: Date,
): boolean {
  return !isBlocked(account, now) && (account.confirmed || !emailConfirmation);
}
