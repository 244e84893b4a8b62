import { createHash } from 'node:crypto';
import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import { StartRefused } from '../common/start-refused.ts';
import { quoted } from './identifiers.ts';
import {
  EVERYTHING,
  MIGRATIONS,
  type MigrationFolders,
  migrationList,
  migrationNames,
  migrationSql,
  startMigrationEngine,
} from './migration-engine.ts';
import { FIRST_MIGRATION, inSchemas, type Schemas, searchPath } from './schemas.ts';

/** A database to migrate. */
export interface Migratable {
  /** Prisma's adapter for it, on one connection. */
  readonly adapter: SqlMigrationAwareDriverAdapterFactory;
  /** Runs a script of several statements as one, on that connection. */
  readonly runScript: (sql: string) => Promise<unknown>;
  readonly schemas: Schemas;
}

/**
 * Applies the migrations that this database does not have yet, with Prisma's own engine, and returns their names: Gatehouse's
 * first, then the application's. Creates the schemas that are missing.
 *
 * Safe when several processes start at once: the engine takes an advisory lock. Both histories are in the table
 * `_prisma_migrations` of Gatehouse's schema: one that the application's schema has of its own is somebody else's.
 *
 * @throws MigrationsFailed with the engine's report when a migration fails. It does not count as applied then.
 */
export async function migrate(
  database: Migratable,
  folders: MigrationFolders = MIGRATIONS,
): Promise<readonly string[]> {
  // Compiling the engine takes longer than the rest of a start, and most starts have nothing to apply.
  const history = await readHistory(database);
  if (hasAll(history, folders)) return [];
  await createPlace(database);
  const own = await apply(database, { folder: folders.own, prefix: '', path: ownPath(database.schemas) });
  const content = await apply(database, {
    folder: folders.content,
    prefix: prefixIn(history, folders),
    path: contentPath(database.schemas),
  });
  return [...own, ...content];
}

/** A migration failed. */
export class MigrationsFailed extends StartRefused {
  constructor(cause: unknown) {
    const report = cause instanceof Error ? cause.message : String(cause);
    // Without the engine's source positions, and without its words for an error of the database.
    const [words = report] = report.split(/\n\s+0: /);
    const said = words.replace(/^(?:external connector error\s+Error querying the database: )?ERROR: /, '').trim();
    super(`The migrations could not be applied: ${said}`, { cause });
  }
}

/** Whether this database has every migration of this version, completely applied. */
export async function isUpToDate(
  database: Pick<Migratable, 'adapter' | 'schemas'>,
  folders: MigrationFolders = MIGRATIONS,
): Promise<boolean> {
  return hasAll(await readHistory(database), folders);
}

/** The migrations that are completely applied, with the checksum of each as it was then. */
type History = ReadonlyMap<string, string>;

