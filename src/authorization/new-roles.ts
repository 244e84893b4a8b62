import { StartRefused } from '../common/start-refused.ts';
import type { Grant, Permission } from './grants.ts';
import type { Rules } from './rules.ts';

/** A role of a new database. */
export interface NewRole {
  /** The role's name in code and settings: `public`, `authenticated`, … */
  readonly type: string;
  readonly name: string;
  readonly description: string;
  /** `post.find`, `auth.login`, …, and actions with restrictions. */
  readonly actions: readonly (string | RestrictedAction)[];
  /** The types of roles before it in the list: it has their actions, too. */
  readonly includes?: readonly string[];
}

/** An action on some rows or fields: `{ action: 'post.update', grants: [{ where: { owner: '$user' } }] }`. */
export interface RestrictedAction {
  readonly action: string;
  readonly grants: readonly Grant[];
}

/** The permission of an entry of `actions`. */
export function permissionOf(entry: string | RestrictedAction): Permission {
  return typeof entry === 'string' ? [entry, null] : [entry.action, entry.grants];
}

/** The actions needed before a login. */
export const SIGN_IN = [
  'auth.register',
  'auth.login',
  'auth.connect',
  'auth.loginWithCode',
  'auth.loginWithPasskey',
  'auth.completeLogin',
  'auth.refresh',
  'auth.logout',
  'auth.forgotPassword',
  'auth.resetPassword',
  'auth.acceptInvitation',
  'auth.disownLogin',
  'auth.emailConfirmation',
  'auth.sendEmailConfirmation',
];

/** The default actions of a role, so that nobody is locked out of their own account. */
export const OWN_ACCOUNT = [
  ...SIGN_IN,
  'auth.logoutEverywhere',
  'auth.changePassword',
  'auth.stepUp',
  'user.me',
  'user.updateMe',
  'user.sessions',
  'user.revokeSession',
  'user.identities',
  'user.secondFactors',
  'user.changeSecondFactors',
  'user.exportMe',
  'user.passkeys',
  'user.changePasskeys',
];

/** The declared roles of a new database are invalid. */
export class RolesFault extends StartRefused {}

/** In Strapi's order: front ends know Authenticated as 1 and Public as 2. */
const ALWAYS_THERE = ['authenticated', 'public'];

/**
 * Checks the roles of a new database.
 *
 * @param rules asked for only when a role has restrictions.
 * @throws RolesFault when the required roles are not the first two, two roles share a type or name, a role has an action twice or
 * includes one that is not before it, or a restriction is not valid.
 */
export function checkRoles(roles: readonly NewRole[], rules: () => Pick<Rules, 'faultsOf'>): void {
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
    // In this order no role can include itself by way of others.
    ...roles.flatMap(({ type, includes = [] }, index) =>
      includes
        .filter((included) => !roles.slice(0, index).some((one) => one.type === included))
        .map((included) => `role ${type} includes ${included}, which is not a role before it in the list`),
    ),
    ...roles.flatMap((role) => faultsOfActions(role, rules)),
  ];
  if (faults.length > 0) throw new RolesFault(faults.map((fault) => `src/app/roles.ts: ${fault}`).join('\n'));
}

function faultsOfActions({ type, actions }: NewRole, rules: () => Pick<Rules, 'faultsOf'>): string[] {
  const permissions = actions.map(permissionOf);
  const names = permissions.map(([action]) => action);
  return [
    ...[...new Set(names.filter((name, index) => names.indexOf(name) < index))].map(
      (name) => `role ${type} has the action ${name} twice. Put its grants in one list.`,
    ),
    ...permissions.flatMap(([action, grants]) =>
      grants === null
        ? []
        : rules()
            .faultsOf(action, grants, type === 'public' ? 'public' : 'role')
            .map(({ path, message }) => `role ${type}: ${[action, ...path].join('.')}: ${message}`),
    ),
  ];
}
