import type { Permission } from '../../authorization/grants.ts';
import { inOrder, permissionsIn, type ReadRole, readRoles, rolesAsJson } from '../../authorization/role-union.ts';
import type { Transaction } from '../administration.ts';

type Reading = Pick<Transaction, '$queryRawUnsafe'>;

/** These roles and all that they include, as they are in this transaction, in the order in which their grants count. */
export async function withIncluded(database: Reading, ids: readonly number[]): Promise<readonly ReadRole[]> {
  const [row] = await database.$queryRawUnsafe<{ readonly roles: string }[]>(ROLES, [...ids]);
  return inOrder(ids, readRoles(row?.roles ?? '[]'));
}

/** What somebody with these roles is allowed, by the roles themselves or by those that they include. */
export async function effectivePermissions(
  database: Reading,
  roles: readonly { readonly id: number }[],
): Promise<readonly Permission[]> {
  const ids = roles.map(({ id }) => id);
  return permissionsIn(await withIncluded(database, ids));
}

const ROLES = `SELECT ${rolesAsJson('SELECT unnest($1::int[])')} AS "roles"`;
