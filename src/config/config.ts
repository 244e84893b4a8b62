import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { faultsOfEmail, normalEmail } from '../accounts/emails.ts';
import { faultsOfNewPassword, isOwnName } from '../accounts/passwords.ts';
import { isPublicPassword, PUBLIC_PASSWORD } from '../accounts/public-password.ts';
import { makeDataDirectory } from '../common/data-directory.ts';
import { StartRefused } from '../common/start-refused.ts';
import type { UrlProblem } from '../common/url.ts';
import { readConnectionUrl } from '../database/connection-url.ts';
import type { DatabaseLocation } from '../database/open.ts';
import { DEFAULT_LIMITS, type Limits } from '../graphql/operation/limits.ts';
import type { PersistedQueriesMode } from '../graphql/operation/persisted-queries.ts';
import { readTrustedDocuments } from '../graphql/operation/trusted-documents.ts';
import type { AllowedOrigins } from '../http/cors.ts';
import { readSmtpUrl } from '../mail/smtp-url.ts';
import type { TracingConfig } from '../telemetry/tracing.ts';
import { type Misspelt, misspeltAmong } from './unknown-variables.ts';

/** What the environment says, checked and frozen. It reads no variable itself: `environment.ts` does. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  /** Whether somebody said what the public URL is, or it was put together from host and port. */
  readonly publicUrlIsSet: boolean;
  readonly dataDir: string;
  readonly database: DatabaseLocation;
  /** The first signs tokens, all of them verify: so a secret is changed without logging anybody out. */
  readonly jwtSecrets: readonly [string, ...string[]];
  /** The same for the tokens of administrators. */
  readonly adminJwtSecrets: readonly [string, ...string[]];
  /** Life of an administrator's token, in seconds. */
  readonly adminJwtExpiresIn: number;
  /** The first administrator, made at start when there is none. */
  readonly firstAdmin: { readonly email: string; readonly password: string } | undefined;
  /** Life of a user's token, in seconds. */
  readonly jwtExpiresIn: number;
  /** bcrypt's cost: each step doubles the work. */
  readonly bcryptCost: number;
  /** Attempts a minute that one address has on one account; undefined when they are not counted. */
  readonly authRateLimit: number | undefined;
  /** How many proxies of ours stand in front: so many entries of `X-Forwarded-For` are believed. */
  readonly trustedProxies: number;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly corsOrigins: AllowedOrigins;
  readonly seedDemo: boolean;
  readonly introspection: boolean;
  /** Whether documents are known by their hash. */
  readonly persistedQueries: PersistedQueriesMode;
  /** How large an operation may be. */
  readonly limits: Limits;
  /** Milliseconds that an operation may take. */
  readonly executionTimeout: number;
  /** Where the numbers are served on a port of their own; undefined where they are not. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** Who may read them at `/metrics`, beside everything else. */
  readonly metricsToken: string | undefined;
  /** Where spans of OpenTelemetry go; undefined where nobody wants them. */
  readonly tracing: TracingConfig | undefined;
  /** Threads that hash passwords; undefined: one for each processor. */
  readonly passwordThreads: number | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** The environment is not fit to start with: the message names each variable and what was expected of it. */
