import type { ApiError } from '../common/errors.ts';
import { type Grant, type Grants, namesRoles, namesUser, type Permission, unionOf } from './grants.ts';

/** What a root field requires, as `<type>.<verb>`: `post.find`, `auth.login`. */
export type Action = `${string}.${string}`;

/** What a viewer is allowed. */
export interface Permissions {
  /** Whose they are. Only of a user the variables `$user…` have a value, and of an API token `$roles` has none. */
  readonly of: PermissionsOf;
  /** Whether the viewer has the action, for all rows or for some. */
  allows(action: string): boolean;
  /** Undefined for an action that the viewer does not have. */
  grants(action: string): Grants | undefined;
  /** What is said of an action that is withheld from this viewer, whatever their roles allow. */
  refusalOf?(action: string): ApiError | undefined;
}

export type PermissionsOf = 'user' | 'public' | 'token';

/** The permissions with these actions, without restriction, and no others. */
export function permissionsOf(actions: Iterable<string>): Permissions {
  return permissionsWith([...actions].map((action) => [action, null]));
}

/**
 * The permissions of a viewer. Of an action that is given several times, as by several roles, all grants count, in their order.
 * A grant that names a variable without a value grants nothing: to compare with nothing would let somebody without an account
 * have all that is nobody's. An action without a grant that counts is not allowed.
 *
 * @param isValid whether a grant can still be read: its column may have been removed.
 */
export function permissionsWith(
  given: Iterable<Permission>,
  {
    of = 'token',
    isValid = () => true,
  }: { readonly of?: PermissionsOf; readonly isValid?: (action: string, grant: Grant) => boolean } = {},
): Permissions {
  const counts = (action: string, grant: Grant) =>
    isValid(action, grant) && (of === 'user' || !namesUser(grant)) && (of !== 'token' || !namesRoles(grant));
  const all = new Map<string, Grants>();
  for (const [action, grants] of given) {
    const own = grants === null ? 'all' : grants.filter((grant) => counts(action, grant));
    if (own.length === 0) continue;
    const before = all.get(action);
    all.set(action, before === undefined ? own : unionOf(before, own));
  }
  return { of, allows: (action) => all.has(action), grants: (action) => all.get(action) };
}
