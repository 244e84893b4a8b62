import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { createAdmin } from '../../src/administration/admins.ts';
import { NO_CEILING } from '../../src/administration/permission-ceiling.ts';
import { SERVER } from '../../src/audit/actor.ts';
import type { Config } from '../../src/config/config.ts';
import type { Database as AnyDatabase } from '../../src/database/open.ts';
import type { GatehouseOptions } from '../../src/gatehouse/options.ts';
import { createGatehouse, type Gatehouse } from '../../src/gatehouse.ts';
import type { AdminRole } from '../../src/generated/prisma/client.ts';
import { DEFAULT_LIMITS } from '../../src/graphql/operation/limits.ts';
import type { Mail, Mailer } from '../../src/mail/mailer.ts';
import type { App } from '../../src/start/app.ts';
import { exampleLogins } from '../../src/start/example-logins.ts';
import { type Answer, type AskOptions, send } from '../../src/testing/answer.ts';
import { blog } from '../blog/blog.ts';
import type { Database } from '../blog/open-database.ts';
import { openTestDatabase } from './database.ts';

export { type Answer, type AnswerError, type AskOptions, send } from '../../src/testing/answer.ts';

/** A running server on a database of its own, and everything that a test may want to see of it. */
export interface TestServer {
  readonly url: string;
  readonly gatehouse: Gatehouse;
  readonly database: Database;
  readonly config: Config;
  /** Every line that was logged, as text. */
  readonly log: string[];
  /** Every mail that was sent, the oldest first. */
  readonly mails: Mail[];
  /** Every SQL statement since the list was last emptied. */
  readonly statements: string[];
  /** Moves the server's clock on. */
  advance(milliseconds: number): void;
  ask(document: string, options?: AskOptions): Promise<Answer>;
  /** The same on `/admin/graphql`. */
  askAdmin(document: string, options?: AskOptions): Promise<Answer>;
  /** The token of a new administrator. */
  adminToken(role?: AdminRole): Promise<string>;
  /** The token of a demo user: `reader`, `editor` or `moderator`; or of any other user with the demo password. */
  tokenOf(username: string): Promise<string>;
  close(): Promise<void>;
}

export interface StartOptions
  extends Partial<
    Pick<
      GatehouseOptions,
      | 'contentTypes'
      | 'mailer'
      | 'outboxLookEvery'
      | 'timeouts'
      | 'hooks'
      | 'hookTimeLimit'
      | 'clientLimits'
      | 'authenticate'
      | 'plugins'
      | 'adminPlugins'
      | 'accountPages'
    >
  > {
  readonly config?: Partial<Config>;
  /** Another app than the blog. */
  readonly app?: App;
  /** Another database than a new one with the blog. It is closed with the server. */
  readonly database?: AnyDatabase;
  /** What makes the tables of its models, where they are not the blog's. */
  readonly tables?: readonly string[];
}

