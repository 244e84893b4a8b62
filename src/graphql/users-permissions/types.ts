import { contentType } from '../content-type/content-type.ts';

/** Users and roles on `/graphql`, under Strapi's names, for roles and tokens that were given it. */
export const USERS_AND_ROLES = [
  contentType('User', {
    name: 'UsersPermissionsUser',
    actions: 'user',
    read: ['username', 'email', 'confirmed', 'blocked', 'role', 'createdAt', 'updatedAt'],
    write: [],
    numericId: true,
  }),
  contentType('Role', {
    name: 'UsersPermissionsRole',
    actions: 'role',
    read: ['name', 'description', 'type', 'users', 'createdAt', 'updatedAt'],
    write: [],
    numericId: true,
  }),
];
