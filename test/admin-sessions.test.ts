import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAdmin, setAdminPassword } from '../src/administration/admins.ts';
import { NO_CEILING } from '../src/administration/permission-ceiling.ts';
import { SERVER } from '../src/audit/actor.ts';
import type { AdminRole } from '../src/generated/prisma/client.ts';
import { type AdminLogin, cookieIn, logInWithCookie } from './support/admin-cookie.ts';
import { type Answer, type AskOptions, send, startBeside, startServer, type TestServer } from './support/start.ts';

/** The sessions of administrators: one token, or a short one beside a cookie that refreshes it. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const PASSWORD = 'a good password';
const PAYLOAD = 'jwt expiresAt sessionExpiresAt admin { email }';
const REFRESH = `mutation { refresh { ${PAYLOAD} } }`;
const LOGOUT = 'mutation { logout { ok } }';

let email: string;
let people = 0;
beforeEach(async () => {
  email = await newAdmin();
});

async function newAdmin(role: AdminRole = 'ADMINISTRATOR'): Promise<string> {
  const address = `admin${++people}@example.com`;
  const by = { actor: SERVER, ceiling: NO_CEILING };
  await createAdmin(server.gatehouse.administration, by, { email: address, name: undefined, role, password: PASSWORD });
  return address;
}

const logIn = (options?: AskOptions) => logInWithCookie(server, { email, password: PASSWORD }, options);

function refresh(cookie: string, headers: Record<string, string> = {}): Promise<Answer> {
  return server.askAdmin(REFRESH, { headers: { cookie, ...headers } });
}

/** The e-mail, or the reason for which the token is not taken. */
async function whoIs(token: string): Promise<string | undefined> {
  const { data, errors } = await server.askAdmin('{ me { email } }', { token });
  return data?.me?.email ?? errors?.[0]?.extensions.reason;
}

/** Whether the cookie can be exchanged: the error otherwise. It is spent by that. */
async function isRefreshed(cookie: string): Promise<true | string | undefined> {
  const { data, errors } = await refresh(cookie);
  return data?.refresh ? true : errors?.[0]?.extensions.code;
}

function set(data: Parameters<TestServer['database']['prisma']['settings']['update']>[0]['data']) {
  return server.database.prisma.settings.update({ where: { id: 1 }, data });
}

const lifeOf = (jwt: string) => {
  const { iat, exp } = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
  return exp - iat;
};

