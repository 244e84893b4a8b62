import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { PrismaClient } from '../generated/prisma/client.ts';
import { type CaseFolding, findCaseFolding } from './case-folding.ts';
import type { ChangeFeed } from './changes.ts';
import { lockDirectory } from './directory-lock.ts';
import { listenEmbedded, listenToServer } from './listen.ts';
import { migrate } from './migrate.ts';
import { statementNames } from './statement-names.ts';

/** Which PostgreSQL: one embedded in this process, on a directory or in memory, or a server. */
export type DatabaseLocation =
  | { readonly kind: 'embedded'; readonly directory: string }
  | { readonly kind: 'memory'; readonly dump?: Blob }
  /** `statementTimeout` is in milliseconds. */
  | {
      readonly kind: 'server';
      readonly url: string;
      /** Where to listen for changes, where `url` is a pooler that cannot. */
      readonly listenUrl?: string | undefined;
      readonly connections?: number;
      readonly statementTimeout?: number;
    };

export interface Database {
  readonly kind: 'embedded' | 'server';
  readonly prisma: PrismaClient;
  /** Runs one statement of our own, outside of any transaction, and answers its rows. */
  readonly query: Query;
  /** How many statements all connections were sent so far; undefined of the embedded database, which cannot tell. */
  readonly statements: (() => number) | undefined;
  /** What others change of users, roles and API tokens. */
  readonly changes: ChangeFeed;
  /** Writes an expression of type text so that texts that differ only in case are equal, as far as this database can. */
  readonly foldCase: CaseFolding;
  /** Ends every connection and gives the directory free. */
  close(): Promise<void>;
}

/** SQL with `$1`, `$2`, … for its values. */
export type Query = (sql: string, values: readonly unknown[]) => Promise<Record<string, unknown>[]>;

export interface OpenOptions {
  /** Told each SQL statement, before it runs. Tests and the bench count with it. */
  readonly onStatement?: (sql: string) => void;
}

/**
 * Opens the database, brings its tables up to date and hands out the client.
 *
 * @throws DirectoryInUse when another process has the embedded database open; DatabaseUnreachable when no server answers.
 */
export async function openDatabase(location: DatabaseLocation, options: OpenOptions = {}): Promise<Database> {
  return location.kind === 'server' ? openServer(location, options) : openEmbedded(location, options);
}

/** Milliseconds that a request waits for a connection, and for an answer after the time that a statement may take. */
const PATIENCE = 5_000;

async function openServer(
  { url, listenUrl = url, connections = 10, statementTimeout = 10_000 }: Extract<DatabaseLocation, { kind: 'server' }>,
  { onStatement }: OpenOptions,
): Promise<Database> {
  await migrateServer(url);
  let statements = 0;
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    keepAlive: true,
    connectionTimeoutMillis: PATIENCE,
    // Where even the word that a statement was ended does not arrive, nobody waits for it.
    query_timeout: statementTimeout + PATIENCE,
    // What clients compose is not worth compiling, and while it is compiled a backend hears neither a timeout nor a signal.
    onConnect: async (client) => {
      countStatements(client, () => {
        statements += 1;
      });
      await client.query(`SET jit = off; SET statement_timeout = ${statementTimeout}`);
    },
  });
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', () => {});
  const nameOf = statementNames();
  const prisma = clientOf(new PrismaPg(pool, { statementNameGenerator: nameOf }), onStatement);
  const query: Query = async (sql, values) => {
    onStatement?.(sql);
    const name = nameOf({ sql });
    const { rows } = await pool.query<Record<string, unknown>>({
      text: sql,
      values: [...values],
      ...(name && { name }),
    });
    return rows;
  };
  const changes = await listenToServer({
    url: listenUrl,
    notify: (channel, payload) => pool.query('SELECT pg_notify($1, $2)', [channel, payload]),
  });
  return {
    kind: 'server',
    prisma,
    query,
    statements: () => statements,
    changes,
    foldCase: await findCaseFolding((sql) => pool.query(sql)),
    async close() {
      await changes.close();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Calls for each statement that is sent on this connection. */
function countStatements(client: pg.ClientBase, count: () => void): void {
  const send = client.query.bind(client) as (...words: unknown[]) => unknown;
  Object.assign(client, {
    query: (...words: unknown[]) => {
      count();
      return send(...words);
    },
  });
}

/** The engine keeps its advisory lock for as long as its connection lives: so one of its own, ended at once. */
async function migrateServer(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    await pool.query('SELECT 1').catch((error: Error) => {
      throw new DatabaseUnreachable(error);
    });
    await migrate({ adapter: new PrismaPg(pool), runScript: (sql) => pool.query(sql) });
  } finally {
    await pool.end();
  }
}

/** There is no PostgreSQL server at `DATABASE_URL` that lets us in. */
export class DatabaseUnreachable extends Error {
  constructor(cause: Error & { readonly code?: string }) {
    // The driver's own words: they name the host or the user, and not the password.
    super(`The database of DATABASE_URL cannot be used: ${cause.message || cause.code}`, { cause });
    this.name = 'DatabaseUnreachable';
  }
}

async function openEmbedded(
  location: Extract<DatabaseLocation, { kind: 'embedded' | 'memory' }>,
  { onStatement }: OpenOptions,
): Promise<Database> {
  let lock: { release(): void } | undefined;
  if (location.kind === 'embedded') {
    mkdirSync(location.directory, { recursive: true, mode: 0o700 });
    lock = lockDirectory(location.directory);
    keepToOwner(join(location.directory, 'postgres'));
  }
  let pglite: PGlite | undefined;
  try {
    pglite = await PGlite.create(
      location.kind === 'embedded'
        ? { dataDir: join(location.directory, 'postgres') }
        : { ...(location.dump && { loadDataDir: location.dump }) },
    );
    const embedded = pglite;
    const adapter = new PrismaPGlite(embedded);
    await migrate({ adapter, runScript: (sql) => embedded.exec(sql) });
    const prisma = clientOf(adapter, onStatement);
    const query: Query = async (sql, values) => {
      onStatement?.(sql);
      const { rows } = await embedded.query<Record<string, unknown>>(sql, [...values]);
      return rows;
    };
    return {
      kind: 'embedded',
      prisma,
      query,
      statements: undefined,
      changes: await listenEmbedded(embedded),
      foldCase: await findCaseFolding((sql) => embedded.query(sql)),
      async close() {
        await prisma.$disconnect();
        await embedded.close();
        lock?.release();
      },
    };
  } catch (error) {
    await pglite?.close();
    lock?.release();
    throw error;
  }
}

/** The embedded database writes files that everybody may read and write: the directory is what keeps others out. */
function keepToOwner(directory: string): void {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o700);
}

/** The other formats quote the call with its arguments, and the arguments may be secrets, on their way into the log. */
const errorFormat = 'minimal';

function clientOf(adapter: SqlMigrationAwareDriverAdapterFactory, onStatement?: (sql: string) => void): PrismaClient {
  if (!onStatement) return new PrismaClient({ adapter, errorFormat });
  const client = new PrismaClient({ adapter, errorFormat, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', (event) => onStatement(event.query));
  return client as PrismaClient; // a client that logs has one more type parameter, and is otherwise the same
}
