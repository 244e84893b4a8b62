import { type ApiError, applicationError, invalidInput } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { effectivePermissions } from './effective-permissions.ts';
import { findRole, noSuchRole, type RoleRow } from './find-role.ts';
import { isFixed } from './fixed-roles.ts';
import { rolesThatInclude } from './includes.ts';
import { removeRole } from './remove-role.ts';

/**
 * Deletes a role. Its users go to the target; without one, to the default role where there are any. Users who have it beside
 * their main role have it no more.
 *
 * @param tellsRoles whether the actor is allowed to know which roles there are.
 */
export async function deleteRole(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
  target: DocumentKey | undefined,
  { tellsRoles }: { readonly tellsRoles: boolean },
): Promise<{ readonly role: RoleRow; readonly movedTo: RoleRow; readonly moved: number }> {
  const { prisma } = services;
  return administer(prisma, by, async (transaction, ceiling) => {
    const role = await findRole(transaction, key);
    if (!role) throw noSuchRole();
    const { defaultRoleId } = await transaction.settings.findUniqueOrThrow({ where: { id: 1 } });
    const movedTo = await findRole(transaction, target ?? { key: 'id', value: defaultRoleId });
    if (!movedTo || movedTo.id === role.id) {
      if (role.id === defaultRoleId) throw cannotBeDeleted(role);
      throw invalidInput([{ path: ['moveUsersTo'], message: 'moveUsersTo has to name another role' }]);
    }
    ceiling.covers(await effectivePermissions(transaction, [role]), 'role.delete');
    if (isFixed(role) || role.id === defaultRoleId) throw cannotBeDeleted(role);
    const including = await rolesThatInclude(transaction, role.id);
    if (including.length > 0) throw stillIncluded(tellsRoles ? including : undefined);
    const users = await transaction.user.count({ where: { roleId: role.id } });
    if (users > 0) ceiling.covers(await effectivePermissions(transaction, [movedTo]), 'role.delete');
    if (users > 0 && movedTo.type === 'public') {
      throw invalidInput([{ path: ['moveUsersTo'], message: 'Public is the role of requests without an account' }]);
    }
    const moved = await removeRole(services, by, transaction, role, movedTo);
    return { role, movedTo, moved };
  });
}

function stillIncluded(names: readonly string[] | undefined): ApiError {
  const which = names ? `These roles include it: ${names.join(', ')}` : 'Another role includes it';
  return applicationError(`${which}. Remove it from their includes first.`);
}

function cannotBeDeleted({ type }: RoleRow): ApiError {
  return applicationError(
    isFixed({ type })
      ? `Cannot delete ${type} role`
      : 'This is the default role for sign-ups. Choose another default first.',
  );
}