describe('a login', () => {
  test('without a cookie has one token, and no other lifetime than that of the environment', async () => {
    await set({ adminIdleSessionLifespan: 60, adminMaxSessionLifespan: 60 });
    const { data, headers } = await server.askAdmin(
      `mutation { login(email: "${email}", password: "${PASSWORD}") { ${PAYLOAD} } }`,
    );
    const { jwt, expiresAt, sessionExpiresAt } = data.login;
    expect(headers.getSetCookie()).toEqual([]);
    expect(lifeOf(jwt)).toBe(12 * 3_600);
    expect(Date.parse(sessionExpiresAt) - Date.parse(expiresAt)).toBeLessThan(SECOND);
    server.advance(11 * HOUR);
    expect(await whoIs(jwt)).toBe(email);
    server.advance(HOUR + SECOND);
    expect(await whoIs(jwt)).toBe('expired');
    server.advance(-12 * HOUR - SECOND);
    await set({ adminIdleSessionLifespan: 1_800, adminMaxSessionLifespan: 43_200 });
  });

  test('with a cookie has a token of ten minutes, and the refresh token where no script can read it', async () => {
    const { jwt, answer } = await logIn();
    const { expiresAt, sessionExpiresAt } = answer.data.login;
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(
      /^gatehouse_admin=[\w-]{43}\.[\w-]{43}; Max-Age=43[12]\d\d; Path=\/admin\/graphql; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.text).not.toContain(cookieIn(answer)?.split('=')[1]);
    expect(lifeOf(jwt)).toBe(600);
    const exp = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).exp;
    expect(Date.parse(expiresAt)).toBe(exp * SECOND);
    expect(Date.parse(sessionExpiresAt) - Date.parse(expiresAt)).toBeGreaterThan(12 * HOUR - 10 * MINUTE - SECOND);
    expect(await whoIs(jwt)).toBe(email);
    server.advance(10 * MINUTE);
    expect(await whoIs(jwt)).toBe('expired');
    server.advance(-10 * MINUTE);
  });

  test.each([
    ['https://example.com', /^__Secure-gatehouse_admin=.*; Path=\/admin\/graphql; HttpOnly; Secure; SameSite=Strict$/],
    ['https://example.com/api/', /^__Secure-gatehouse_admin=.*; Path=\/api\/admin\/graphql; HttpOnly; Secure/],
    ['http://example.com/a/b', /^gatehouse_admin=.*; Path=\/a\/b\/admin\/graphql; HttpOnly; SameSite=Strict$/],
  ])('at %s has the cookie for the path of the endpoint there', async (publicUrl, expected) => {
    await using beside = await startBeside(server, { publicUrl });
    const askAdmin: TestServer['askAdmin'] = (document, options) =>
      send(beside.url.replace('/graphql', '/admin/graphql'), document, options);
    const { answer, cookie } = await logInWithCookie({ askAdmin }, { email, password: PASSWORD });
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(expected)]);
    const refreshed = await askAdmin(REFRESH, { headers: { cookie } });
    expect(refreshed.data.refresh.admin.email).toBe(email);
    expect(refreshed.headers.getSetCookie()).toEqual([expect.stringMatching(expected)]);
  });

  test('as the first administrator, and with a mailed code, can have a cookie too', async () => {
    const forgotten = await server.askAdmin(`mutation { forgotPassword(email: "${email}") { ok } }`);
    expect(forgotten.data.forgotPassword.ok).toBe(true);
    await server.gatehouse.idle();
    const code = /#code=([\w-]+)/.exec(server.mails.at(-1)?.text ?? '')?.[1];
    const reset = await server.askAdmin(
      `mutation ($code: String!, $p: String!) { resetPassword(code: $code, password: $p, passwordConfirmation: $p, cookie: true) { ${PAYLOAD} } }`,
      { variables: { code, p: 'another good password' } },
    );
    expect(lifeOf(reset.data.resetPassword.jwt)).toBe(600);
    expect(await isRefreshed(cookieIn(reset) ?? '')).toBe(true);

    await server.database.prisma.admin.deleteMany();
    const first = await server.askAdmin(
      `mutation { registerFirstAdmin(input: { email: "first@example.com", password: "${PASSWORD}" }, cookie: true) { ${PAYLOAD} } }`,
    );
    expect(lifeOf(first.data.registerFirstAdmin.jwt)).toBe(600);
    expect((await refresh(cookieIn(first) ?? '')).data.refresh.admin.email).toBe('first@example.com');
  });

  test('writes no secret into the log, the audit log or the database', async () => {
    const { jwt, cookie } = await logIn();
    const next = await refresh(cookie);
    await server.gatehouse.idle();
    const rows = await server.database.prisma.adminSession.findMany();
    const entries = await server.database.prisma.auditEntry.findMany({ select: { before: true, after: true } });
    const written = JSON.stringify([rows, entries, server.log]);
    for (const secret of [jwt, cookie.split('=')[1], cookieIn(next)?.split('=')[1], next.data.refresh.jwt]) {
      expect(secret).toMatch(/.{60}/);
      for (const half of secret.split('.')) if (half.length > 40) expect(written).not.toContain(half);
    }
  });
});

