import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { StartRefused } from '../common/start-refused.ts';
import { quoted, quotedText } from './identifiers.ts';
import { FIRST_MIGRATION, type Schemas } from './schemas.ts';

/**
 * Before the first migration: the schema that is to have Gatehouse's own tables may be there already, and then it has to be empty and in
 * good hands. Tables and functions of somebody else would be used, or replaced.
 *
 * Where the content has the same schema, somebody chose that, and the names of its tables are theirs to keep apart.
 *
 * @throws ForeignSchema
 */
export async function refuseForeignSchema(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  { own, content }: Schemas,
): Promise<void> {
  if (own === content) return;
  const connection = await adapter.connect();
  const rows = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
  const [[owner] = []] = await rows(strangeOwnerOf(own));
  if (typeof owner === 'string') {
    throw new ForeignSchema(
      `The schema ${own} of this database belongs to ${owner}, who could replace the tables of Gatehouse`,
      `Give it to the user of DATABASE_URL (ALTER SCHEMA ${quoted(own)} OWNER TO the_user)`,
    );
  }
  // In this order: a migration that another process has begun is in the history before its tables are there.
  const [[others] = []] = await rows(othersIn(own));
  const history = `${quoted(own)}."_prisma_migrations"`;
  const [[hasHistory] = []] = await rows(`SELECT to_regclass(${quotedText(history)}) IS NOT NULL`);
  const names = hasHistory ? await rows(`SELECT migration_name FROM ${history}`) : [];
  const isOurs = names.some(([name]) => name === FIRST_MIGRATION);
  if (!isOurs && (Number(others) > 0 || names.length > 0)) {
    throw new ForeignSchema(
      `The schema ${own} of this database has tables, types or functions that are not Gatehouse's`,
      'Leave them there',
    );
  }
}

/** Gatehouse's own tables do not belong into this schema. */
export class ForeignSchema extends StartRefused {
  constructor(reason: string, remedy: string) {
    super(
      `${reason}. ${remedy}, or name a schema for the tables of Gatehouse that is not there yet: GATEHOUSE_SCHEMA (docs/existing-database.md)`,
    );
  }
}

/** Who owns the schema, unless it is this user, a role of this user, who owns the database, or a superuser. */
function strangeOwnerOf(schema: string): string {
  return `
    SELECT o.rolname::text FROM pg_catalog.pg_namespace n
      JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) n.nspowner
      JOIN pg_catalog.pg_database d ON d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
    WHERE n.nspname OPERATOR(pg_catalog.=) ${quotedText(schema)} AND NOT (
      o.rolsuper OR n.nspowner OPERATOR(pg_catalog.=) d.datdba
      OR o.rolname OPERATOR(pg_catalog.=) ANY (ARRAY[current_user, 'pg_database_owner'])
      -- A superuser has every role.
      OR NOT pg_catalog.current_setting('is_superuser')::bool AND pg_catalog.pg_has_role(n.nspowner, 'USAGE'))`;
}

/** How many tables, views, sequences, types and functions there are, without the history of migrations and what extensions brought. */
function othersIn(schema: string): string {
  const kinds = [
    [
      'pg_class',
      'relnamespace',
      `one.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND one.relname <> '_prisma_migrations'`,
    ],
    ['pg_type', 'typnamespace', `one.typtype IN ('e', 'd', 'r')`],
    ['pg_proc', 'pronamespace', 'true'],
  ];
  const counts = kinds.map(
    ([table, namespace, condition]) => `(
      SELECT pg_catalog.count(*) FROM pg_catalog.${table} one
        JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) one.${namespace}
      WHERE n.nspname OPERATOR(pg_catalog.=) ${quotedText(schema)} AND ${condition} AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.${table}'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) one.oid AND d.deptype = 'e'))`,
  );
  return `SELECT (${counts.join(' + ')})::int`;
}
