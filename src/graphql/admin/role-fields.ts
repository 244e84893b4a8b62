import { createRole } from '../../administration/roles/create-role.ts';
import { deleteRole } from '../../administration/roles/delete-role.ts';
import { updateRole } from '../../administration/roles/update-role.ts';
import { rejectNull } from '../../common/reject-null.ts';
import { documentKey } from '../../database/document-key.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import { given } from './given.ts';
import type { GrantTypes } from './grant-fields.ts';
import { type ActionGrantsInput, grantsOfActionsIn } from './grant-input.ts';
import { type AdminServices, byAdmin } from './services.ts';

interface CreateRoleInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly permissions?: readonly string[] | null | undefined;
  readonly grants?: readonly ActionGrantsInput[] | null | undefined;
  readonly copyOf?: string | null | undefined;
  readonly includes?: readonly string[] | null | undefined;
}

interface UpdateRoleInput {
  readonly name?: string | null | undefined;
  readonly requiresSecondFactor?: boolean | null | undefined;
  readonly description?: string | null | undefined;
  readonly includes?: readonly string[] | null | undefined;
}

const VERSION = 'The version of the role that you read. If somebody else changed the role since, nothing is changed.';

export const GRANTS_OF_ACTIONS =
  'The grants of some actions, each action once. The role is given those that it lacks. An action in `add` that it has already keeps its grants.';

