import type { UserAccounts } from '../../accounts/accounts.ts';
import { logIn } from '../../accounts/log-in.ts';
import { refusedProvider } from '../../accounts/providers/refuse-provider.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addLogin(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  const input = builder.inputType('UsersPermissionsLoginInput', {
    fields: (t) => ({
      identifier: t.string({ required: true, description: 'The e-mail or the username. Case makes no difference.' }),
      password: t.string({ required: true }),
      provider: t.string({
        required: true,
        defaultValue: 'local',
        description: '`local`. Login providers have an address of their own: `/connect/google`.',
      }),
    }),
  });

  builder.mutationField('login', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Returns a token for an e-mail or a username and its password.',
      authScopes: { action: 'auth.login' },
      args: { input: t.arg({ type: input, required: true }) },
      resolve: async (_root, { input: { provider, ...input } }, context) => {
        if (provider !== 'local') throw await refusedProvider(accounts, provider, context);
        return loginPayload(await logIn(accounts, input, context), context.refreshCookie);
      },
    }),
  );
}
