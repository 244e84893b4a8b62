import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProviderSecret, sealProviderSecret } from '../../src/accounts/providers/provider-secret.ts';
import { SERVER } from '../../src/audit/actor.ts';
import { newApiTokenSecret } from '../../src/authentication/api-token-secret.ts';
import { carryOut } from '../support/command.ts';
import { startServer, type TestServer } from '../support/start.ts';

const FIXTURES = 'test/fixtures/strapi';

interface Answers {
  readonly apiTokenSalt: string;
  readonly jwtSecret: string;
  readonly apiTokens: readonly { readonly name: string; readonly type: string; readonly secret: string }[];
}

const STRAPI = JSON.parse(readFileSync(`${FIXTURES}/answers.json`, 'utf8')) as Answers;

/** The access keys of Strapi's database, by name. */
function accessKeys(): ReadonlyMap<string, string> {
  const file = join(tmpdir(), `strapi-${process.pid}.db`);
  writeFileSync(file, gunzipSync(readFileSync(`${FIXTURES}/strapi-5.54-data.db.gz`)));
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare('SELECT name, access_key FROM strapi_api_tokens').all();
    return new Map(rows.map(({ name, access_key: key }) => [String(name), String(key)]));
  } finally {
    database.close();
    rmSync(file);
  }
}

const DAY = 86_400_000;
const LAST_DAY = new Date(Date.now() + 10 * DAY);

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startServer({
    config: {
      strapi: { apiTokenSalt: STRAPI.apiTokenSalt, jwt: { secret: STRAPI.jwtSecret, until: LAST_DAY } },
    },
  });
  admin = await server.adminToken();
});
afterAll(() => server?.close());

