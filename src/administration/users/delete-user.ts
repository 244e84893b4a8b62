import { type UserFieldValues, withUserFields } from '../../accounts/user-fields.ts';
import { userTarget } from '../../audit/audit.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { hookedBy } from './hooked-by.ts';
import { findAndLock, permissionsOf, recordOf, refuseOwnAccount, type UserRow } from './user-row.ts';

/** Deletes a user. @returns the user as it was, with the fields that are the application's own. */
export async function deleteUser(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
): Promise<UserRow & { readonly fields: UserFieldValues }> {
  const { prisma, audit, userHooks, userFields } = services;
  const user = await administer(prisma, by, async (transaction, ceiling) => {
    const user = await findAndLock(transaction, key);
    refuseOwnAccount(by, user, 'user.delete');
    ceiling.covers(await permissionsOf(transaction, user), 'user.delete');
    const fields = await userFields.read(transaction, user.id);
    await transaction.user.delete({ where: { id: user.id }, select: { id: true } });
    await audit.record(transaction, by.actor, {
      event: 'user.delete',
      target: userTarget(user),
      before: withUserFields(userFields, recordOf(user), fields),
    });
    return { ...user, fields };
  });
  userHooks.afterDelete(user, hookedBy(by, 'deleteUser'));
  return user;
}
