import { type NewRole, OWN_ACCOUNT, SIGN_IN } from '../../src/authorization/new-roles.ts';

const FIND = ['find', 'findOne'];
const ALL = [...FIND, 'create', 'update', 'delete'];

function actions(type: string, verbs: readonly string[]): string[] {
  return verbs.map((verb) => `${type}.${verb}`);
}

/** What everybody may read of the example blog, beside its posts. */
const READ_AROUND = [
  ...actions('author', FIND),
  ...actions('category', FIND),
  ...actions('tag', FIND),
  ...actions('siteSetting', ['find']),
];

/**
 * The roles of a new database. The first two always exist, in Strapi's order: front ends know Authenticated as 1 and Public
 * as 2.
 */
export const roles: readonly NewRole[] = [
  {
    type: 'authenticated',
    name: 'Authenticated',
    description: 'Users who registered.',
    actions: [...actions('post', [...FIND, 'create']), ...READ_AROUND, ...OWN_ACCOUNT],
  },
  {
    type: 'public',
    name: 'Public',
    description: 'Requests without a credential.',
    actions: [...actions('post', FIND), ...READ_AROUND, ...SIGN_IN],
  },
  {
    type: 'editor',
    name: 'Editor',
    description: 'Writes and publishes posts.',
    actions: [...actions('post', ALL), ...READ_AROUND, ...OWN_ACCOUNT],
  },
  {
    type: 'moderator',
    name: 'Moderator',
    description: 'Corrects and removes posts.',
    actions: [...actions('post', [...FIND, 'update', 'delete']), ...READ_AROUND, ...OWN_ACCOUNT],
  },
];
