import { applicationError } from '../../common/errors.ts';
import { isRelationGone, isStillReferenced } from '../../database/write-errors.ts';
import type { AdministrationServices, By, Transaction } from '../administration.ts';
import type { RoleRow } from './find-role.ts';
import { recordOf, roleTarget } from './role-record.ts';

/** Moves its users and deletes the role, and tells how many they were. Whether it may be was looked at. */
export async function removeRole(
  { audit }: Pick<AdministrationServices, 'audit'>,
  by: By,
  transaction: Transaction,
  role: RoleRow,
  movedTo: RoleRow,
): Promise<number> {
  const { count } = await transaction.user.updateMany({
    where: { roleId: role.id },
    data: { roleId: movedTo.id },
  });
  await transaction.role.delete({ where: { id: role.id }, select: { id: true } }).catch((error: unknown) => {
    // Somebody registered with it in this moment: they are not dropped, and not locked out.
    if (isRelationGone(error) || isStillReferenced(error)) throw applicationError('The role has users: try again');
    throw error;
  });
  const after = { users: count, movedTo: count > 0 ? movedTo.type : null };
  const event = { event: 'role.delete', target: roleTarget(role), before: recordOf(role), after } as const;
  await audit.record(transaction, by.actor, event);
  return count;
}
