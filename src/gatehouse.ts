import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { AdminAccounts, UserAccounts } from './accounts/accounts.ts';
import { createAttempts } from './accounts/attempts.ts';
import { createCodes } from './accounts/codes.ts';
import type { NextStep } from './accounts/let-in.ts';
import { createMailRules } from './accounts/mail-rules.ts';
import { createPasswordThreads } from './accounts/password-threads.ts';
import { createPasswords } from './accounts/passwords.ts';
import { ADMINISTRATORS } from './accounts/realms/administrators.ts';
import { USERS } from './accounts/realms/users.ts';
import { createAdminSessions } from './accounts/sessions/admin-sessions.ts';
import { createUserSessions } from './accounts/sessions/user-sessions.ts';
import type { AdministrationServices } from './administration/administration.ts';
import { requestForgottenAdminPassword } from './administration/admins.ts';
import { startHousekeeping } from './administration/cleanup.ts';
import { createRefusals } from './administration/refusals.ts';
import * as content from './app/content/index.ts';
import { DEMO_ADMIN, DEMO_PASSWORD, DEMO_USERS } from './app/seed.ts';
import { createAudit } from './audit/audit.ts';
import { createAccessCache } from './authentication/access-cache/access-cache.ts';
import { createChangeAwareMemory } from './authentication/access-cache/change-aware-memory.ts';
import { logNotifications } from './authentication/access-cache/log-notifications.ts';
import { createAccessReader } from './authentication/access-cache/read-access.ts';
import { createSettingsCache } from './authentication/access-cache/settings-cache.ts';
import { type Authenticate, createAuthenticate } from './authentication/authenticate.ts';
import { createAuthenticateAdmin } from './authentication/authenticate-admin.ts';
import { createTokens } from './authentication/tokens.ts';
import { adminPermissions } from './authorization/admin-permissions.ts';
import { catalogueOf } from './authorization/catalogue.ts';
import { actionsOf } from './authorization/guard.ts';
import { createBackground } from './common/background.ts';
import { type Clock, systemClock } from './common/clock.ts';
import type { Config } from './config/config.ts';
import { expectPrimary } from './database/failures.ts';
import type { Database } from './database/open.ts';
import { readSettings } from './database/settings.ts';
import { requestPasswordCode } from './graphql/account/forgot-password.ts';
import { requestConfirmationCode } from './graphql/account/send-email-confirmation.ts';
import { createAdminSchema } from './graphql/admin-schema.ts';
import { readingActionsOf } from './graphql/content-type/content-schema.ts';
import type { DeclaredContentType } from './graphql/content-type/content-type.ts';
import { resolveContentTypes } from './graphql/content-type/resolve-content-types.ts';
import { adminGraphiql, publicGraphiql } from './graphql/graphiql.ts';
import { createPipeline } from './graphql/pipeline.ts';
import type { OperationPlugin } from './graphql/plugins/operation-plugin.ts';
import { createPublicSchema } from './graphql/public-schema.ts';
import { answersTo } from './http/allowed-hosts.ts';
import type { VisitBounds } from './http/client-limits.ts';
import { listen } from './http/listen.ts';
import { createHttpServer, type Timeouts } from './http/server.ts';
import { createAccountMails } from './mail/account-mails.ts';
import { createFolderMailer, createSmtpMailer, type Mailer } from './mail/mailer.ts';
import { createDelivery } from './mail/outbox/delivery.ts';
import { createOutbox } from './mail/outbox/outbox.ts';
import { createEntrySeal } from './mail/outbox/sealed-entries.ts';
import { createSendNow } from './mail/send-now.ts';
import { createMetrics, type LoginOutcome, type Metrics } from './telemetry/metrics.ts';

/** What a server is made of. Two of them can live in one process, as long as each has its own. */
export interface GatehouseOptions {
  readonly config: Config;
  /** An open database with its roles in it. The server closes it. */
  readonly database: Database;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly mailer?: Mailer;
  readonly contentTypes?: readonly DeclaredContentType[];
  readonly timeouts?: Partial<Timeouts>;
  /** Milliseconds between two looks for mails that other processes left. */
  readonly outboxLookEvery?: number;
  /** What clients may hold of the server. */
  readonly bounds?: Partial<VisitBounds>;
  /** Finds the viewer of requests to `/graphql` in another way than by Gatehouse's tokens. */
  readonly authenticate?: Authenticate;
  /** Yoga or Envelop plugins of yours, which take part in every operation of `/graphql`, in this order. */
  readonly plugins?: readonly OperationPlugin[];
  /** The same for `/admin/graphql`: they see what administrators see, and their tokens. */
  readonly adminPlugins?: readonly OperationPlugin[];
  /** Whether a login needs one more step: a second factor, say. Without it none does. */
  readonly nextStep?: NextStep;
}

