import type { UserAccounts } from '../../accounts/accounts.ts';
import { forgotPassword } from '../../accounts/forgot-password.ts';
import type { Builder } from '../builder.ts';
import type { AccountTypes } from './types.ts';

export function addForgotPassword(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('forgotPassword', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description:
        'Sends a mail with a link to choose a new password if there is such an account. The response is the same if there is none.',
      authScopes: { action: 'auth.forgotPassword' },
      args: { email: t.arg.string({ required: true }) },
      resolve: async (_root, { email }, context) => {
        await forgotPassword(accounts, email, context);
        return { ok: true };
      },
    }),
  );
}
