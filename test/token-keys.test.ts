import { createPublicKey, randomBytes } from 'node:crypto';
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { createKeyPairs } from '../src/authentication/signing-keys/key-pair.ts';
import { createGatehouse } from '../src/gatehouse.ts';
import { blog } from './blog/blog.ts';
import { createVerify } from './clients/examples/verify-token.ts';
import { carryOut, runCommandOn } from './support/command.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

const ISSUER = 'https://auth.example.com/base';
const ME = '{ me { username } }';
const MINUTE = 60_000;
const DAY = 86_400_000;

let server: TestServer;
let ahead = 0;
beforeAll(async () => {
  server = await startServer({ config: { tokenAlgorithm: 'ES256', publicUrl: ISSUER } });
});
afterAll(() => server?.close());
beforeEach(async () => {
  // From one key that signs.
  for (const { kid } of await keys()) await revoke(kid);
  for (const { kid } of (await keys()).slice(1)) await revoke(kid);
});
afterEach(() => {
  expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});

const advance = (milliseconds: number) => {
  ahead += milliseconds;
  server.advance(milliseconds);
};
const clock = () => new Date(Date.now() + ahead);
const keys = () => server.gatehouse.administration.signingKeys.list();
const revoke = (kid: string) => carryOut(server, ['keys', 'revoke', kid]);
/** As a request that comes a moment later finds it. */
async function rotate(): Promise<string> {
  const printed = await carryOut(server, ['keys', 'rotate']);
  await server.database.changes.catchUp();
  return printed;
}
const at = (path: string, url = server.url) => url.replace(/graphql$/, path);
const jwksOf = async (url?: string): Promise<JWK[]> =>
  (await (await fetch(at('.well-known/jwks.json', url))).json()).keys;
const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? 'none';

/** What a token is answered with: the username, or why not. */
async function outcome(token: string, url = server.url): Promise<string> {
  const { data, errors } = await send(url, ME, { token });
  return data?.me?.username ?? errors?.[0]?.extensions.reason ?? errors?.[0]?.extensions.code;
}

/** A service that trusts the published keys, as docs/token-keys.md shows it. */
const anotherService = (url = server.url) => createVerify(ISSUER, at('.well-known/jwks.json', url));

describe('another service', () => {
  test.each(['ES256', 'EdDSA'] as const)('verifies tokens of %s with the published keys', async (tokenAlgorithm) => {
    await using other = await startBeside(server, { tokenAlgorithm }, { clock });
    advance(10 * MINUTE); // the first key of another algorithm is published first
    const login = `mutation { login(input: { identifier: "reader", password: "${DEMO_PASSWORD}" }) { jwt } }`;
    const { data } = await send(other.url, login);
    const { payload, protectedHeader } = await jwtVerify(
      data.login.jwt,
      createRemoteJWKSet(new URL(at('.well-known/jwks.json', other.url))),
      { issuer: ISSUER, audience: 'gatehouse:users', currentDate: clock() },
    );
    const { documentId } = await server.database.prisma.user.findUniqueOrThrow({
      where: { email: 'reader@example.com' },
    });
    expect(protectedHeader).toEqual({ alg: tokenAlgorithm, typ: 'JWT', kid: expect.any(String) });
    expect(payload).toEqual({
      ...{ sub: documentId, iss: ISSUER, aud: 'gatehouse:users' },
      ...{ id: expect.any(Number), ver: expect.any(Number), sid: expect.any(String) },
      ...{ iat: expect.any(Number), exp: expect.any(Number) },
    });
    expect(await outcome(data.login.jwt)).toBe('reader');
  });

  test('finds the keys by the discovery document, with nothing in it that is not there', async () => {
    const response = await fetch(at('.well-known/openid-configuration'));
    expect(await response.json()).toEqual({ issuer: ISSUER, jwks_uri: `${ISSUER}/.well-known/jwks.json` });
    // As behind a proxy that passes the path of PUBLIC_URL on.
    expect((await fetch(at('base/.well-known/jwks.json'))).status).toBe(200);
  });

  test('gets public members only, which every page can read and keep for five minutes', async () => {
    await rotate();
    const response = await fetch(at('.well-known/jwks.json'), { headers: { Origin: 'http://localhost:3000' } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' },
      'content-type': expect.stringMatching(/^application\/json/),
    });
    expect(response.headers.has('access-control-allow-credentials')).toBe(false);
    const { keys: published } = await response.json();
    expect(published).toHaveLength(2);
    for (const key of published) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(createPublicKey({ key, format: 'jwk' }).type).toBe('public');
    }
  });

  test('reads the roles, with the included ones, in short tokens only', async () => {
    const { prisma } = server.database;
    expect(decodeJwt(await server.tokenOf('editor'))).not.toHaveProperty('roles');
    await prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'refresh' } });
    const editor = await prisma.role.findUniqueOrThrow({ where: { type: 'editor' } });
    const included = await prisma.role.create({ data: { name: 'Included', type: 'included-in-editor' } });
    await prisma.roleInclude.create({ data: { roleId: editor.id, includedId: included.id } });
    try {
      expect(decodeJwt(await server.tokenOf('editor'))['roles']).toEqual(['editor', 'included-in-editor']);
    } finally {
      await prisma.roleInclude.deleteMany({ where: { includedId: included.id } });
      await prisma.role.delete({ where: { id: included.id } });
      await prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'plain' } });
    }
  });
});

