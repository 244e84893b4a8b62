import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { readConfig } from '../src/config/config.ts';
import { ConfigError } from '../src/config/config-error.ts';
import { aboutVariables } from '../src/config/environment-schema.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const SECRET = 'a secret of more than thirty-two bytes';
const OTHER = 'another secret of more than thirty-two bytes';

function problemsOf(environment: Record<string, string>): string {
  try {
    readConfig({ DATA_DIR: dataDir, ...environment });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  return 'none';
}

test('nothing has to be set in development', () => {
  const config = readConfig({ DATA_DIR: dataDir });
  expect(config).toMatchObject({
    production: false,
    host: '127.0.0.1',
    port: 4000,
    publicUrl: 'http://127.0.0.1:4000',
    database: { kind: 'embedded', directory: dataDir },
    jwtExpiresIn: 30 * 86_400,
    bcryptCost: 10,
    authRateLimit: 600,
    trustedProxies: 0,
    corsOrigins: 'localhost',
    seedDemo: true,
    introspection: true,
    logLevel: 'info',
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('the development secret is made once, kept, and readable by its owner only', () => {
  const { jwtSecrets } = readConfig({ DATA_DIR: dataDir });
  expect(Buffer.byteLength(jwtSecrets[0])).toBeGreaterThanOrEqual(32);
  expect(readConfig({ DATA_DIR: dataDir }).jwtSecrets).toEqual(jwtSecrets);
  const file = join(dataDir, 'jwt-secret');
  expect(readFileSync(file, 'utf8')).toBe(jwtSecrets[0]);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('in production no key is made that encrypts secrets', () => {
  const given = { DATA_DIR: dataDir, NODE_ENV: 'production', JWT_SECRET: SECRET, ADMIN_JWT_SECRET: OTHER };
  expect(readConfig(given).encryptionKeys).toBeUndefined();
  expect(readdirSync(dataDir)).toEqual([]);
  const key = 'a key that encrypts and has thirty-two bytes';
  expect(readConfig({ ...given, ENCRYPTION_KEY: key }).encryptionKeys).toEqual([key]);
});

test('tokens of Strapi are exchanged to the end of a day', () => {
  const { strapi } = readConfig({ DATA_DIR: dataDir, STRAPI_JWT_SECRET: SECRET, STRAPI_JWT_UNTIL: '2026-12-31' });
  expect(strapi.jwt).toEqual({ secret: SECRET, until: new Date('2027-01-01T00:00:00Z') });
});

test('production closes what development opens', () => {
  const config = readConfig({ DATA_DIR: dataDir, NODE_ENV: 'production', JWT_SECRET: SECRET, ADMIN_JWT_SECRET: OTHER });
  expect(config).toMatchObject({
    production: true,
    authRateLimit: 10,
    corsOrigins: [],
    seedDemo: false,
    introspection: false,
    jwtSecrets: [SECRET],
  });
});

describe('a value that cannot be right is named with what was expected', () => {
  test.each([
    [{ NODE_ENV: 'production' }, 'JWT_SECRET: required in production'],
    [{ NODE_ENV: 'production', JWT_SECRET: SECRET }, 'ADMIN_JWT_SECRET: required in production'],
    [{ JWT_SECRET: SECRET, ADMIN_JWT_SECRET: `${OTHER},${SECRET}` }, 'ADMIN_JWT_SECRET: expected another secret'],
    [{ JWT_SECRET: SECRET, ENCRYPTION_KEY: SECRET }, 'ENCRYPTION_KEY: expected another secret than JWT_SECRET'],
    [{ ENCRYPTION_KEY: 'short' }, 'ENCRYPTION_KEY: expected at least 32 bytes'],
    [{ TOKEN_ALGORITHM: 'RS256' }, 'TOKEN_ALGORITHM: expected HS256, ES256 or EdDSA'],
    [{ TOKEN_ALGORITHM: 'none' }, 'TOKEN_ALGORITHM: expected HS256, ES256 or EdDSA'],
    [{ TOKEN_KEY_ROTATION: '59m' }, 'TOKEN_KEY_ROTATION: expected an hour or more'],
    [
      { NODE_ENV: 'production', TOKEN_ALGORITHM: 'ES256' },
      'ENCRYPTION_KEY: expected a secret, since TOKEN_ALGORITHM is ES256',
    ],
    [{ NODE_ENV: 'production', TOKEN_ALGORITHM: 'EdDSA' }, 'PUBLIC_URL: expected the issuer of tokens'],
    [{ STRAPI_JWT_SECRET: SECRET }, 'STRAPI_JWT_UNTIL: expected a day, since STRAPI_JWT_SECRET is set'],
    [{ STRAPI_JWT_UNTIL: '2026-12-31' }, 'STRAPI_JWT_SECRET: expected a secret, since STRAPI_JWT_UNTIL is set'],
    [{ STRAPI_JWT_SECRET: OTHER, STRAPI_JWT_UNTIL: '2026-02-31' }, 'STRAPI_JWT_UNTIL: expected a day'],
    [{ STRAPI_JWT_SECRET: OTHER, STRAPI_JWT_UNTIL: 'soon' }, 'STRAPI_JWT_UNTIL: expected a day'],
    [
      { STRAPI_JWT_SECRET: 'guess me', STRAPI_JWT_UNTIL: '2026-12-31' },
      'STRAPI_JWT_SECRET: expected at least 16 bytes',
    ],
    [
      { JWT_SECRET: SECRET, STRAPI_JWT_SECRET: SECRET, STRAPI_JWT_UNTIL: '2026-12-31' },
      'STRAPI_JWT_SECRET: expected another secret than JWT_SECRET',
    ],
    [{ ADMIN_EMAIL: 'root@example.com' }, 'ADMIN_PASSWORD: expected a password'],
    [{ ADMIN_PASSWORD: 'a password of an admin' }, 'ADMIN_EMAIL: expected an e-mail address'],
    [{ ADMIN_EMAIL: 'root', ADMIN_PASSWORD: 'a password of an admin' }, 'ADMIN_EMAIL: expected an e-mail address'],
    [{ ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD: expected another one'],
    [
      { ADMIN_EMAIL: 'Root@example.com', ADMIN_PASSWORD: 'root@Example.com' },
      'ADMIN_PASSWORD: expected another password than the e-mail of ADMIN_EMAIL',
    ],
    [
      { NODE_ENV: 'production', ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: DEMO_PASSWORD },
      'ADMIN_PASSWORD: expected another one: password must not be the public one of development',
    ],
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET: expected at least 32 bytes'],
    [{ JWT_SECRET: 'a'.repeat(64) }, 'JWT_SECRET: expected random characters'],
    [{ JWT_SECRET: `${SECRET},short` }, 'JWT_SECRET: expected at least 32 bytes, of each'],
    [{ JWT_SECRET: `${SECRET}, ${SECRET}` }, 'JWT_SECRET: expected secrets that differ'],
    [{ AUTH_RATE_LIMIT: '0' }, 'AUTH_RATE_LIMIT: expected off, or a whole number'],
    [{ AUTH_RATE_LIMIT: 'no' }, 'AUTH_RATE_LIMIT: expected off, or a whole number'],
    [{ LIMIT_PAGE: '0' }, 'LIMIT_PAGE: expected a whole number from 1 to 10000'],
    [{ LIMIT_INPUT: '99' }, 'LIMIT_INPUT: expected a whole number from 100 to 1000000'],
    [{ LIMIT_ANSWER: '999' }, 'LIMIT_ANSWER: expected a whole number from 1000 to 268435456'],
    [{ LIMIT_PAGE: '-1' }, 'LIMIT_PAGE: expected a whole number from 1 to 10000'],
    [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY: expected a whole number from 0 to 10'],
    [{ PORT: '70000' }, 'PORT: expected a whole number from 0 to 65535'],
    [{ HOST: 'http://localhost' }, 'HOST: expected an address or a name of this machine'],
    [{ HOST: '127.0.0.1:4000' }, 'HOST: expected an address or a name of this machine'],
    [{ HOST: 'fe80::1%eth0' }, 'HOST: expected an address or a name of this machine'],
    [{ HOST: 'two words' }, 'HOST: expected an address or a name of this machine'],
    [{ METRICS_HOST: '/tmp/socket' }, 'METRICS_HOST: expected an address or a name of this machine'],
    [{ PORT: '4000.5' }, 'PORT: expected a whole number'],
    [{ DATABASE_URL: 'mysql://localhost/x' }, 'DATABASE_URL: expected a URL that begins with postgresql://'],
    [{ JWT_EXPIRES_IN: '30' }, 'JWT_EXPIRES_IN: expected a number and a unit'],
    [{ JWT_EXPIRES_IN: '0d' }, 'JWT_EXPIRES_IN: expected a number and a unit'],
    [{ BCRYPT_COST: '9' }, 'BCRYPT_COST: expected a whole number from 10 to 16'],
    [{ SMTP_URL: 'http://mail' }, 'SMTP_URL: expected a URL that begins with smtp://'],
    [{ PUBLIC_URL: 'example.com' }, 'PUBLIC_URL: expected a URL that begins with http://'],
    [{ PUBLIC_URL: 'https://example.com/?x=1' }, 'PUBLIC_URL: expected a URL without a query'],
    [{ PUBLIC_URL: 'https://example.com/#/auth' }, 'PUBLIC_URL: expected a URL without a query'],
    [{ PUBLIC_URL: 'https://me:secret@example.com' }, 'PUBLIC_URL: expected a URL without a query'],
    [{ PUBLIC_URL: 'https://example.com/admin/' }, 'PUBLIC_URL: expected another path than /admin'],
    ...['https://example.com', 'example.com:443', 'example.com/auth', '192.0.2.7', '[::1]', 'com', 'a b.example'].map(
      (domain): [Record<string, string>, string] => [
        { WEBAUTHN_RP_ID: domain },
        'WEBAUTHN_RP_ID: expected a domain such as example.com',
      ],
    ),
    [
      { WEBAUTHN_RP_ID: 'example.com', PUBLIC_URL: 'https://api.example.org' },
      'WEBAUTHN_RP_ID: expected the host of PUBLIC_URL, or a domain above it',
    ],
    [{ WEBAUTHN_RP_ID: 'example.com' }, 'PUBLIC_URL: expected a URL, since WEBAUTHN_RP_ID is set'],
    [
      { WEBAUTHN_RP_ID: 'app.example.com', PUBLIC_URL: 'https://example.com' },
      'WEBAUTHN_RP_ID: expected the host of PUBLIC_URL, or a domain above it',
    ],
    [
      { WEBAUTHN_RP_ID: 'ample.com', PUBLIC_URL: 'https://example.com' },
      'WEBAUTHN_RP_ID: expected the host of PUBLIC_URL, or a domain above it',
    ],
    ...[
      ...['example.com', 'https://example.com/', 'https://example.com/app', 'https://*.example.com', '*', 'null'],
      ...['http://example.com', 'http://127.0.0.1:5173', 'https://a.example b.example', 'https://a.example,'],
      ...['https://Example.com', 'https://example.com:443', 'ftp://example.com', 'http://localhost.evil.example'],
    ].map((origins): [Record<string, string>, string] => [
      { WEBAUTHN_ORIGINS: origins },
      'WEBAUTHN_ORIGINS: expected origins separated by commas',
    ]),
    [{ CORS_ORIGINS: 'https://a.example, b.example' }, 'CORS_ORIGINS: expected origins separated by commas'],
    [{ CORS_ORIGINS: 'https://a.example/' }, 'CORS_ORIGINS: expected origins separated by commas'],
    [{ SEED_DEMO: 'yes' }, 'SEED_DEMO: expected true or false'],
    [{ INTROSPECTION: 'true' }, 'INTROSPECTION: expected on or off'],
    [{ PERSISTED_QUERIES: 'on' }, 'PERSISTED_QUERIES: expected auto, off or only'],
    [{ PERSISTED_QUERIES: 'only' }, 'PERSISTED_QUERIES_FILE: expected a file of trusted documents'],
    [{ PERSISTED_QUERIES_FILE: 'package.json' }, 'PERSISTED_QUERIES: expected only'],
    [{ PERSISTED_QUERIES: 'only', PERSISTED_QUERIES_FILE: 'nowhere.json' }, 'it cannot be read (ENOENT)'],
    [{ PERSISTED_QUERIES: 'only', PERSISTED_QUERIES_FILE: 'README.md' }, 'it is not JSON'],
    [{ PERSISTED_QUERIES: 'only', PERSISTED_QUERIES_FILE: 'package.json' }, 'what is under "exports" is no document'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: expected one of fatal, error'],
  ])('%o', (environment, problem) => {
    expect(problemsOf(environment)).toContain(problem);
  });

  test('all of them together, and no secret among the words', () => {
    const message = problemsOf({
      JWT_SECRET: 'hunter2',
      PORT: 'x',
      SMTP_URL: 'http://user:hunter2@mail',
      DATABASE_URL: 'hunter2',
    });
    expect(message).toContain('4 problems');
    expect(message).not.toContain('hunter2');
  });

  test('what is set to nothing is not set', () => {
    expect(readConfig({ DATA_DIR: dataDir, PORT: '', JWT_SECRET: '', DATABASE_URL: '' }).port).toBe(4000);
  });
});

test('trusted documents are read from their file', () => {
  const file = join(dataDir, 'documents.json');
  writeFileSync(file, JSON.stringify({ '9f86d0': '{ __typename }' }));
  const config = readConfig({ DATA_DIR: dataDir, PERSISTED_QUERIES: 'only', PERSISTED_QUERIES_FILE: file });
  expect(config.persistedQueries).toEqual({ mode: 'only', documents: new Map([['9f86d0', '{ __typename }']]) });
  expect(readConfig({ DATA_DIR: dataDir }).persistedQueries).toEqual({ mode: 'auto' });
  writeFileSync(file, '[]');
  expect(problemsOf({ PERSISTED_QUERIES: 'only', PERSISTED_QUERIES_FILE: file })).toContain('it is no object');
});

test.each([
  ['900s', 900],
  ['12h', 43_200],
  ['30d', 2_592_000],
  ['2w', 1_209_600],
])('a token of %s lives %i seconds', (duration, seconds) => {
  expect(readConfig({ DATA_DIR: dataDir, JWT_EXPIRES_IN: duration }).jwtExpiresIn).toBe(seconds);
});

test('attempts are not counted when that is said, and only then', () => {
  expect(readConfig({ DATA_DIR: dataDir, AUTH_RATE_LIMIT: 'off' }).authRateLimit).toBeUndefined();
  expect(readConfig({ DATA_DIR: dataDir, AUTH_RATE_LIMIT: '25' }).authRateLimit).toBe(25);
});

test('the largest page is a hundred rows, unless another is set', () => {
  expect(readConfig({ DATA_DIR: dataDir }).limits.page).toBe(100);
  expect(readConfig({ DATA_DIR: dataDir, LIMIT_PAGE: '250' }).limits.page).toBe(250);
});

test('an address of IPv6 is written as a URL has it', () => {
  expect(readConfig({ DATA_DIR: dataDir, HOST: '::1' }).publicUrl).toBe('http://[::1]:4000');
});

test.each([
  ['https://example.com', 'https://example.com'],
  ['https://example.com//', 'https://example.com'],
  ['https://example.com/auth/', 'https://example.com/auth'],
  ['https://Example.com:443/a/b', 'https://example.com/a/b'],
])('PUBLIC_URL=%s begins links with %s', (given, publicUrl) => {
  expect(readConfig({ DATA_DIR: dataDir, PUBLIC_URL: given }).publicUrl).toBe(publicUrl);
});

describe('what people read about a variable', () => {
  const variables = aboutVariables().flatMap(({ variables }) => variables);

  test('there is a sentence about each of them', () => {
    expect(variables.length).toBeGreaterThan(40);
    for (const { name, description } of variables) expect(description, name).toMatch(/[^.]\.$/);
  });

  test.each(variables.filter((about) => about.default !== undefined && about.name !== 'DATA_DIR'))(
    'the default of $name is what it says',
    (about) => {
      const unset = readConfig({ DATA_DIR: dataDir });
      expect(readConfig({ DATA_DIR: dataDir, [about.name]: about.default })).toEqual(unset);
    },
  );

  test('the default of DATA_DIR is what it says', () => {
    const about = variables.find(({ name }) => name === 'DATA_DIR');
    const secrets = {
      JWT_SECRET: SECRET,
      ADMIN_JWT_SECRET: OTHER,
      ENCRYPTION_KEY: 'a third secret of thirty-two bytes',
    };
    const { dataDir: found } = readConfig(secrets);
    expect(found).toBe(resolve(about?.default ?? ''));
  });
});
