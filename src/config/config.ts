import { resolve } from 'node:path';
import type { RelyingPartyConfig } from '../accounts/passkeys/relying-party.ts';
import type { ConfiguredProvider } from '../accounts/providers/provider-list.ts';
import type { TokenAlgorithm } from '../authentication/signing-keys/algorithms.ts';
import type { DatabaseLocation } from '../database/open.ts';
import type { Limits } from '../graphql/operation/limits.ts';
import type { PersistedQueriesMode } from '../graphql/operation/persisted-queries.ts';
import type { AllowedOrigins } from '../http/cors.ts';
import type { TracingConfig } from '../telemetry/tracing.ts';
import { leftOpen, problemsBetween } from './check-together.ts';
import { ConfigError } from './config-error.ts';
import { developmentSecret } from './development-secret.ts';
import { environmentSchema } from './environment-schema.ts';
import { urlHost } from './formats.ts';
import { readLoginProviders } from './read-login-providers.ts';
import type { LOG_LEVELS } from './variables/telemetry.ts';

/** The configuration: checked and frozen. `environment.ts` reads the variables. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  /** Whether the public URL was set, and not derived from host and port. */
  readonly publicUrlIsSet: boolean;
  readonly dataDir: string;
  readonly database: DatabaseLocation;
  /** The first secret signs tokens, all of them verify. So a secret can be rotated without logging anybody out. */
  readonly jwtSecrets: readonly [string, ...string[]];
  /** The same for the tokens of administrators. */
  readonly adminJwtSecrets: readonly [string, ...string[]];
  /** Encrypt what the server reads again: the first encrypts, all decrypt. Undefined: nothing of the kind is stored. */
  readonly encryptionKeys: readonly [string, ...string[]] | undefined;
  /** What Strapi issued and is still accepted; undefined: nothing. */
  readonly strapi: {
    readonly apiTokenSalt: string | undefined;
    /** Tokens signed with the secret are exchanged before a time. */
    readonly jwt: { readonly secret: string; readonly until: Date } | undefined;
  };
  /** Life of an administrator's token, in seconds. */
  readonly adminJwtExpiresIn: number;
  /** The first administrator, created at start when there is none. */
  readonly firstAdmin: { readonly email: string; readonly password: string } | undefined;
  /** Life of a user's token, in seconds. */
  readonly jwtExpiresIn: number;
  /** What signs the tokens of users: a secret of `jwtSecrets`, or a key of the database. */
  readonly tokenAlgorithm: TokenAlgorithm;
  /** Seconds after which a key of the database is followed by the next one. */
  readonly tokenKeyRotation: number;
  /** bcrypt's cost: each step doubles the work. */
  readonly bcryptCost: number;
  /** Attempts a minute of one address on one account; undefined: attempts are not counted. */
  readonly authRateLimit: number | undefined;
  /** Number of trusted proxies in front: as many entries of `X-Forwarded-For` are used. */
  readonly trustedProxies: number;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly corsOrigins: AllowedOrigins;
  /** The login providers of the environment. */
  readonly loginProviders: readonly ConfiguredProvider[];
  /** The pages of front ends that a login with a provider may return to. */
  readonly loginRedirects: readonly string[];
  /** What passkeys belong to. */
  readonly webauthn: Omit<RelyingPartyConfig, 'publicUrl'>;
  readonly seedDemo: boolean;
  /** Whether Strapi's REST paths for accounts are served. */
  readonly rest: boolean;
  /** Whether `/admin` serves the panel of the administration. */
  readonly adminPanel: boolean;
  /** Whether the pages of accounts below `/account` are served. */
  readonly accountPages: boolean;
  readonly introspection: boolean;
  /** Whether and which documents can be sent by their hash. */
  readonly persistedQueries: PersistedQueriesMode;
  /** Limits of an operation. */
  readonly limits: Limits;
  /** Milliseconds that an operation can take. */
  readonly executionTimeout: number;
  /** A separate port for metrics; undefined: none. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** The bearer token for `/metrics` on the main port; undefined: no metrics there. */
  readonly metricsToken: string | undefined;
  /** Where OpenTelemetry spans are sent; undefined: nowhere. */
  readonly tracing: TracingConfig | undefined;
  /** Threads that hash passwords; undefined: one for each processor. */
  readonly passwordThreads: number | undefined;
  /** Processes of a cluster; undefined: one for each processor. */
  readonly workers: number | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/**
 * Reads the environment, and reports all problems together.
 *
 * @throws ConfigError naming each variable and what was expected, never the value of a secret.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable counts as unset: `FOO= npm start`, or an empty line in `.env`.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const production = given['NODE_ENV'] === 'production';
  const parsed = environmentSchema(production).safeParse(given);
  const alone = parsed.error?.issues.map(({ path, message }): [string, string] => [path.join('.'), message]) ?? [];
  const login = readLoginProviders(given, { production });
  const found = [...alone, ...login.problems, ...problemsBetween(given), ...leftOpen(environment, production)];
  if (!parsed.success || found.length > 0) {
    // Only the first problem of each variable: the others often have the same cause.
    const problems = new Map<string, string>();
    for (const [name, message] of found) if (!problems.has(name)) problems.set(name, `${name}: ${message}`);
    throw new ConfigError([...problems.values()]);
  }
  const variables = parsed.data;
  const dataDir = resolve(variables.DATA_DIR);
  return Object.freeze({
    production,
    host: variables.HOST,
    port: variables.PORT,
    publicUrl: variables.PUBLIC_URL ?? `http://${urlHost(variables.HOST)}:${variables.PORT}`,
    publicUrlIsSet: variables.PUBLIC_URL !== undefined,
    dataDir,
    database: variables.DATABASE_URL
      ? {
          kind: 'server',
          url: variables.DATABASE_URL,
          ownSchema: variables.GATEHOUSE_SCHEMA,
          listenUrl: variables.DATABASE_LISTEN_URL,
          statementTimeout: variables.STATEMENT_TIMEOUT * 1_000,
          statements: variables.DATABASE_STATEMENTS,
        }
      : { kind: 'embedded', directory: dataDir, ownSchema: variables.GATEHOUSE_SCHEMA },
    executionTimeout: variables.EXECUTION_TIMEOUT * 1_000,
    jwtSecrets: variables.JWT_SECRET ?? [developmentSecret(dataDir, 'JWT_SECRET', 'jwt-secret')],
    adminJwtSecrets: variables.ADMIN_JWT_SECRET ?? [developmentSecret(dataDir, 'ADMIN_JWT_SECRET', 'admin-jwt-secret')],
    encryptionKeys:
      variables.ENCRYPTION_KEY ??
      (production ? undefined : [developmentSecret(dataDir, 'ENCRYPTION_KEY', 'encryption-key')]),
    strapi: {
      apiTokenSalt: variables.STRAPI_API_TOKEN_SALT,
      jwt:
        variables.STRAPI_JWT_SECRET !== undefined && variables.STRAPI_JWT_UNTIL !== undefined
          ? { secret: variables.STRAPI_JWT_SECRET, until: variables.STRAPI_JWT_UNTIL }
          : undefined,
    },
    adminJwtExpiresIn: variables.ADMIN_JWT_EXPIRES_IN,
    firstAdmin:
      variables.ADMIN_EMAIL !== undefined && variables.ADMIN_PASSWORD !== undefined
        ? { email: variables.ADMIN_EMAIL, password: variables.ADMIN_PASSWORD }
        : undefined,
    jwtExpiresIn: variables.JWT_EXPIRES_IN,
    tokenAlgorithm: variables.TOKEN_ALGORITHM,
    tokenKeyRotation: variables.TOKEN_KEY_ROTATION,
    bcryptCost: variables.BCRYPT_COST,
    authRateLimit: variables.AUTH_RATE_LIMIT === 'off' ? undefined : variables.AUTH_RATE_LIMIT,
    trustedProxies: variables.TRUST_PROXY,
    smtpUrl: variables.SMTP_URL,
    mailFrom: variables.MAIL_FROM,
    corsOrigins: variables.CORS_ORIGINS ?? (production ? [] : 'localhost'),
    loginProviders: login.providers,
    loginRedirects: variables.LOGIN_REDIRECTS ?? [],
    webauthn: { rpId: variables.WEBAUTHN_RP_ID, origins: variables.WEBAUTHN_ORIGINS ?? [] },
    rest: variables.REST,
    adminPanel: variables.ADMIN_PANEL,
    accountPages: variables.ACCOUNT_PAGES,
    seedDemo: variables.SEED_DEMO ?? !production,
    introspection: variables.INTROSPECTION ?? !production,
    persistedQueries:
      variables.PERSISTED_QUERIES === 'only'
        ? { mode: 'only', documents: variables.PERSISTED_QUERIES_FILE ?? new Map() } // required below
        : { mode: variables.PERSISTED_QUERIES },
    limits: {
      tokens: variables.LIMIT_TOKENS,
      depth: variables.LIMIT_DEPTH,
      fields: variables.LIMIT_FIELDS,
      aliases: variables.LIMIT_ALIASES,
      rootFields: variables.LIMIT_ROOT_FIELDS,
      directives: variables.LIMIT_DIRECTIVES,
      page: variables.LIMIT_PAGE,
      input: variables.LIMIT_INPUT,
      answer: variables.LIMIT_ANSWER,
      cost: variables.LIMIT_COST,
    },
    metrics:
      variables.METRICS_PORT === undefined ? undefined : { host: variables.METRICS_HOST, port: variables.METRICS_PORT },
    metricsToken: variables.METRICS_TOKEN,
    tracing:
      variables.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : {
            endpoint: variables.OTEL_EXPORTER_OTLP_ENDPOINT,
            headers: variables.OTEL_EXPORTER_OTLP_HEADERS ?? {},
            service: variables.OTEL_SERVICE_NAME,
          },
    passwordThreads: variables.PASSWORD_THREADS,
    workers: variables.WORKERS,
    logLevel: variables.LOG_LEVEL,
  } satisfies Config);
}
