import type { UserAccounts } from '../../accounts/accounts.ts';
import { logOut, logOutEverywhere } from '../../accounts/log-out.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import type { AccountTypes } from './types.ts';

export function addLogout(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('logout', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description:
        'Ends the session of the token, also if the token has expired, and the session of the refresh token in the cookie.',
      authScopes: { action: 'auth.logout' },
      resolve: async (_root, _args, context) => {
        const { refreshCookie } = context;
        await logOut(accounts, refreshCookie.token, context);
        if (refreshCookie.token !== undefined) refreshCookie.clear();
        return { ok: true };
      },
    }),
  );

  builder.mutationField('logoutEverywhere', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description: 'Ends every session of the user of the token, this one too. Every token is revoked at once.',
      authScopes: { action: 'auth.logoutEverywhere' },
      resolve: async (_root, _args, context) => {
        const { refreshCookie } = context;
        await logOutEverywhere(accounts, askedByUser(context, 'auth.logoutEverywhere'));
        if (refreshCookie.token !== undefined) refreshCookie.clear();
        return { ok: true };
      },
    }),
  );
}
