import { join, resolve } from 'node:path';
import { createPasswords } from '../accounts/passwords.ts';
import { openDatabase } from '../database/open.ts';
import type { App } from '../start/app.ts';
import { createExamples } from '../start/seed-database.ts';
import { databaseTemplate } from './database-template.ts';
import { refuseProduction } from './not-in-production.ts';
import { type ServerOptions, serveForTests, type TestServer } from './test-server.ts';

export interface TestServerOptions extends ServerOptions {
  /** Whether the example data and the demo users of the application are there. Default: false, only its roles. */
  readonly seed?: boolean;
  /** The folder that keeps the migrated database between starts. Default: `testing` in the data directory. */
  readonly cache?: string;
}

/**
 * Starts a server of the application on a new embedded database, on any free port. What tests write is gone when it is closed, and no
 * setting of the environment has a part in it but `DATA_DIR`. The first start after a change of the migrations takes seconds, later
 * ones a fraction of one.
 *
 * @throws NotForProduction with NODE_ENV=production.
 */
export async function startTestServer(
  app: App,
  { seed = false, cache, ...options }: TestServerOptions = {},
): Promise<TestServer> {
  refuseProduction('A server of tests');
  const statements: string[] = [];
  const folder = resolve(cache ?? join(process.env['DATA_DIR'] || '.data', 'testing'));
  const dump = await databaseTemplate(app, folder);
  const database = await openDatabase({ kind: 'memory', dump }, app.models, {
    onStatement: (sql) => statements.push(sql),
  });
  try {
    if (seed) {
      const passwords = createPasswords(4);
      await database.prisma.$transaction((transaction) =>
        createExamples(transaction, app, { production: false, passwords }),
      );
    }
    const server = await serveForTests(app, database, statements, options);
    statements.length = 0;
    return server;
  } catch (error) {
    await database.close();
    throw error;
  }
}
