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
          'Needs the current password. It is the new address once the mail that is sent there has been answered.',
      }),
      currentPassword: t.string(),
    }),
  });

  builder.mutationField('updateMe', (t) =>
    t.field({
      type: types.me,
      nullable: true,
      description: 'Another username, at once; another e-mail, once it is confirmed.',
      authScopes: { action: 'user.updateMe' },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: (_root, { data }, context) => updateOwnAccount(accounts, data, askedByUser(context, 'user.updateMe')),
    }),
  );
}
