import {
  type EffectivePermission,
  effectivePermissionsOfUser,
  type PermissionSource,
} from '../../administration/users/effective-permissions.ts';
import { documentKey } from '../../database/document-key.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import type { GrantTypes } from './grant-fields.ts';
import type { AdminServices } from './services.ts';

/** What a user is allowed by all roles together, and which of them gives it. */
export function addEffectivePermissions(typed: Builder, services: AdminServices, { grant }: GrantTypes): void {
  const builder = dynamic(typed);
  const how = builder.enumType('PermissionSourceKind', {
    description: 'How a user comes to have a role.',
    values: { MAIN: { value: 'main' }, FURTHER: { value: 'further' }, INCLUDED: { value: 'included' } } as const,
  });
  const source = builder.objectRef<PermissionSource>('PermissionSource').implement({
    description: 'A role that gives a permission.',
    fields: (t) => ({
      role: t.field({ type: 'Role', nullable: false, resolve: ({ role }) => ({ id: role }) }),
      how: t.expose('how', { type: how, nullable: false, description: 'How the user comes to have the role.' }),
      includedBy: t.field({
        type: ['Role'],
        nullable: false,
        description: 'Of the roles of the user, and of those that they include, the ones that include it.',
        resolve: ({ includedBy }) => includedBy.map((id) => ({ id })),
      }),
    }),
  });
  const permission = builder.objectRef<EffectivePermission>('EffectivePermission').implement({
    description: 'An action that a user has by all roles together.',
    fields: (t) => ({
      action: t.exposeString('action', { nullable: false }),
      grants: t.field({
        type: [grant],
        nullable: { list: true, items: false },
        description:
          'What is done must be allowed by one of them as a whole. null: without restriction. Grants that can no longer be read are not among them.',
        resolve: ({ grants }) => (grants ? [...grants] : null),
      }),
      inWords: t.exposeString('inWords', { nullable: false, description: 'The grants in words.' }),
      from: t.field({
        type: ['Role'],
        nullable: false,
        description: 'The roles that give it.',
        resolve: ({ sources }) => sources.map(({ role }) => ({ id: role })),
      }),
      sources: t.field({
        type: [source],
        nullable: false,
        description: 'The roles that give it, and how the user comes to have each of them.',
        resolve: ({ sources }) => [...sources],
      }),
    }),
  });
  builder.queryField('effectivePermissions', (t) =>
    t.field({
      type: [permission],
      nullable: { list: true, items: false },
      description:
        'What a user is allowed, by the main role, further ones and those that these include. Null if there is no such user.',
      authScopes: { action: 'user.findOne' },
      args: { user: t.arg.id({ required: true, description: 'The numeric id or the documentId of the user.' }) },
      resolve: async (_root, { user }) => {
        const permissions = await effectivePermissionsOfUser(services, documentKey(user));
        return permissions && [...permissions];
      },
    }),
  );
}
