import type { Transaction } from '../administration.ts';

/** How many users have each of these roles, as the main one or as a further one. One statement; a role without users is left out. */
export async function countUsers(
  database: Pick<Transaction, '$queryRaw'>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await database.$queryRaw<{ readonly role: number; readonly users: number }[]>`
    SELECT "roleId" AS "role", count(*)::int4 AS "users" FROM "roles_of_users"
    WHERE "roleId" = ANY(${[...ids]}::int4[]) GROUP BY "roleId"`;
  return new Map(rows.map(({ role, users }) => [role, users]));
}
