import type { UserAccounts } from '../../accounts/accounts.ts';
import { exchangeStrapiToken } from '../../accounts/exchange-strapi-token.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addExchangeStrapiToken(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('exchangeStrapiToken', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description:
        'Returns a token for one that Strapi issued before this server took over its users. Only while the server is set up for that.',
      authScopes: { action: 'auth.login' },
      args: { jwt: t.arg.string({ required: true, description: 'The token of Strapi.' }) },
      resolve: async (_root, { jwt }, context) =>
        loginPayload(await exchangeStrapiToken(accounts, jwt, context), context.refreshCookie),
    }),
  );
}