describe('an API token of Strapi', () => {
  const POSTS = '{ posts(pagination: { limit: 1 }) { title } }';
  const CREATE = 'mutation { createPost(data: { title: "By a program" }) { title } }';
  const KINDS = { 'read-only': 'READ_ONLY', 'full-access': 'FULL_ACCESS', custom: 'CUSTOM' } as const;

  const [keys, [reader, full]] = [accessKeys(), STRAPI.apiTokens];
  if (!reader || !full) throw new Error('the project has no API tokens');

  async function outcomeOf(token: string, document = POSTS, of: Pick<TestServer, 'ask'> = server): Promise<string> {
    const { status, errors } = await of.ask(document, { token });
    const { code, reason } = errors?.[0]?.extensions ?? {};
    return code === undefined ? 'answered' : [status, code, reason].filter((part) => part !== undefined).join(' ');
  }

  /** Puts a token of the project into the database, as an import does. */
  async function imported({ name, type }: Answers['apiTokens'][number], more: object = {}) {
    const hash = `strapi:${keys.get(name)}`;
    await server.database.prisma.apiToken.deleteMany({ where: { name } });
    return server.database.prisma.apiToken.create({
      data: { name, kind: KINDS[type as keyof typeof KINDS], prefix: '', hash, importedFrom: 'strapi', ...more },
    });
  }

  /** How often a refused token is looked up. */
  async function lookUpsOf(secret: string, of: Pick<TestServer, 'ask' | 'statements'>): Promise<number> {
    const from = of.statements.length;
    expect(await outcomeOf(secret, POSTS, of)).toBe('401 UNAUTHENTICATED invalid');
    return of.statements.slice(from).filter((sql) => sql.includes('FROM "api_tokens"')).length;
  }

  test('is one of nobody before it is imported', async () => {
    expect(await outcomeOf(reader.secret)).toBe('401 UNAUTHENTICATED invalid');
  });

  test('is good with the secret that Strapi made, for what its kind allows', async () => {
    await imported(reader);
    await imported(full);
    expect(await outcomeOf(reader.secret)).toBe('answered');
    expect(await outcomeOf(reader.secret, CREATE)).toBe('200 FORBIDDEN');
    expect(await outcomeOf(full.secret, CREATE)).toBe('answered');
  });

  test.each([
    ['with another digit', (secret: string) => `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`],
    ['in upper case', (secret: string) => secret.toUpperCase()],
    ['with a digit more', (secret: string) => `${secret}0`],
    ['its hash', () => keys.get(reader.name) ?? ''],
    ['its hash, as it is stored', () => `strapi:${keys.get(reader.name)}`],
    ['another one of this form', () => randomBytes(128).toString('hex')],
  ])('is refused %s', async (_what, wrong) => {
    await imported(reader);
    expect(await outcomeOf(wrong(reader.secret))).toBe('401 UNAUTHENTICATED invalid');
  });

  test('costs no more when it is refused than a token of ours: one statement', async () => {
    for (const secret of [randomBytes(128).toString('hex'), newApiTokenSecret().text]) {
      expect(await lookUpsOf(secret, server)).toBe(1);
    }
  });

  test('costs no statement where the server has no salt', async () => {
    await imported(reader);
    const another = await startServer();
    try {
      expect(await lookUpsOf(reader.secret, another)).toBe(0);
    } finally {
      await another.close();
    }
  });

  test('ends by its time, and at once when it is revoked', async () => {
    await imported(reader, { expiresAt: new Date(Date.now() - 1_000) });
    expect(await outcomeOf(reader.secret)).toBe('401 UNAUTHENTICATED expired');
    const { documentId } = await imported(reader);
    expect(await outcomeOf(reader.secret)).toBe('answered');
    const revoke = 'mutation ($documentId: ID!) { revokeApiToken(documentId: $documentId) { status } }';
    expect((await server.askAdmin(revoke, { token: admin, variables: { documentId } })).errors).toBeUndefined();
    expect(await outcomeOf(reader.secret)).toBe('401 UNAUTHENTICATED revoked');
  });

  test('is none of an administrator', async () => {
    await imported(full);
    const { status } = await server.askAdmin('{ users { username } }', { token: full.secret });
    expect(status).toBe(401);
  });

  test('is shown where administrators look, until it has a secret of ours', async () => {
    const { documentId } = await imported(reader);
    const ask = async (document: string) => {
      const { data, errors, text } = await server.askAdmin(document, { token: admin, variables: { documentId } });
      expect(errors, text).toBeUndefined();
      return data;
    };
    const FIND = 'query ($documentId: ID!) { apiToken(documentId: $documentId) { importedFrom prefix } }';
    const ATTENTION = '{ overview { attention { kind text subject subjectKind } } }';
    const attention = async () =>
      (await ask(ATTENTION)).overview.attention.filter(
        ({ kind, subject }: { kind: string; subject: string }) => kind === 'TOKENS_IMPORTED' && subject === documentId,
      );

    expect((await ask(FIND)).apiToken).toEqual({ importedFrom: 'strapi', prefix: '' });
    expect(await attention()).toEqual([
      {
        kind: 'TOKENS_IMPORTED',
        text: `The API token ${reader.name} has a secret that Strapi made: give it a new one`,
        subject: documentId,
        subjectKind: 'apiToken',
      },
    ]);
    expect(await carryOut(server, ['token', 'list'])).toMatch(new RegExp(`${reader.name} .*\\(from strapi\\)`));

    const REGENERATE = 'mutation ($documentId: ID!) { regenerateApiToken(documentId: $documentId) { secret } }';
    const { secret } = (await ask(REGENERATE)).regenerateApiToken;
    expect(secret).toMatch(/^gatehouse_/);
    expect(await outcomeOf(secret)).toBe('answered');
    expect(await outcomeOf(reader.secret), 'the old secret').toBe('401 UNAUTHENTICATED invalid');
    expect((await ask(FIND)).apiToken).toEqual({ importedFrom: null, prefix: secret.slice(0, 16) });
    expect(await attention()).toEqual([]);
    expect(await carryOut(server, ['token', 'list'])).not.toMatch(new RegExp(`${reader.name} .*\\(from strapi\\)`));
  });
});

