import type { UserAccounts } from '../../accounts/accounts.ts';
import { resetPassword } from '../../accounts/reset-password.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addResetPassword(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('resetPassword', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Sets a new password with the code from the mail. Every older token of the user is revoked.',
      authScopes: { action: 'auth.resetPassword' },
      args: {
        code: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
      },
      resolve: async (_root, args, context) =>
        loginPayload(await resetPassword(accounts, args, context), context.refreshCookie),
    }),
  );
}