/** Adds the mutations on roles, and the query of the actions that can be granted. */
export function addRoles(typed: Builder, services: AdminServices, { inputs }: GrantTypes): void {
  const builder = dynamic(typed);
  addActions(typed, services);
  const createInput = builder.inputRef<CreateRoleInput>('CreateRoleInput').implement({
    fields: (t) => ({
      name: t.string({ required: true }),
      description: t.string(),
      type: t.string({
        description: 'The name of the role in code: `guest_writer`. Made from its name if it is absent.',
      }),
      permissions: t.stringList({ description: 'Its actions, beside those that every role begins with.' }),
      grants: t.field({
        type: [inputs.ofAction],
        description:
          'The grants of some actions, each action once. The role has these actions, and where it is a copy, these grants in place of the copied ones.',
      }),
      copyOf: t.id({
        description:
          'The role whose permissions it copies. Default: the actions that every new role has, for logging in and the own account.',
      }),
      includes: t.idList({
        description: 'The roles whose permissions it has beside its own. Default: those of the copied role, or none.',
      }),
    }),
  });
  const updateInput = builder.inputRef<UpdateRoleInput>('UpdateRoleInput').implement({
    description: 'What is absent stays as it is. Null removes the description.',
    fields: (t) => ({
      name: t.string(),
      description: t.string(),
      requiresSecondFactor: t.boolean({
        description:
          'Whether its users need a second factor. Until they have one, they hold nothing but the actions of their own account.',
      }),
      includes: t.idList({ description: 'All roles that it includes: [] for none.' }),
    }),
  });

  builder.mutationField('createRole', (t) =>
    t.field({
      type: 'Role',
      nullable: true,
      authScopes: { action: 'role.create' },
      args: { data: t.arg({ type: createInput, required: true }) },
      resolve: async (_root, { data }, context) => {
        const { name, description, type, permissions, copyOf } = data;
        const id = await createRole(services, byAdmin(context), {
          name,
          description: description ?? null,
          type: given(type),
          actions: permissions ?? [],
          grants: grantsOfActionsIn(data.grants),
          copyOf: copyOf == null ? undefined : documentKey(copyOf),
          includes: data.includes?.map(documentKey),
        });
        return { id };
      },
    }),
  );
  builder.mutationField('updateRole', (t) =>
    t.field({
      type: 'Role',
      nullable: true,
      description: 'Changes the name or the description of a role, or what it includes. Its permissions stay.',
      authScopes: { action: 'role.update' },
      args: {
        documentId: t.arg.id({ required: true }),
        data: t.arg({ type: updateInput, required: true }),
        version: t.arg.int({ description: VERSION }),
      },
      resolve: async (_root, { documentId, data, version }, context) => {
        rejectNull(data, ['name', 'requiresSecondFactor', 'includes']);
        const change = {
          name: given(data.name),
          description: data.description,
          requiresSecondFactor: given(data.requiresSecondFactor),
          includes: data.includes?.map(documentKey),
          version: given(version),
        };
        return { id: await updateRole(services, byAdmin(context), documentKey(documentId), change) };
      },
    }),
  );
  builder.mutationField('setPermissions', (t) =>
    t.field({
      type: 'Role',
      nullable: true,
      description:
        'Grants actions to a role, restricts them and takes them away, all of it or nothing. It takes effect with the next request.',
      authScopes: { action: 'role.setPermissions' },
      args: {
        role: t.arg.id({ required: true }),
        version: t.arg.int({ required: true, description: VERSION }),
        add: t.arg.stringList({ defaultValue: [] }),
        remove: t.arg.stringList({ defaultValue: [] }),
        grants: t.arg({ type: [inputs.ofAction], description: GRANTS_OF_ACTIONS }),
      },
      resolve: async (_root, { role, version, add, remove, grants }, context) => {
        const change = { version, add: add ?? [], remove: remove ?? [], grants: grantsOfActionsIn(grants) };
        return { id: await updateRole(services, byAdmin(context), documentKey(role), change) };
      },
    }),
  );

  interface Deleted {
    readonly documentId: string;
    readonly moved: number;
    readonly movedTo: number | null;
  }
  const deleted = builder.objectRef<Deleted>('DeletedRole').implement({
    fields: (t) => ({
      documentId: t.exposeID('documentId', { nullable: false }),
      movedUsers: t.exposeInt('moved', { nullable: false }),
      movedTo: t.field({
        type: 'Role',
        nullable: true,
        resolve: ({ movedTo }) => (movedTo === null ? null : { id: movedTo }),
      }),
    }),
  });
  builder.mutationField('deleteRole', (t) =>
    t.field({
      type: deleted,
      nullable: true,
      description: 'Deletes a role. Public, Authenticated and the role of new users cannot be deleted.',
      authScopes: { action: 'role.delete' },
      args: {
        documentId: t.arg.id({ required: true }),
        moveUsersTo: t.arg.id({ required: true, description: 'The new role of its users.' }),
      },
      resolve: async (_root, { documentId, moveUsersTo }, context) => {
        const by = byAdmin(context);
        const { role, movedTo, moved } = await deleteRole(
          services,
          by,
          documentKey(documentId),
          documentKey(moveUsersTo),
          { tellsRoles: true },
        );
        return { documentId: role.documentId, moved, movedTo: moved > 0 ? movedTo.id : null };
      },
    }),
  );
}

function addActions(builder: Builder, { catalogue }: AdminServices): void {
  type Group = AdminServices['catalogue'][number];
  const action = builder.objectRef<Group['actions'][number]>('GrantableAction').implement({
    description: 'An action that a role or an API token can have.',
    fields: (t) => ({
      action: t.exposeString('action', { nullable: false }),
      label: t.exposeString('label', { nullable: false }),
      description: t.exposeString('description', { nullable: false }),
      rootFields: t.stringList({
        nullable: false,
        description: 'The root fields of /graphql that it allows.',
        resolve: ({ rootFields }) => [...rootFields],
      }),
      writes: t.exposeBoolean('writes', { nullable: false, description: 'Whether one of them is a mutation.' }),
    }),
  });
  const group = builder.objectRef<Group>('ActionGroup').implement({
    fields: (t) => ({
      type: t.exposeString('type', { nullable: false }),
      label: t.exposeString('label', { nullable: false }),
      actions: t.field({ type: [action], nullable: false, resolve: ({ actions }) => [...actions] }),
    }),
  });
  builder.queryField('actions', (t) =>
    t.field({
      type: [group],
      nullable: { list: true, items: false },
      description: 'All actions that can be granted, by type.',
      authScopes: { action: 'action.find' },
      resolve: () => [...catalogue],
    }),
  );
}