describe('a token that was made by somebody else is refused', () => {
  /** A genuine token, its claims, and the published key that verifies it. */
  async function genuine() {
    const token = await server.tokenOf('reader');
    const [jwk = {}] = await jwksOf();
    const claims = decodeJwt(token);
    return { token, jwk, claims, kid: kidOf(token) };
  }
  type Genuine = Awaited<ReturnType<typeof genuine>>;
  const pem = (jwk: JWK) => createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const signed = (
    claims: object,
    header: { readonly alg: string; readonly kid?: unknown },
    key: CryptoKey | Uint8Array,
  ) => new SignJWT({ ...claims }).setProtectedHeader({ typ: 'JWT', ...header } as never).sign(key);
  const bytes = (text: string | Buffer) => new TextEncoder().encode(text.toString());
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const secret = () => bytes(server.config.jwtSecrets[0]);
  const foreign = async (algorithm: string) => (await generateKeyPair(algorithm)).privateKey;
  /** With the key of the server itself, which no attacker has: only one thing is wrong. */
  async function byServer(claims: object, kid: string, header: object = {}): Promise<string> {
    const row = await server.database.prisma.signingKey.findUniqueOrThrow({ where: { kid } });
    const pair = await createKeyPairs(server.config.encryptionKeys).open(row);
    if (!pair) throw new Error('The key does not open');
    return signed(claims, { alg: pair.algorithm, kid, ...header }, pair.privateKey);
  }
  const without = <T extends object>(value: T, name: string) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));

  test.each<[how: string, forge: (from: Genuine) => Promise<string> | string, reason?: string]>([
    [
      'HS256 with the public key as PEM',
      ({ claims, jwk, kid }) => signed(claims, { alg: 'HS256', kid }, bytes(pem(jwk))),
    ],
    ['the same without a key id', ({ claims, jwk }) => signed(claims, { alg: 'HS256' }, bytes(pem(jwk)))],
    ['HS256 with the JWK', ({ claims, jwk, kid }) => signed(claims, { alg: 'HS256', kid }, bytes(JSON.stringify(jwk)))],
    ['HS256 with the x of the JWK', ({ claims, jwk, kid }) => signed(claims, { alg: 'HS256', kid }, bytes(`${jwk.x}`))],
    [
      'HS256 with our own secret under the key id',
      ({ claims, kid }) => signed(claims, { alg: 'HS256', kid }, secret()),
    ],
    [
      'the same for the issuer of such tokens',
      ({ claims, kid }) => signed({ ...claims, iss: 'gatehouse' }, { alg: 'HS256', kid }, secret()),
    ],
    [
      'HS256 with our own secret and the issuer of key pairs',
      ({ claims }) => signed(claims, { alg: 'HS256' }, secret()),
    ],
    ['no algorithm', ({ claims, kid }) => `${part({ alg: 'none', kid })}.${part(claims)}.`],
    ['no algorithm and no key id', ({ claims }) => `${part({ alg: 'none' })}.${part(claims)}.`],
    ['no signature', ({ token }) => token.replace(/[^.]+$/, '')],
    [
      'EdDSA in the header of a key of ES256',
      async ({ claims, kid }) => signed(claims, { alg: 'EdDSA', kid }, await foreign('EdDSA')),
    ],
    [
      'EdDSA in the header of a genuine signature',
      ({ token, kid }) => token.replace(/^[^.]+/, part({ alg: 'EdDSA', kid })),
    ],
    [
      'a key of somebody else',
      async ({ claims, kid }) => signed(claims, { alg: 'ES256', kid }, await foreign('ES256')),
    ],
    ['ES256 without a key id', async ({ claims }) => signed(claims, { alg: 'ES256' }, await foreign('ES256'))],
    ['a genuine signature without its key id', ({ token }) => token.replace(/^[^.]+/, part({ alg: 'ES256' }))],
    [
      'an unknown key id',
      async ({ claims }) => signed(claims, { alg: 'ES256', kid: 'unknown' }, await foreign('ES256')),
    ],
    ...(["' OR 1=1 --", '../../dev/null', '__proto__', 'constructor', '', '\0', 'x'.repeat(9_000)] as const).map(
      (kid): [string, (from: Genuine) => Promise<string>] => [
        `the key id ${JSON.stringify(kid.slice(0, 20))}`,
        async ({ claims }) => signed(claims, { alg: 'HS256', kid }, secret()),
      ],
    ),
    ...([null, 7, true, ['a'], { toString: 'kid' }] as const).map((kid): [string, (from: Genuine) => string] => [
      `the key id ${JSON.stringify(kid)}, which is no text`,
      ({ token }) => token.replace(/^[^.]+/, part({ alg: 'ES256', kid })),
    ]),
    [
      'its own key in the header',
      async ({ claims }) => {
        const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
        return signed(claims, { alg: 'ES256', kid: 'own', ...{ jwk: await exportJWK(publicKey) } }, privateKey);
      },
    ],
    [
      'another payload',
      ({ token, claims }) => token.replace(/\.[^.]+\./, `.${part({ ...claims, exp: Number(claims.exp) + 1 })}.`),
    ],
    [
      'an extension that must be understood',
      ({ token, kid }) => token.replace(/^[^.]+/, part({ alg: 'ES256', kid, crit: ['unknown'], unknown: 1 })),
    ],
    ['another issuer', ({ claims, kid }) => byServer({ ...claims, iss: 'https://other.example.com' }, kid)],
    ['the issuer of tokens of HS256', ({ claims, kid }) => byServer({ ...claims, iss: 'gatehouse' }, kid)],
    ['no issuer', ({ claims, kid }) => byServer(without(claims, 'iss'), kid)],
    ['another audience', ({ claims, kid }) => byServer({ ...claims, aud: 'gatehouse:admins' }, kid)],
    ['no audience', ({ claims, kid }) => byServer(without(claims, 'aud'), kid)],
    ['no time of issue', ({ claims, kid }) => byServer(without(claims, 'iat'), kid)],
    ['no expiry', ({ claims, kid }) => byServer(without(claims, 'exp'), kid)],
    [
      'a life longer than any',
      ({ claims, kid }) => byServer({ ...claims, exp: Number(claims.iat) + 31 * 86_400 }, kid),
    ],
    ['no session', ({ claims, kid }) => byServer(without(claims, 'sid'), kid)],
    ['an expiry in the past', ({ claims, kid }) => byServer({ ...claims, iat: 1_000, exp: 2_000 }, kid), 'expired'],
  ])('%s', async (_how, forge, reason = 'invalid') => {
    const given = await genuine();
    expect(await outcome(given.token)).toBe('reader');
    expect(await outcome(await byServer(given.claims, given.kid))).toBe('reader');
    const forged = await forge(given);
    expect(await outcome(forged)).toBe(reason);
    expect(await outcome(forged)).toBe(reason); // and again, when it was seen before
    const { errors } = await server.askAdmin('{ me { email } }', { token: forged });
    expect(errors?.[0]?.extensions.code).toMatch(/^UNAUTHENTICATED$/);
  });

  test('for the other realm: users and administrators have no token in common', async () => {
    const [user, admin] = [await server.tokenOf('reader'), await server.adminToken()];
    expect(decodeProtectedHeader(admin)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(await outcome(admin)).toBe('invalid');
    const { errors } = await server.askAdmin('{ me { email } }', { token: user });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'invalid' });
  });

  test('and unknown key ids cost a statement a second at most', async () => {
    const { claims, token } = await genuine();
    await outcome(token);
    const key = await foreign('ES256');
    const forged = await Promise.all(
      Array.from({ length: 30 }, (_, index) => signed(claims, { alg: 'ES256', kid: `k${index}` }, key)),
    );
    server.statements.length = 0;
    for (const one of forged) expect(await outcome(one)).toBe('invalid');
    expect(server.statements.filter((sql) => sql.includes('signing_keys')).length).toBeLessThanOrEqual(2);
  });
});

