import type { AdminRow } from '../../accounts/account-rows.ts';
import type { AdminAccounts } from '../../accounts/accounts.ts';
import type { LoginResult } from '../../accounts/complete-login.ts';
import { invalidLogin } from '../../accounts/invalid-login.ts';
import { secondFactorRequired } from '../../common/errors.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import type { RefreshCookie } from '../context.ts';

interface Payload {
  readonly jwt: string;
  readonly expiresAt: Date;
  readonly sessionExpiresAt: Date;
  readonly admin: { readonly id: number };
}

export type LoginPayloadType = ReturnType<typeof addLoginPayload>;

export function addLoginPayload(builder: DynamicBuilder) {
  return builder.objectRef<Payload>('AdminLoginPayload').implement({
    fields: (t) => ({
      jwt: t.exposeString('jwt', { nullable: false, description: 'For this endpoint only.' }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false, description: 'When the token expires.' }),
      sessionExpiresAt: t.expose('sessionExpiresAt', {
        type: 'DateTime',
        nullable: false,
        description: 'When the session ends, even if it is refreshed.',
      }),
      admin: t.field({ type: 'Admin', nullable: false, grantScopes: ['Admin'], resolve: ({ admin }) => admin }),
    }),
  });
}

/** The description of the argument that asks for a cookie. */
export const COOKIE =
  'Whether the token is a short one, and a cookie that scripts cannot read refreshes it (`refresh`). Default: one token, no cookie.';

/** The accounts, with sessions that begin with a refresh token or without one. */
export function withCookie(accounts: AdminAccounts, cookie: boolean | null | undefined): AdminAccounts {
  const { sessions } = accounts;
  if (!cookie) return accounts;
  return {
    ...accounts,
    sessions: { ...sessions, begin: (admin, sent, now) => sessions.begin(admin, sent, now, true) },
  };
}

/**
 * The payload of a login. A refresh token is only ever in the cookie.
 *
 * @throws ApiError SECOND_FACTOR_REQUIRED when the login needs a second factor.
 */
export function loginPayload(result: LoginResult<AdminRow>, cookie: RefreshCookie): Payload {
  if (result.kind === 'pending') throw secondFactorRequired(result);
  if (result.kind === 'closed') throw invalidLogin(); // as no administrator's account is
  const { jwt, jwtExpiresAt, refreshToken, expiresAt } = result.tokens;
  if (refreshToken !== null) cookie.set(refreshToken, expiresAt);
  return { jwt, expiresAt: wholeSeconds(jwtExpiresAt), sessionExpiresAt: expiresAt, admin: result.account };
}

/** As the token has it. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1_000) * 1_000);
}