describe('a refresh', () => {
  test('without a cookie is answered with null, and is no error', async () => {
    const { status, data, errors, headers } = await server.askAdmin(REFRESH);
    expect([status, data, errors, headers.getSetCookie()]).toEqual([200, { refresh: null }, undefined, []]);
  });

  test('returns a new token and a new cookie, also beside an expired token', async () => {
    const { jwt, cookie } = await logIn();
    server.advance(11 * MINUTE);
    const { data, headers } = await server.askAdmin(REFRESH, { token: jwt, headers: { cookie } });
    expect(lifeOf(data.refresh.jwt)).toBe(600);
    expect(data.refresh.admin.email).toBe(email);
    expect(await whoIs(data.refresh.jwt)).toBe(email);
    expect(headers.getSetCookie()).toHaveLength(1);
    expect(cookieIn({ headers })).not.toBe(cookie);
    server.advance(-11 * MINUTE);
  });

  test('is possible for who only reads', async () => {
    email = await newAdmin('READ_ONLY');
    const { cookie } = await logIn();
    expect((await refresh(cookie)).data.refresh.admin.email).toBe(email);
  });

  test('of several tabs at once gives all of them the same next cookie', async () => {
    const { cookie } = await logIn();
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(cookie)));
    expect(answers.map(({ errors }) => errors)).toEqual(answers.map(() => undefined));
    expect(new Set(answers.map(cookieIn)).size).toBe(1);
    for (const { data } of answers) expect(await whoIs(data.refresh.jwt)).toBe(email);
    expect(await isRefreshed(cookieIn(answers[0] as Answer) ?? '')).toBe(true);
  });

  test('with a spent cookie ends the session, its tokens and its newest cookie', async () => {
    const { cookie } = await logIn();
    const next = await refresh(cookie);
    server.advance(11 * SECOND); // the grace
    const stolen = await refresh(cookie);
    expect(stolen.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(stolen.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^gatehouse_admin=; Max-Age=0; Path=\/admin/),
    ]);
    expect(await whoIs(next.data.refresh.jwt)).toBe('revoked');
    expect(await isRefreshed(cookieIn(next) ?? '')).toBe('UNAUTHENTICATED');
    const entry = await server.database.prisma.auditEntry.findFirst({
      where: { event: 'admin.logout', actorName: email },
    });
    expect(entry?.after).toEqual({ because: 'a refresh token that was spent or too old was shown' });
    server.advance(-11 * SECOND);
  });

  test('without the grace takes a cookie once', async () => {
    await set({ refreshTokenGrace: 0 });
    const { cookie } = await logIn();
    expect(await isRefreshed(cookie)).toBe(true);
    expect(await isRefreshed(cookie)).toBe('UNAUTHENTICATED');
    await set({ refreshTokenGrace: 10 });
  });

  test.each(['', 'nothing', `${'a'.repeat(43)}.${'b'.repeat(43)}`])(
    'with the cookie %j is refused and clears it',
    async (value) => {
      const { status, data, errors, headers } = await refresh(`gatehouse_admin=${value}`);
      expect([status, data, errors?.map(({ extensions }) => extensions.code)]).toEqual([
        200, // for application/json
        { refresh: null },
        ['UNAUTHENTICATED'],
      ]);
      expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^gatehouse_admin=; Max-Age=0;/)]);
    },
  );

  test('with the refresh token of a user is refused, and neither cookie is the other’s', async () => {
    await set({ sessionMode: 'refresh', refreshTokenInCookie: true });
    const login = 'mutation { login(input: { identifier: "reader", password: "gatehouse-demo" }) { jwt } }';
    const users = cookieIn(await server.ask(login))?.split('=')[1];
    const { cookie } = await logIn();
    expect(await isRefreshed(`gatehouse_admin=${users}`)).toBe('UNAUTHENTICATED');
    const onOther = await server.ask('mutation { refresh { jwt } }', {
      headers: { cookie: `gatehouse-refresh=${cookie.split('=')[1]}` },
    });
    expect(onOther.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(
      (await server.askAdmin(REFRESH, { headers: { cookie: `gatehouse-refresh=${users}` } })).data.refresh,
    ).toBeNull();
    expect(await isRefreshed(cookie)).toBe(true);
    await set({ sessionMode: 'plain', refreshTokenInCookie: false });
  });
});

