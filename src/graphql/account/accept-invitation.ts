import { acceptInvitation } from '../../accounts/accept-invitation.ts';
import type { UserAccounts } from '../../accounts/accounts.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { inputFieldsFor } from '../user-fields/add-user-fields.ts';
import { otherValues } from '../user-fields/create-user-fields.ts';
import type { ResolvedUserFields } from '../user-fields/resolve-user-fields.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

/** Adds `acceptInvitation`. Where those who register write fields of the application's own, so do those who were invited. */
export function addAcceptInvitation(
  builder: DynamicBuilder,
  types: AccountTypes,
  accounts: UserAccounts,
  userFields: ResolvedUserFields,
): void {
  const hasFields = userFields.fields.some(({ write }) => write.has('register'));
  const input = hasFields
    ? builder.inputRef<object>('AcceptInvitationFieldsInput').implement({
        description: 'The fields of a user that somebody who was invited writes.',
        fields: (t) => inputFieldsFor(t, userFields, 'register'),
      })
    : undefined;
  builder.mutationField('acceptInvitation', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Creates the account of somebody who was invited, with the code from the mail, and logs in.',
      authScopes: { action: 'auth.acceptInvitation' },
      args: {
        code: t.arg.string({ required: true }),
        username: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
        ...(input && { fields: t.arg({ type: input, description: 'The fields that are the application’s own.' }) }),
      },
      resolve: async (_root, args, context) => {
        const { code, username, password, passwordConfirmation } = args;
        const fields = 'fields' in args && args.fields ? otherValues(args.fields) : undefined;
        const given = { code, username, password, passwordConfirmation, fields };
        return loginPayload(await acceptInvitation(accounts, given, context), context.refreshCookie, { isNew: true });
      },
    }),
  );
}
