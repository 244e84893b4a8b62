import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { StartRefused } from '../common/start-refused.ts';
import { Connection } from '../database/connection.ts';
import { readConnectionUrl } from '../database/connection-url.ts';
import { findSchemasOn, findServer } from '../database/server-connections.ts';
import { introspect } from './introspect.ts';
import type { Catalogue } from './plan-adoption.ts';

export interface ReadDatabase {
  readonly introspection: string;
  readonly catalogue: Catalogue;
  /** Whether Gatehouse's own tables are, or will be, in the same schema. */
  readonly sharesSchema: boolean;
}

/** Milliseconds. Introspecting thousands of tables takes long. */
const STATEMENT_TIMEOUT = 120_000;

/**
 * Reads what a database has: in transactions that PostgreSQL itself keeps from writing.
 *
 * @throws StartRefused for a URL that cannot be used, DatabaseUnreachable where nothing answers.
 */
export async function readDatabase(url: string, ownSchema: string | undefined): Promise<ReadDatabase> {
  const read = readConnectionUrl(url);
  if (!('target' in read)) throw new StartRefused(read.problems.join('; '));
  const { target } = read;
  const { own, content } = await findSchemasOn(target, ownSchema);
  const server = await findServer(target, {
    statementTimeout: STATEMENT_TIMEOUT,
    schemas: { own: target.schema, content: target.schema },
  });
  const pool = new pg.Pool({
    ...server.config,
    Client: Connection,
    max: 1,
    onConnect: async (client) => {
      await client.query('SET default_transaction_read_only = on');
      await client.query(`SET statement_timeout = ${STATEMENT_TIMEOUT}`);
    },
  });
  pool.on('error', () => {});
  try {
    const introspection = await introspect(new PrismaPg(pool, { schema: target.schema }));
    return { introspection, catalogue: await readCatalogue(pool, target.schema), sharesSchema: own === content };
  } finally {
    await pool.end();
  }
}

async function readCatalogue(pool: pg.Pool, schema: string): Promise<Catalogue> {
  const columns = await pool.query<{ readonly table: string; readonly column: string }>(
    `SELECT c.relname::text AS "table", a.attname::text AS "column"
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND a.attnum > 0 AND NOT a.attisdropped AND (a.attgenerated <> '' OR a.attidentity = 'a')`,
    [schema],
  );
  const others = await pool.query<{ readonly name: string; readonly kind: string }>(
    `SELECT c.relname::text AS "name", c.relkind::text AS "kind" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('m', 'f') ORDER BY 1`,
    [schema],
  );
  const generated = new Map<string, Set<string>>();
  for (const { table, column } of columns.rows) {
    generated.set(table, (generated.get(table) ?? new Set()).add(column));
  }
  return {
    generated,
    others: new Map(
      others.rows.map(({ name, kind }) => [name, kind === 'm' ? 'is a materialized view' : 'is a foreign table']),
    ),
  };
}
