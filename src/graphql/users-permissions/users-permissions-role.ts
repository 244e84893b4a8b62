import type { AdministrationServices } from '../../administration/administration.ts';
import { createRole } from '../../administration/roles/create-role.ts';
import { deleteRole } from '../../administration/roles/delete-role.ts';
import { updateRole } from '../../administration/roles/update-role.ts';
import { invalidInput } from '../../common/errors.ts';
import { rejectNull } from '../../common/reject-null.ts';
import { documentKey } from '../../database/document-key.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { byViewer } from './by-viewer.ts';

interface RoleInput {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly permissions?: readonly (string | null | undefined)[] | null | undefined;
}

/** Adds `createUsersPermissionsRole`, `updateUsersPermissionsRole` and `deleteUsersPermissionsRole`, and a role's permissions. */
export function addRoleManagement(builder: DynamicBuilder, services: AdministrationServices): void {
  const input = builder.inputRef<RoleInput>('UsersPermissionsRoleInput').implement({
    description: 'Absent fields stay as they are, permissions too.',
    fields: (t) => ({
      name: t.string(),
      description: t.string(),
      type: t.string({ description: 'The name of the role in code. It cannot be changed.' }),
      permissions: t.field({
        type: ['ID'],
        required: { list: false, items: false },
        description: 'Actions, such as `post.find`. Only those that the viewer has.',
      }),
    }),
  });
  const payload = (name: string) =>
    builder.objectRef<{ readonly ok: boolean }>(name).implement({
      fields: (t) => ({ ok: t.exposeBoolean('ok', { nullable: false }) }),
    });

  builder.mutationField('createUsersPermissionsRole', (t) =>
    t.field({
      type: payload('UsersPermissionsCreateRolePayload'),
      nullable: true,
      description: 'Creates a role. Beside the given permissions, its users can log in and keep their own accounts.',
      authScopes: { action: 'role.create' },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { data }, context) => {
        const { name, description, type } = data;
        if (name == null) throw invalidInput([{ path: ['name'], message: 'name is a required field' }]);
        await createRole(services, byViewer(context, services), {
          name,
          description: description ?? null,
          type: type ?? undefined,
          actions: actionsIn(data) ?? [],
          copyOf: undefined,
        });
        return { ok: true };
      },
    }),
  );
  builder.mutationField('updateUsersPermissionsRole', (t) =>
    t.field({
      type: payload('UsersPermissionsUpdateRolePayload'),
      nullable: true,
      description: 'Changes a role that has no more permissions than the viewer.',
      authScopes: { action: 'role.update' },
      args: { id: t.arg.id({ required: true }), data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { id, data }, context) => {
        rejectNull(data, ['name', 'type', 'permissions']);
        await updateRole(services, byViewer(context, services), documentKey(id), {
          name: data.name ?? undefined,
          description: data.description,
          type: data.type ?? undefined,
          actions: actionsIn(data),
        });
        return { ok: true };
      },
    }),
  );
  builder.mutationField('deleteUsersPermissionsRole', (t) =>
    t.field({
      type: payload('UsersPermissionsDeleteRolePayload'),
      nullable: true,
      description: 'Deletes a role. Its users go to the named one, or to the role of new users.',
      authScopes: { action: 'role.delete' },
      args: {
        id: t.arg.id({ required: true }),
        moveUsersTo: t.arg.id({ description: 'The new role of its users.' }),
      },
      resolve: async (_root, { id, moveUsersTo }, context) => {
        const target = moveUsersTo == null ? undefined : documentKey(moveUsersTo);
        // Who sees only some roles does not learn of the others here.
        const tellsRoles = context.viewer.permissions.grants('role.find') === 'all';
        await deleteRole(services, byViewer(context, services), documentKey(id), target, { tellsRoles });
        return { ok: true };
      },
    }),
  );
}

/** @throws ApiError BAD_USER_INPUT with an error for each null in the list. */
function actionsIn({ permissions }: RoleInput): string[] | undefined {
  const faults = permissions?.flatMap((action, index) =>
    action == null ? [{ path: ['permissions', index], message: 'permissions has a name that is no action' }] : [],
  );
  if (faults && faults.length > 0) throw invalidInput(faults);
  return permissions?.filter((action) => action != null);
}
