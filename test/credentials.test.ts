import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { createAdmin } from '../src/administration/admins.ts';
import { NO_CEILING } from '../src/administration/permission-ceiling.ts';
import { SERVER } from '../src/audit/actor.ts';
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

describe('beside a token that is merely expired or ended', () => {
  const INPUT = '(input: { identifier: "editor", password: "gatehouse-demo" })';
  const LOGIN = `mutation { login${INPUT} { user { username } } }`;
  const endedTokens: Record<string, string> = {};
  const otherTokens: Record<string, string> = {};

  beforeAll(async () => {
    const { prisma } = server.database;
    const now = Math.floor(Date.now() / 1000);
    // Of a session of its own, which a logout ends.
    const past = { ...claimsOf(await server.tokenOf('editor')), iat: now - 100, exp: now - 10 };
    endedTokens['expired'] = forged(past);
    endedTokens['expired, and longer than any token lives now'] = forged({ ...past, iat: 1_000_000_000 });
    const out = await newcomer();
    await server.ask('mutation { logout { ok } }', { token: out.jwt });
    endedTokens['of a session that is over'] = out.jwt;
    const changed = await newcomer();
    await server.ask('mutation { logoutEverywhere { ok } }', { token: changed.jwt });
    endedTokens['of an older version'] = changed.jwt;

    otherTokens['expired, by another secret'] = forged(past, { secret: 'x'.repeat(64) });
    otherTokens['expired, for administrators'] = forged({ ...past, aud: 'gatehouse:admins' });
    otherTokens['expired, of another issuer'] = forged({ ...past, iss: 'elsewhere' });
    otherTokens['expired, by another algorithm'] = forged(past, { header: { alg: 'HS384' }, hash: 'sha384' });
    otherTokens['expired, without a session'] = forged({ ...past, sid: undefined });
    otherTokens['expired, then changed'] = withClaim(forged(past), { id: 1 });
    otherTokens['of a later version'] = forged({ ver: 99 });
    otherTokens['garbage'] = 'garbage';
    const deleted = await newcomer();
    await prisma.user.delete({ where: { id: deleted.id } });
    otherTokens['of a user who was deleted'] = deleted.jwt;
    const blocked = await newcomer();
    await prisma.user.update({ where: { id: blocked.id }, data: { blocked: true } });
    otherTokens['of a user who is blocked'] = blocked.jwt;
  });

  /** Whether it ran: its status, and the reason where it was refused. */
  async function statusOf(document: string, token: string | undefined, more: object = {}) {
    await server.database.changes.catchUp();
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: document, ...more }),
    });
    return response.status;
  }

  test('login, refresh and logout are run as Public, and nothing else is', async () => {
    const tokens = Object.entries(endedTokens);
    expect(tokens).toHaveLength(4);
    for (const [what, token] of tokens) {
      const { data } = await server.ask(LOGIN, { token });
      expect(data, what).toEqual({ login: { user: { username: 'editor' } } });
      const refresh = await server.ask('mutation { refresh(refreshToken: "x") { jwt } }', { token });
      expect([refresh.status, refresh.data, refresh.errors?.[0]?.path], what).toEqual([
        200,
        { refresh: null },
        ['refresh'],
      ]);
      expect((await server.ask('mutation { logout { ok } }', { token })).data, what).toEqual({ logout: { ok: true } });
      const { status, errors } = await server.ask(LIST, { token });
      expect([status, errors?.[0]?.extensions.reason], what).toEqual([
        401,
        /expired/.test(what) ? 'expired' : 'revoked',
      ]);
    }
  });

  test('who is not merely that is refused, also with these', async () => {
    expect(Object.keys(otherTokens)).toHaveLength(10);
    for (const [what, token] of Object.entries(otherTokens)) {
      for (const document of [LOGIN, 'mutation { refresh { jwt } }', 'mutation { logout { ok } }']) {
        server.statements.length = 0;
        expect(await statusOf(document, token), `${what}: ${document}`).toBe(401);
        expect(server.statements.filter((sql) => /^\s*(insert|update|delete)/i.test(sql))).toEqual([]);
      }
    }
  });

  test('nor is a user whose address has to be confirmed', async () => {
    const { prisma } = server.database;
    const { jwt, id } = await newcomer();
    await prisma.user.update({ where: { id }, data: { confirmed: false } });
    await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
    expect(await statusOf(LOGIN, jwt)).toBe(401);
    await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: false } });
  });

  const LOGOUT = 'logout { ok }';
  test.each<[what: string, status: number, document: string, more?: object]>([
    ['an alias', 200, `mutation { me: ${LOGOUT} }`],
    ['an alias of a field that does so, on one that does not', 401, 'mutation { logout: logoutEverywhere { ok } }'],
    ['several of them', 200, `mutation { a: ${LOGOUT} b: ${LOGOUT} login${INPUT} { jwt } }`],
    ['one of them beside another field', 401, `mutation { ${LOGOUT} logoutEverywhere { ok } }`],
    ['the name of the type beside it, which urql adds to fragments', 200, `mutation { ${LOGOUT} __typename }`],
    ['the name of the type alone', 401, 'mutation { __typename }'],
    ['a fragment', 200, `mutation { ...F } fragment F on Mutation { ${LOGOUT} }`],
    [
      'fragments in fragments',
      200,
      `mutation { ...F ...G } fragment F on Mutation { ... on Mutation { ...G } } fragment G on Mutation { ${LOGOUT} }`,
    ],
    [
      'another field in a fragment',
      401,
      `mutation { ${LOGOUT} ...F } fragment F on Mutation { ...G } fragment G on Mutation { deletePost(documentId: "x") { documentId } }`,
    ],
    [
      'another field in an inline fragment',
      401,
      `mutation { ${LOGOUT} ... { deletePost(documentId: "x") { documentId } } }`,
    ],
    [
      'another field that is skipped',
      401,
      `mutation { ${LOGOUT} deletePost(documentId: "x") @skip(if: true) { documentId } }`,
    ],
    ['a fragment cycle', 401, `mutation { ...F } fragment F on Mutation { ${LOGOUT} ...F }`],
    ['a fragment that there is not', 401, 'mutation { ...F }'],
    ['one of several operations', 200, `mutation A { ${LOGOUT} } query B { posts { title } }`, { operationName: 'A' }],
    [
      'another of several operations',
      401,
      `mutation A { ${LOGOUT} } query B { posts { title } }`,
      { operationName: 'B' },
    ],
    ['none of several operations', 401, `mutation A { ${LOGOUT} } mutation C { ${LOGOUT} }`],
    ['an operation that there is not', 401, `mutation A { ${LOGOUT} }`, { operationName: 'B' }],
    ['a query of that name', 401, 'query logout { posts { title } }'],
    ['only the name of the type, in a query', 401, '{ __typename }'],
    ['what is not valid', 401, 'mutation { logout }'],
    ['what is no document', 401, 'mutation { logout {'],
    ['what is too large', 401, `mutation { ${Array.from({ length: 400 }, (_, n) => `a${n}: ${LOGOUT}`).join(' ')} }`],
    ['what is no parameters', 401, `mutation { ${LOGOUT} }`, { variables: 'x' }],
  ])('%s: %i', async (_what, status, document, more) => {
    expect(await statusOf(document, endedTokens['of an older version'], more)).toBe(status);
    expect(await statusOf(document, otherTokens['garbage'], more)).toBe(401);
  });

  test('by GET nothing is', async () => {
    const url = `${server.url}?query=${encodeURIComponent('mutation { logout { ok } }')}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${endedTokens['expired']}` } });
    expect(response.status).toBe(401);
  });

  test('an API token is not a person’s, and stays refused when it has ended', async () => {
    const admin = await server.adminToken();
    const make =
      'mutation { createApiToken(data: { name: "ended", kind: FULL_ACCESS, lifespan: UNLIMITED }) { secret token { documentId } } }';
    const { secret, token } = (await server.askAdmin(make, { token: admin })).data.createApiToken;
    await server.askAdmin(`mutation { revokeApiToken(documentId: "${token.documentId}") { documentId } }`, {
      token: admin,
    });
    expect(await statusOf(LOGIN, secret)).toBe(401);
  });

  test('logout ends the session of a token that has expired, which could be refreshed still', async () => {
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'refresh' } });
    const login = `mutation { login${INPUT} { jwt refreshToken } }`;
    const { jwt, refreshToken } = (await server.ask(login)).data.login;
    server.advance(901_000);
    expect((await server.ask(LIST, { token: jwt })).errors?.[0]?.extensions.reason).toBe('expired');
    expect((await server.ask('mutation { logout { ok } }', { token: jwt })).data).toEqual({ logout: { ok: true } });
    const { errors } = await server.ask(`mutation { refresh(refreshToken: "${refreshToken}") { jwt } }`, {
      token: jwt,
    });
    expect(errors?.[0]?.extensions.reason).toBe('invalid');
    server.advance(-901_000);
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'plain' } });
  });

  test('on /admin/graphql login is run as a guest, and nothing else is', async () => {
    const email = 'late@admin.test';
    const by = { actor: SERVER, ceiling: NO_CEILING };
    await createAdmin(server.gatehouse.administration, by, {
      email,
      name: undefined,
      role: 'READ_ONLY',
      password: DEMO_PASSWORD,
    });
    const login = `mutation { login(email: "${email}", password: "${DEMO_PASSWORD}") { jwt } }`;
    const { jwt: token } = (await server.askAdmin(login)).data.login;
    const refused = () => server.database.prisma.auditEntry.count({ where: { event: 'administration.refuse' } });
    server.advance(13 * 3_600_000);
    const before = await refused();
    const { data } = await server.askAdmin(login, { token });
    expect(data.login.jwt).toEqual(expect.any(String));
    await server.gatehouse.idle();
    expect(await refused()).toBe(before);
    for (const document of [
      '{ users { username } }',
      'mutation { forgotPassword(email: "x@example.com") { ok } }',
      `mutation { a: forgotPassword(email: "x@example.com") { ok } ${login.slice(11, -1)} }`,
    ]) {
      expect((await server.askAdmin(document, { token })).status, document).toBe(401);
    }
    server.advance(-13 * 3_600_000);
    await server.askAdmin('mutation { logout { ok } }', { token });
    expect((await server.askAdmin(login, { token })).status).toBe(200);
    expect((await server.askAdmin(login, { token: endedTokens['expired'] })).status).toBe(401);
    await server.database.prisma.admin.delete({ where: { email } });
    expect((await server.askAdmin(login, { token })).status).toBe(401);
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

test('the viewer costs one statement, and none the next time', async () => {
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
