import type { Attempts } from '../../accounts/attempts.ts';
import { faultsOfBlank } from '../../accounts/required-texts.ts';
import type { GivenFields } from '../../accounts/user-fields.ts';
import type { AdministrationServices } from '../../administration/administration.ts';
import { createUser } from '../../administration/users/create-user.ts';
import { deleteUser } from '../../administration/users/delete-user.ts';
import { rolesIn } from '../../administration/users/given-roles.ts';
import { updateUser } from '../../administration/users/update-user.ts';
import { rolesOf } from '../../authentication/viewer.ts';
import { applicationError, invalidInput } from '../../common/errors.ts';
import { rejectNull } from '../../common/reject-null.ts';
import { documentKey } from '../../database/document-key.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { InMemoryRow } from '../content-type/in-memory-row.ts';
import type { Row } from '../content-type/row.ts';
import { WholeRow } from '../content-type/whole-row.ts';
import type { Context } from '../context.ts';
import { inputFieldsFor } from '../user-fields/add-user-fields.ts';
import { otherValues } from '../user-fields/create-user-fields.ts';
import type { ResolvedUserFields } from '../user-fields/resolve-user-fields.ts';
import { byViewer } from './by-viewer.ts';

interface UserInput {
  readonly username?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly provider?: string | null | undefined;
  readonly password?: string | null | undefined;
  readonly confirmed?: boolean | null | undefined;
  readonly blocked?: boolean | null | undefined;
  readonly role?: string | null | undefined;
  readonly roles?: readonly string[] | null | undefined;
}

/** What is Gatehouse's of an input. */
const OWN = ['username', 'email', 'provider', 'password', 'confirmed', 'blocked', 'role', 'roles'] as const;

/** `createUsersPermissionsUser`, `updateUsersPermissionsUser`, `deleteUsersPermissionsUser`. */
export function addUserManagement(
  builder: DynamicBuilder,
  services: AdministrationServices,
  attempts: Pick<Attempts, 'count'>,
  userFields: ResolvedUserFields,
): void {
  const given = (data: UserInput): GivenFields => ({ writer: 'users', values: otherValues(data, ...OWN) });

  /** A viewer who is allowed to list all users knows them. For others, the response says something about the list: it is counted. */
  async function count(data: UserInput, { viewer, origin }: Context): Promise<void> {
    const names = [data.username, data.email].filter((name) => name != null);
    const isTelling = names.length > 0 || services.userFields.uniquesIn(given(data).values).length > 0;
    if (!isTelling || viewer.permissions.grants('user.find') === 'all') return;
    const account = viewer.kind === 'user' ? `user ${viewer.account.id}` : viewer.kind;
    await attempts.count('manageUsers', { address: origin.address, account });
  }

  const input = builder.inputRef<UserInput>('UsersPermissionsUserInput').implement({
    description: 'Absent fields stay as they are.',
    fields: (t) => ({
      username: t.string(),
      email: t.string(),
      provider: t.string({ description: 'Only `local`: an administrator cannot link a login provider.' }),
      password: t.string(),
      confirmed: t.boolean(),
      blocked: t.boolean(),
      role: t.id({ description: 'Its id or its documentId. Not a role with more permissions than the viewer.' }),
      roles: t.idList({
        description:
          'All roles of the user. The first is the main one, unless `role` names it. The main role alone leaves the others.',
      }),
      ...inputFieldsFor(t, userFields, 'users'),
    }),
  });
  const response = builder.objectRef<{ readonly data: Row }>('UsersPermissionsUserEntityResponse').implement({
    fields: (t) => ({
      data: t.field({
        type: 'UsersPermissionsUser',
        nullable: true,
        grantScopes: ['UsersPermissionsUser'],
        resolve: ({ data }) => data,
      }),
    }),
  });

  builder.mutationField('createUsersPermissionsUser', (t) =>
    t.field({
      type: response,
      nullable: true,
      description: 'Creates a user, with the default role if none is named.',
      authScopes: { action: 'user.create' },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { data }, context) => {
        const { username, email, password } = data;
        if (username == null || email == null || password == null) {
          const texts = { username: username ?? '', email: email ?? '', password: password ?? '' };
          throw invalidInput(faultsOfBlank(texts));
        }
        await count(data, context);
        checkProvider(data);
        const id = await createUser(services, byViewer(context, services), {
          username,
          email,
          password,
          ...rolesIn(data),
          confirmed: data.confirmed ?? false,
          blocked: data.blocked ?? false,
          invite: false,
          fields: given(data),
        });
        return { data: new WholeRow(id) };
      },
    }),
  );
  builder.mutationField('updateUsersPermissionsUser', (t) =>
    t.field({
      type: response,
      nullable: true,
      description: 'Changes a user who has no more permissions than the viewer.',
      authScopes: { action: 'user.update' },
      args: { id: t.arg.id({ required: true }), data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { id, data }, context) => {
        rejectNull(data, OWN);
        await count(data, context);
        checkProvider(data);
        const changed = await updateUser(services, byViewer(context, services), documentKey(id), {
          username: data.username ?? undefined,
          email: data.email ?? undefined,
          password: data.password ?? undefined,
          confirmed: data.confirmed ?? undefined,
          blocked: data.blocked ?? undefined,
          fields: given(data),
          ...rolesIn(data),
        });
        return { data: new WholeRow(changed) };
      },
    }),
  );

  builder.mutationField('deleteUsersPermissionsUser', (t) =>
    t.field({
      type: response,
      nullable: true,
      description: 'Deletes a user who has no more permissions than the viewer.',
      authScopes: { action: 'user.delete' },
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_root, { id }, context) => {
        const user = await deleteUser(services, byViewer(context, services), documentKey(id));
        return { data: new InMemoryRow(user.id, { ...user.fields, ...user, roles: rolesOf(user) }) }; // as it was
      },
    }),
  );
}

function checkProvider({ provider }: UserInput): void {
  if (provider != null && provider !== 'local') throw applicationError('This provider is disabled');
}
