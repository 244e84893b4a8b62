import { StartRefused } from '../common/start-refused.ts';

/** A role of a new database. */
export interface NewRole {
  /** The role's name in code and settings: `public`, `authenticated`, … */
  readonly type: string;
  readonly name: string;
  readonly description: string;
  /** `post.find`, `auth.login`, … */
  readonly actions: readonly string[];
}

/** The actions needed before a login. */
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

/** The default actions of a role, so that nobody is locked out of their own account. */
export const OWN_ACCOUNT = [
  ...SIGN_IN,
  'auth.logoutEverywhere',
  'auth.changePassword',
  'user.me',
  'user.updateMe',
  'user.sessions',
  'user.revokeSession',
];

/** The declared roles of a new database are invalid. */
export class RolesFault extends StartRefused {}

/** In Strapi's order: front ends know Authenticated as 1 and Public as 2. */
const ALWAYS_THERE = ['authenticated', 'public'];

/**
 * Checks the roles of a new database.
 *
 * @throws RolesFault when the required roles are not the first two, or two roles share a type or name.
 */
export function checkRoles(roles: readonly NewRole[]): void {
  const faults = [
    ...ALWAYS_THERE.flatMap((type, index) =>
      roles[index]?.type === type
        ? []
        : [`role ${index + 1} of a new database must be ${type}: Strapi front ends rely on its id`],
    ),
    ...(['type', 'name'] as const).flatMap((key) =>
      roles.flatMap((role, index) =>
        roles.findIndex((one) => one[key] === role[key]) < index
          ? [`two roles of a new database have the ${key} ${role[key]}. Change one of them.`]
          : [],
      ),
    ),
  ];
  if (faults.length > 0) throw new RolesFault(faults.map((fault) => `src/app/roles.ts: ${fault}`).join('\n'));
}
