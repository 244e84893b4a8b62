import { difference } from '../../audit/audit.ts';
import type { Permission } from '../../authorization/grants.ts';
import type { AdministrationServices, By, Transaction } from '../administration.ts';
import { actionsIn, grantsColumn, permissionRow, sameGrants } from '../permission-row.ts';
import { grantsByAction } from '../record-grants.ts';
import type { RoleRow } from './find-role.ts';
import { roleTarget } from './role-record.ts';

/** Writes what is different, and records it. Its caller has checked the ceiling. */
export async function writeRole(
  { audit }: Pick<AdministrationServices, 'audit'>,
  by: By,
  transaction: Transaction,
  role: RoleRow,
  wanted: Pick<RoleRow, 'name' | 'description' | 'requiresSecondFactor' | 'permissions'>,
): Promise<void> {
  const { id } = role;
  const { name, description, requiresSecondFactor } = wanted;
  const before = new Map(role.permissions);
  const after = new Map(wanted.permissions);
  const added = wanted.permissions.filter(([action]) => !before.has(action));
  const removed = role.permissions.filter(([action]) => !after.has(action));
  const changed = wanted.permissions.filter(
    ([action, grants]) => before.has(action) && !sameGrants(grants, before.get(action) ?? null),
  );
  const own = { name, description, requiresSecondFactor };
  const renamed = difference(
    { name: role.name, description: role.description, requiresSecondFactor: role.requiresSecondFactor },
    own,
  );
  if (renamed) await transaction.role.update({ where: { id }, data: own, select: { id: true } });
  if (removed.length > 0) {
    await transaction.permission.deleteMany({ where: { roleId: id, action: { in: actionsIn(removed) } } });
  }
  if (added.length > 0) {
    await transaction.permission.createMany({ data: added.map((one) => ({ roleId: id, ...permissionRow(one) })) });
  }
  for (const [action, grants] of changed) {
    const where = { roleId_action: { roleId: id, action } };
    await transaction.permission.update({ where, data: { grants: grantsColumn(grants) }, select: { id: true } });
  }
  const target = roleTarget(role);
  await audit.record(
    transaction,
    by.actor,
    ...(renamed ? [{ event: 'role.update' as const, target, ...renamed }] : []),
    ...(added.length + removed.length + changed.length > 0
      ? [{ event: 'role.setPermissions' as const, target, ...permissionsChange({ before, added, removed, changed }) }]
      : []),
  );
}

/** The actions that were added and removed, and the grants of all that are different. */
function permissionsChange({
  before,
  added,
  removed,
  changed,
}: {
  readonly before: ReadonlyMap<string, Permission[1]>;
  readonly added: readonly Permission[];
  readonly removed: readonly Permission[];
  readonly changed: readonly Permission[];
}) {
  const changedBefore = changed.map(([action]): Permission => [action, before.get(action) ?? null]);
  const had = grantsByAction([...removed, ...changedBefore]);
  const has = grantsByAction([...added, ...changed]);
  const isChanged = changed.length > 0 || had !== undefined || has !== undefined;
  return {
    before: { removed: actionsIn(removed), ...(isChanged && { grants: had ?? {} }) },
    after: { added: actionsIn(added), ...(isChanged && { grants: has ?? {} }) },
  };
}