export interface Gatehouse {
  /** What `/graphql` serves. */
  readonly schema: GraphQLSchema;
  /** What `/admin/graphql` serves. */
  readonly adminSchema: GraphQLSchema;
  /** What the administration and the command line work with. */
  readonly administration: AdministrationServices;
  readonly metrics: Metrics;
  /** Begins to listen and tells the address: `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** Throws away what has ended by itself. It does so once an hour, too. */
  tidy(): Promise<void>;
  /** When everything that an answer left behind (a mail, say) is done. */
  idle(): Promise<void>;
  /** Takes nothing new, finishes what runs, and closes the database. */
  close(): Promise<void>;
}

/**
 * Puts a server together.
 *
 * @throws UnguardedSchema when a root field of its schema names no action.
 */
export async function createGatehouse(options: GatehouseOptions): Promise<Gatehouse> {
  const { config, database, log, clock = systemClock } = options;
  const { prisma } = database;
  const contentTypes = resolveContentTypes(database.models, options.contentTypes ?? Object.values(content));
  const memory = createChangeAwareMemory(database.changes);
  const access = createAccessCache(createAccessReader(database), memory);
  const settings = createSettingsCache(() => readSettings(prisma), memory);
  const mailer = options.mailer ?? mailerOf(config, log);
  const seal = createEntrySeal({ users: config.jwtSecrets, administrators: config.adminJwtSecrets });
  const outbox = createOutbox({ seal, clock, delay: () => 100 + Math.random() * 1_500 });
  const upkeep = createBackground({ log, delay: () => 0, apart: database.shares.apart });
  const tokens = await createTokens({
    audience: USERS.audience,
    secrets: config.jwtSecrets,
    expiresIn: config.jwtExpiresIn,
    clock,
  });
  const adminTokens = await createTokens({
    audience: ADMINISTRATORS.audience,
    secrets: config.adminJwtSecrets,
    expiresIn: config.adminJwtExpiresIn,
    clock,
  });
  const audit = createAudit(clock);
  const attempts = createAttempts({ query: database.query, perMinute: config.authRateLimit });
  const passwordThreads = createPasswordThreads(
    config.passwordThreads === undefined ? {} : { threads: config.passwordThreads },
  );
  const metrics = createMetrics();
  const tracing = config.tracing && (await import('./telemetry/tracing.ts')).createTracing(config.tracing);
  // What there is to be given is read from the schema, which is made of what gives it.
  const tokenActions: { readonly reading: readonly string[]; all: readonly string[] } = {
    reading: readingActionsOf(contentTypes),
    all: [],
  };
  const administration: AdministrationServices = {
    prisma,
    passwords: createPasswords(config.bcryptCost, passwordThreads.run, { refusesPublic: config.production }),
    codes: createCodes(clock),
    audit,
    mails: createAccountMails({ prisma, publicUrl: config.publicUrl, log }),
    outbox,
    sendNow: createSendNow(mailer),
    clock,
    tokenActions,
  };
  const ofEitherRealm = {
    ...administration,
    attempts,
    settings,
    nextStep: options.nextStep ?? (async () => undefined),
    log,
  };
  const accounts: UserAccounts = {
    ...ofEitherRealm,
    realm: USERS,
    sessions: createUserSessions({
      prisma,
      tokens,
      expiresIn: config.jwtExpiresIn,
      secrets: config.jwtSecrets,
      audit,
      clock,
      log,
    }),
    onLogin: (outcome: LoginOutcome) => metrics.login('/graphql', outcome),
  };
  const adminAccounts: AdminAccounts = {
    ...ofEitherRealm,
    realm: ADMINISTRATORS,
    sessions: createAdminSessions({ prisma, tokens: adminTokens, expiresIn: config.adminJwtExpiresIn, audit, clock }),
    onLogin: (outcome: LoginOutcome) => metrics.login('/admin/graphql', outcome),
  };
  const delivery = createDelivery({
    prisma,
    outbox,
    seal,
    mails: administration.mails,
    mailer,
    rules: {
      ...createMailRules(accounts),
      requests: {
        forgotPassword: (request) => requestPasswordCode(accounts, request),
        sendEmailConfirmation: (request) => requestConfirmationCode(accounts, request),
        adminForgotPassword: (request) => requestForgottenAdminPassword(ofEitherRealm, request),
      },
    },
    shares: database.shares,
    onMail: metrics.mail,
    lookEvery: options.outboxLookEvery,
    clock,
    log,
  });
  const schema = createPublicSchema(accounts, administration, database, contentTypes, config.limits);
  tokenActions.all = actionsOf(schema);
  const adminServices = {
    ...administration,
    accounts: adminAccounts,
    attempts,
    catalogue: catalogueOf(schema),
    firstNeedsCode: config.production,
  };
  const adminSchema = createAdminSchema(adminServices, database, contentTypes, config.limits);

  const graphiql = !config.production;
  const { introspection, limits, persistedQueries } = config;
  const onlyTrusted = persistedQueries.mode === 'only';
  metrics.watch({ accessCache: memory, passwordThreads, database, waitingMails: () => prisma.outboxEntry.count() });
  logNotifications(database.changes, log);
  // Whoever made a change is answered by a server that knows of it.
  const afterWrite = () => memory.forgetChanged();
  const refusals = createRefusals({ prisma, audit, attempts, background: upkeep, log });
  const server = createHttpServer({
    endpoints: {
      '/graphql': {
        graphiql:
          graphiql && !onlyTrusted && publicGraphiql({ identifier: DEMO_USERS[0].email, password: DEMO_PASSWORD }),
        authenticate:
          options.authenticate ??
          createAuthenticate({
            prisma,
            query: database.query,
            access,
            settings,
            tokens,
            tokenActions,
            clock,
            background: upkeep,
          }),
        pipeline: createPipeline({
          schema,
          plugins: options.plugins ?? [],
          persistedQueries,
          loginFields: ['login', 'refresh', 'logout'],
          introspection,
          limits,
          log,
          shares: database.shares,
          afterWrite,
          onRefused(actions, context) {
            metrics.refused('/graphql', actions);
            refusals.noteManagement(actions, context);
          },
        }),
      },
      '/admin/graphql': {
        graphiql:
          graphiql &&
          adminGraphiql(
            config.firstAdmin
              ? { identifier: config.firstAdmin.email, password: '' }
              : { identifier: DEMO_ADMIN, password: DEMO_PASSWORD },
          ),
        authenticate: createAuthenticateAdmin({
          prisma,
          tokens: adminTokens,
          permissions: adminPermissions(adminSchema),
          clock,
          background: upkeep,
        }),
        pipeline: createPipeline({
          schema: adminSchema,
          plugins: options.adminPlugins ?? [],
          // Trusted documents are those of front ends: administrators ask what they like, and guests can only log in.
          persistedQueries: onlyTrusted ? { mode: 'off' } : persistedQueries,
          loginFields: ['login'],
          introspection,
          limits,
          log,
          shares: database.shares,
          afterWrite,
          onRefused(actions, context) {
            metrics.refused('/admin/graphql', actions);
            refusals.note(actions, context);
          },
        }),
        onCredentialRefused: refusals.noteCredential,
      },
    },
    allowedOrigins: config.corsOrigins,
    publicUrl: config.publicUrl,
    answersTo: config.production ? undefined : answersTo(config),
    trustedProxies: config.trustedProxies,
    limits,
    timeouts: { execution: config.executionTimeout, ...options.timeouts },
    ...(options.bounds && { bounds: options.bounds }),
    metrics,
    tracing,
    metricsToken: config.metricsToken,
    databaseAnswers: () => expectPrimary(prisma),
    log,
  });

  const housekeeping = startHousekeeping({ administration, clock, log });

  return {
    schema,
    adminSchema,
    administration,
    metrics,
    async listen() {
      const { host, port } = config;
      await listen(server, { host, port, variables: { host: 'HOST', port: 'PORT' } });
      delivery.start();
      const at = server.address() as AddressInfo; // a TCP server has one
      return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`;
    },
    tidy: () => housekeeping.run(),
    async idle() {
      await delivery.idle();
      await upkeep.idle();
    },
    async close() {
      if (server.listening) {
        const closed = once(server, 'close');
        server.close();
        server.closeIdleConnections();
        // Somebody may have sent half a request and keep us waiting for the rest.
        const patience = setTimeout(() => server.closeAllConnections(), PATIENCE);
        await closed;
        clearTimeout(patience);
      }
      housekeeping.stop();
      await Promise.all([delivery.stop(PATIENCE), upkeep.stop(PATIENCE)]);
      mailer.close();
      await passwordThreads.close();
      await tracing?.close().catch(() => {}); // a collector that is away is no reason not to stop
      await database.close();
    },
  };
}

/** Milliseconds that a stop waits for requests to be finished, and then for what they left behind. */
const PATIENCE = 10_000;

function mailerOf(config: Config, log: Logger): Mailer {
  if (config.smtpUrl) return createSmtpMailer({ url: config.smtpUrl, from: config.mailFrom });
  const directory = join(config.dataDir, 'outbox');
  // The link of a mail is as good as a password for an hour. A developer's log may show it; no other.
  return createFolderMailer({ directory, from: config.mailFrom, log, logLinks: !config.production });
}
