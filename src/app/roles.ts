import { type Grant, type NewRole, OWN_ACCOUNT, type RestrictedAction, SIGN_IN } from 'gatehouse';

const FIND = ['find', 'findOne'];
const CHANGE = ['update', 'delete'];

function actions(type: string, verbs: readonly string[]): string[] {
  return verbs.map((verb) => `${type}.${verb}`);
}

/** The same, on some rows or fields. */
function restricted(type: string, verbs: readonly string[], ...grants: readonly Grant[]): RestrictedAction[] {
  return actions(type, verbs).map((action) => ({ action, grants }));
}

const FREE: Grant = { where: { premium: { eq: false } } };
const PREMIUM: Grant = { where: { premium: { eq: true } } };
const OWN: Grant = { where: { owner: '$user' } };
/** A post belongs to the user who creates it. */
const CREATE = restricted('post', ['create'], { set: { owner: '$user' } });

/**
 * Users find themselves, and of themselves the name. So a list can be filtered by the own posts, and nobody learns an e-mail,
 * or who else has an account.
 */
const SELF = restricted('user', ['find'], { where: { id: { eq: '$user.id' } }, fields: ['username'] });

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
    actions: [...restricted('post', FIND, FREE, OWN), ...CREATE, ...READ_AROUND, ...SELF, ...OWN_ACCOUNT],
  },
  {
    type: 'public',
    name: 'Public',
    description: 'Requests without a credential.',
    actions: [...restricted('post', FIND, FREE), ...READ_AROUND, ...SIGN_IN],
  },
  {
    type: 'editor',
    name: 'Editor',
    description: 'Writes and publishes posts.',
    actions: [...actions('post', [...FIND, ...CHANGE]), ...CREATE, ...READ_AROUND, ...SELF, ...OWN_ACCOUNT],
  },
  {
    type: 'moderator',
    name: 'Moderator',
    description: 'Corrects and removes posts.',
    actions: [...actions('post', [...FIND, ...CHANGE]), ...READ_AROUND, ...SELF, ...OWN_ACCOUNT],
  },
  {
    type: 'author',
    name: 'Author',
    description: 'Writes posts, and changes and deletes the own ones.',
    includes: ['authenticated'],
    actions: restricted('post', CHANGE, OWN),
  },
  {
    type: 'premium-user',
    name: 'Premium User',
    description: 'Reads premium posts, too.',
    includes: ['authenticated'],
    actions: restricted('post', FIND, PREMIUM),
  },
];