describe('the cookie', () => {
  const own = 'http://gatehouse.test';
  test.each<[string, Record<string, string>, boolean]>([
    ['a page of this server', { origin: own, 'sec-fetch-site': 'same-origin' }, true],
    ['a page of this server, by a browser that says less', { origin: own }, true],
    ['a program', {}, true],
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false],
    ['another site, by a browser that says less', { origin: 'https://evil.example' }, false],
    [
      'a front end that CORS_ORIGINS names',
      { origin: 'https://front.gatehouse.test', 'sec-fetch-site': 'same-site' },
      false,
    ],
    ['that front end, by a browser that says less', { origin: 'https://front.gatehouse.test' }, false],
    ['another port of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }, false],
    ['a page that hides its origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }, false],
    ['a sandboxed page', { origin: 'null' }, false],
  ])('sent by %s', async (_who, headers, isUsed) => {
    await using beside = await startBeside(server, { corsOrigins: ['https://front.gatehouse.test'] });
    for (const url of [beside.url, server.url]) {
      const { jwt, cookie } = await logIn();
      const ask = (document: string, options: AskOptions = {}) =>
        send(url.replace('/graphql', '/admin/graphql'), document, { ...options, headers: { cookie, ...headers } });
      const { data, errors, headers: answered } = await ask(REFRESH);
      expect(errors).toBeUndefined();
      expect(data.refresh?.admin.email).toBe(isUsed ? email : undefined);
      expect(answered.getSetCookie()).toHaveLength(isUsed ? 1 : 0);
      // Nor can another site end the session.
      await ask(LOGOUT);
      expect(await whoIs(jwt)).toBe(isUsed ? 'revoked' : email);
    }
  });

  test('is taken from a page under the host that the request names', async () => {
    const { cookie } = await logIn();
    expect((await refresh(cookie, { origin: new URL(server.url).origin })).data.refresh.admin.email).toBe(email);
  });
});

describe('a session', () => {
  test('ends when it is not refreshed for half an hour, and the use of its token does not count', async () => {
    await set({ adminIdleSessionLifespan: 300 });
    const { jwt, cookie, answer } = await logIn();
    expect(lifeOf(jwt)).toBe(300);
    expect(Date.parse(answer.data.login.sessionExpiresAt)).toBeGreaterThan(Date.now() + 11 * HOUR);
    await set({ adminIdleSessionLifespan: 1_800 });
    server.advance(299 * SECOND);
    const next = await refresh(cookie);
    server.advance(29 * MINUTE);
    const last = await refresh(cookieIn(next) ?? '');
    expect(last.data.refresh.admin.email).toBe(email);
    server.advance(30 * MINUTE);
    expect(await isRefreshed(cookieIn(last) ?? '')).toBe('UNAUTHENTICATED');
    server.advance(-59 * MINUTE - 299 * SECOND);
  });

  test('that has been idle too long opens nothing, is not listed, and is cleaned up', async () => {
    await set({ adminIdleSessionLifespan: 60 });
    const { jwt } = await logIn();
    const { prisma } = server.database;
    const admin = await prisma.admin.findUniqueOrThrow({ where: { email } });
    // As if the token lived longer than the session.
    await prisma.adminSession.updateMany({ where: { adminId: admin.id }, data: { idleUntil: new Date() } });
    expect(await whoIs(jwt)).toBe('revoked');
    await set({ adminIdleSessionLifespan: 1_800 });
    const other = await logIn();
    const { data } = await server.askAdmin('{ sessions { documentId isCurrent } }', { token: other.jwt });
    expect(data.sessions).toHaveLength(1);
    server.advance(SECOND);
    await server.gatehouse.cleanUp();
    expect(await prisma.adminSession.count({ where: { adminId: admin.id } })).toBe(1);
    server.advance(-SECOND);
  });

  test('ends at the latest when the settings say, however often it is refreshed, and no token outlives it', async () => {
    await set({ adminMaxSessionLifespan: 3_600 });
    let { cookie, answer } = await logIn();
    const { sessionExpiresAt } = answer.data.login;
    await set({ adminMaxSessionLifespan: 43_200 });
    for (let minutes = 0; minutes < 55; minutes += 11) {
      server.advance(11 * MINUTE);
      answer = await refresh(cookie);
      cookie = cookieIn(answer) ?? '';
      expect(answer.data.refresh.sessionExpiresAt).toBe(sessionExpiresAt);
    }
    expect(lifeOf(answer.data.refresh.jwt)).toBeLessThanOrEqual(300);
    server.advance(5 * MINUTE);
    expect(await whoIs(answer.data.refresh.jwt)).toBe('expired');
    expect(await isRefreshed(cookie)).toBe('UNAUTHENTICATED');
    server.advance(-60 * MINUTE);
  });

  const byAnother = (document: (id: string) => string) => async () => {
    const { documentId } = await server.database.prisma.admin.findUniqueOrThrow({ where: { email } });
    const { data, errors } = await server.askAdmin(`mutation { ${document(documentId)} { documentId } }`, {
      token: await server.adminToken(),
    });
    expect(errors, JSON.stringify(data)).toBeUndefined();
  };
  const changing = (token: string) =>
    server.askAdmin(
      `mutation ($old: String!, $p: String!) { changePassword(currentPassword: $old, password: $p, passwordConfirmation: $p) { ${PAYLOAD} } }`,
      { token, variables: { old: PASSWORD, p: 'another good password' } },
    );

  test.each<[string, (login: AdminLogin) => Promise<unknown>]>([
    ['logout', ({ jwt }) => server.askAdmin(LOGOUT, { token: jwt })],
    ['logout by the cookie alone', ({ cookie }) => server.askAdmin(LOGOUT, { headers: { cookie } })],
    [
      'revokeSession from elsewhere',
      async ({ jwt }) => {
        const all = await server.askAdmin('{ sessions { documentId isCurrent } }', { token: jwt });
        const { documentId } = all.data.sessions.find(({ isCurrent }: { isCurrent: boolean }) => isCurrent);
        const elsewhere = await logIn();
        const listed = await server.askAdmin('{ sessions { documentId isCurrent } }', { token: elsewhere.jwt });
        expect(listed.data.sessions.filter(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toHaveLength(1);
        expect(listed.data.sessions).toContainEqual({ documentId, isCurrent: false });
        const revoke = `mutation { revokeSession(documentId: "${documentId}") { ok } }`;
        expect((await server.askAdmin(revoke, { token: elsewhere.jwt })).data.revokeSession.ok).toBe(true);
        expect(await isRefreshed(elsewhere.cookie)).toBe(true);
      },
    ],
    ['endAdminSessions', byAnother((id) => `endAdminSessions(documentId: "${id}")`)],
    ['deleteAdmin', byAnother((id) => `deleteAdmin(documentId: "${id}")`)],
    ['changePassword', ({ jwt }) => changing(jwt)],
    [
      'a password set by the command line',
      () => {
        const by = { actor: SERVER, ceiling: NO_CEILING };
        return setAdminPassword(server.gatehouse.administration, by, email, 'another good password');
      },
    ],
    [
      'another token version, by whoever writes to the database',
      () => server.database.prisma.admin.update({ where: { email }, data: { tokenVersion: { increment: 1 } } }),
    ],
  ])('ends at once with %s: its token, and its cookie', async (_what, end) => {
    const login = await logIn();
    expect(await whoIs(login.jwt)).toBe(email);
    await end(login);
    expect(await whoIs(login.jwt)).toBe('revoked');
    const { data, errors, headers } = await refresh(login.cookie);
    expect([data.refresh, errors?.[0]?.extensions.code]).toEqual([null, 'UNAUTHENTICATED']);
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^gatehouse_admin=; Max-Age=0;/)]);
  });

  test('ends with logout beside an expired token too, of which the cookie is cleared', async () => {
    const { jwt, cookie } = await logIn();
    server.advance(15 * MINUTE);
    const { data, headers } = await server.askAdmin(LOGOUT, { token: jwt, headers: { cookie } });
    expect(data).toEqual({ logout: { ok: true } });
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^gatehouse_admin=; Max-Age=0;/)]);
    expect(await isRefreshed(cookie)).toBe('UNAUTHENTICATED');
    server.advance(-15 * MINUTE);
  });

  test('ends with logout beside an expired token alone', async () => {
    const { jwt, cookie } = await logIn();
    server.advance(15 * MINUTE);
    expect((await server.askAdmin(LOGOUT, { token: jwt })).data).toEqual({ logout: { ok: true } });
    expect(await isRefreshed(cookie)).toBe('UNAUTHENTICATED');
    server.advance(-15 * MINUTE);
  });

  test('keeps its kind when the password changes', async () => {
    const withCookie = await changing((await logIn()).jwt);
    expect(lifeOf(withCookie.data.changePassword.jwt)).toBe(600);
    expect(await isRefreshed(cookieIn(withCookie) ?? '')).toBe(true);
    email = await newAdmin();
    const login = `mutation { login(email: "${email}", password: "${PASSWORD}") { jwt } }`;
    const plain = await changing((await server.askAdmin(login)).data.login.jwt);
    expect(lifeOf(plain.data.changePassword.jwt)).toBe(12 * 3_600);
    expect(plain.headers.getSetCookie()).toEqual([]);
  });

  test('of a user is never the current one of an administrator', async () => {
    await server.tokenOf('reader');
    const { data } = await server.askAdmin('{ users(search: "reader") { sessions { isCurrent } } }', {
      token: (await logIn()).jwt,
    });
    expect(data.users[0].sessions.length).toBeGreaterThan(0);
    for (const { isCurrent } of data.users[0].sessions) expect(isCurrent).toBe(false);
  });
});

