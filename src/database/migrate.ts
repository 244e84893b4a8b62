import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import { StartRefused } from '../common/start-refused.ts';
import { EVERYTHING, MIGRATIONS, migrationList, migrationNames, startMigrationEngine } from './migration-engine.ts';

/** A database to migrate: Prisma's adapter for it, and a way to run a script of several statements as one. */
export interface Migratable {
  readonly adapter: SqlMigrationAwareDriverAdapterFactory;
  readonly runScript: (sql: string) => Promise<unknown>;
}

/**
 * Applies the migrations that this database does not have yet, with Prisma's own engine, and returns their names.
 *
 * Safe when several processes start at once: the engine takes an advisory lock. The history is the one that
 * `prisma migrate` reads.
 *
 * @throws MigrationsFailed with the engine's report when a migration fails. It does not count as applied then.
 */
export async function migrate(database: Migratable, directory: string = MIGRATIONS): Promise<readonly string[]> {
  // Compiling the engine takes longer than the rest of a start, and most starts have nothing to apply.
  if (await isUpToDate(database.adapter, directory)) return [];
  const engine = await startMigrationEngine(withWholeScripts(database));
  try {
    const migrationsList = migrationList(directory);
    const { appliedMigrationNames } = await engine
      .applyMigrations({ migrationsList, filters: EVERYTHING })
      .catch((error: unknown) => {
        throw new MigrationsFailed(error);
      });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}

/** A migration failed. */
export class MigrationsFailed extends StartRefused {
  constructor(cause: unknown) {
    const report = cause instanceof Error ? cause.message : String(cause);
    // Without the engine's source positions.
    const [words = report] = report.split(/\n\s+0: /);
    super(`The migrations could not be applied: ${words.replace(/^ERROR: /, '').trim()}`, { cause });
  }
}

/** Whether this database has every migration of this version, completely applied. */
export async function isUpToDate(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  directory: string = MIGRATIONS,
): Promise<boolean> {
  const connection = await adapter.connect();
  const [table] = await firstColumn(connection, `SELECT to_regclass('_prisma_migrations')::text`);
  if (!table) return false;
  const applied = await firstColumn(
    connection,
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return migrationNames(directory).every((name) => applied.includes(name));
}

async function firstColumn(connection: SqlDriverAdapter, sql: string): Promise<unknown[]> {
  const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] });
  return rows.map(([value]) => value);
}

/**
 * Neither adapter's own `executeScript` works: the embedded one does not wait for the script, so that a failing migration
 * would count as applied; the server's splits it at every semicolon, even inside the body of a function.
 */
function withWholeScripts({ adapter, runScript }: Migratable): SqlMigrationAwareDriverAdapterFactory {
  const whole = (connection: SqlDriverAdapter): SqlDriverAdapter => {
    connection.executeScript = async (script) => {
      await runScript(script).catch((error: unknown) => {
        throw translated(error);
      });
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
