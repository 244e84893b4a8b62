import type { UserAccounts } from '../../accounts/accounts.ts';
import { logInWithPasskey } from '../../accounts/passkeys/log-in-with-passkey.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import { addOwnPasskeys, CHALLENGE, LOGIN_WITH_PASSKEY, RESPONSE } from './own-passkeys.ts';
import type { AccountTypes } from './types.ts';

/** Adds what users do with passkeys. */
export function addPasskeys(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  addOwnPasskeys(builder, accounts, {
    read: 'user.passkeys',
    change: 'user.changePasskeys',
    asked: (context, action) => askedByUser(context, action),
  });
  builder.mutationField('loginWithPasskey', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Returns a token for a passkey. Nobody types a name, and no login asks for a second factor then.',
      authScopes: { action: LOGIN_WITH_PASSKEY },
      args: {
        challenge: t.arg.string({ required: true, description: CHALLENGE }),
        response: t.arg({ type: 'JSON', required: true, description: RESPONSE }),
      },
      resolve: async (_root, input, context) =>
        loginPayload(await logInWithPasskey(accounts, input, context), context.refreshCookie),
    }),
  );
}