export class ConfigError extends StartRefused {
  constructor(problems: readonly string[]) {
    super(
      `The environment has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Reads the environment once, and reports every problem together.
 *
 * @throws ConfigError naming each variable and what was expected, never the value of a secret.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // A variable that is set to nothing is a variable that is not set: `FOO= npm start` and an `.env` line left empty.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const production = given['NODE_ENV'] === 'production';
  const parsed = environmentSchema(production).safeParse(given);
  const alone = parsed.error?.issues.map(({ path, message }): [string, string] => [path.join('.'), message]) ?? [];
  const found = [...alone, ...problemsBetween(given), ...leftOpen(environment, production)];
  if (!parsed.success || found.length > 0) {
    // The first problem of each variable: whoever mends it has mended the others, or is told them next.
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
          listenUrl: variables.DATABASE_LISTEN_URL,
          statementTimeout: variables.STATEMENT_TIMEOUT * 1_000,
          statements: variables.DATABASE_STATEMENTS,
        }
      : { kind: 'embedded', directory: dataDir },
    executionTimeout: variables.EXECUTION_TIMEOUT * 1_000,
    jwtSecrets: variables.JWT_SECRET ?? [developmentSecret(dataDir, 'JWT_SECRET', 'jwt-secret')],
    adminJwtSecrets: variables.ADMIN_JWT_SECRET ?? [developmentSecret(dataDir, 'ADMIN_JWT_SECRET', 'admin-jwt-secret')],
    adminJwtExpiresIn: variables.ADMIN_JWT_EXPIRES_IN,
    firstAdmin:
      variables.ADMIN_EMAIL !== undefined && variables.ADMIN_PASSWORD !== undefined
        ? { email: variables.ADMIN_EMAIL, password: variables.ADMIN_PASSWORD }
        : undefined,
    jwtExpiresIn: variables.JWT_EXPIRES_IN,
    bcryptCost: variables.BCRYPT_COST,
    authRateLimit: variables.AUTH_RATE_LIMIT === 'off' ? undefined : variables.AUTH_RATE_LIMIT,
    trustedProxies: variables.TRUST_PROXY,
    smtpUrl: variables.SMTP_URL,
    mailFrom: variables.MAIL_FROM,
    corsOrigins: variables.CORS_ORIGINS ?? (production ? [] : 'localhost'),
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
    logLevel: variables.LOG_LEVEL,
  } satisfies Config);
}

function environmentSchema(production: boolean) {
  const secret = secrets();
  return z.object({
    NODE_ENV: z
      .enum(['development', 'test', 'production'], { error: 'expected production, development or test' })
      .optional(),
    HOST: host().default('127.0.0.1'),
    PORT: wholeNumber(0, 65_535).default(4000),
    PUBLIC_URL: publicUrl().optional(),
    DATA_DIR: z.string().trim().min(1, 'expected a directory').default('.data'),
    DATABASE_URL: urlReadBy(readConnectionUrl).optional(),
    DATABASE_LISTEN_URL: urlReadBy((text) => readConnectionUrl(text, { pool: false })).optional(),
    DATABASE_STATEMENTS: z.enum(['named', 'unnamed'], { error: 'expected named or unnamed' }).optional(),
    JWT_SECRET: production ? secret : secret.optional(),
    JWT_EXPIRES_IN: duration('30d'),
    ADMIN_JWT_SECRET: production ? secret : secret.optional(),
    ADMIN_JWT_EXPIRES_IN: duration('12h'),
    ADMIN_EMAIL: z
      .string()
      .refine((value) => faultsOfEmail(value).length === 0, 'expected an e-mail address')
      .optional(),
    ADMIN_PASSWORD: adminPassword(production).optional(),
    STATEMENT_TIMEOUT: duration('10s'),
    EXECUTION_TIMEOUT: duration('30s'),
    BCRYPT_COST: wholeNumber(10, 16).default(10),
    AUTH_RATE_LIMIT: attempts().default(production ? 10 : 600), // whoever develops logs in all day, and so do their tests
    TRUST_PROXY: wholeNumber(0, 10).default(0),
    SMTP_URL: urlReadBy(readSmtpUrl).optional(),
    MAIL_FROM: z.string().trim().min(3).default('Gatehouse <no-reply@localhost>'),
    CORS_ORIGINS: origins().optional(),
    SEED_DEMO: flag('true', 'false').optional(),
    INTROSPECTION: flag('on', 'off').optional(),
    PERSISTED_QUERIES: z.enum(['auto', 'off', 'only'], { error: 'expected auto, off or only' }).default('auto'),
    PERSISTED_QUERIES_FILE: trustedDocuments().optional(),
    LIMIT_TOKENS: wholeNumber(100, 1_000_000).default(DEFAULT_LIMITS.tokens),
    LIMIT_DEPTH: wholeNumber(3, 100).default(DEFAULT_LIMITS.depth),
    LIMIT_FIELDS: wholeNumber(10, 100_000).default(DEFAULT_LIMITS.fields),
    LIMIT_ALIASES: wholeNumber(0, 1_000).default(DEFAULT_LIMITS.aliases), // PostgreSQL answers 1,664 columns at most
    LIMIT_ROOT_FIELDS: wholeNumber(1, 1_000).default(DEFAULT_LIMITS.rootFields),
    LIMIT_DIRECTIVES: wholeNumber(0, 100).default(DEFAULT_LIMITS.directives),
    LIMIT_PAGE: wholeNumber(1, 10_000).default(DEFAULT_LIMITS.page),
    LIMIT_INPUT: wholeNumber(100, 1_000_000).default(DEFAULT_LIMITS.input),
    LIMIT_ANSWER: wholeNumber(1_000, 268_435_456).default(DEFAULT_LIMITS.answer), // no text of V8 has twice as many characters
    LIMIT_COST: wholeNumber(100, 10_000_000).default(DEFAULT_LIMITS.cost),
    METRICS_PORT: wholeNumber(0, 65_535).optional(),
    METRICS_HOST: host().default('127.0.0.1'),
    METRICS_TOKEN: z
      .string()
      .regex(/^[\w.~+/=-]{16,200}$/, 'expected 16 to 200 characters of a bearer token')
      .optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:']).optional(),
    OTEL_EXPORTER_OTLP_HEADERS: pairs().optional(),
    OTEL_SERVICE_NAME: z.string().trim().min(1).default('gatehouse'),
    PASSWORD_THREADS: wholeNumber(1, 64).optional(),
    LOG_LEVEL: z.enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  });
}

/** Names of variables that are nearly one of ours. */
export function misspeltVariables(environment: Readonly<Record<string, string | undefined>>): Misspelt[] {
  return misspeltAmong(environment, [...Object.keys(environmentSchema(false).shape), 'WORKERS']);
}

/** What would have a production server start as one of development, or on a database that goes with its container. */
function leftOpen(environment: Readonly<Record<string, string | undefined>>, production: boolean): [string, string][] {
  const problems: [string, string][] = misspeltVariables(environment)
    .filter(({ meant }) => meant === 'NODE_ENV')
    .map(({ name }) => [name, 'expected NODE_ENV, which this is nearly']);
  // As from a file of settings that fills in a variable which is not there.
  if (environment['NODE_ENV'] === '') {
    problems.push(['NODE_ENV', 'set to nothing; expected production, development or test, or no such variable']);
  }
  if (production && environment['DATABASE_URL'] === '') {
    problems.push(['DATABASE_URL', 'set to nothing; expected a URL, or no such variable for the embedded database']);
  }
  return problems;
}

/** What is wrong with two variables together. */
function problemsBetween(given: Readonly<Record<string, string | undefined>>): [name: string, message: string][] {
  const problems: [string, string][] = [];
  const secretsIn = (list: string | undefined) => (list ?? '').split(',').map((secret) => secret.trim());
  const shared = secretsIn(given['JWT_SECRET']).some(
    (secret) => secret !== '' && secretsIn(given['ADMIN_JWT_SECRET']).includes(secret),
  );
  if (shared) problems.push(['ADMIN_JWT_SECRET', 'expected another secret than JWT_SECRET']);
  if (given['ADMIN_EMAIL'] !== undefined && given['ADMIN_PASSWORD'] === undefined) {
    problems.push(['ADMIN_PASSWORD', 'expected a password, since ADMIN_EMAIL is set']);
  }
  if (given['ADMIN_PASSWORD'] !== undefined && given['ADMIN_EMAIL'] === undefined) {
    problems.push(['ADMIN_EMAIL', 'expected an e-mail address, since ADMIN_PASSWORD is set']);
  }
  const onlyTrusted = given['PERSISTED_QUERIES'] === 'only';
  if (onlyTrusted && given['PERSISTED_QUERIES_FILE'] === undefined) {
    problems.push(['PERSISTED_QUERIES_FILE', 'expected a file of trusted documents, since PERSISTED_QUERIES is only']);
  }
  if (!onlyTrusted && given['PERSISTED_QUERIES_FILE'] !== undefined) {
    problems.push(['PERSISTED_QUERIES', 'expected only, since PERSISTED_QUERIES_FILE is set']);
  }
  if (isOwnName(given['ADMIN_PASSWORD'] ?? '', [normalEmail(given['ADMIN_EMAIL'] ?? '')])) {
    problems.push(['ADMIN_PASSWORD', 'expected another password than the e-mail of ADMIN_EMAIL']);
  }
  problems.push(...problemsBetweenUrls(given['DATABASE_URL'], given['DATABASE_LISTEN_URL']));
  return problems;
}

function problemsBetweenUrls(
  url: string | undefined,
  listenUrl: string | undefined,
): [name: string, message: string][] {
  if (listenUrl === undefined) return [];
  if (url === undefined) return [['DATABASE_URL', 'expected a URL, since DATABASE_LISTEN_URL is set']];
  const [one, other] = [readConnectionUrl(url.trim()), readConnectionUrl(listenUrl.trim(), { pool: false })];
  if (!('target' in one && 'target' in other) || one.target.schema === other.target.schema) return [];
  return [['DATABASE_LISTEN_URL', 'expected the schema of DATABASE_URL']];
}

function trustedDocuments() {
  return z.string().transform((path, context) => {
    try {
      return readTrustedDocuments(path);
    } catch (error) {
      const reason = (error as Error).message; // of our own making
      const message = `expected a JSON file of trusted documents by their hashes: ${reason}`;
      context.addIssue({ code: 'custom', message, input: undefined });
      return z.NEVER;
    }
  });
}

function adminPassword(production: boolean) {
  return z.string().superRefine((password, context) => {
    const [fault] = faultsOfNewPassword(password, { path: [], minLength: 8, names: [] });
    const message = fault?.message ?? (production && isPublicPassword(password) ? PUBLIC_PASSWORD : undefined);
    // The faults of a password never repeat it.
    if (message) context.addIssue({ code: 'custom', message: `expected another one: ${message}`, input: undefined });
  });
}

/** One secret, or several with commas between. */
function secrets() {
  const each = (test: (secret: string) => boolean) => (list: readonly string[]) => list.every(test);
  return z
    .string({ error: 'required in production, at least 32 bytes (openssl rand -base64 48)' })
    .transform((value) => value.split(',').map((secret) => secret.trim()) as [string, ...string[]]) // split makes one at least
    .refine(
      each((secret) => Buffer.byteLength(secret) >= 32),
      'expected at least 32 bytes, of each where there are several (openssl rand -base64 48)',
    )
    .refine(
      each((secret) => new Set(secret).size >= 8),
      'expected random characters (openssl rand -base64 48)',
    )
    .refine((list) => new Set(list).size === list.length, 'expected secrets that differ from each other');
}

/** As a URL can have it: it becomes a part of one. */
function host() {
  return z
    .string()
    .trim()
    .refine(
      (value) => /^[\w.:-]+$/.test(value) && URL.canParse(`http://${urlHost(value)}:1/`),
      'expected an address or a name of this machine, without http:// and without a port',
    );
}

function wholeNumber(least: number, most: number) {
  const expected = `expected a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= least && value <= most, expected);
}

/** `name=value,other=value`, each value percent-encoded. */
function pairs() {
  const expected = 'expected name=value, separated by commas';
  return z
    .string()
    .regex(/^[\w-]+=[^,\s]*(?:,\s*[\w-]+=[^,\s]*)*$/, expected)
    .transform((list, context) => {
      try {
        return Object.fromEntries(
          list.split(',').map((pair) => {
            const [name = '', ...value] = pair.trim().split('=');
            return [name, decodeURIComponent(value.join('='))];
          }),
        );
      } catch {
        context.addIssue({ code: 'custom', message: expected, input: undefined });
        return z.NEVER;
      }
    });
}

function attempts() {
  const expected = 'expected off, or a whole number of attempts a minute from 1 to 10000';
  return z
    .string()
    .regex(/^(off|\d{1,5})$/, expected)
    .transform((value) => (value === 'off' ? value : Number(value)))
    .refine((value) => value === 'off' || (value >= 1 && value <= 10_000), expected);
}

function url(protocols: readonly string[]) {
  const expected = `expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  return z
    .string()
    .trim()
    .refine(
      (value) => protocols.some((protocol) => value.startsWith(`${protocol}//`)) && URL.canParse(value),
      expected,
    );
}

/** A URL with a password: what is wrong with it is told without a part of it. */
function urlReadBy(read: (text: string) => object | { readonly problems: readonly UrlProblem[] }) {
  return z
    .string()
    .trim()
    .superRefine((value, context) => {
      const result = read(value);
      if (!('problems' in result)) return;
      context.addIssue({ code: 'custom', message: result.problems.join('; '), input: undefined });
    });
}

/** An origin, with or without a path, and without a `/` at its end. */
function publicUrl() {
  return url(['http:', 'https:'])
    .transform((value) => new URL(value))
    .refine(
      ({ username, password, search, hash }) => username + password + search + hash === '',
      'expected a URL without a query, a # or a password',
    )
    .refine(
      // `/admin/graphql` would be the administration's, and `/graphql` behind this.
      ({ pathname }) => pathname.replace(/\/+$/, '') !== '/admin',
      'expected another path than /admin, where the administration is',
    )
    .transform(({ origin, pathname }) => `${origin}${pathname.replace(/\/+$/, '')}`);
}

function origins() {
  const isOrigin = (value: string) => value === '*' || (URL.canParse(value) && new URL(value).origin === value);
  return z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((list) => list.every(isOrigin), 'expected origins separated by commas, such as https://www.example.com');
}

function flag(on: string, off: string) {
  return z
    .string()
    .trim()
    .toLowerCase()
    .refine((value) => value === on || value === off, `expected ${on} or ${off}`)
    .transform((value) => value === on);
}

/** In seconds. */
function duration(usual: string) {
  return z
    .string()
    .regex(/^[1-9]\d{0,7}[smhdw]$/, 'expected a number and a unit (s, m, h, d, w), such as 30d, 12h or 900s')
    .default(usual)
    .transform(seconds);
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

function seconds(duration: string): number {
  const unit = duration.at(-1) as keyof typeof SECONDS; // the pattern above allows no other
  return Number(duration.slice(0, -1)) * SECONDS[unit];
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** In development a secret is made once and kept, so that tokens outlive a restart and a newcomer has nothing to set. */
function developmentSecret(dataDir: string, variable: string, name: string): string {
  const file = join(dataDir, name);
  makeDataDirectory(dataDir);
  if (!existsSync(file)) {
    // Written whole and then put in its place, where nobody was first: two processes that start together read the same.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, randomBytes(48).toString('base64url'), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      rmSync(draft);
    }
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (Buffer.byteLength(secret) < 32) {
    throw new ConfigError([
      `${variable}: not set, and ${file} holds no secret of 32 bytes; delete the file to have a new one made`,
    ]);
  }
  return secret;
}
