import { type NewRole, OWN_ACCOUNT, SIGN_IN } from '../authorization/new-roles.ts';

const FIND = ['find', 'findOne'];
const ALL = [...FIND, 'create', 'update', 'delete'];

function actions(type: string, verbs: readonly string[]): string[] {
  return verbs.map((verb) => `${type}.${verb}`);
}

/** The example content that every role can read, in addition to posts. */
const READ_AROUND = [
  ...actions('author', FIND),
  ...actions('category', FIND),
  ...actions('tag', FIND),
  ...actions('siteSetting', ['find']),
];

/**
 * The roles of a new database. The first two always exist, in Strapi's order: front ends rely on the ids 1 for
 * Authenticated and 2 for Public.
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
