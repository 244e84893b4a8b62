import type { UserAccounts } from '../../accounts/accounts.ts';
import { type RegisterInput, register } from '../../accounts/register.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import { inputFieldsFor } from '../user-fields/add-user-fields.ts';
import { otherValues } from '../user-fields/create-user-fields.ts';
import type { ResolvedUserFields } from '../user-fields/resolve-user-fields.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addRegister(
  builder: Builder,
  types: AccountTypes,
  accounts: UserAccounts,
  userFields: ResolvedUserFields,
): void {
  const input = dynamic(builder)
    .inputRef<RegisterInput>('UsersPermissionsRegisterInput')
    .implement({
      fields: (t) => ({
        username: t.string({ required: true }),
        email: t.string({ required: true }),
        password: t.string({ required: true }),
        ...inputFieldsFor(t, userFields, 'register'),
      }),
    });

  builder.mutationField('register', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Creates an account with the default role.',
      authScopes: { action: 'auth.register' },
      args: { input: t.arg({ type: input, required: true }) },
      resolve: async (_root, { input }, context) => {
        const { username, email, password } = input;
        const fields = otherValues(input, 'username', 'email', 'password');
        return loginPayload(
          await register(accounts, { username, email, password, fields }, context),
          context.refreshCookie,
          { isNew: true },
        );
      },
    }),
  );
}
