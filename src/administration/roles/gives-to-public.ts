import type { Permission } from '../../authorization/grants.ts';
import { permissionsIn } from '../../authorization/role-union.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import type { AdministrationServices } from '../administration.ts';
import { coverageOf } from '../permission-ceiling.ts';
import { effectivePermissions, withIncluded } from './effective-permissions.ts';
import { findRole, findRoleNames } from './find-role.ts';

/**
 * Whether everybody would be allowed more if this role had these permissions and included these roles, too: it is Public, or
 * Public includes it.
 */
export async function givesToPublic(
  { prisma, rules }: Pick<AdministrationServices, 'prisma' | 'rules'>,
  key: DocumentKey,
  more: { readonly permissions?: readonly Permission[]; readonly includes?: readonly DocumentKey[] },
): Promise<boolean> {
  const everybody = await findRole(prisma, { key: 'type', value: 'public' });
  const held = await withIncluded(prisma, everybody ? [everybody.id] : []);
  const role = await findRole(prisma, key);
  if (!role || held.every(({ id }) => id !== role.id)) return false;
  const included = await findRoleNames(prisma, more.includes ?? [], undefined);
  const given = [...(more.permissions ?? []), ...(await effectivePermissions(prisma, included))];
  const { covers } = coverageOf(permissionsIn(held), rules);
  return given.some((permission) => !covers(permission));
}
