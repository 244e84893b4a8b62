import { setTokenGrants } from '../../administration/api-tokens/set-token-grants.ts';
import { problemsOf } from '../../administration/invalid-grants.ts';
import { permissionsIn } from '../../administration/permission-row.ts';
import { type GrantPreview, previewGrants } from '../../administration/preview-grants.ts';
import { holderOf } from '../../administration/roles/fixed-roles.ts';
import { setGrants } from '../../administration/roles/set-grants.ts';
import type { Grant } from '../../authorization/grants.ts';
import type { RuleField, RuleType } from '../../authorization/rules.ts';
import { documentKey } from '../../database/document-key.ts';
import type { Builder } from '../builder.ts';
import { type DynamicBuilder, dynamic } from '../content-type/content-schema.ts';
import { addScalar } from '../scalars/scalars.ts';
import { PERMISSIONS } from './administered-types.ts';
import { addGrantInputs, GRANT_PARTS, GRANTS, grantsIn } from './grant-input.ts';
import { type AdminServices, byAdmin } from './services.ts';

/** Adds the grants of roles and API tokens: on which rows and fields they have an action. */
export function addGrants(typed: Builder, services: AdminServices) {
  const builder = dynamic(typed);
  addScalar(typed, 'JSON');
  const { grant: input, ofAction } = addGrantInputs(builder);
  const grant = addGrantsOfHolders(typed, services);
  builder.mutationField('setGrants', (t) =>
    t.field({
      type: 'Role',
      nullable: true,
      description:
        'Restricts an action of a role to some rows and fields, and gives it the action if it lacks it. It takes effect with the next request.',
      authScopes: { action: 'role.setGrants' },
      args: {
        role: t.arg.id({ required: true }),
        action: t.arg.string({ required: true }),
        grants: t.arg({ type: [input], description: GRANTS }),
        version: t.arg.int({
          required: true,
          description:
            'The version of the role that you read. If somebody else changed the role since, nothing is changed.',
        }),
      },
      resolve: async (_root, { role, action, grants, version }, context) => {
        const change = { action, grants: grantsIn(grants), version };
        return { id: await setGrants(services, byAdmin(context), documentKey(role), change) };
      },
    }),
  );
  builder.mutationField('setTokenGrants', (t) =>
    t.field({
      type: 'ApiToken',
      nullable: true,
      description:
        'Restricts an action of an API token of the kind CUSTOM to some rows and fields, and gives it the action if it lacks it.',
      authScopes: { action: 'apiToken.setGrants' },
      args: {
        token: t.arg.id({ required: true }),
        action: t.arg.string({ required: true }),
        grants: t.arg({ type: [input], description: GRANTS }),
      },
      resolve: async (_root, { token, action, grants }, context) => ({
        id: await setTokenGrants(services, byAdmin(context), token, [action, grantsIn(grants)]),
      }),
    }),
  );
  builder.queryField('previewGrants', (t) =>
    t.field({
      type: addPreview(builder),
      nullable: true,
      description: 'What grants would mean for a role. Nothing is changed.',
      authScopes: { action: 'role.previewGrants' },
      args: {
        role: t.arg.id({ required: true }),
        action: t.arg.string({ required: true }),
        grants: t.arg({ type: [input], description: GRANTS }),
        as: t.arg.id({
          description:
            'A user: rows are counted as they are for this user. Without one, no condition with $user is counted.',
        }),
      },
      resolve: (_root, { role, action, grants, as }, { viewer }) =>
        previewGrants(services, documentKey(role), [action, grantsIn(grants)], {
          as: as == null ? undefined : documentKey(as),
          // Who can set grants can read by them whatever conditions can name. Others cannot.
          isCounted: viewer.permissions.allows('role.setGrants'),
        }),
    }),
  );
  addRuleTypes(builder, services);
  return { inputs: { grant: input, ofAction }, grant };
}

/** The types of grants, for the fields of others that take them or show them. */
export type GrantTypes = ReturnType<typeof addGrants>;

