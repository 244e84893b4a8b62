import type { GraphQLSchema } from 'graphql';
import { stepUpMethods } from '../accounts/step-up-methods.ts';
import { createRefusals } from '../administration/refusals.ts';
import { createAuthenticate } from '../authentication/authenticate.ts';
import { createAuthenticateAdmin } from '../authentication/authenticate-admin.ts';
import { adminPermissions } from '../authorization/admin-permissions.ts';
import { sensitiveOwnActs } from '../graphql/account/sensitive-acts.ts';
import { sensitiveActs } from '../graphql/admin/sensitive-acts.ts';
import type { ContentType } from '../graphql/content-type/content-type.ts';
import { adminGraphiql, publicGraphiql } from '../graphql/graphiql.ts';
import type { PersistedQueriesMode } from '../graphql/operation/persisted-queries.ts';
import { createPipeline } from '../graphql/pipeline.ts';
import { proofOf } from '../graphql/plugins/check-proof.ts';
import type { GraphqlEndpoint } from '../http/graphql-handler.ts';
import { documentHash } from '../http/pages/document-hash.ts';
import { DOCUMENTS } from '../http/pages/documents.ts';
import { MAILED_DOCUMENTS } from '../http/pages/mailed-pages.ts';
import type { Caches } from './caches.ts';
import type { GatehouseOptions } from './options.ts';
import type { Services } from './services.ts';

export interface EndpointParts {
  readonly schema: GraphQLSchema;
  readonly adminSchema: GraphQLSchema;
  readonly contentTypes: readonly ContentType[];
  readonly services: Services;
  readonly caches: Caches;
}

/** Creates the endpoints `/graphql` and `/admin/graphql`. */
export function createEndpoints(
  options: GatehouseOptions,
  parts: EndpointParts,
): Readonly<Record<'/graphql' | '/admin/graphql', GraphqlEndpoint>> {
  const { config, database, log } = options;
  const { audit, attempts, upkeep } = parts.services;
  const refusals = createRefusals({ prisma: database.prisma, audit, attempts, background: upkeep, log });
  const common = {
    introspection: config.introspection,
    limits: config.limits,
    log,
    shares: database.shares,
    // After a change, the client's next request must not read stale caches.
    afterWrite: () => parts.caches.memory.forgetChanged(),
  };
  return {
    '/graphql': publicEndpoint(options, parts, refusals, common),
    '/admin/graphql': adminEndpoint(options, parts, refusals, common),
  };
}

type Refusals = ReturnType<typeof createRefusals>;
type Common = Pick<Parameters<typeof createPipeline>[0], 'introspection' | 'limits' | 'log' | 'shares' | 'afterWrite'>;

function publicEndpoint(
  { config, database, examples, ...options }: GatehouseOptions,
  { schema, contentTypes, services, caches }: EndpointParts,
  refusals: Refusals,
  common: Common,
): GraphqlEndpoint {
  const { metrics, authenticateUser, tokenActions, clock, upkeep, accounts } = services;
  const { access } = caches;
  const persistedQueries = withPageDocuments(config);
  const graphiql = !config.production && persistedQueries.mode !== 'only';
  return {
    cookieOf: 'users',
    graphiql: graphiql && publicGraphiql(contentTypes, examples?.user),
    authenticate:
      options.authenticate ??
      createAuthenticate({
        prisma: database.prisma,
        query: database.query,
        access,
        authenticateUser,
        tokenActions,
        strapiApiTokenSalt: config.strapi.apiTokenSalt,
        clock,
        background: upkeep,
      }),
    pipeline: createPipeline({
      ...common,
      schema,
      plugins: options.plugins ?? [],
      persistedQueries,
      loginFields: [
        'login',
        'completeLogin',
        'exchangeStrapiToken',
        'loginWithProvider',
        'loginWithCode',
        'loginWithPasskey',
        'refresh',
        'logout',
      ],
      proof: proofOf('user', {
        isSensitive: sensitiveOwnActs(schema),
        methodsOf: (viewer) => stepUpMethods(accounts, viewer),
        clock,
      }),
      onRefused(actions, context) {
        metrics.refused('/graphql', actions);
        refusals.noteManagement(actions, context);
      },
    }),
  };
}

/** The server's own pages send documents of ours, which are as trusted as those of front ends. */
function withPageDocuments({ persistedQueries, accountPages }: GatehouseOptions['config']): PersistedQueriesMode {
  if (persistedQueries.mode !== 'only') return persistedQueries;
  const ours = [...MAILED_DOCUMENTS, ...(accountPages ? Object.values(DOCUMENTS) : [])];
  const documents = new Map(ours.map((text) => [documentHash(text), text]));
  return { mode: 'only', documents: new Map([...documents, ...persistedQueries.documents]) };
}

function adminEndpoint(
  { config, database, examples, adminPlugins = [] }: GatehouseOptions,
  { adminSchema, services, caches }: EndpointParts,
  refusals: Refusals,
  common: Common,
): GraphqlEndpoint {
  const { metrics, tokens, clock, upkeep, adminAccounts } = services;
  const { persistedQueries, production } = config;
  return {
    cookieOf: 'administrators',
    graphiql: !production && adminGraphiql(examples?.administrator),
    authenticate: createAuthenticateAdmin({
      prisma: database.prisma,
      tokens: tokens.administrators,
      permissions: adminPermissions(adminSchema),
      settings: caches.settings,
      clock,
      background: upkeep,
    }),
    pipeline: createPipeline({
      ...common,
      schema: adminSchema,
      plugins: adminPlugins,
      // Trusted documents restrict front ends. Administrators may send any operation, and guests can only log in.
      persistedQueries: persistedQueries.mode === 'only' ? { mode: 'off' } : persistedQueries,
      loginFields: ['login', 'completeLogin', 'loginWithPasskey', 'refresh', 'logout'],
      proof: proofOf('admin', {
        isSensitive: sensitiveActs(services.administration, adminSchema),
        methodsOf: (viewer) => stepUpMethods(adminAccounts, viewer),
        clock,
      }),
      onRefused(actions, context) {
        metrics.refused('/admin/graphql', actions);
        refusals.note(actions, context);
      },
    }),
    onCredentialRefused: refusals.noteCredential,
  };
}
