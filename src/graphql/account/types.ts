import type { UserAccounts } from '../../accounts/accounts.ts';
import { type Account, isBlocked } from '../../authentication/viewer.ts';
import type { Builder } from '../builder.ts';

/** What an account operation answers: who, and the token to be that. */
export interface LoginPayload {
  /** Null when this account may not log in yet, or any more. */
  readonly jwt: string | null;
  /** For new tokens when this one is at its end, in the mode `refresh`; null where it is a cookie. */
  readonly refreshToken: string | null;
  readonly user: Account;
}

export type AccountTypes = ReturnType<typeof addAccountTypes>;

/** The types that account operations answer with, under Strapi's names. */
export function addAccountTypes(builder: Builder, { clock }: Pick<UserAccounts, 'clock'>) {
  const role = builder.objectRef<Account['role']>('UsersPermissionsMeRole').implement({
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false }),
      name: t.exposeString('name', { nullable: false }),
      description: t.exposeString('description', { nullable: true }),
      type: t.exposeString('type', { nullable: true }),
    }),
  });
  const me = builder.objectRef<Account>('UsersPermissionsMe').implement({
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false }),
      documentId: t.exposeID('documentId', { nullable: false }),
      username: t.exposeString('username', { nullable: false }),
      email: t.exposeString('email', { nullable: true }),
      confirmed: t.exposeBoolean('confirmed', { nullable: true }),
      blocked: t.boolean({ nullable: true, resolve: (account) => isBlocked(account, clock()) }),
      role: t.expose('role', { type: role, nullable: true }),
    }),
  });
  const loginPayload = builder.objectRef<LoginPayload>('UsersPermissionsLoginPayload').implement({
    fields: (t) => ({
      jwt: t.exposeString('jwt', { nullable: true }),
      refreshToken: t.exposeString('refreshToken', {
        nullable: true,
        description: 'The refresh token, which works once. Null in the session mode `plain`, and if it is a cookie.',
      }),
      user: t.expose('user', { type: me, nullable: false }),
    }),
  });
  const passwordPayload = builder.objectRef<{ readonly ok: boolean }>('UsersPermissionsPasswordPayload').implement({
    fields: (t) => ({ ok: t.exposeBoolean('ok', { nullable: false }) }),
  });
  return { me, loginPayload, passwordPayload };
}
