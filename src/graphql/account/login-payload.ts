import type { Tokens } from '../../authentication/tokens.ts';
import { ACCOUNT, type Account } from '../../authentication/viewer.ts';
import type { Settings } from '../../database/settings.ts';
import type { LoginPayload } from './types.ts';

/** The columns of a user that a login needs, for a query's `select`. */
export const LOGIN_USER = { ...ACCOUNT, tokenVersion: true } as const;

export type LoginUser = Account & { readonly tokenVersion: number };

/** The answer for a user: with a token, unless the account is blocked or still has to be confirmed. */
export async function loginPayload(
  tokens: Tokens,
  user: LoginUser,
  { emailConfirmation }: Pick<Settings, 'emailConfirmation'>,
): Promise<LoginPayload> {
  const mayLogIn = !user.blocked && (user.confirmed || !emailConfirmation);
  return { jwt: mayLogIn ? await tokens.issue(user) : null, user };
}
