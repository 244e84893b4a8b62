import { readRoles, rolesAsJson } from '../authorization/role-union.ts';
import type { CountedAs } from '../authorization/rules.ts';
import { invalidInput } from '../common/errors.ts';
import { type DocumentKey, whereOf } from '../database/document-key.ts';
import type { AdministrationServices } from './administration.ts';
import type { RoleRow } from './roles/find-role.ts';

/**
 * Whose variables count where grants of a role are tried.
 *
 * @throws ApiError BAD_USER_INPUT for a user that does not exist
 */
export async function countedAs(
  { prisma }: Pick<AdministrationServices, 'prisma'>,
  role: RoleRow,
  as: DocumentKey | undefined,
): Promise<CountedAs> {
  if (!as) return { user: undefined, roles: role.type === 'public' ? [role.type] : undefined };
  const select = { id: true, documentId: true, username: true, email: true, confirmed: true } as const;
  const user = await prisma.user.findUnique({ where: whereOf(as), select });
  if (!user) throw invalidInput([{ path: ['as'], message: 'as names a user that does not exist' }]);
  const roles = rolesAsJson('SELECT m."roleId" FROM "roles_of_users" m WHERE m."userId" = $1');
  const [row] = await prisma.$queryRawUnsafe<{ roles: string }[]>(`SELECT ${roles} AS "roles"`, user.id);
  return { user, roles: readRoles(row?.roles ?? '[]').map(({ type }) => type) };
}
