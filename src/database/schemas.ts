import type { SqlMigrationAwareDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';
import { StartRefused } from '../common/start-refused.ts';
import { quoted } from './identifiers.ts';
import type { GeneratedModel, Models } from './models.ts';
import { replacing } from './replacing.ts';

/** The schemas of PostgreSQL that the tables are in. */
export interface Schemas {
  /** Of Gatehouse's own tables: users, roles, settings. */
  readonly own: string;
  /** Of the content types' tables. */
  readonly content: string;
}

/** What the generated client calls them: scripts/composed-schema.mjs. */
const GENERATED: Schemas = { own: 'gatehouse', content: 'public' };

/** The default of `GATEHOUSE_SCHEMA`. */
export const DEFAULT_OWN = 'gatehouse';

/** Where a name without a schema is looked for. Without `pg_temp` at the end, a temporary table would come first. */
export function searchPath({ own, content }: Schemas): string {
  return [...new Set([own, content]), 'pg_temp'].map(quoteIdentifier).join(', ');
}

/** Puts the names of this database into SQL that has the generated ones; undefined where they are the same. */
export function inSchemas({ own, content }: Schemas): ((sql: string) => string) | undefined {
  if (own === GENERATED.own && content === GENERATED.content) return undefined;
  const names: Readonly<Record<string, string>> = { [GENERATED.own]: own, [GENERATED.content]: content };
  // A schema stands first in a name: what has a point in front of it is a table or a column.
  return (sql) =>
    sql.replaceAll(/(?<![."])"(gatehouse|public)"\.(?=")/g, (_, name: string) => `${quoted(names[name] ?? name)}.`);
}

/** The same adapter, whose statements name the schemas of this database. */
export function withSchemas(
  factory: SqlMigrationAwareDriverAdapterFactory,
  schemas: Schemas,
): SqlMigrationAwareDriverAdapterFactory {
  const renamed = inSchemas(schemas);
  if (!renamed) return factory;
  const query = ({ sql, ...query }: SqlQuery): SqlQuery => ({ ...query, sql: renamed(sql) });
  return replacing(factory, {
    connect: async () => {
      const adapter = await factory.connect();
      return replacing(adapter, {
        queryRaw: (sent) => adapter.queryRaw(query(sent)),
        executeRaw: (sent) => adapter.executeRaw(query(sent)),
        startTransaction: async (isolationLevel) => {
          const transaction = await adapter.startTransaction(isolationLevel);
          return replacing(transaction, {
            queryRaw: (sent) => transaction.queryRaw(query(sent)),
            executeRaw: (sent) => transaction.executeRaw(query(sent)),
          });
        },
      });
    },
  });
}

/** The models with the schemas of this database. Where both are one, no table needs to name it. */
export function modelsIn<Given extends Models>(models: Given, { own, content }: Schemas): Given {
  const schema = own === content ? null : content;
  const placed = ([name, model]: [string, GeneratedModel]): [string, GeneratedModel] => [
    name,
    model.schema === GENERATED.content ? { ...model, schema } : model,
  ];
  return { ...models, byName: Object.fromEntries(Object.entries(models.byName).map(placed)) };
}

export type Rows = readonly Readonly<Record<string, unknown>>[];

/** Runs one SQL statement, and returns its rows. */
export type Ask = (sql: string, values: readonly unknown[]) => Promise<Rows>;

/**
 * Finds where the tables of this database are, or belong. An installation from before they had a schema of their own keeps them
 * in that of the content.
 *
 * @param wanted `GATEHOUSE_SCHEMA`, where it is set.
 * @throws SchemaRefused where the tables are elsewhere: a start would make new ones, without anybody's account.
 */
export async function findSchemas(ask: Ask, content: string, wanted: string | undefined): Promise<Schemas> {
  const [tables] = await ask(TABLES, [content]);
  const isOld =
    tables?.['count'] === 3 &&
    (await ask(`SELECT FROM ${quoted(content)}."_prisma_migrations" WHERE migration_name = $1`, [FIRST_MIGRATION]))
      .length > 0;
  if (isOld && wanted !== undefined && wanted !== content) throw new SchemaRefused(wanted, content);
  return { own: isOld ? content : (wanted ?? DEFAULT_OWN), content };
}

/** Our first migration, which every installation has. */
export const FIRST_MIGRATION = '20261122221648_init';

/**
 * Who may only create tables in the schema must not be able to move an installation to theirs: a table counts if it belongs to this
 * user, to who owns the schema or the database, or to a superuser.
 */
const TABLES = `
  SELECT count(*)::int AS "count"
  FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) c.relowner
    JOIN pg_catalog.pg_database d ON d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
  WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND c.relkind IN ('r', 'p')
    AND c.relname IN ('_prisma_migrations', 'identifiers', 'mailed_codes')
    AND (
      o.rolsuper OR c.relowner IN (n.nspowner, d.datdba)
      -- A superuser has every role.
      OR NOT pg_catalog.current_setting('is_superuser')::bool AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
    )`;

/** `GATEHOUSE_SCHEMA` names another schema than the one that Gatehouse's tables are in. */
export class SchemaRefused extends StartRefused {
  constructor(wanted: string, actual: string) {
    super(
      `GATEHOUSE_SCHEMA is ${wanted}, and the tables of Gatehouse are in the schema ${actual} of this database. ` +
        'Leave GATEHOUSE_SCHEMA out: they stay where they are (docs/existing-database.md)',
    );
  }
}

/** As in `pg_settings`, which quotes only what has to be. */
function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoted(name);
}
