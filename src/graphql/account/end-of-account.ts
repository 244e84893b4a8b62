import type { UserAccounts } from '../../accounts/accounts.ts';
import { deleteOwnAccount } from '../../accounts/delete-own-account.ts';
import { exportAccount } from '../../accounts/export-account.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import { DATABASE_COST } from '../operation/cost.ts';
import { addScalar } from '../scalars/scalars.ts';

const [DELETE, EXPORT] = ['user.deleteMe', 'user.exportMe'] as const;

/** Adds `deleteMe` and `exportMe`. */
export function addEndOfAccount(builder: Builder, accounts: UserAccounts): void {
  const deletion = builder.objectRef<{ readonly deletesAt: Date | null }>('AccountDeletion').implement({
    description: 'The end of an account.',
    fields: (t) => ({
      deletesAt: t.expose('deletesAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it will be deleted, unless its owner logs in before. Null: it was deleted.',
      }),
    }),
  });
  builder.mutationField('deleteMe', (t) =>
    t.field({
      type: deletion,
      nullable: true,
      description:
        'Deletes the account of the token, at once or after the days of the setting `deleteGraceDays`. Its sessions end now. Sensitive.',
      authScopes: { action: DELETE },
      resolve: async (_root, _args, context) => {
        const deleted = await deleteOwnAccount(accounts, askedByUser(context, DELETE));
        if (context.refreshCookie.token !== undefined) context.refreshCookie.clear();
        return deleted;
      },
    }),
  );
  addScalar(builder, 'JSON');
  builder.mutationField('exportMe', (t) =>
    t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What is stored about the account of the token: itself, ways in, sessions, the newest thousand acts, and what the application adds. Sensitive.',
      authScopes: { action: EXPORT },
      // Some statements, and a thousand rows.
      extensions: { [DATABASE_COST]: () => ({ once: 1_000, each: 0 }) },
      resolve: (_root, _args, context) => exportAccount(accounts, askedByUser(context, EXPORT)),
    }),
  );
}
