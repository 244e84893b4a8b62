import type { UserAccounts } from '../../accounts/accounts.ts';
import { logInWithProvider } from '../../accounts/providers/log-in-with-provider.ts';
import type { LoginProvider } from '../../accounts/providers/login-provider.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

/** Adds `loginProviders` and `loginWithProvider`. */
export function addLoginProviders(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  const { publicUrl } = accounts.providers;
  const provider = builder.objectRef<LoginProvider>('LoginProvider').implement({
    description: 'A login provider, for a button.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: false, description: 'Its name, such as `google`.' }),
      label: t.exposeString('label', { nullable: false, description: 'Its name for people, such as `Google`.' }),
      url: t.string({
        nullable: false,
        description: 'The address that the browser opens. `?redirect=` names the page to return to.',
        resolve: ({ name }) => `${publicUrl}/connect/${name}`,
      }),
    }),
  });
  builder.queryField('loginProviders', (t) =>
    t.field({
      type: [provider],
      nullable: { list: true, items: false },
      description: 'The login providers, in alphabetical order of their names.',
      authScopes: { action: 'auth.connect' },
      resolve: () => accounts.providers.list.usable(),
    }),
  );
  builder.mutationField('loginWithProvider', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Returns a token for the code that a login with a provider brought to the page of the front end.',
      authScopes: { action: 'auth.connect' },
      args: {
        code: t.arg.string({
          required: true,
          description: 'The parameter `code` of the page. It works once, for a minute.',
        }),
        verifier: t.arg.string({
          description: 'What `code_challenge` was made of (RFC 7636, S256), if the login began with one.',
        }),
      },
      resolve: async (_root, input, context) =>
        loginPayload(await logInWithProvider(accounts, input, context), context.refreshCookie),
    }),
  );
}
