import { type Grants, type Permission, unionOf } from './grants.ts';

/** What a root field requires, as `<type>.<verb>`: `post.find`, `auth.login`. */
export type Action = `${string}.${string}`;

/** What a viewer is allowed. */
export interface Permissions {
  /** Whether the viewer has the action, for all rows or for some. */
  allows(action: string): boolean;
  /** Undefined for an action that the viewer does not have. */
  grants(action: string): Grants | undefined;
}

/** The permissions with these actions, without restriction, and no others. */
export function permissionsOf(actions: Iterable<string>): Permissions {
  return permissionsWith([...actions].map((action) => [action, null]));
}

/**
 * The permissions of a viewer. Of an action that is given several times, as by several roles, all grants count, in their order.
 *
 * @param counts whether a grant counts for this viewer. An action whose grants all do not is not allowed.
 */
export function permissionsWith(
  given: Iterable<Permission>,
  counts: (action: string, grant: Exclude<Grants, 'all'>[number]) => boolean = () => true,
): Permissions {
  const all = new Map<string, Grants>();
  for (const [action, grants] of given) {
    const own = grants === null ? 'all' : grants.filter((grant) => counts(action, grant));
    if (own.length === 0) continue;
    const before = all.get(action);
    all.set(action, before === undefined ? own : unionOf(before, own));
  }
  return { allows: (action) => all.has(action), grants: (action) => all.get(action) };
}
