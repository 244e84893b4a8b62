import type { AddressInfo } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import type { AdministrationServices } from './administration/administration.ts';
import { startCleanup } from './administration/cleanup.ts';
import { logNotifications } from './authentication/access-cache/log-notifications.ts';
import { catalogueOf } from './authorization/catalogue.ts';
import { actionsOf } from './authorization/guard.ts';
import { systemClock } from './common/clock.ts';
import { expectPrimary } from './database/failures.ts';
import { createAccountPages } from './gatehouse/account-pages.ts';
import { type Caches, createCaches } from './gatehouse/caches.ts';
import { createContentAsUser } from './gatehouse/content-as-user.ts';
import { createEndpoints } from './gatehouse/endpoints.ts';
import type { GatehouseOptions } from './gatehouse/options.ts';
import { createRest } from './gatehouse/rest.ts';
import { rulesOf } from './gatehouse/rules.ts';
import { createServices, type Services } from './gatehouse/services.ts';
import { PATIENCE, stopListening } from './gatehouse/stop-listening.ts';
import { createAdminSchema } from './graphql/admin-schema.ts';
import { readingActionsOf } from './graphql/content-type/actions.ts';
import type { ContentType } from './graphql/content-type/content-type.ts';
import { resolveContentTypes } from './graphql/content-type/resolve-content-types.ts';
import { createRowCounter } from './graphql/content-type/rules/count-rows.ts';
import { type ContentRules, createRules } from './graphql/content-type/rules/create-rules.ts';
import { createRowLister } from './graphql/content-type/rules/list-rows.ts';
import { createPublicSchema, publicTypesOf } from './graphql/public-schema.ts';
import { createUserFields } from './graphql/user-fields/create-user-fields.ts';
import { type ResolvedUserFields, resolveUserFields } from './graphql/user-fields/resolve-user-fields.ts';
import { allowedHosts } from './http/allowed-hosts.ts';
import { listen } from './http/listen.ts';
import { createPages } from './http/pages/pages.ts';
import { createHttpServer } from './http/server.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface Gatehouse {
  /** What `/graphql` serves. */
  readonly schema: GraphQLSchema;
  /** What `/admin/graphql` serves. */
  readonly adminSchema: GraphQLSchema;
  /** The content types, with what their models say. */
  readonly contentTypes: readonly ContentType[];
  /** What the administration and the command line work with. */
  readonly administration: AdministrationServices;
  readonly metrics: Metrics;
  /** Starts to listen, and resolves to the address: `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** Deletes expired rows now. The server also does this once an hour. */
  cleanUp(): Promise<void>;
  /** Resolves when all background work, such as sending mails, is done. */
  idle(): Promise<void>;
  /** Stops accepting requests, finishes those in flight, and closes the database. */
  close(): Promise<void>;
}

/**
 * Creates a server.
 *
 * @throws UnguardedSchema when a root field names no action, SchemaFault for an invalid content type.
 */
export async function createGatehouse(options: GatehouseOptions): Promise<Gatehouse> {
  const { config, database, log } = options;
  const contentTypes = resolveContentTypes(database.models, options.contentTypes);
  const userFields = resolveUserFields(database.models, options.userFields);
  const publicTypes = publicTypesOf(database.models, contentTypes, userFields);
  const contentRules = createRules(database.models, publicTypes);
  const rules = rulesOf(database.models, publicTypes, contentRules);
  const caches = createCaches(database, rules);
  const { clock: now = systemClock } = options;
  const services = await createServices(options, caches, {
    rules,
    countRows: createRowCounter(database, publicTypes, contentRules, now),
    listRows: createRowLister(database, publicTypes, contentRules, now),
    userFields: createUserFields(userFields),
  });
  const { administration, clock, delivery, mailer, metrics, passwordThreads, signingKeys, upkeep } = services;
  const { schema, adminSchema } = createSchemas(options, services, caches, {
    ...{ contentTypes, publicTypes, contentRules, userFields },
  });
  const tracing = config.tracing && (await import('./telemetry/tracing.ts')).createTracing(config.tracing);
  metrics.watch({
    accessCache: caches.memory,
    passwordThreads,
    database,
    delivery,
  });
  logNotifications(database.changes, log);
  const endpoints = createEndpoints(options, { schema, adminSchema, contentTypes, services, caches });
  const server = createHttpServer({
    endpoints,
    rest: createRest(options, services, caches, endpoints['/graphql'].authenticate),
    tokenKeys: signingKeys,
    pages: createPages(options.accountPages),
    accountPages: createAccountPages(options, services, caches, endpoints['/graphql'].authenticate),
    panel: config.adminPanel ? { publicUrl: config.publicUrl } : undefined,
    relatedOrigins: services.relyingParty?.related ?? [],
    allowedOrigins: config.corsOrigins,
    publicUrl: config.publicUrl,
    isAllowedHost: config.production ? undefined : allowedHosts(config),
    trustedProxies: config.trustedProxies,
    limits: config.limits,
    timeouts: { execution: config.executionTimeout, ...options.timeouts },
    ...(options.clientLimits && { clientLimits: options.clientLimits }),
    metrics,
    tracing,
    metricsToken: config.metricsToken,
    databaseAnswers: () => expectPrimary(database.prisma),
    log,
  });
  const cleanup = startCleanup({ administration, users: services.accounts, clock, log });

  return {
    schema,
    adminSchema,
    contentTypes,
    administration,
    metrics,
    async listen() {
      const { host, port } = config;
      await signingKeys.prepare();
      await listen(server, { host, port, variables: { host: 'HOST', port: 'PORT' } });
      delivery.start();
      const at = server.address() as AddressInfo; // a TCP server has one
      return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`;
    },
    cleanUp: () => cleanup.run(),
    async idle() {
      await delivery.idle();
      await upkeep.idle();
    },
    async close() {
      await stopListening(server);
      cleanup.stop();
      await Promise.all([delivery.stop(PATIENCE), upkeep.stop(PATIENCE)]);
      mailer.close();
      await passwordThreads.close();
      await tracing?.close().catch(() => {}); // an unreachable collector must not prevent the stop
      await database.close();
    },
  };
}

/** Creates both schemas. The actions that can be granted come from the public one. */
function createSchemas(
  options: GatehouseOptions,
  { accounts, adminAccounts, administration, attempts, clock, hooks, tokenActions }: Services,
  { access }: Pick<Caches, 'access'>,
  {
    contentTypes,
    publicTypes: types,
    contentRules: rules,
    userFields,
  }: {
    readonly contentTypes: readonly ContentType[];
    /** Those, and users and roles. */
    readonly publicTypes: readonly ContentType[];
    readonly contentRules: ContentRules;
    readonly userFields: ResolvedUserFields;
  },
): { readonly schema: GraphQLSchema; readonly adminSchema: GraphQLSchema } {
  const { config, database, extend } = options;
  const { limits } = config;
  const schema = createPublicSchema({
    ...{ accounts, administration, database, types, rules, limits, clock, hooks, userFields, extend },
  });
  tokenActions.reading = readingActionsOf(contentTypes);
  tokenActions.all = actionsOf(schema);
  const adminServices = {
    ...administration,
    accounts: adminAccounts,
    attempts,
    hooks,
    catalogue: catalogueOf(schema),
    firstNeedsCode: config.production,
    contentAsUser: createContentAsUser(options, { schema, types, access }),
  };
  return { schema, adminSchema: createAdminSchema(adminServices, database, contentTypes, limits, userFields) };
}
