import type { UserAccounts } from '../../accounts/accounts.ts';
import { changePassword } from '../../accounts/change-password.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addChangePassword(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('changePassword', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Sets a new password for the user of the token. Every older token of the user is revoked.',
      authScopes: { action: 'auth.changePassword' },
      args: {
        currentPassword: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
      },
      resolve: async (_root, args, context) => {
        const asked = askedByUser(context, 'auth.changePassword');
        return loginPayload(await changePassword(accounts, args, asked), context.refreshCookie);
      },
    }),
  );
}