describe('a rotation', () => {
  test('publishes the next key first, and signs with it ten minutes later, with no request refused', async () => {
    const before = await server.tokenOf('reader');
    const tokens = [before];
    const verify = anotherService();
    let isOver = false;
    const outcomes: string[] = [];
    const client = async () => {
      while (!isOver) {
        tokens.push(await server.tokenOf('reader'));
        outcomes.push(...(await Promise.all(tokens.slice(-3).map((token) => outcome(token)))));
        outcomes.push(await outcome(before));
      }
    };
    const clients = Promise.all(Array.from({ length: 4 }, client));
    const rounds = async (count: number) => {
      const until = outcomes.length + count;
      while (outcomes.length < until) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await rounds(20);
    const printed = await rotate();
    const next = (await keys())[0];
    expect(printed).toBe(`The key ${next?.kid} is published and signs from ${next?.signsFrom.toISOString()}.`);
    expect((await jwksOf()).map(({ kid }) => kid).sort()).toEqual((await keys()).map(({ kid }) => kid).sort());
    await rounds(40);
    // A second one publishes no third key.
    expect(await rotate()).toBe(printed);
    advance(9 * MINUTE);
    await rounds(40);
    expect(kidOf(await server.tokenOf('reader'))).toBe(kidOf(before));
    advance(MINUTE + 1);
    await rounds(40);
    isOver = true;
    await clients;
    expect(kidOf(await server.tokenOf('reader'))).toBe(next?.kid);
    expect(new Set(tokens.map(kidOf))).toEqual(new Set([kidOf(before), next?.kid]));
    expect(outcomes.filter((one) => one !== 'reader')).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(140);
    expect((await verify(before)).sub).toBe(decodeJwt(before).sub);
    expect(await keys()).toHaveLength(2);
  });

  test('keeps the old key published until its last token is expired, and no longer', async () => {
    await rotate();
    advance(10 * MINUTE - 1_000);
    const last = await server.tokenOf('reader');
    const old = kidOf(last);
    advance(30 * DAY - 60_000);
    await server.gatehouse.cleanUp();
    expect(await outcome(last)).toBe('reader');
    expect((await jwksOf()).map(({ kid }) => kid)).toContain(old);
    advance(60_000);
    expect(await outcome(last)).toBe('expired');
    advance(20 * MINUTE);
    expect((await jwksOf()).map(({ kid }) => kid)).not.toContain(old);
    await server.gatehouse.cleanUp();
    expect((await keys()).map(({ kid }) => kid)).not.toContain(old);
  });

  test('happens by itself after 90 days, once for all processes', async () => {
    await using other = await startBeside(server, {}, { clock });
    const before = kidOf(await server.tokenOf('reader'));
    advance(89 * DAY);
    await server.gatehouse.cleanUp();
    expect(await keys()).toHaveLength(1);
    advance(DAY);
    await Promise.all([server.gatehouse.cleanUp(), server.gatehouse.cleanUp(), server.gatehouse.cleanUp()]);
    const [next, ...others] = await keys();
    expect(others.map(({ kid }) => kid)).toEqual([before]);
    advance(10 * MINUTE);
    expect(kidOf(await server.tokenOf('reader'))).toBe(next?.kid);
    expect(await outcome(await server.tokenOf('reader'), other.url)).toBe('reader');
    const entry = await server.database.prisma.auditEntry.findFirstOrThrow({
      where: { event: 'signingKey.create', targetId: next?.kid ?? '' },
    });
    expect(entry).toMatchObject({ actorKind: 'server', after: { algorithm: 'ES256' } });
  });
});

describe('a revoked key', () => {
  test('is refused by every process at once, also for tokens that it verified before, and another one signs', async () => {
    await using other = await startBeside(server, {}, { clock });
    const token = await server.tokenOf('reader');
    expect([await outcome(token), await outcome(token, other.url)]).toEqual(['reader', 'reader']);
    const kid = kidOf(token);
    const printed = await revoke(kid);
    expect(printed).toMatch(/^The key \w+ is revoked\./);
    const since = performance.now();
    while ((await outcome(token, other.url)) !== 'expired') expect(performance.now() - since).toBeLessThan(100);
    expect(await outcome(token)).toBe('expired');
    expect((await jwksOf(other.url)).map((key) => key.kid)).not.toContain(kid);
    const next = await server.tokenOf('reader');
    expect(kidOf(next)).not.toBe(kid);
    expect([await outcome(next), await outcome(next, other.url)]).toEqual(['reader', 'reader']);
    expect(await keys()).toHaveLength(1);
    const entry = await server.database.prisma.auditEntry.findFirstOrThrow({
      where: { event: 'signingKey.revoke', targetId: kid },
    });
    expect(entry).toMatchObject({ actorKind: 'commandLine', outcome: 'done' });
    expect(await runCommandOn(server, ['keys', 'revoke', kid])).toEqual({ code: 1, output: 'There is no such key.' });
  });

  test('is erased, and stays revoked where a clock is slow, and for a token that nobody had sent before', async () => {
    await using slow = await startBeside(server, {}, { clock: () => new Date(clock().getTime() - 60 * MINUTE) });
    const [sent, unsent] = [await server.tokenOf('reader'), await server.tokenOf('reader')];
    expect(await outcome(sent, slow.url)).toBe('reader');
    const kid = kidOf(sent);
    await revoke(kid);
    await server.database.changes.catchUp();
    const login = `mutation { login(input: { identifier: "reader", password: "${DEMO_PASSWORD}" }) { jwt } }`;
    expect(kidOf((await send(slow.url, login)).data.login.jwt)).not.toBe(kid);
    await rotate();
    for (const url of [server.url, slow.url]) {
      expect([await outcome(sent, url), await outcome(unsent, url)]).toEqual(['expired', 'expired']);
      expect((await jwksOf(url)).map((key) => key.kid)).not.toContain(kid);
    }
    const row = await server.database.prisma.signingKey.findUniqueOrThrow({ where: { kid } });
    expect(row.privateJwkEncrypted).toHaveLength(0);
    advance(31 * DAY);
    await server.gatehouse.cleanUp();
    expect(await server.database.prisma.signingKey.findUnique({ where: { kid } })).toBeNull();
  });

  test('does not keep a front end from its refresh token, and ends no session by a claim', async () => {
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'refresh' } });
    try {
      const login = `mutation { login(input: { identifier: "reader", password: "${DEMO_PASSWORD}" }) { jwt refreshToken } }`;
      const { jwt, refreshToken } = (await server.ask(login)).data.login;
      await revoke(kidOf(jwt));
      // The thief of the key can name any session.
      expect((await server.ask('mutation { logout { ok } }', { token: jwt })).data.logout).toEqual({ ok: true });
      const refresh = `mutation { refresh(refreshToken: "${refreshToken}") { jwt } }`;
      const { data } = await server.ask(refresh, { token: jwt });
      expect(await outcome(data.refresh.jwt)).toBe('reader');
      const posts = await server.ask('{ posts { title } }', { token: jwt });
      expect(posts.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'expired' });
    } finally {
      await server.database.prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'plain' } });
    }
  });

  test('lets the next one sign that was published already', async () => {
    const before = await server.tokenOf('reader');
    await rotate();
    const next = (await keys())[0]?.kid;
    await revoke(kidOf(before));
    expect((await keys()).map(({ kid }) => kid)).toEqual([next]);
    expect(kidOf(await server.tokenOf('reader'))).toBe(next);
  });

  test('that waits is followed by another one, and the one that signs goes on', async () => {
    const before = await server.tokenOf('reader');
    await rotate();
    await revoke((await keys())[0]?.kid ?? '');
    expect(kidOf(await server.tokenOf('reader'))).toBe(kidOf(before));
    expect(await carryOut(server, ['keys', 'list'])).toMatch(
      /^key +algorithm +created +state\n\w+ +ES256 +\S+ +published, signs from \S+\n\w+ +ES256 +\S+ +signs until \S+$/,
    );
  });

  test('that somebody deleted or emptied by hand is gone, too', async () => {
    for (const sql of ['DELETE FROM "signing_keys"', 'TRUNCATE "signing_keys"']) {
      const token = await server.tokenOf('reader');
      expect(await outcome(token)).toBe('reader');
      await server.database.query(sql, []);
      await server.database.changes.catchUp();
      expect(await outcome(token)).toBe('invalid');
      expect(await outcome(await server.tokenOf('reader'))).toBe('reader');
    }
  });
});