/** Starts a server with cheap passwords, mails that are kept, and a clock that can be moved. */
export async function startServer({
  config: changes,
  app = blog,
  tables = [],
  database: opened,
  contentTypes = app.contentTypes,
  mailer,
  ...given
}: StartOptions = {}): Promise<TestServer> {
  const statements: string[] = [];
  const log: string[] = [];
  const mails: Mail[] = [];
  let ahead = 0;
  const database =
    (opened as Database | undefined) ?? // whose tables are those of its app
    (await openTestDatabase({ onStatement: (sql) => statements.push(sql), models: app.models }));
  if (tables.length > 0) {
    await database.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`SET LOCAL search_path TO public, gatehouse`;
      for (const sql of tables) await transaction.$executeRawUnsafe(sql);
    });
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  const config: Config = {
    production: false,
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://gatehouse.test',
    publicUrlIsSet: true,
    dataDir,
    database: { kind: 'memory' },
    jwtSecrets: [randomBytes(48).toString('base64url')],
    jwtExpiresIn: 30 * 86_400,
    tokenAlgorithm: 'HS256',
    tokenKeyRotation: 90 * 86_400,
    adminJwtSecrets: [randomBytes(48).toString('base64url')],
    adminJwtExpiresIn: 12 * 3_600,
    encryptionKeys: [randomBytes(48).toString('base64url')],
    strapi: { apiTokenSalt: undefined, jwt: undefined },
    firstAdmin: undefined,
    bcryptCost: 4,
    authRateLimit: undefined,
    trustedProxies: 0,
    smtpUrl: undefined,
    mailFrom: 'Gatehouse <no-reply@gatehouse.test>',
    corsOrigins: 'localhost',
    seedDemo: true,
    loginProviders: [],
    loginRedirects: [],
    webauthn: { rpId: undefined, origins: [] },
    rest: true,
    adminPanel: true,
    accountPages: true,
    introspection: true,
    persistedQueries: { mode: 'auto' },
    limits: DEFAULT_LIMITS,
    executionTimeout: 30_000,
    metrics: undefined,
    metricsToken: undefined,
    tracing: undefined,
    passwordThreads: undefined,
    workers: undefined,
    logLevel: 'debug',
    ...changes,
  };
  const keeping: Mailer = { send: async (mail) => void mails.push(mail), close: () => {} };
  const gatehouse = await createGatehouse({
    config,
    database,
    log: pino({ level: config.logLevel }, { write: (line) => void log.push(line) }),
    clock: () => new Date(Date.now() + ahead),
    mailer: mailer ?? keeping,
    outboxLookEvery: 3_600_000, // tests count statements
    ...app,
    contentTypes,
    examples: exampleLogins(config, app),
    ...given,
  });
  const url = `${await gatehouse.listen()}/graphql`;
  // What a test wrote by hand is told first, as it would be to whoever waits for a moment.
  const told = () => database.changes.catchUp();
  const ask = async (document: string, options: AskOptions = {}) => {
    await told();
    return send(url, document, options);
  };
  const adminUrl = url.replace(/graphql$/, 'admin/graphql');
  const askAdmin = async (document: string, options: AskOptions = {}) => {
    await told();
    return send(adminUrl, document, options);
  };

  return {
    url,
    gatehouse,
    database,
    config,
    log,
    mails,
    statements,
    advance(milliseconds) {
      ahead += milliseconds;
    },
    ask,
    askAdmin,
    async adminToken(role = 'ADMINISTRATOR') {
      const email = `${role.toLowerCase()}-${randomBytes(6).toString('hex')}@admin.test`;
      const by = { actor: SERVER, ceiling: NO_CEILING };
      const admin = { email, name: undefined, role, password: DEMO_PASSWORD };
      await createAdmin(gatehouse.administration, by, admin);
      const { data, text } = await askAdmin(
        `mutation { login(email: "${email}", password: "${DEMO_PASSWORD}") { jwt } }`,
      );
      if (!data?.login?.jwt) throw new Error(`${email} could not log in: ${text}`);
      return data.login.jwt;
    },
    async tokenOf(username) {
      const { data, text } = await ask(
        'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }',
        { variables: { input: { identifier: username, password: DEMO_PASSWORD } } },
      );
      if (!data?.login?.jwt) throw new Error(`${username} could not log in: ${text}`);
      return data.login.jwt;
    },
    async close() {
      await gatehouse.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Another server on the same database, with other settings of its environment. */
export async function startBeside(
  { config, database }: TestServer,
  changes: Partial<Config> = {},
  given: Omit<StartOptions, 'config'> & Pick<GatehouseOptions, 'clock' | 'nextStep'> = {},
): Promise<AsyncDisposable & { readonly url: string; readonly log: readonly string[] }> {
  const log: string[] = [];
  const gatehouse = await createGatehouse({
    ...blog,
    config: { ...config, ...changes },
    examples: exampleLogins({ ...config, ...changes }, blog),
    database: { ...database, close: async () => {} },
    log: pino({ level: 'warn' }, { write: (line) => void log.push(line) }),
    mailer: { send: async () => {}, close: () => {} },
    outboxLookEvery: 3_600_000,
    ...given,
  });
  return { url: `${await gatehouse.listen()}/graphql`, log, [Symbol.asyncDispose]: () => gatehouse.close() };
}
