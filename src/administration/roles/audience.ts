import type { Transaction } from '../administration.ts';

/** Who has the permissions of a role, by the role itself or by one that includes it. */
export interface Audience {
  readonly users: number;
  /** Requests without a credential have it: it is Public, or Public includes it. */
  readonly isAnonymous: boolean;
}

/** One statement. */
export async function readAudience(database: Pick<Transaction, '$queryRaw'>, roleId: number): Promise<Audience> {
  const [row] = await database.$queryRaw<Audience[]>`
    WITH RECURSIVE "ways"("id") AS (
      SELECT ${roleId}::int4
      UNION
      SELECT i."roleId" FROM "ways" w JOIN "role_includes" i ON i."includedId" = w."id"
    )
    SELECT
      (SELECT count(DISTINCT m."userId")::int4 FROM "ways" w JOIN "roles_of_users" m ON m."roleId" = w."id") AS "users",
      EXISTS (SELECT 1 FROM "ways" w JOIN "roles" r ON r."id" = w."id" WHERE r."type" = 'public') AS "isAnonymous"`;
  return row ?? { users: 0, isAnonymous: false };
}