describe('who can write to the database', () => {
  test('adds no key, and exchanges none', async () => {
    const { prisma } = server.database;
    const token = await server.tokenOf('reader');
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const foreign = await exportJWK(publicKey);
    const { privateJwkEncrypted, ...row } = await prisma.signingKey.findUniqueOrThrow({ where: { kid: kidOf(token) } });
    const copy = { ...row, publicJwk: { ...foreign }, privateJwkEncrypted, signsFrom: new Date(0) };
    await prisma.signingKey.create({ data: { ...copy, kid: 'foreign' } });
    await server.database.changes.catchUp();
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: 'ES256', kid: 'foreign' })
      .sign(privateKey);
    expect(await outcome(forged)).toBe('invalid');
    expect((await jwksOf()).map(({ kid }) => kid)).toEqual([kidOf(token)]);
    expect(server.log.filter((line) => line.includes('"level":50'))).toHaveLength(1);
    server.log.length = 0;
    await revoke('foreign');
    // In place of ours: a process that has not opened it yet.
    const { kid } = row;
    await prisma.signingKey.update({ where: { kid }, data: { publicJwk: { ...foreign } } });
    await expect(startBeside(server, {}, { clock })).rejects.toThrow(`cannot be opened with ENCRYPTION_KEY: ${kid}.`);
  });
});

