import { hashOf } from '../../common/hash.ts';
import { canonicalGrants } from '../permission-row.ts';
import type { RoleRow } from '../roles/find-role.ts';
import { typesOf } from '../roles/role-record.ts';

/** One text for one state of all roles and permissions. */
export function fingerprintOf(roles: readonly RoleRow[]): string {
  const state = sorted(roles).map(({ type, name, description, permissions, includes }) => [
    type,
    name,
    description,
    permissions.map(([action, grants]) => (grants === null ? action : [action, canonicalGrants(grants)])),
    ...(includes.length > 0 ? [typesOf(includes)] : []),
  ]);
  return hashOf(JSON.stringify(state));
}

export function sorted(roles: readonly RoleRow[]): RoleRow[] {
  return [...roles].sort((one, other) => (one.type < other.type ? -1 : 1));
}
