import { contentType } from '../content-type/content-type.ts';

/** The main role and the further ones: a relation over a view, which Prisma's types do not have. */
const ROLES = 'roles' as 'role';

/** Users and roles on `/graphql`, under Strapi's names, for roles and tokens that were given it. */
export const USERS_AND_ROLES = [
  contentType('User', {
    name: 'UsersPermissionsUser',
    actions: 'user',
    read: ['username', 'email', 'provider', 'confirmed', 'blocked', 'role', ROLES, 'createdAt', 'updatedAt'],
    write: [],
    numericId: true,
    columns: { provider: { label: 'How the user logs in. Always `local`, which means with a password.' } },
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
