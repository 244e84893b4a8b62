import type { Target } from '../../audit/audit.ts';
import type { Recorded } from '../../audit/events.ts';
import type { RoleRow } from './find-role.ts';

export function roleTarget({ documentId, type }: Pick<RoleRow, 'documentId' | 'type'>): Target {
  return { kind: 'role', documentId, name: type };
}

/** What the audit log records of a role. */
export function recordOf({
  name,
  description,
  type,
  actions,
}: Pick<RoleRow, 'name' | 'description' | 'type' | 'actions'>): Recorded<'role.create'> {
  return { name, description, type, permissions: actions };
}
