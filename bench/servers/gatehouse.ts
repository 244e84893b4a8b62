// The server itself, with the settings of production.
import { randomBytes } from 'node:crypto';
import { printSchema } from 'graphql';
import { destination, pino } from 'pino';
import { createPasswords } from '../../src/accounts/passwords.ts';
import { readConfig } from '../../src/config/config.ts';
import type { DatabaseLocation, Query } from '../../src/database/open.ts';
import { createGatehouse } from '../../src/gatehouse.ts';
import { ensureFirstAdmin } from '../../src/start/first-admin.ts';
import { seedDatabase } from '../../src/start/seed-database.ts';
import { blog } from '../../test/blog/blog.ts';
import { openDatabase } from '../../test/blog/open-database.ts';
import { buildWithoutGuards, openToAll } from './open-to-all.ts';
import { serve, type Written } from './serve.ts';

export interface GatehouseOptions {
  readonly location: DatabaseLocation;
  readonly directory: string;
  /** Listening to statements costs time: not while anything is timed. */
  readonly countStatements: boolean;
  /** With authorization taken out. */
  readonly isOpen?: boolean;
  /** Without a log: where faults are what is asked for. */
  readonly silent?: boolean;
  /** So that several take each other's tokens; without them each makes its own. */
  readonly secrets?: { readonly users: string; readonly admins: string };
}

/** The adapters report the end of a transaction, one of them in a comment, and neither reports the BEGIN. */
const ENDS_TRANSACTION = /^(-- Implicit ")?(COMMIT|ROLLBACK)\b/;

serve(async ({ location, directory, countStatements, isOpen, silent, secrets }: GatehouseOptions) => {
  let statements = 0;
  let lastQuery: Written | undefined;
  const config = readConfig({
    NODE_ENV: 'production',
    PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1',
    DATA_DIR: directory,
    ...(location.kind === 'server' && { DATABASE_URL: location.url }),
    JWT_SECRET: secrets?.users ?? randomBytes(48).toString('base64url'),
    ADMIN_JWT_SECRET: secrets?.admins ?? randomBytes(48).toString('base64url'),
    BCRYPT_COST: '10',
    ...(silent && { LOG_LEVEL: 'silent' }),
    AUTH_RATE_LIMIT: 'off', // the bench logs in as fast as it can
  });
  const onStatement = (sql: string) => {
    statements += ENDS_TRANSACTION.test(sql) ? 2 : 1;
  };
  const opened = await openDatabase(location, countStatements ? { onStatement } : {});
  const passwords = createPasswords(config.bcryptCost); // they take the one of the demo, which a server in production refuses
  await seedDatabase(opened.prisma, blog, { demo: true, production: false, passwords }); // a password that is known
  const query: Query = (sql, values) => {
    lastQuery = { sql, values };
    return opened.query(sql, values);
  };
  if (isOpen) buildWithoutGuards();
  const gatehouse = await createGatehouse({
    ...blog,
    config,
    database: isOpen ? { ...opened, query } : opened,
    log: pino({ level: config.logLevel }, destination(2)),
    ...(isOpen && { authenticate: await openToAll(opened.prisma) }),
  });
  const demo = { firstAdmin: undefined, production: false };
  await ensureFirstAdmin({ ...gatehouse.administration, passwords }, demo);
  const address = await gatehouse.listen();
  return {
    url: `${address}/graphql`,
    schema: printSchema(gatehouse.schema),
    statements: () => statements,
    lastQuery: () => lastQuery,
    close: () => gatehouse.close(),
  };
});
