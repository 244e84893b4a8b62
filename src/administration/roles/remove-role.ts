import { applicationError } from '../../common/errors.ts';
import { isRelationGone, isStillReferenced } from '../../database/write-errors.ts';
import type { AdministrationServices, By, Transaction } from '../administration.ts';
import type { RoleRow } from './find-role.ts';
import { recordOf, roleTarget } from './role-record.ts';

/** Moves the users of a role to another one and deletes it. Who has it beside another main role has it no more. Its caller has checked that this is allowed. @returns how many users. */
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
  // Whoever had the other one beside it has it as the main role now.
  await transaction.userRole.deleteMany({ where: { roleId: movedTo.id, user: { roleId: movedTo.id } } });
  const furtherUsers = await transaction.userRole.count({ where: { roleId: role.id } });
  await transaction.role.delete({ where: { id: role.id }, select: { id: true } }).catch((error: unknown) => {
    // A user registered with it in this moment: the user is neither deleted nor left without a role.
    if (isRelationGone(error) || isStillReferenced(error)) throw applicationError('The role has users: try again');
    throw error;
  });
  const after = { users: count, movedTo: count > 0 ? movedTo.type : null, furtherUsers };
  const event = { event: 'role.delete', target: roleTarget(role), before: recordOf(role), after } as const;
  await audit.record(transaction, by.actor, event);
  return count;
}
