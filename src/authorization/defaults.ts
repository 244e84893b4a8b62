import { StartRefused } from '../common/start-refused.ts';

/** A role as an empty database gets it. */
export interface NewRole {
  /** How code and settings name the role: `public`, `authenticated`, … */
  readonly type: string;
  readonly name: string;
  readonly description: string;
  /** `post.find`, `auth.login`, … */
  readonly actions: readonly string[];
}

/** The actions of somebody who has no account yet, or is not logged in. */
export const SIGN_IN = [
  'auth.register',
  'auth.login',
  'auth.refresh',
  'auth.logout',
  'auth.forgotPassword',
  'auth.resetPassword',
  'auth.emailConfirmation',
  'auth.sendEmailConfirmation',
];

/** The actions that a role begins with, so that nobody is locked out of their own account. */
export const OWN_ACCOUNT = [
  ...SIGN_IN,
  'auth.logoutEverywhere',
  'auth.changePassword',
  'user.me',
  'user.updateMe',
  'user.sessions',
  'user.revokeSession',
];

/** What makes the roles of a new database such that no server can work with them. */
export class RolesFault extends StartRefused {}

/** In Strapi's order: front ends know Authenticated as 1 and Public as 2. */
const ALWAYS_THERE = ['authenticated', 'public'];

/**
 * Checks the roles of a new database.
 *
 * @throws RolesFault when those that always exist are not the first, or two cannot be told from each other.
 */
export function checkRoles(roles: readonly NewRole[]): void {
  const faults = [
    ...ALWAYS_THERE.flatMap((type, index) =>
      roles[index]?.type === type
        ? []
        : [`role ${index + 1} of a new database has to be ${type}: front ends know it by that number`],
    ),
    ...(['type', 'name'] as const).flatMap((key) =>
      roles.flatMap((role, index) =>
        roles.findIndex((one) => one[key] === role[key]) < index
          ? [`two roles of a new database have the ${key} ${role[key]}: choose another for one of them`]
          : [],
      ),
    ),
  ];
  if (faults.length > 0) throw new RolesFault(faults.map((fault) => `src/app/roles.ts: ${fault}`).join('\n'));
}
