import type { UserAccounts } from '../../accounts/accounts.ts';
import { type Account, isBlocked, rolesOf } from '../../authentication/viewer.ts';
import type { Builder } from '../builder.ts';
import { addFieldsOfOwnAccount, type ShownAccount } from '../user-fields/add-user-fields.ts';
import type { ResolvedUserFields } from '../user-fields/resolve-user-fields.ts';

/** The payload of operations that log in. */
export interface LoginPayload {
  /** Null when the account cannot log in: it is blocked or unconfirmed. */
  readonly jwt: string | null;
  /** The refresh token in the session mode `refresh`; null if it is sent as a cookie. */
  readonly refreshToken: string | null;
  readonly user: ShownAccount;
}

export type AccountTypes = ReturnType<typeof addAccountTypes>;

/** Adds the result types of account operations, under Strapi's names. */
export function addAccountTypes(
  builder: Builder,
  { clock, prisma, userFields: store }: Pick<UserAccounts, 'clock' | 'prisma' | 'userFields'>,
  userFields: ResolvedUserFields,
) {
  const role = builder.objectRef<Account['role']>('UsersPermissionsMeRole').implement({
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false }),
      name: t.exposeString('name', { nullable: false }),
      description: t.exposeString('description', { nullable: true }),
      type: t.exposeString('type', { nullable: true }),
    }),
  });
  const me = builder.objectRef<ShownAccount>('UsersPermissionsMe').implement({
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false }),
      documentId: t.exposeID('documentId', { nullable: false }),
      username: t.exposeString('username', { nullable: false }),
      email: t.exposeString('email', { nullable: true }),
      confirmed: t.exposeBoolean('confirmed', { nullable: true }),
      blocked: t.boolean({ nullable: true, resolve: (account) => isBlocked(account, clock()) }),
      role: t.expose('role', { type: role, nullable: true }),
      roles: t.field({
        type: [role],
        nullable: false,
        description: 'All roles, the main one first.',
        resolve: (account) => [...rolesOf(account)],
      }),
    }),
  });
  addFieldsOfOwnAccount(builder, me, userFields, (id) => store.read(prisma, id));
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
