import pg from 'pg';
import { testServerUrl } from './server-url.ts';

/** Runs statements on the test server's own database, one after the other. */
export async function administer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
