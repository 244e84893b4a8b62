import type { UserAccounts } from '../../accounts/accounts.ts';
import { sendEmailConfirmation } from '../../accounts/send-email-confirmation.ts';
import type { Builder } from '../builder.ts';
import type { AccountTypes } from './types.ts';

export function addSendEmailConfirmation(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('sendEmailConfirmation', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description:
        'Sends the confirmation mail again if an account waits for it. The response is the same if none does.',
      authScopes: { action: 'auth.sendEmailConfirmation' },
      args: { email: t.arg.string({ required: true }) },
      resolve: async (_root, { email }, context) => {
        await sendEmailConfirmation(accounts, email, context);
        return { ok: true };
      },
    }),
  );
}
