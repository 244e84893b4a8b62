import { type UserFieldValues, withUserFields } from '../../accounts/user-fields.ts';
import { userTarget } from '../../audit/audit.ts';
import { applicationError } from '../../common/errors.ts';
import { checkDeferredConstraints } from '../../database/deferred-constraints.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { isRelationGone, isStillReferenced } from '../../database/write-errors.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { hookedBy } from './hooked-by.ts';
import { findAndLock, permissionsOf, recordOf, refuseOwnAccount, type UserRow } from './user-row.ts';

/**
 * Deletes a user.
 *
 * @returns the user as it was, with the fields that are the application's own.
 * @throws ApiError APPLICATION_ERROR where rows of the application keep it.
 */
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
    await checkDeferredConstraints(transaction);
    await audit.record(transaction, by.actor, {
      event: 'user.delete',
      target: userTarget(user),
      before: withUserFields(userFields, recordOf(user), fields),
    });
    return { ...user, fields };
  }).catch((error: unknown) => {
    if (!isStillReferenced(error) && !isRelationGone(error)) throw error;
    throw applicationError('The user cannot be deleted: other documents need it');
  });
  userHooks.afterDelete(user, hookedBy(by, 'deleteUser'));
  return user;
}
