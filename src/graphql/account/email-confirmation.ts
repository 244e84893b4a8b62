import type { UserAccounts } from '../../accounts/accounts.ts';
import { confirmEmail } from '../../accounts/confirm-email.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addEmailConfirmation(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('emailConfirmation', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description:
        'Confirms an e-mail address with the code from the mail. If it is the new address of an account, the account has it from then on. The response has no token then, and none for a code that was already used.',
      authScopes: { action: 'auth.emailConfirmation' },
      args: { confirmation: t.arg.string({ required: true }) },
      resolve: async (_root, { confirmation }, context) =>
        loginPayload(await confirmEmail(accounts, { confirmation, logsIn: true }, context), context.refreshCookie),
    }),
  );
}
