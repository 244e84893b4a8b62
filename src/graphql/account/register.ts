import type { UserAccounts } from '../../accounts/accounts.ts';
import { register } from '../../accounts/register.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addRegister(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  const input = builder.inputType('UsersPermissionsRegisterInput', {
    fields: (t) => ({
      username: t.string({ required: true }),
      email: t.string({ required: true }),
      password: t.string({ required: true }),
    }),
  });

  builder.mutationField('register', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Creates an account with the default role.',
      authScopes: { action: 'auth.register' },
      args: { input: t.arg({ type: input, required: true }) },
      resolve: async (_root, args, context) =>
        loginPayload(await register(accounts, args.input, context), context.refreshCookie),
    }),
  );
}
