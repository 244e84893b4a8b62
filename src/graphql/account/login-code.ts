import type { UserAccounts } from '../../accounts/accounts.ts';
import { logInWithCode, sendLoginCode } from '../../accounts/login-code.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

/** Adds `sendLoginCode` and `loginWithCode`. */
export function addLoginCode(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('sendLoginCode', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description:
        'Mails a code to log in, if there is an account with this e-mail. The response is the same either way. The setting `emailLoginCodes` enables it.',
      authScopes: { action: 'auth.loginWithCode' },
      args: { email: t.arg.string({ required: true }) },
      resolve: async (_root, { email }, context) => {
        await sendLoginCode(accounts, email, context);
        return { ok: true };
      },
    }),
  );
  builder.mutationField('loginWithCode', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description:
        'Returns a token for a mailed code. It works once, for ten minutes, and ends with the fifth wrong try. It confirms the e-mail.',
      authScopes: { action: 'auth.loginWithCode' },
      args: {
        email: t.arg.string({ required: true }),
        code: t.arg.string({ required: true, description: 'Eight digits. Blanks and hyphens are ignored.' }),
      },
      resolve: async (_root, input, context) =>
        loginPayload(await logInWithCode(accounts, input, context), context.refreshCookie),
    }),
  );
}