describe('a start', () => {
  test('of several processes at once makes one key', async () => {
    const apart = await startServer();
    try {
      const others = await Promise.all(
        Array.from({ length: 5 }, () => startBeside(apart, { tokenAlgorithm: 'ES256' })),
      );
      expect(await apart.database.prisma.signingKey.count()).toBe(1);
      for (const other of others) await other[Symbol.asyncDispose]();
    } finally {
      await apart.close();
    }
  });

  test('with another ENCRYPTION_KEY is refused with the reason, and loses nothing', async () => {
    const token = await server.tokenOf('reader');
    const before = await keys();
    const other = [randomBytes(48).toString('base64url')] as const;
    const error = await startBeside(server, { encryptionKeys: other }, { clock }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'KeysNotOpened', message: expect.stringContaining(kidOf(token)) });
    expect(String(error)).toMatch(/cannot be opened with ENCRYPTION_KEY/);
    expect(String(error)).not.toContain(other[0]);
    expect(await keys()).toEqual(before);
    const [own = ''] = server.config.encryptionKeys ?? [];
    await using rotated = await startBeside(server, { encryptionKeys: [other[0], own] }, { clock });
    expect(await outcome(token, rotated.url)).toBe('reader');
    expect(await outcome(token)).toBe('reader');
  });

  test('after ENCRYPTION_KEY was lost begins again, once each key is revoked', async () => {
    const apart = await startServer({ config: { tokenAlgorithm: 'ES256' } });
    const encryptionKeys = [randomBytes(48).toString('base64url')] as const;
    const lost = await createGatehouse({
      ...blog,
      config: { ...apart.config, encryptionKeys },
      database: { ...apart.database, close: async () => {} },
      log: pino({ level: 'silent' }),
    });
    try {
      const token = await apart.tokenOf('reader');
      const commands = { gatehouse: lost, database: apart.database };
      // The servers that run could not sign with it.
      expect(await runCommandOn(commands, ['keys', 'rotate'])).toEqual({
        code: 1,
        output: expect.stringContaining(`cannot be opened with ENCRYPTION_KEY: ${kidOf(token)}`),
      });
      await carryOut(commands, ['keys', 'revoke', kidOf(token)]);
      await using renewed = await startBeside(apart, { encryptionKeys });
      expect(await outcome(token, renewed.url)).toBe('expired');
      const login = `mutation { login(input: { identifier: "reader", password: "${DEMO_PASSWORD}" }) { jwt } }`;
      expect(await outcome((await send(renewed.url, login)).data.login.jwt, renewed.url)).toBe('reader');
    } finally {
      await lost.close();
      await apart.close();
    }
  });

  test('with HS256 goes on with secrets: no key, nothing published, tokens as always', async () => {
    const apart = await startServer();
    try {
      for (const path of ['.well-known/jwks.json', '.well-known/openid-configuration']) {
        const response = await fetch(at(path, apart.url));
        expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
      }
      const token = await apart.tokenOf('reader');
      expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
      expect(decodeJwt(token).iss).toBe('gatehouse');
      expect(await apart.database.prisma.signingKey.count()).toBe(0);
      const { code, output } = await runCommandOn(apart, ['keys', 'rotate']);
      expect([code, output]).toEqual([1, expect.stringContaining('TOKEN_ALGORITHM is HS256')]);
      expect(await carryOut(apart, ['keys', 'list'])).toBe('There are no keys.');
    } finally {
      await apart.close();
    }
  });

  test('with another algorithm, there and back, refuses no token that lives', async () => {
    const apart = await startServer({ config: { publicUrl: ISSUER } });
    try {
      const ofSecret = await apart.tokenOf('reader');
      const tokens = [ofSecret];
      let moved = 0;
      const later = () => new Date(Date.now() + moved);
      const login = `mutation { login(input: { identifier: "reader", password: "${DEMO_PASSWORD}" }) { jwt } }`;
      for (const tokenAlgorithm of ['ES256', 'EdDSA', 'ES256', 'HS256', 'EdDSA', 'HS256'] as const) {
        await using turned = await startBeside(apart, { tokenAlgorithm }, { clock: later });
        for (let round = 0; round < 2; round++) {
          tokens.push((await send(turned.url, login)).data.login.jwt);
          for (const token of tokens) expect(await outcome(token, turned.url)).toBe('reader');
          for (const token of tokens) expect(await outcome(token, apart.url)).toBe('reader');
          moved += 10 * MINUTE;
          apart.advance(10 * MINUTE);
        }
        expect(decodeProtectedHeader(tokens.at(-1) ?? '').alg).toBe(tokenAlgorithm);
      }
      expect(await apart.database.prisma.signingKey.count({ where: { signsUntil: null } })).toBe(0);
      const day = 31 * DAY;
      apart.advance(day);
      expect(await outcome(tokens.at(-1) ?? '', apart.url)).toBe('expired');
      expect((await fetch(at('.well-known/jwks.json', apart.url))).status).toBe(404);
    } finally {
      await apart.close();
    }
  });
});

