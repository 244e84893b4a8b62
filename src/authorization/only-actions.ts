import type { Permissions } from './permissions.ts';

/**
 * Permissions without all actions but these: nothing is added, and what remains has the grants that it had. The returned function
 * gives the same object for the same permissions, since others cache by it.
 */
export function onlyActions(actions: ReadonlySet<string>): (permissions: Permissions) => Permissions {
  const known = new WeakMap<Permissions, Permissions>();
  return (permissions) => {
    const before = known.get(permissions);
    if (before) return before;
    const fewer: Permissions = {
      of: permissions.of,
      allows: (action) => actions.has(action) && permissions.allows(action),
      grants: (action) => (actions.has(action) ? permissions.grants(action) : undefined),
    };
    known.set(permissions, fewer);
    return fewer;
  };
}
