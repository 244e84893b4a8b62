import type { Target } from '../../audit/audit.ts';
import type { Recorded } from '../../audit/events.ts';
import { actionsIn } from '../permission-row.ts';
import { grantsByAction } from '../record-grants.ts';
import type { RoleRow } from './find-role.ts';

export function roleTarget({ documentId, type }: Pick<RoleRow, 'documentId' | 'type'>): Target {
  return { kind: 'role', documentId, name: type };
}

/** The types of roles, in alphabetical order. */
export function typesOf(roles: readonly { readonly type: string }[]): string[] {
  return roles.map(({ type }) => type).sort();
}

/** What the audit log records of a role. */
export function recordOf({
  name,
  description,
  type,
  permissions,
  includes,
}: Pick<RoleRow, 'name' | 'description' | 'type' | 'permissions' | 'includes'>): Recorded<'role.create'> {
  const grants = grantsByAction(permissions);
  return { name, description, type, permissions: actionsIn(permissions), grants, includes: typesOf(includes) };
}
