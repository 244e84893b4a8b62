import { contentType } from '../content-type/content-type.ts';
import { readBy, rulesOfUserFields } from '../user-fields/add-user-fields.ts';
import type { ResolvedUserFields } from '../user-fields/resolve-user-fields.ts';

/** The main role and the further ones: a relation over a view, which Prisma's types do not have. */
const ROLES = 'roles' as 'role';

/**
 * Users and roles on `/graphql`, under Strapi's names, for roles and tokens that were given it. Users have the fields of the
 * application's own that are for who can find users.
 */
export const usersAndRoles = (userFields: Pick<ResolvedUserFields, 'fields'>) => [
  contentType('User', {
    name: 'UsersPermissionsUser',
    actions: 'user',
    read: [
      'username',
      'email',
      'provider',
      'confirmed',
      'blocked',
      'role',
      ROLES,
      ...own(userFields),
      'createdAt',
      'updatedAt',
    ],
    write: [],
    numericId: true,
    columns: {
      provider: {
        label: 'How the user logs in: `local` with a password, or the login provider of a user without one.',
      },
      ...rulesOfUserFields(userFields),
    },
  }),
  contentType('Role', {
    name: 'UsersPermissionsRole',
    actions: 'role',
    read: ['name', 'description', 'type', 'permissions', 'users', 'createdAt', 'updatedAt'],
    write: [],
    numericId: true,
  }),
  // The permissions of a role belong to it: a viewer who is allowed to read roles reads them, too.
  contentType('Permission', {
    name: 'UsersPermissionsPermission',
    actions: 'role',
    read: ['action', 'role', 'createdAt', 'updatedAt'],
    write: [],
    relatedOnly: true,
    columns: { action: { label: 'The action: `post.find`.' } },
  }),
];

/** Columns that Prisma's types do not have here: those of an application. */
function own(userFields: Pick<ResolvedUserFields, 'fields'>): 'username'[] {
  return readBy(userFields, 'users') as 'username'[];
}
