import type { AdminAccounts } from '../../accounts/accounts.ts';
import { logInWithPasskey } from '../../accounts/passkeys/log-in-with-passkey.ts';
import { askedByAdministrator } from '../../authentication/asked-by.ts';
import { addOwnPasskeys, CHALLENGE, LOGIN_WITH_PASSKEY, RESPONSE } from '../account/own-passkeys.ts';
import type { Builder } from '../builder.ts';
import { COOKIE, type LoginPayloadType, loginPayload, withCookie } from './login-payload.ts';

/** Adds what administrators do with their own passkeys. */
export function addAdminPasskeys(builder: Builder, payload: LoginPayloadType, accounts: AdminAccounts): void {
  addOwnPasskeys(builder, accounts, {
    read: 'self.passkeys',
    change: 'self.changePasskeys',
    asked: (context) => askedByAdministrator(context),
  });
  builder.mutationField('loginWithPasskey', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description:
        'Returns a token for a passkey of an administrator. Nobody types a name, and no login asks for a second factor then.',
      authScopes: { action: LOGIN_WITH_PASSKEY },
      args: {
        challenge: t.arg.string({ required: true, description: CHALLENGE }),
        response: t.arg({ type: 'JSON', required: true, description: RESPONSE }),
        cookie: t.arg.boolean({ defaultValue: false, description: COOKIE }),
      },
      resolve: async (_root, { cookie, ...input }, context) =>
        loginPayload(await logInWithPasskey(withCookie(accounts, cookie), input, context), context.refreshCookie),
    }),
  );
}