describe('exchangeStrapiToken', () => {
  const EXCHANGE = 'mutation ($jwt: String!) { exchangeStrapiToken(jwt: $jwt) { jwt user { username } } }';
  const INVALID = 'Invalid token';
  const NOW = Math.floor(Date.now() / 1_000);
  const MONTH = 30 * 86_400;

  let username: string;
  let id: number;
  let people = 0;
  beforeAll(async () => {
    const { audit } = server.gatehouse.administration;
    const target = { kind: 'import', documentId: null, name: 'strapi' } as const;
    await audit.record(server.database.prisma, SERVER, { event: 'import.strapi', target, after: { users: 1 } });
  });

  /** A user who came with the import, a year after Strapi had made them. */
  async function arrive(more: object = {}): Promise<void> {
    username = `settler ${++people}`;
    const input = { username, email: `settler${people}@example.com`, password: 'a good password' };
    const REGISTER = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { user { id } } }';
    id = Number((await server.ask(REGISTER, { variables: { input } })).data.register.user.id);
    const createdAt = new Date(Date.now() - 365 * DAY);
    await server.database.prisma.user.update({ where: { id }, data: { createdAt, ...more } });
  }

  /** A token as Strapi makes them: an hour old, for a month. */
  function strapiToken(claims: object = {}, { secret = STRAPI.jwtSecret, alg = 'HS256' } = {}): Promise<string> {
    const iat = NOW - 3_600;
    return new SignJWT({ id, iat, exp: iat + MONTH, ...claims })
      .setProtectedHeader({ alg, typ: 'JWT' })
      .sign(new TextEncoder().encode(secret));
  }

  const exchange = (jwt: string, of: Pick<TestServer, 'ask'> = server) => of.ask(EXCHANGE, { variables: { jwt } });

  async function refusalOf(jwt: string): Promise<string | undefined> {
    const before = await server.database.prisma.session.count();
    const { data, errors } = await exchange(jwt);
    expect(data?.exchangeStrapiToken ?? null).toBeNull();
    expect(await server.database.prisma.session.count(), 'no session begins').toBe(before);
    return errors?.[0]?.message;
  }

  test('begins a session of ours for the user of the token', async () => {
    await arrive();
    const { data, errors } = await exchange(await strapiToken());
    expect(errors).toBeUndefined();
    expect(data.exchangeStrapiToken.user).toEqual({ username });
    const { data: me } = await server.ask('{ me { username } }', { token: data.exchangeStrapiToken.jwt });
    expect(me).toEqual({ me: { username } });
  });

  test('never makes a token of Strapi a credential', async () => {
    await arrive();
    const { status, errors } = await server.ask('{ me { username } }', { token: await strapiToken() });
    expect([status, errors?.[0]?.extensions.reason]).toEqual([401, 'invalid']);
  });

  test.each<[string, () => Promise<string> | string]>([
    ['of another secret', () => strapiToken({}, { secret: 'another secret of thirty-two bytes!' })],
    ['of another algorithm', () => strapiToken({}, { alg: 'HS512' })],
    ['without an algorithm', () => new UnsecuredJWT({ id, iat: NOW - 60, exp: NOW + 60 }).encode()],
    ['that has expired', () => strapiToken({ iat: NOW - MONTH, exp: NOW - 1 })],
    ['that does not expire', () => strapiToken({ exp: undefined })],
    ['of no time', () => strapiToken({ iat: undefined })],
    ['made after the import', () => strapiToken({ iat: NOW + 60, exp: NOW + MONTH })],
    ['older than the account', () => strapiToken({ iat: NOW - 366 * 86_400 })],
    ['of nobody', () => strapiToken({ id: 2_000_000_000 })],
    ['of an id that is no number', () => strapiToken({ id: String(id) })],
    ['of an id that is no number of a row', () => strapiToken({ id: 2 ** 40 })],
    ['for an audience', () => strapiToken({ aud: 'strapi:admin' })],
    ['of an administrator of Strapi', () => strapiToken({ isAdmin: true })],
    ['of ours', async () => server.tokenOf('editor')],
    ['that is none', () => 'not.a.token'],
    ['that is empty', () => ''],
    ['that is very long', () => `${'a'.repeat(500_000)}.b.c`],
  ])('refuses a token %s, with one message', async (_what, make) => {
    await arrive();
    expect(await refusalOf(await make())).toBe(INVALID);
  });

  test('refuses a token of somebody who became a user after the import, and has the id of another one of Strapi', async () => {
    await arrive({ createdAt: new Date(Date.now() + 1_000) });
    expect(await refusalOf(await strapiToken())).toBe(INVALID);
  });

  test.each([
    [
      'changed password',
      'changePassword(currentPassword: "a good password", password: "another one", passwordConfirmation: "another one") { jwt }',
    ],
    ['logout everywhere', 'logoutEverywhere { ok }'],
  ])('refuses every older token after a %s', async (_what, mutation) => {
    await arrive();
    const old = await strapiToken();
    const { jwt: token } = (await exchange(old)).data.exchangeStrapiToken;
    const { errors } = await server.ask(`mutation { ${mutation} }`, { token });
    expect(errors).toBeUndefined();
    expect(await refusalOf(old)).toBe(INVALID);
  });

  test('tells the owner of a blocked account so, and begins no session', async () => {
    await arrive({ blocked: true });
    // A block raises the version of the user's tokens: it was there before the import.
    await server.database.prisma.user.update({ where: { id }, data: { tokenVersion: 1 } });
    expect(await refusalOf(await strapiToken())).toBe('Your account has been blocked by an administrator');
  });

  test('tells the owner of an unconfirmed account so, where addresses have to be confirmed', async () => {
    await arrive({ confirmed: false });
    const { prisma } = server.database;
    await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
    try {
      expect(await refusalOf(await strapiToken())).toBe('Your account email is not confirmed');
    } finally {
      await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: false } });
    }
  });

  test('needs what a login needs: the permission, and no other credential', async () => {
    await arrive();
    const { prisma } = server.database;
    const where = { role: { type: 'public' }, action: 'auth.login' };
    const permission = await prisma.permission.findFirstOrThrow({ where });
    await prisma.permission.delete({ where: { id: permission.id } });
    try {
      expect((await exchange(await strapiToken())).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    } finally {
      await prisma.permission.create({ data: { roleId: permission.roleId, action: permission.action } });
    }
  });

  test('ends with its last day', async () => {
    await arrive();
    const good = await strapiToken();
    server.advance(LAST_DAY.getTime() - Date.now() + 1_000);
    try {
      expect(await refusalOf(good)).toBe(INVALID);
    } finally {
      server.advance(-(LAST_DAY.getTime() - Date.now()));
    }
  });

  test('exchanges nothing where the server is not set up for it, or nothing was imported from Strapi', async () => {
    const options = { strapi: { apiTokenSalt: undefined, jwt: undefined } };
    const ready = { strapi: { apiTokenSalt: undefined, jwt: { secret: STRAPI.jwtSecret, until: LAST_DAY } } };
    for (const config of [options, ready]) {
      const another = await startServer({ config });
      try {
        const { id } = await another.database.prisma.user.findFirstOrThrow({ where: { username: 'editor' } });
        await another.database.prisma.user.update({ where: { id }, data: { createdAt: new Date(0) } });
        const { errors } = await exchange(await strapiToken({ id }), another);
        expect(errors?.[0]?.message).toBe(INVALID);
      } finally {
        await another.close();
      }
    }
  });
});

