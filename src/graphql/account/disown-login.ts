import type { UserAccounts } from '../../accounts/accounts.ts';
import { disownLogin } from '../../accounts/disown-login.ts';
import type { Builder } from '../builder.ts';
import type { AccountTypes } from './types.ts';

export function addDisownLogin(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  builder.mutationField('disownLogin', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description:
        'Says, with the code of a mail about a login, that it was somebody else: all sessions end, the password no longer works, and a mail has a link to choose another.',
      authScopes: { action: 'auth.disownLogin' },
      args: { code: t.arg.string({ required: true }) },
      resolve: async (_root, { code }, context) => {
        await disownLogin(accounts, code, context);
        return { ok: true };
      },
    }),
  );
}
