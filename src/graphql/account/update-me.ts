import type { UserAccounts } from '../../accounts/accounts.ts';
import { type OwnAccountChange, updateOwnAccount } from '../../accounts/update-own-account.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import type { AccountTypes } from './types.ts';

export function addUpdateMe(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  const input = builder.inputRef<OwnAccountChange>('UpdateMeInput').implement({
    description: 'What is absent stays as it is.',
    fields: (t) => ({
      username: t.string(),
      email: t.string({
        description:
          'The new e-mail. It takes effect when the code in the mail to it is used. Needs the current password.',
      }),
      currentPassword: t.string(),
    }),
  });

  builder.mutationField('updateMe', (t) =>
    t.field({
      type: types.me,
      nullable: true,
      description: 'Changes the username at once, and the e-mail when it is confirmed.',
      authScopes: { action: 'user.updateMe' },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: (_root, { data }, context) => updateOwnAccount(accounts, data, askedByUser(context, 'user.updateMe')),
    }),
  );
}