describe('the settings', () => {
  const UPDATE =
    'mutation ($data: SettingsInput!) { updateSettings(data: $data) { adminIdleSessionLifespan adminMaxSessionLifespan } }';

  test('of the lifetimes are changed, and audited', async () => {
    const token = await server.adminToken();
    const before = await server.askAdmin('{ settings { adminIdleSessionLifespan adminMaxSessionLifespan } }', {
      token,
    });
    expect(before.data.settings).toEqual({ adminIdleSessionLifespan: 1_800, adminMaxSessionLifespan: 43_200 });
    const data = { adminIdleSessionLifespan: 900, adminMaxSessionLifespan: 28_800 };
    expect((await server.askAdmin(UPDATE, { token, variables: { data } })).data.updateSettings).toEqual(data);
    const entry = await server.database.prisma.auditEntry.findFirst({
      where: { event: 'settings.update' },
      orderBy: { id: 'desc' },
    });
    expect([entry?.before, entry?.after]).toEqual([before.data.settings, data]);
    await set(before.data.settings);
  });

  test.each([
    [{ adminIdleSessionLifespan: 59 }, 'adminIdleSessionLifespan must be from 60 to 2592000'],
    [{ adminMaxSessionLifespan: 2_592_001 }, 'adminMaxSessionLifespan must be from 60 to 2592000'],
    [{ adminMaxSessionLifespan: 1_799 }, 'adminIdleSessionLifespan must not be longer than adminMaxSessionLifespan'],
  ])('%j are refused', async (data, message) => {
    const { errors } = await server.askAdmin(UPDATE, { token: await server.adminToken(), variables: { data } });
    expect(errors?.map((error) => error.message)).toEqual([message]);
  });
});