test('a request costs what it costs with HS256: no statement to know who it is, and one verification of a token', async () => {
  const token = await server.tokenOf('reader');
  await outcome(token);
  await server.gatehouse.idle();
  server.statements.length = 0;
  const verifications = vi.spyOn(crypto.subtle, 'verify');
  for (let i = 0; i < 10; i++) expect(await outcome(token)).toBe('reader');
  expect(server.statements).toEqual([]);
  expect(verifications).not.toHaveBeenCalled();
  expect(await outcome(await server.tokenOf('reader'))).toBe('reader');
  expect(verifications).toHaveBeenCalledTimes(1);
  verifications.mockRestore();
});

test('no private key is in the log, in an answer, or readable in the database', async () => {
  await rotate();
  const [row] = await keys();
  const sealed = Buffer.from(row?.privateJwkEncrypted ?? []);
  expect(sealed.length).toBeGreaterThan(100);
  expect(sealed.includes('"d"')).toBe(false);
  const said = [
    ...server.log,
    await carryOut(server, ['keys', 'list']),
    JSON.stringify(
      await server.database.prisma.auditEntry.findMany({ where: { targetKind: 'signingKey' } }),
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
    ),
    JSON.stringify(await jwksOf()),
  ].join('\n');
  expect(said).not.toMatch(/"d"\s*:/);
  for (const secret of [...(server.config.encryptionKeys ?? []), ...server.config.jwtSecrets]) {
    expect(said).not.toContain(secret);
  }
});