async function readHistory({ adapter, schemas }: Pick<Migratable, 'adapter' | 'schemas'>): Promise<History> {
  const connection = await adapter.connect();
  const rows = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
  const table = historyOf(schemas);
  const [[found] = []] = await rows(`SELECT to_regclass('${table.replaceAll("'", "''")}')::text`);
  if (!found) return new Map();
  const applied = await rows(
    `SELECT migration_name, checksum FROM ${table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  return new Map(applied.map(([name, checksum]) => [String(name), String(checksum)]));
}

function hasAll(history: History, { own, content }: MigrationFolders): boolean {
  const prefix = prefixIn(history, { own });
  return (
    migrationNames(own).every((name) => history.has(name)) &&
    migrationNames(content).every((name) => history.has(`${prefix}${name}`))
  );
}

/**
 * What the application's migrations have in front of their names. The two histories were one until each had a folder of its own,
 * and three migrations were divided: a database that had them before knows both halves by one name. What it was then shows in the
 * checksum of the first.
 */
function prefixIn(history: History, { own }: Pick<MigrationFolders, 'own'>): string {
  const first = history.get(FIRST_MIGRATION);
  const isDivided = first === undefined || first === checksum(migrationSql(own, FIRST_MIGRATION));
  return isDivided ? 'content/' : '';
}

function checksum(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

interface Application {
  readonly folder: string;
  readonly prefix: string;
  /** Where its scripts look for names, and create tables: in the first schema. */
  readonly path: string;
}

async function apply(database: Migratable, { folder, prefix, path }: Application): Promise<readonly string[]> {
  const engine = await startMigrationEngine(withWholeScripts(database, path));
  try {
    const { appliedMigrationNames } = await engine
      .applyMigrations({ migrationsList: migrationList(folder, prefix), filters: EVERYTHING })
      .catch((error: unknown) => {
        throw new MigrationsFailed(error);
      });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}

/** Ours look at nothing else: a function of a migration keeps the path that it was made with. */
function ownPath({ own }: Schemas): string {
  return searchPath({ own, content: own });
}

function contentPath({ own, content }: Schemas): string {
  return searchPath({ own: content, content: own });
}

function historyOf({ own }: Schemas): string {
  return `${quoted(own)}."_prisma_migrations"`;
}

/**
 * The schemas, and the table of the history. The engine would make that itself, but not beside other tables: it takes them for a
 * database that is not ours.
 */
async function createPlace({ runScript, schemas }: Migratable): Promise<void> {
  try {
    for (const schema of new Set([schemas.own, schemas.content])) {
      const name = `'${schema.replaceAll("'", "''")}'`;
      // Whoever may not create schemas can be given one.
      await orThere(() =>
        runScript(
          `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${name}) THEN CREATE SCHEMA ${quoted(schema)}; END IF; END $$`,
        ),
      );
    }
    await orThere(() => runScript(`CREATE TABLE IF NOT EXISTS ${historyOf(schemas)} ${HISTORY}`));
  } catch (error) {
    throw new MigrationsFailed(
      Object.assign(new Error(`${(error as Error).message}. ${mayCreate(schemas)}`), { cause: error }), // a driver throws nothing else
    );
  }
}

function mayCreate({ own }: Schemas): string {
  return `Gatehouse keeps its tables in the schema ${own}: let its user create that, or give it one: CREATE SCHEMA ${quoted(own)} AUTHORIZATION the_user (docs/existing-database.md)`;
}

/** The engine's own. */
const HISTORY = `(
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/** Another process that starts can be first, also with IF NOT EXISTS. */
async function orThere(create: () => Promise<unknown>): Promise<void> {
  await create().catch((error: { readonly code?: string }) => {
    if (!['23505', '42P06', '42P07', '42710'].includes(error.code ?? '')) throw error;
  });
}

/**
 * Neither adapter's own `executeScript` works: the embedded one does not wait for the script, so that a failing migration
 * would count as applied; the server's splits it at every semicolon, even inside the body of a function.
 */
function withWholeScripts(
  { adapter, runScript, schemas }: Migratable,
  path: string,
): SqlMigrationAwareDriverAdapterFactory {
  const renamed = inSchemas(schemas) ?? ((sql: string) => sql);
  const own = `SET search_path TO ${ownPath(schemas)}`;
  const whole = async (connection: SqlDriverAdapter): Promise<SqlDriverAdapter> => {
    await runScript(own); // the history is there
    const info = connection.getConnectionInfo?.();
    connection.getConnectionInfo = () => ({ supportsRelationJoins: true, ...info, schemaName: schemas.own });
    connection.executeScript = async (script) => {
      try {
        await runScript(`SET search_path TO ${path}`);
        await runScript(renamed(script));
        await runScript(own);
      } catch (error) {
        await runScript(own).catch(() => {}); // the engine notes the failure in its history; the first error counts
        throw translated(error);
      }
    };
    return connection;
  };
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    connect: async () => whole(await adapter.connect()),
    connectToShadowDb: async () => adapter.connectToShadowDb(),
  };
}

/** A driver's error in the form that the engine can report. */
function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const {
    code = 'unknown',
    severity = 'ERROR',
    detail,
    column,
    hint,
  } = error as Error & Partial<Record<'code' | 'severity' | 'detail' | 'column' | 'hint', string>>; // what the driver adds to an error of PostgreSQL
  return new DriverAdapterError({ kind: 'postgres', code, severity, message: error.message, detail, column, hint });
}
