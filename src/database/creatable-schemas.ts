import { quoted } from './identifiers.ts';
import type { Database } from './open.ts';

/**
 * Warnings about schemas of this database in which every role can create functions, as in `public` up to PostgreSQL 14. A function of
 * somebody else there can be a better match for what a statement of Gatehouse calls than PostgreSQL's own.
 */
export async function warningsAboutSchemas({
  query,
  schemas,
}: Pick<Database, 'query' | 'schemas'>): Promise<readonly string[]> {
  const found = await query<{ readonly name: string }>(
    `SELECT nspname AS name FROM pg_catalog.pg_namespace
     WHERE nspname = ANY ($1::text[]) AND pg_catalog.has_schema_privilege('public', oid, 'CREATE') ORDER BY nspname`,
    [[schemas.own, schemas.content]],
  );
  return found.map(
    ({ name }) =>
      `Every role can create functions in the schema ${name}, and PostgreSQL may choose them in statements of Gatehouse. Run REVOKE CREATE ON SCHEMA ${quoted(name)} FROM PUBLIC`,
  );
}
