import { withUserFields } from '../../accounts/user-fields.ts';
import { difference, userTarget } from '../../audit/audit.ts';
import type { AuditEvent } from '../../audit/events.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By, type Transaction } from '../administration.ts';
import type { Ceiling } from '../permission-ceiling.ts';
import { findAndLock, permissionsOf, recordOf, refuseOwnAccount, USER, type UserRow } from './user-row.ts';

/** Changes a user in a transaction, and records what is different after it as `user.update`, `user.block` or `user.unblock`. */
export async function changeUser(
  { prisma, audit, userFields }: AdministrationServices,
  by: By,
  key: DocumentKey,
  change: (transaction: Transaction, user: UserRow, ceiling: Ceiling) => Promise<readonly AuditEvent[]>,
): Promise<{ readonly before: UserRow; readonly after: UserRow }> {
  return administer(prisma, by, async (transaction, ceiling) => {
    const before = await findAndLock(transaction, key);
    refuseOwnAccount(by, before, 'user.update');
    // A user with more permissions than the actor is not touched: with their password the actor would have them, too.
    ceiling.covers(await permissionsOf(transaction, before), 'user.update');
    const fieldsBefore = await userFields.read(transaction, before.id);
    const events = await change(transaction, before, ceiling);
    const after = await transaction.user.findUniqueOrThrow({ where: { id: before.id }, select: USER });
    const changed = difference(
      withUserFields(userFields, recordOf(before), fieldsBefore),
      withUserFields(userFields, recordOf(after), await userFields.read(transaction, after.id)),
    );
    await audit.record(
      transaction,
      by.actor,
      ...(changed ? [{ ...eventOf(before, after), ...changed }] : []),
      ...events,
    );
    return { before, after };
  });
}

function eventOf(
  before: UserRow,
  after: UserRow,
): Pick<AuditEvent<'user.block' | 'user.unblock' | 'user.update'>, 'event' | 'target'> {
  const target = userTarget(after);
  if (after.blocked && !before.blocked) return { event: 'user.block', target };
  if (before.blocked && !after.blocked) return { event: 'user.unblock', target };
  return { event: 'user.update', target };
}
