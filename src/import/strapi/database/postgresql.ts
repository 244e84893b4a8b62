import type pg from 'pg';
import { Connection } from '../../../database/connection.ts';
import { readConnectionUrl } from '../../../database/connection-url.ts';
import { ImportRefused, type StrapiSource } from '../source.ts';
import { recordsOfTables } from './records.ts';
import {
  type Catalogue,
  catalogueOf,
  MAXIMUM_BYTES,
  quoted,
  type Selection,
  selectStatement,
  type Tables,
} from './tables.ts';

/** Rows of one round trip. Each value of one can have the maximum, so they are few. */
const BATCH = 50;

/** Milliseconds to wait for a connection. */
const PATIENCE = 5_000;

/**
 * Opens a PostgreSQL database of Strapi in one transaction that can only read: every reading sees the same moment.
 *
 * @throws ImportRefused for a URL that is not valid, a server that does not answer, and a database that is not Strapi's.
 */
export async function openPostgresql(url: string): Promise<StrapiSource> {
  const read = readConnectionUrl(url, { pool: false });
  if ('problems' in read) throw new ImportRefused(`The URL of Strapi's database: ${read.problems.join('; ')}.`);
  const { client: config, schema, options, patience, needsChannelBinding } = read.target;
  const client = new Connection({
    ...config,
    ...(options !== '' && { options }),
    connectionTimeoutMillis: patience ?? PATIENCE,
    needsChannelBinding,
  });
  client.on('error', () => {}); // the statement that runs fails as well, and is reported
  try {
    await client.connect();
    await begin(client);
    const tables = await tablesOf(client, schema);
    return { records: () => recordsOfTables(tables), close: () => tables.close() };
  } catch (error) {
    await client.end().catch(() => {});
    throw refusalOf(error);
  }
}

/** Values come as texts, in formats that no setting of the database changes. */
async function begin(client: pg.Client): Promise<void> {
  await client.query(`
    BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL search_path TO pg_catalog;
    SET LOCAL TimeZone TO 'UTC';
    SET LOCAL DateStyle TO 'ISO, YMD';
    SET LOCAL extra_float_digits TO 1;
    SET LOCAL standard_conforming_strings TO on;
    SET LOCAL row_security TO off;
    SET LOCAL statement_timeout TO '10min';
    SET LOCAL lock_timeout TO '10s';
    SET LOCAL idle_in_transaction_session_timeout TO 0`);
}

async function tablesOf(client: pg.Client, schema: string): Promise<Tables> {
  const catalogue = await catalogueIn(client, schema);
  const from = (table: string) => `${quoted(schema)}.${quoted(table)}`;
  let cursors = 0;
  return {
    catalogue,
    async *rows(selection: Selection) {
      const cursor = quoted(`gatehouse_import_${cursors++}`);
      const statement = selectStatement(selection, catalogue, { from: from(selection.table), read: asBoundedText });
      try {
        await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${statement}`);
        for (;;) {
          const { rows } = await client.query<unknown[]>({ text: `FETCH ${BATCH} FROM ${cursor}`, rowMode: 'array' });
          if (rows.some((row) => row.some((value) => typeof value === 'string' && value.length > MAXIMUM_BYTES)))
            throw new ImportRefused(`The database has a value of more than ${MAXIMUM_BYTES} characters.`);
          yield* rows;
          if (rows.length < BATCH) break;
        }
      } catch (error) {
        throw refusalOf(error);
      } finally {
        await client.query(`CLOSE ${cursor}`).catch(() => {}); // after an error, the transaction is over anyway
      }
    },
    async close() {
      await client.query('ROLLBACK').catch(() => {});
      await client.end();
    },
  };
}

/** As the server prints it. One character too many shows that there were more. */
const asBoundedText = (column: string): string => `left(${column}::text, ${MAXIMUM_BYTES + 1})`;

/** Real tables and stored columns: a view or a generated column would run an expression. */
async function catalogueIn(client: pg.Client, schema: string): Promise<Catalogue> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT c.relname AS "table", a.attname AS "column"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     LIMIT 200001`,
    [schema],
  );
  return catalogueOf(rows.map(({ table, column }) => [table, column] as const));
}

/** Codes are words of PostgreSQL's and of sockets. Messages can hold a host, a user or a value. */
function refusalOf(error: unknown): unknown {
  if (error instanceof ImportRefused || !(error instanceof Error)) return error;
  const code =
    'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{2,40}$/.test(error.code) ? error.code : '';
  if (code === '42501')
    return new ImportRefused("The user of the URL cannot read all of Strapi's tables. Give it SELECT on them.");
  if (/^28/.test(code)) return new ImportRefused("Strapi's database refused the user or the password of the URL.");
  if (code === '3D000') return new ImportRefused('The database of the URL is not on that server.');
  return new ImportRefused(
    `Strapi's database cannot be read${code === '' ? '' : ` (${code})`}. Check that it runs, and the URL.`,
  );
}