describe('login providers of Strapi', () => {
  test('are listed for administrators, without their secrets', async () => {
    const { prisma } = server.database;
    const seal = server.gatehouse.administration.sealProviderSecret;
    const sealedSecret = seal?.('a client secret', 'github') ?? null;
    expect(Buffer.from(sealedSecret ?? []).toString('latin1')).not.toContain('client secret');
    await prisma.loginProvider.createMany({
      data: [
        { name: 'google', clientId: 'google-id' },
        { name: 'github', clientId: 'github-id', sealedSecret, redirect: 'https://example.com/back' },
      ],
    });
    const document = '{ loginProviders { name clientId redirect enabled hasSecret } }';
    const reader = await server.adminToken('READ_ONLY');
    const { data, text } = await server.askAdmin(document, { token: reader });
    expect(data.loginProviders).toEqual([
      {
        name: 'github',
        clientId: 'github-id',
        redirect: 'https://example.com/back',
        enabled: false,
        hasSecret: true,
      },
      { name: 'google', clientId: 'google-id', redirect: null, enabled: false, hasSecret: false },
    ]);
    expect(text).not.toContain('client secret');
    expect((await server.askAdmin(document)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('have secrets that open with the key alone, and for that provider alone', () => {
    const [key, older] = ['a key of more than thirty-two bytes', 'an older key of more than thirty-two'] as const;
    const sealed = sealProviderSecret([older])?.('a client secret', 'github');
    if (!sealed) throw new Error('it was not sealed');
    expect(openProviderSecret([key, older], sealed, 'github')).toBe('a client secret');
    expect(openProviderSecret([key], sealed, 'github')).toBeUndefined();
    expect(openProviderSecret([key, older], sealed, 'google')).toBeUndefined();
    expect(sealProviderSecret(undefined)).toBeUndefined();
  });
});
