import type { UserAccounts } from '../../accounts/accounts.ts';
import { type OwnAccountChange, updateOwnAccount } from '../../accounts/update-own-account.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import { inputFieldsFor } from '../user-fields/add-user-fields.ts';
import { otherValues } from '../user-fields/create-user-fields.ts';
import type { ResolvedUserFields } from '../user-fields/resolve-user-fields.ts';
import type { AccountTypes } from './types.ts';

export function addUpdateMe(
  builder: Builder,
  types: AccountTypes,
  accounts: UserAccounts,
  userFields: ResolvedUserFields,
): void {
  const input = dynamic(builder)
    .inputRef<OwnAccountChange>('UpdateMeInput')
    .implement({
      description: 'What is absent stays as it is.',
      fields: (t) => ({
        username: t.string(),
        email: t.string({
          description:
            'The new e-mail. It takes effect when the code in the mail to it is used. Needs the current password, or a `stepUp` before.',
        }),
        currentPassword: t.string(),
        ...inputFieldsFor(t, userFields, 'me'),
      }),
    });

  builder.mutationField('updateMe', (t) =>
    t.field({
      type: types.me,
      nullable: true,
      description: 'Changes the username at once, and the e-mail when it is confirmed.',
      authScopes: { action: 'user.updateMe' },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: (_root, { data }, context) => {
        const { username, email, currentPassword } = data;
        const fields = otherValues(data, 'username', 'email', 'currentPassword');
        const change = { username, email, currentPassword, fields };
        return updateOwnAccount(accounts, change, askedByUser(context, 'user.updateMe'));
      },
    }),
  );
}