/** `Role.grants`, `Role.problems` and `ApiToken.grants`. */
function addGrantsOfHolders(builder: Builder, { rules }: AdminServices) {
  const grant = builder.objectRef<Grant>('Grant').implement({
    description: 'Rows and fields on which an action is allowed. null is without restriction.',
    fields: (t) => ({
      // Whoever writes into the database by hand can leave anything there.
      where: t.field({ type: 'JSON', nullable: true, description: GRANT_PARTS.where, resolve: (one) => one?.where }),
      fields: t.stringList({
        nullable: true,
        description: GRANT_PARTS.fields,
        resolve: ({ fields }) =>
          Array.isArray(fields) ? fields.map((name) => (typeof name === 'string' ? name : JSON.stringify(name))) : null,
      }),
      check: t.field({ type: 'JSON', nullable: true, description: GRANT_PARTS.check, resolve: (one) => one?.check }),
      set: t.field({ type: 'JSON', nullable: true, description: GRANT_PARTS.set, resolve: (one) => one?.set }),
    }),
  });
  interface Restricted {
    readonly action: string;
    readonly grants: readonly Grant[];
  }
  const permissionGrants = builder.objectRef<Restricted>('PermissionGrants').implement({
    description: 'An action with restrictions.',
    fields: (t) => ({
      action: t.exposeString('action', { nullable: false }),
      grants: t.field({
        type: [grant],
        nullable: false,
        description: 'What is done must be allowed by one of them as a whole.',
        resolve: ({ grants }) => grants.map((one) => one ?? {}),
      }),
      inWords: t.string({
        nullable: false,
        description: 'The grants in words: `where owner is the user, fields content, title`.',
        resolve: ({ action, grants }) => rules.inWords(action, grants),
      }),
    }),
  });
  const restricted = (rows: Parameters<typeof permissionsIn>[0]) =>
    permissionsIn(rows).flatMap(([action, grants]) => (grants ? [{ action, grants }] : []));
  builder.prismaObjectField('Role', 'grants', (t) =>
    t.field({
      type: [permissionGrants],
      nullable: false,
      description:
        'Those of its actions that are restricted, in alphabetical order. It has the others without restriction.',
      select: PERMISSIONS,
      resolve: ({ permissions }) => restricted(permissions),
    }),
  );
  builder.prismaObjectField('Role', 'problems', (t) =>
    t.stringList({
      nullable: false,
      description: 'The grants that can no longer be read, and why. They allow nothing.',
      select: { type: true, ...PERMISSIONS },
      resolve: ({ type, permissions }) =>
        permissionsIn(permissions)
          .flatMap((permission) => problemsOf(permission, holderOf({ type }), rules))
          .map(({ path, message }) => `${path}: ${message}`),
    }),
  );
  builder.prismaObjectField('ApiToken', 'problems', (t) =>
    t.stringList({
      nullable: false,
      description: 'The grants that can no longer be read, and why. They allow nothing.',
      select: PERMISSIONS,
      resolve: ({ permissions }) =>
        permissionsIn(permissions)
          .flatMap((permission) => problemsOf(permission, 'token', rules))
          .map(({ path, message }) => `${path}: ${message}`),
    }),
  );
  builder.prismaObjectField('ApiToken', 'grants', (t) =>
    t.field({
      type: [permissionGrants],
      nullable: false,
      description:
        'Those of its actions that are restricted, in alphabetical order. It has the others without restriction.',
      select: PERMISSIONS,
      resolve: ({ permissions }) => restricted(permissions),
    }),
  );
  return grant;
}

function addPreview(builder: DynamicBuilder) {
  return builder.objectRef<GrantPreview>('GrantPreview').implement({
    description: 'What grants would mean.',
    fields: (t) => ({
      problems: t.stringList({
        nullable: false,
        description: 'Why they cannot be set, each with its path.',
        resolve: ({ problems }) => [...problems],
      }),
      inWords: t.exposeString('inWords', { nullable: false, description: 'The grants in words.' }),
      rows: t.int({
        nullable: true,
        description:
          'How many documents they let through. Null for a create, with a problem, for a condition with a variable that has no value, and for an administrator who cannot set grants.',
        resolve: ({ count }) => count?.rows,
      }),
      of: t.int({
        nullable: true,
        description: 'How many documents there are. Null where `rows` is.',
        resolve: ({ count }) => count?.of,
      }),
      indexesMissing: t.stringList({
        nullable: false,
        description: 'The columns in their conditions that lead no index: `Post.title`.',
        resolve: ({ indexesMissing }) => [...indexesMissing],
      }),
      warnings: t.stringList({
        nullable: false,
        description: 'What stays open beside them, and what they cost.',
        resolve: ({ warnings }) => [...warnings],
      }),
    }),
  });
}

function addRuleTypes(builder: DynamicBuilder, { rules }: AdminServices): void {
  const kind = builder.enumType('RuleFieldKind', {
    values: { COLUMN: { value: 'column' }, RELATION: { value: 'relation' } } as const,
  });
  const field = builder.objectRef<RuleField>('RuleField').implement({
    description: 'A column or a relation that conditions can use.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: false }),
      kind: t.expose('kind', { type: kind, nullable: false, description: 'Whether it is a column or a relation.' }),
      type: t.exposeString('type', {
        nullable: false,
        description:
          '`String`, `Int`, `Float`, `Boolean`, `DateTime`, an enum, or the model that the relation leads to.',
      }),
      values: t.stringList({
        nullable: true,
        description: 'The values of an enum.',
        resolve: ({ values }) => (values ? [...values] : null),
      }),
      many: t.exposeBoolean('many', { nullable: false, description: 'Whether the relation leads to many documents.' }),
      readable: t.exposeBoolean('readable', {
        nullable: false,
        description: 'Whether clients can read it, so that `fields` of a grant can name it.',
      }),
      writable: t.exposeBoolean('writable', {
        nullable: false,
        description: 'Whether clients can send it, so that `fields` of a grant can name it.',
      }),
      operators: t.stringList({
        nullable: false,
        description: 'The operators of a column.',
        resolve: ({ operators }) => [...operators],
      }),
      variables: t.stringList({
        nullable: false,
        description:
          'The variables that fit. `$now` can have a distance: `$now-7d`. `$roles` goes with `in` and `notIn`.',
        resolve: ({ variables }) => [...variables],
      }),
    }),
  });
  const type = builder.objectRef<RuleType>('RuleType').implement({
    description: 'A type that conditions can reach.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: false, description: 'The model: `Post`.' }),
      actions: t.exposeString('actions', {
        nullable: true,
        description: 'The first part of its actions: `post`. Null for a type without actions of its own.',
      }),
      fields: t.field({
        type: [field],
        nullable: false,
        description: 'Its columns and relations.',
        resolve: ({ fields }) => [...fields],
      }),
    }),
  });
  builder.queryField('ruleTypes', (t) =>
    t.field({
      type: [type],
      nullable: { list: true, items: false },
      description: 'What the conditions of grants can use, by type.',
      authScopes: { action: 'ruleType.find' },
      resolve: () => [...rules.types],
    }),
  );
}
