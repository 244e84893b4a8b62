import type { Permission } from '../authorization/grants.ts';

/** What the audit log records of restrictions: the grants by action, without the permissions that have none. Undefined: no grants. */
export function grantsByAction(permissions: readonly Permission[]): Record<string, unknown> | undefined {
  const restricted = permissions.filter(([, grants]) => grants !== null);
  return restricted.length > 0 ? Object.fromEntries(restricted) : undefined;
}
