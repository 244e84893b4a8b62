import { randomBytes } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { DEFAULT_LIMITS } from '../graphql/operation/limits.ts';

/** What a test can change of the configuration. The rest is what makes it a server of tests. */
export type ConfigOfTest = Partial<
  Omit<Config, 'production' | 'database' | 'bcryptCost' | 'host' | 'port' | 'dataDir'>
>;

/** As in development, on any free port, with the cheapest hashes and secrets of its own. No environment variable is read. */
export function testConfig(dataDir: string, changes: ConfigOfTest): Config {
  const secret = () => randomBytes(48).toString('base64url');
  return Object.freeze({
    publicUrl: 'http://gatehouse.test',
    publicUrlIsSet: true,
    jwtSecrets: [secret()],
    jwtExpiresIn: 30 * 86_400,
    tokenAlgorithm: 'HS256',
    tokenKeyRotation: 90 * 86_400,
    adminJwtSecrets: [secret()],
    adminJwtExpiresIn: 12 * 3_600,
    encryptionKeys: [secret()],
    strapi: { apiTokenSalt: undefined, jwt: undefined },
    firstAdmin: undefined,
    authRateLimit: undefined,
    trustedProxies: 0,
    smtpUrl: undefined,
    mailFrom: 'Gatehouse <no-reply@gatehouse.test>',
    corsOrigins: 'localhost',
    seedDemo: false,
    loginProviders: [],
    loginRedirects: [],
    webauthn: { rpId: undefined, origins: [] },
    rest: true,
    adminPanel: false,
    accountPages: true,
    introspection: true,
    persistedQueries: { mode: 'auto' },
    limits: DEFAULT_LIMITS,
    executionTimeout: 30_000,
    metrics: undefined,
    metricsToken: undefined,
    tracing: undefined,
    passwordThreads: 1,
    workers: undefined,
    logLevel: 'info',
    ...changes,
    // Of a test, whatever it asks for.
    production: false,
    host: '127.0.0.1',
    port: 0,
    dataDir,
    database: { kind: 'memory' },
    bcryptCost: 4,
  } satisfies Config);
}
