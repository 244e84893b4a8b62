import { PrismaPg } from '@prisma/adapter-pg';
import pg, { type QueryResultRow } from 'pg';
import { findCaseFolding } from './case-folding.ts';
import { clientOf } from './client.ts';
import { Connection } from './connection.ts';
import { createConnectionQueue } from './connection-queue.ts';
import { createConnectionShares, withShares } from './connection-shares.ts';
import { type ConnectionTarget, readConnectionUrl } from './connection-url.ts';
import { DatabaseUnreachable } from './failures.ts';
import { isUpToDate, migrate } from './migrate.ts';
import type { Models } from './models.ts';
import { listenToServer } from './notifications/listen-to-server.ts';
import type { Database, DatabaseLocation, OpenOptions, Query } from './open.ts';
import { boundPrepared } from './prepared-statements.ts';
import { modelsIn, withSchemas } from './schemas.ts';
import { type FindOptions, findSchemasOn, findServer, type ServerConnections } from './server-connections.ts';
import { statementNames } from './statement-names.ts';

/** Milliseconds that a request waits for a connection, and that it waits for an answer after the statement timeout. */
const PATIENCE = 5_000;

/** One operation can hold a quarter of the connections at a time, but at least one. */
const SHARE = 4;
/** A fifth of the connections, but at least one, is kept for other clients than the busiest one. */
const KEPT = 5;

/** A PostgreSQL server. */
export async function openServer(
  {
    url,
    listenUrl = url,
    ownSchema,
    connections,
    statementTimeout = 10_000,
    statements: naming,
  }: Extract<DatabaseLocation, { kind: 'server' }>,
  models: Models,
  { onStatement }: OpenOptions,
): Promise<Database> {
  const target = targetOf(url);
  const listenTarget = targetOf(listenUrl);
  const schemas = await findSchemasOn(target, ownSchema);
  const options = { statementTimeout, schemas };
  const server = await findServer(target, options);
  await migrateServer(server, options, listenUrl === url ? undefined : listenTarget);
  let statements = 0;
  const most = connections ?? target.connections ?? 10;
  const patience = target.patience ?? PATIENCE;
  const perClient = Math.max(1, most - Math.ceil(most / KEPT));
  const shares = createConnectionShares(
    Math.max(1, Math.floor(most / SHARE)),
    createConnectionQueue({ connections: most, perClient, patience }),
  );
  const pool = new pg.Pool({
    ...server.config,
    Client: Connection,
    max: most,
    connectionTimeoutMillis: patience,
    // Ends the wait even where the server's own timeout error does not arrive.
    query_timeout: statementTimeout + PATIENCE,
    onConnect: async (client) => {
      boundPrepared(client);
      countStatements(client, () => {
        statements += 1;
      });
      await server.prepare(client);
    },
  });
  // An idle connection that breaks is replaced. Without a listener its error would end the process.
  pool.on('error', () => {});
  // A pooler that gives each transaction another connection does not know the name on most of them.
  const named = naming ? naming === 'named' : target.namesStatements && server.pooling !== 'transaction';
  const nameOf = named ? statementNames() : () => '';
  const adapter = withSchemas(new PrismaPg(pool, { statementNameGenerator: nameOf }), schemas);
  const prisma = clientOf(withShares(adapter, shares), models, onStatement);
  const query: Query = <Selected extends object>(sql: string, values: readonly unknown[]) =>
    shares.run(async () => {
      onStatement?.(sql);
      const name = nameOf({ sql });
      const { rows } = await pool.query<Selected & QueryResultRow>({
        text: sql,
        values: [...values],
        ...(name && { name }),
      });
      return rows;
    });
  const changes = await listenToServer({
    server: listenUrl === url ? async () => server : findOnce(listenTarget, options),
    notify: (channel, payload) => pool.query('SELECT pg_notify($1, $2)', [channel, payload]),
  });
  return {
    kind: 'server',
    prisma,
    models: modelsIn(models, schemas),
    schemas,
    query,
    shares,
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

/** Counts each statement that is sent on this connection. */
function countStatements(client: pg.ClientBase, count: () => void): void {
  // Its overloads are handed on, whichever is called.
  const send = client.query.bind(client) as (...words: unknown[]) => unknown;
  Object.assign(client, {
    query: (...words: unknown[]) => {
      count();
      return send(...words);
    },
  });
}

/** Retried until it succeeds. */
function findOnce(target: ConnectionTarget, options: FindOptions): () => Promise<ServerConnections> {
  let found: ServerConnections | undefined;
  return async () => {
    found ??= await findServer(target, options);
    return found;
  };
}

/** The configuration was checked before: only code that bypasses it can pass a wrong URL. */
function targetOf(url: string): ConnectionTarget {
  const read = readConnectionUrl(url);
  if ('target' in read) return read.target;
  throw new DatabaseUnreachable(new Error(read.problems.join('; ')));
}

/** The engine holds its advisory lock as long as its connection: so it gets a connection of its own, closed at once. */
async function migrateServer(
  server: ServerConnections,
  options: FindOptions,
  listenTarget: ConnectionTarget | undefined,
): Promise<void> {
  const { schemas } = options;
  const upToDate = await withPool(server, (pool) => isUpToDate({ adapter: new PrismaPg(pool), schemas }));
  if (upToDate) return;
  // Behind such a pooler the lock would stay on a connection that other clients use, forever.
  const variable = 'DATABASE_LISTEN_URL';
  const direct =
    server.pooling !== 'transaction'
      ? server
      : listenTarget && (await findServer(listenTarget, { ...options, variable }));
  if (!direct || direct.pooling === 'transaction') {
    throw new DatabaseUnreachable(
      new Error(
        'migrations have to be applied, and the pooler gives each transaction another connection. ' +
          'Set DATABASE_LISTEN_URL to the server itself',
      ),
    );
  }
  await withPool(direct, async (pool) => {
    await pool.query('SET statement_timeout = 0'); // creating an index on a large table takes long, and so can the migrations of another process
    const adapter = new PrismaPg(pool);
    await migrate({ adapter, runScript: (sql) => pool.query(sql), schemas });
  });
}

async function withPool<T>(server: ServerConnections, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({
    ...server.config,
    Client: Connection,
    max: 1,
    onConnect: async (client) => {
      await server.prepare(client);
      await server.check(client);
    },
  });
  pool.on('error', () => {});
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
