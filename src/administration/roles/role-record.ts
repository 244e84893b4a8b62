import type { Target } from '../../audit/audit.ts';
import type { Recorded } from '../../audit/events.ts';
import { actionsIn } from '../permission-row.ts';
import { grantsByAction } from '../record-grants.ts';
import type { RoleRow } from './find-role.ts';

export function roleTarget({ documentId, type }: Pick<RoleRow, 'documentId' | 'type'>): Target {
  return { kind: 'role', documentId, name: type };
}

/** What the audit log records of a role. */
export function recordOf({
  name,
  description,
  type,
  permissions,
}: Pick<RoleRow, 'name' | 'description' | 'type' | 'permissions'>): Recorded<'role.create'> {
  return { name, description, type, permissions: actionsIn(permissions), grants: grantsByAction(permissions) };
}
