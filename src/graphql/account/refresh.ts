import type { UserAccounts } from '../../accounts/accounts.ts';
import { refresh } from '../../accounts/refresh.ts';
import type { Builder } from '../builder.ts';
import { clearWhenRefused } from '../refused-cookie.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addRefresh(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('refresh', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description:
        'Returns new tokens for a refresh token; default: the one in the cookie. It works once. For some seconds (`refreshTokenGrace`) a used one returns the same new tokens again. If it is sent later, its session ends.',
      authScopes: { action: 'auth.refresh' },
      args: { refreshToken: t.arg.string() },
      resolve: (_root, { refreshToken }, context) => {
        const { refreshCookie } = context;
        return clearWhenRefused(refreshCookie, async () => {
          const refreshed = await refresh(accounts, refreshToken ?? refreshCookie.token, context);
          return loginPayload({ kind: 'loggedIn', ...refreshed }, refreshCookie);
        });
      },
    }),
  );
}
