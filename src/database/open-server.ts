import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { findCaseFolding } from './case-folding.ts';
import { clientOf } from './client.ts';
import { DatabaseUnreachable } from './failures.ts';
import { listenToServer } from './listen-to-server.ts';
import { migrate } from './migrate.ts';
import type { Database, DatabaseLocation, OpenOptions, Query } from './open.ts';
import { statementNames } from './statement-names.ts';

/** Milliseconds that a request waits for a connection, and for an answer after the time that a statement may take. */
const PATIENCE = 5_000;

/** A PostgreSQL server. */
export async function openServer(
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
