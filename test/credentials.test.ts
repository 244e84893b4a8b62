import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let good: string;
beforeAll(async () => {
  server = await startServer();
  good = await server.tokenOf('editor');
});
afterAll(() => server?.close());

const LIST = '{ posts { title } }';

/** Sends a whole `Authorization` header. */
function withHeader(authorization: string) {
  return server.ask(LIST, { headers: { authorization } });
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** A token by the server's own secret, or by another, with other claims or another header. */
function forged(changes: object, { header = {}, secret = server.config.jwtSecrets[0], hash = 'sha256' } = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT', ...header })}.${part({ ...claimsOf(good), ...changes })}`;
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`;
}

describe('a bad credential is refused, not taken for Public', () => {
  test('the same operation without a credential is answered', async () => {
    expect((await server.ask(LIST)).data.posts).toHaveLength(10);
  });

  test('a token made by hand with the right secret and claims is good: the forgeries below fail for what they change', async () => {
    expect((await withHeader(`Bearer ${forged({})}`)).status).toBe(200);
  });

  const now = Math.floor(Date.now() / 1000);
  test.each([
    ['garbage', () => 'garbage'],
    ['another scheme', () => `Basic ${Buffer.from('editor:gatehouse-demo').toString('base64')}`],
    ['two tokens', () => `Bearer ${good} ${good}`],
    ['not a JWT', () => 'Bearer a.b.c'],
    ['the word null', () => 'Bearer null'],
    ['the word undefined', () => 'Bearer undefined'],
    ['another scheme alone', () => 'Basic'],
    ['the scheme twice', () => 'Bearer Bearer'],
    ['a comma after the scheme', () => 'Bearer ,'],
    ['a changed claim', () => `Bearer ${withClaim(good, { id: 1 })}`],
    ['another secret', () => `Bearer ${forged({}, { secret: 'x'.repeat(64) })}`],
    ['no algorithm', () => `Bearer ${unsigned()}`],
    ['another algorithm', () => `Bearer ${forged({}, { header: { alg: 'HS384' }, hash: 'sha384' })}`],
    ['another audience', () => `Bearer ${forged({ aud: 'gatehouse:admins' })}`],
    ['another issuer', () => `Bearer ${forged({ iss: 'elsewhere' })}`],
    ['no expiry', () => `Bearer ${forged({ exp: undefined })}`],
    ['an expiry beyond the life of any token', () => `Bearer ${forged({ exp: now + 10 * 365 * 86_400 })}`],
    ['no session', () => `Bearer ${forged({ sid: undefined })}`],
    ['RS256, signed as if the public key were a secret', () => `Bearer ${forged({}, { header: { alg: 'RS256' } })}`],
    ['a key of its own', () => `Bearer ${forged({}, { header: { jwk: { kty: 'oct', k: 'eA' } }, secret: 'x' })}`],
    [
      'a key from elsewhere',
      () =>
        `Bearer ${forged({}, { header: { jku: 'https://evil.example/keys', kid: 'evil' }, secret: 'x'.repeat(64) })}`,
    ],
    ['a key that is an empty file', () => `Bearer ${forged({}, { header: { kid: '../../../dev/null' }, secret: '' })}`],
    ['not yet valid', () => `Bearer ${forged({ nbf: now + 3600 })}`],
    ['an id that is no number', () => `Bearer ${forged({ id: '1' })}`],
    ['an id beyond the database', () => `Bearer ${forged({ id: 2 ** 40 })}`],
    ['a critical extension', () => `Bearer ${forged({}, { header: { crit: ['exp'] } })}`],
  ])('%s', async (_what, header) => {
    server.statements.length = 0;
    const answer = await withHeader(header());
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toEqual([
      {
        message: 'Missing or invalid credentials',
        extensions: {
          code: 'UNAUTHENTICATED',
          reason: 'invalid',
          error: { name: 'UnauthorizedError', message: 'Missing or invalid credentials', details: {} },
        },
      },
    ]);
    expect(server.statements).toEqual([]);
  });

  test.each(['bearer', 'BEARER', 'Bearer', 'bEaReR'])('the scheme may be written %s', async (scheme) => {
    expect((await withHeader(`${scheme} ${good}`)).status).toBe(200);
  });
});

describe('no credential in the header is no credential', () => {
  const forms = ['', ' ', 'Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer ', 'Bearer   '];
  test.each(forms)('%j is Public, and can log in', async (authorization) => {
    expect((await withHeader(authorization)).data.posts).toHaveLength(10);
    const { status, errors } = await server.ask('{ me { username } }', { headers: { authorization } });
    expect([status, errors?.[0]?.extensions.code]).toEqual([200, 'FORBIDDEN']);
    const login =
      'mutation { login(input: { identifier: "editor", password: "gatehouse-demo" }) { user { username } } }';
    const { data } = await server.ask(login, { headers: { authorization } });
    expect(data).toEqual({ login: { user: { username: 'editor' } } });
  });

  test.each(forms)('%j is a guest on /admin/graphql', async (authorization) => {
    const { status, errors } = await server.askAdmin('{ users { username } }', { headers: { authorization } });
    expect([status, errors?.[0]?.extensions.code]).toEqual([200, 'FORBIDDEN']);
  });
});

describe('of two headers none is taken', () => {
  test.each([
    ['two good ones', () => [`Bearer ${good}`, `Bearer ${good}`]],
    ['a good one before another', () => [`Bearer ${good}`, 'Bearer x']],
    ['an empty one before a good one', () => ['', `Bearer ${good}`]],
    ['a good one before an empty one', () => [`Bearer ${good}`, '']],
    ['two empty ones', () => ['', '']],
    ['two schemes alone', () => ['Bearer', 'Bearer']],
  ])('%s', async (_what, headers) => {
    for (const path of ['/graphql', '/admin/graphql']) {
      expect(await statusWith(path, headers())).toBe(401);
    }
    expect(await statusWith('/graphql', headers().slice(0, 1))).toBe(200);
  });

  /** The status for so many headers, which `fetch` would make one of. */
  function statusWith(path: string, authorization: readonly string[]): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const headers = ['Host', 'localhost', 'Content-Type', 'application/json'];
      for (const value of authorization) headers.push('Authorization', value);
      const request = httpRequest(new URL(path, server.url), { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      request.end(JSON.stringify({ query: '{ __typename }' }));
    });
  }
});

describe('what changes about a user takes effect on tokens that live', () => {
  test.each([
    [
      'blocked',
      'blocked',
      (id: number) => server.database.prisma.user.update({ where: { id }, data: { blocked: true } }),
    ],
    ['deleted', 'revoked', (id: number) => server.database.prisma.user.delete({ where: { id } })],
  ])('a %s user', async (_what, reason, change) => {
    const { jwt, id } = await newcomer();
    expect((await server.ask('{ me { username } }', { token: jwt })).status).toBe(200);
    await change(id);
    const { status, errors } = await server.ask('{ me { username } }', { token: jwt });
    expect({ status, reason: errors?.[0]?.extensions.reason }).toEqual({ status: 401, reason });
  });

  test('an expired token', async () => {
    const { jwt } = await newcomer();
    server.advance(31 * 86_400_000);
    const { status, errors } = await server.ask('{ me { username } }', { token: jwt });
    expect({ status, reason: errors?.[0]?.extensions.reason }).toEqual({ status: 401, reason: 'expired' });
    server.advance(-31 * 86_400_000);
  });

  test('an unconfirmed user, from the moment that confirmation is asked for', async () => {
    const { jwt, id } = await newcomer();
    await server.database.prisma.user.update({ where: { id }, data: { confirmed: false } });
    expect((await server.ask('{ me { username } }', { token: jwt })).status).toBe(200);
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
    const { status, errors } = await server.ask('{ me { username } }', { token: jwt });
    expect({ status, reason: errors?.[0]?.extensions.reason }).toEqual({ status: 401, reason: 'unconfirmed' });
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: false } });
  });

  test('another role, and a permission that a role gains and loses', async () => {
    const { prisma } = server.database;
    const { jwt, id } = await newcomer();
    const update = () =>
      server
        .ask('mutation { updateTag(documentId: "x", data: {}) { name } }', { token: jwt })
        .then(({ errors }) => errors?.[0]?.extensions.code);
    expect(await update()).toBe('FORBIDDEN');
    await prisma.permission.create({ data: { action: 'tag.update', role: { connect: { type: 'moderator' } } } });
    expect(await update()).toBe('FORBIDDEN');
    await prisma.user.update({ where: { id }, data: { role: { connect: { type: 'moderator' } } } });
    expect(await update()).toBe('NOT_FOUND');
    await prisma.permission.deleteMany({ where: { action: 'tag.update' } });
    expect(await update()).toBe('FORBIDDEN');
  });
});

test('who asks, and may, costs one statement, and none the next time', async () => {
  const token = await server.tokenOf('reader');
  for (const count of [1, 0, 0]) {
    server.statements.length = 0;
    await server.ask('{ me { username role { name } } }', { token });
    expect(server.statements).toHaveLength(count);
  }
});

let people = 0;
async function newcomer(): Promise<{ jwt: string; id: number }> {
  people += 1;
  const input = { username: `newcomer${people}`, email: `newcomer${people}@example.com`, password: 'a good password' };
  const { data } = await server.ask(
    'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { id } } }',
    { variables: { input } },
  );
  return { jwt: data.register.jwt, id: Number(data.register.user.id) };
}

function withClaim(token: string, changes: object): string {
  const [header, , signature] = token.split('.');
  const payload = Buffer.from(JSON.stringify({ ...claimsOf(token), ...changes })).toString('base64url');
  return `${header}.${payload}.${signature}`;
}

function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claimsOf(good))}.`;
}
