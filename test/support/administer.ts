import pg from 'pg';
import { testServerUrl } from './server-url.ts';

/** Runs statements on the test server, one after the other. */
export async function administer(...statements: string[]): Promise<void> {
  await withClient(testServerUrl(), async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

/** Runs one statement on a database of the test server, and answers its rows. */
export async function ask(sql: string, database?: string): Promise<Record<string, unknown>[]> {
  return withClient(testServerUrl(database), async (client) => (await client.query(sql)).rows);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: LONG_ENOUGH });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Also on a database whose own settings would end the session at once. */
const LONG_ENOUGH = '-c statement_timeout=60000 -c idle_session_timeout=60000';