describe('tokenInfo', () => {
  const INFO =
    'query ($token: String!) { tokenInfo(token: $token) { active tokenType sub username sid roles iss aud iat exp } }';
  const INACTIVE = {
    ...{ active: false, tokenType: null, sub: null, username: null, sid: null, roles: null },
    ...{ iss: null, aud: null, iat: null, exp: null },
  };
  let program: string;
  beforeAll(async () => {
    const create = `mutation { createApiToken(data: { name: "introspection", kind: CUSTOM, actions: ["auth.tokenInfo"], lifespan: UNLIMITED }) { secret } }`;
    program = (await server.askAdmin(create, { token: await server.adminToken() })).data.createApiToken.secret;
  });
  const infoOf = async (token: string) => {
    const { data, errors } = await server.ask(INFO, { token: program, variables: { token } });
    expect(errors).toBeUndefined();
    return data.tokenInfo;
  };
  const setReader = (data: object) =>
    server.database.prisma.user.update({ where: { email: 'reader@example.com' }, data });

  test('says of a living token whose it is, and notes no use of it', async () => {
    const token = await server.tokenOf('editor');
    const { sub, sid, iat, exp } = decodeJwt(token);
    const lastUse = () => server.database.prisma.session.findUniqueOrThrow({ where: { documentId: String(sid) } });
    const before = await lastUse();
    advance(10 * MINUTE);
    expect(await infoOf(token)).toEqual({
      ...{ active: true, tokenType: 'Bearer', sub, username: 'editor', sid, roles: ['editor'] },
      ...{ iss: ISSUER, aud: 'gatehouse:users', iat, exp },
    });
    await server.gatehouse.idle();
    expect(await lastUse()).toEqual(before);
  });

  test.each<[what: string, dead: () => Promise<string>, after?: () => Promise<unknown>]>([
    ['nonsense', async () => 'nonsense'],
    ['nothing', async () => ''],
    ['an API token', async () => program],
    ["an administrator's token", () => server.adminToken()],
    [
      'a token whose session ended',
      async () => {
        const token = await server.tokenOf('reader');
        await server.ask('mutation { logout { ok } }', { token });
        return token;
      },
    ],
    [
      'a token of a blocked user',
      async () => {
        const token = await server.tokenOf('reader');
        await setReader({ blocked: true });
        return token;
      },
      () => setReader({ blocked: false }),
    ],
    [
      'a token of a revoked key',
      async () => {
        const token = await server.tokenOf('reader');
        await revoke(kidOf(token));
        return token;
      },
    ],
    [
      'an expired token',
      async () => {
        const token = await server.tokenOf('reader');
        advance(31 * DAY);
        return token;
      },
    ],
    [
      'a token of another server',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        const { kid } = (await keys())[0] ?? {};
        const claims = decodeJwt(await server.tokenOf('reader'));
        return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: kid ?? '' }).sign(privateKey);
      },
    ],
  ])('says nothing of %s but that it is not active', async (_what, dead, after) => {
    const token = await dead();
    expect(await infoOf(token)).toEqual(INACTIVE);
    await after?.();
  });

  test('is not answered to a GET, whose address is in logs', async () => {
    const token = await server.tokenOf('editor');
    const query = new URLSearchParams({ query: INFO, variables: JSON.stringify({ token }) });
    const headers = { authorization: `Bearer ${program}`, 'content-type': 'application/json' };
    const response = await fetch(`${server.url}?${query}`, { headers });
    const { data, errors } = (await response.json()) as Answer;
    expect(data.tokenInfo).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('METHOD_NOT_ALLOWED');
    expect(server.log.join('')).not.toContain(token);
  });

  test('is allowed to nobody who was not given it', async () => {
    const token = await server.tokenOf('reader');
    for (const viewer of [undefined, token, await server.tokenOf('moderator')]) {
      const { data, errors } = await server.ask(INFO, { token: viewer, variables: { token } });
      expect(data?.tokenInfo ?? null).toBeNull();
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  test('is allowed to API tokens with full access, and to no user whose role requires a second factor', async () => {
    const { prisma } = server.database;
    const token = await server.tokenOf('reader');
    const create = `mutation { createApiToken(data: { name: "full", kind: FULL_ACCESS, lifespan: UNLIMITED }) { secret } }`;
    const admin = await server.adminToken();
    const { secret } = (await server.askAdmin(create, { token: admin })).data.createApiToken;
    const asked = (viewer: string) => server.ask(INFO, { token: viewer, variables: { token } });
    expect((await asked(secret)).data.tokenInfo.active).toBe(true);

    const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'moderator' } });
    await prisma.permission.create({ data: { roleId, action: 'auth.tokenInfo' } });
    const moderator = await server.tokenOf('moderator');
    expect((await asked(moderator)).data.tokenInfo.active).toBe(true);
    await prisma.role.update({ where: { id: roleId }, data: { requiresSecondFactor: true } });
    expect((await asked(moderator)).errors?.[0]?.extensions).toMatchObject({ reason: 'secondFactorMissing' });
    await prisma.role.update({ where: { id: roleId }, data: { requiresSecondFactor: false } });
    await prisma.permission.deleteMany({ where: { roleId, action: 'auth.tokenInfo' } });
  });
});
