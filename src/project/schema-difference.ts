import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { withRelationsOf } from '../../scripts/core-schema.mjs';
import { placeInSchemas } from '../../scripts/place-in-schemas.mjs';
import { migrate } from '../database/migrate.ts';
import {
  EVERYTHING,
  MIGRATIONS,
  type MigrationFolders,
  OWN_MODELS,
  type SchemaFile,
  startMigrationEngine,
} from '../database/migration-engine.ts';
import { DEFAULT_OWN, type Schemas } from '../database/schemas.ts';

/** The schemas as the composed Prisma schema names them. */
const SCHEMAS: Schemas = { own: DEFAULT_OWN, content: 'public' };

/** The folder of the composed schema, as in scripts/compose-schema.mjs. */
export const COMPOSED = 'src/generated/schema';

/** The SQL that leads from the migrations to the Prisma schema; undefined where they lead there already. */
export interface Differences {
  /** Of Gatehouse's own tables, as far as they are Gatehouse's. */
  readonly own: string | undefined;
  /** Of the application's, and what it adds to Gatehouse's. */
  readonly content: string | undefined;
}

export async function findDifferences(): Promise<Differences> {
  const own = await ownDifference();
  const content = await onMigrations(MIGRATIONS, async ({ adapter, runScript }) => {
    if (own !== undefined) await runScript(`SET search_path TO ${SCHEMAS.own}; ${own}; RESET search_path`);
    return sqlFromDatabaseTo(filesIn(COMPOSED), adapter);
  });
  // A script of the application's creates tables in the schema of the content, whatever its name is.
  return { own, content: content && withoutSchema(content, SCHEMAS.content) };
}

async function ownDifference(): Promise<string | undefined> {
  const core = withRelationsOf('', readFileSync(OWN_MODELS, 'utf8'));
  const [placed] = placeInSchemas([{ name: 'gatehouse.prisma', text: core }]);
  const file = { path: OWN_MODELS, content: placed?.text ?? '' };
  const sql = await onMigrations({ ...MIGRATIONS, content: '/nowhere' }, ({ adapter }) =>
    sqlFromDatabaseTo([file], adapter),
  );
  return sql && withoutSchema(sql, SCHEMAS.own);
}

/** A default value can have its name, too. */
function withoutSchema(sql: string, schema: string): string {
  const name = `"${schema}".`;
  return sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"\.?/g, (token) => (token === name ? '' : token));
}

/** The SQL that leads from the migrations to the Prisma schema in a folder; undefined where they lead there already. */
export function sqlFromMigrationsTo(folder: string): Promise<string | undefined> {
  return onMigrations(MIGRATIONS, ({ adapter }) => sqlFromDatabaseTo(filesIn(folder), adapter));
}

interface Migrated {
  readonly adapter: PrismaPGlite;
  readonly runScript: (sql: string) => Promise<unknown>;
}

/** Works on an embedded database in memory that has these migrations. */
async function onMigrations<Result>(
  folders: MigrationFolders,
  work: (database: Migrated) => Promise<Result>,
): Promise<Result> {
  const pglite = await PGlite.create();
  const database = { adapter: new PrismaPGlite(pglite), runScript: (sql: string) => pglite.exec(sql) };
  await migrate({ ...database, schemas: SCHEMAS }, folders);
  const result = await work(database);
  await pglite.close();
  return result;
}

/** The SQL that leads from the tables of a database to a Prisma schema; undefined where it has them. */
export async function sqlFromDatabaseTo(
  files: readonly SchemaFile[],
  adapter: PrismaPGlite,
): Promise<string | undefined> {
  const engine = await startMigrationEngine(adapter, files);
  const { stdout } = await engine.diff({
    from: { tag: 'schemaDatasource', files: [...files], configDir: dirname(files[0]?.path ?? '') },
    to: { tag: 'schemaDatamodel', files: [...files] },
    script: true,
    exitCode: null,
    filters: EVERYTHING,
  });
  engine.free();
  const sql = stdout?.trim();
  return sql && sql !== '-- This is an empty migration.' ? sql : undefined;
}

/** The files of a Prisma schema. */
export function filesIn(folder: string): SchemaFile[] {
  const directory = resolve(folder);
  return readdirSync(directory)
    .filter((name) => name.endsWith('.prisma'))
    .map((name) => ({ path: join(directory, name), content: readFileSync(join(directory, name), 'utf8') }));
}
