import { userTarget } from '../../audit/audit.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { findAndLock, permissionsOf, recordOf, refuseOwnAccount, type UserRow } from './user-row.ts';

/** Deletes a user. @returns the user as it was. */
export async function deleteUser(services: AdministrationServices, by: By, key: DocumentKey): Promise<UserRow> {
  const { prisma, audit } = services;
  return administer(prisma, by, async (transaction, ceiling) => {
    const user = await findAndLock(transaction, key);
    refuseOwnAccount(by, user, 'user.delete');
    ceiling.covers(await permissionsOf(transaction, user), 'user.delete');
    await transaction.user.delete({ where: { id: user.id }, select: { id: true } });
    await audit.record(transaction, by.actor, {
      event: 'user.delete',
      target: userTarget(user),
      before: recordOf(user),
    });
    return user;
  });
}
