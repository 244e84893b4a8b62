import { difference } from '../../audit/audit.ts';
import type { AdministrationServices, By, Transaction } from '../administration.ts';
import type { RoleRow } from './find-role.ts';
import { roleTarget } from './role-record.ts';

/** Writes what is different, and records it. Its caller has checked the ceiling. */
export async function writeRole(
  { audit }: Pick<AdministrationServices, 'audit'>,
  by: By,
  transaction: Transaction,
  role: RoleRow,
  wanted: Pick<RoleRow, 'name' | 'description' | 'actions'>,
): Promise<void> {
  const { id } = role;
  const { name, description } = wanted;
  const added = wanted.actions.filter((action) => !role.actions.includes(action));
  const removed = role.actions.filter((action) => !wanted.actions.includes(action));
  if (name !== role.name || description !== role.description) {
    await transaction.role.update({ where: { id }, data: { name, description }, select: { id: true } });
  }
  if (removed.length > 0) await transaction.permission.deleteMany({ where: { roleId: id, action: { in: removed } } });
  if (added.length > 0) {
    await transaction.permission.createMany({ data: added.map((action) => ({ roleId: id, action })) });
  }
  const target = roleTarget(role);
  const renamed = difference({ name: role.name, description: role.description }, { name, description });
  await audit.record(
    transaction,
    by.actor,
    ...(renamed ? [{ event: 'role.update' as const, target, ...renamed }] : []),
    ...(added.length + removed.length > 0
      ? [{ event: 'role.setPermissions' as const, target, before: { removed }, after: { added } }]
      : []),
  );
}
