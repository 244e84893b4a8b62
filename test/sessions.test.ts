import bcrypt from 'bcrypt';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { SERVER } from '../src/audit/actor.ts';
import { type AskOptions, send, startBeside, startServer, type TestServer } from './support/start.ts';

const ORIGIN = 'https://www.example.com';
let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    config: { trustedProxies: 1, publicUrl: 'https://api.example.com', corsOrigins: [ORIGIN] },
  });
});
afterAll(() => server?.close());

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const PASSWORD = 'a good password';
const TOKENS = 'jwt refreshToken user { username }';
const LOGIN = `mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { ${TOKENS} } }`;
const REFRESH = `mutation ($refreshToken: String) { refresh(refreshToken: $refreshToken) { ${TOKENS} } }`;
const SESSIONS = '{ sessions { documentId device address createdAt lastUsedAt expiresAt current } }';

let username: string;
let people = 0;
beforeEach(async () => {
  username = `guest ${++people}`;
  const { prisma } = server.database;
  const email = `guest${people}@example.com`;
  const passwordHash = await bcrypt.hash(PASSWORD, 4);
  await prisma.user.create({
    data: {
      username,
      email,
      passwordHash,
      confirmed: true,
      role: { connect: { type: 'authenticated' } },
      identifiers: { create: [{ key: username }, { key: email }] },
    },
  });
});

async function login(options: AskOptions = {}) {
  const answer = await server.ask(LOGIN, {
    ...options,
    variables: { input: { identifier: username, password: PASSWORD } },
  });
  if (!answer.data?.login) throw new Error(answer.text);
  return { ...answer, ...(answer.data.login as { jwt: string; refreshToken: string }) };
}

/** The username, or the reason for which the token is not taken. */
async function whoIs(token: string): Promise<string | undefined> {
  const { data, errors } = await server.ask('{ me { username } }', { token });
  return data?.me?.username ?? errors?.[0]?.extensions.reason;
}

function set(data: Parameters<TestServer['database']['prisma']['settings']['update']>[0]['data']) {
  return server.database.prisma.settings.update({ where: { id: 1 }, data });
}

describe('a session', () => {
  test('tells its owner device, address and last use, and no other’s', async () => {
    const other = await login();
    people += 1;
    const [laptop, phone] = [
      await login({ headers: { 'user-agent': 'Laptop/1.0', 'x-forwarded-for': '192.0.2.1' } }),
      await login({ headers: { 'user-agent': 'Phone/2.0', 'x-forwarded-for': '2001:db8::7' } }),
    ];
    const { data } = await server.ask(SESSIONS, { token: phone.jwt });
    expect(data.sessions).toHaveLength(3);
    expect(
      data.sessions.map(({ device, address, current }: Record<string, unknown>) => [device, address, current]),
    ).toEqual([
      ['Phone/2.0', '2001:db8::7', true],
      ['Laptop/1.0', '192.0.2.1', false],
      ['node', expect.any(String), false],
    ]);
    const [{ createdAt, expiresAt }] = data.sessions;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(30 * DAY);
    expect(await whoIs(laptop.jwt)).toBe(username);
    expect(await whoIs(other.jwt)).toBe(username);

    const stranger = await server.ask(SESSIONS, { token: await server.tokenOf('reader') });
    const ids = data.sessions.map(({ documentId }: { documentId: string }) => documentId);
    for (const { documentId } of stranger.data.sessions) expect(ids).not.toContain(documentId);
  });

  test('is noted when it is used from elsewhere, after some minutes and not with each request', async () => {
    const { jwt } = await login({ headers: { 'user-agent': 'Laptop/1.0', 'x-forwarded-for': '192.0.2.1' } });
    const use = (address: string) => server.ask(SESSIONS, { token: jwt, headers: { 'x-forwarded-for': address } });
    const [before] = (await use('192.0.2.2')).data.sessions;
    await server.gatehouse.idle();
    expect((await use('192.0.2.2')).data.sessions).toEqual([before]);
    server.advance(6 * 60 * SECOND);
    await use('192.0.2.3');
    await server.gatehouse.idle();
    server.statements.length = 0;
    const [after] = (await use('192.0.2.4')).data.sessions;
    await server.gatehouse.idle();
    expect(server.statements.filter((sql) => /update/i.test(sql))).toEqual([]);
    expect(after.address).toBe('192.0.2.3');
    expect(Date.parse(after.lastUsedAt) - Date.parse(before.lastUsedAt)).toBeGreaterThanOrEqual(6 * 60 * SECOND);
    server.advance(-6 * 60 * SECOND);
  });

  test('is revoked by its owner from elsewhere, and its token is dead at once', async () => {
    const [here, there] = [await login(), await login()];
    const sessions = (await server.ask(SESSIONS, { token: there.jwt })).data.sessions;
    const documentId = sessions.find(({ current }: { current: boolean }) => current).documentId;
    const revoke = 'mutation ($id: ID!) { revokeSession(documentId: $id) { documentId } }';
    const variables = { id: documentId };

    const stranger = await server.ask(revoke, { variables, token: await server.tokenOf('editor') });
    expect(stranger.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect(await whoIs(there.jwt)).toBe(username);

    expect((await server.ask(revoke, { variables, token: here.jwt })).data).toEqual({ revokeSession: { documentId } });
    expect(await whoIs(there.jwt)).toBe('revoked');
    expect(await whoIs(here.jwt)).toBe(username);
    expect((await server.ask(revoke, { variables, token: here.jwt })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  test('ends with logout, and no other one does', async () => {
    const [here, there] = [await login(), await login()];
    expect((await server.ask('mutation { logout { ok } }', { token: here.jwt })).data).toEqual({
      logout: { ok: true },
    });
    expect(await whoIs(here.jwt)).toBe('revoked');
    expect(await whoIs(there.jwt)).toBe(username);
  });

  test('ends with logoutEverywhere, wherever it is', async () => {
    const all = [await login(), await login(), await login()];
    const { data } = await server.ask('mutation { logoutEverywhere { ok } }', { token: all[0]?.jwt });
    expect(data).toEqual({ logoutEverywhere: { ok: true } });
    for (const { jwt } of all) expect(await whoIs(jwt)).toBe('revoked');
    expect(await whoIs((await login()).jwt)).toBe(username);
  });

  test('costs nothing to be looked for: who asks, and may, is still one statement', async () => {
    const { jwt } = await login();
    server.statements.length = 0;
    expect(await whoIs(jwt)).toBe(username);
    expect(server.statements).toHaveLength(1);
  });
});

describe('old sessions after …', () => {
  const id = async () => (await server.database.prisma.user.findFirstOrThrow({ where: { username } })).id;
  const both = `password: "another password", passwordConfirmation: "another password"`;

  test('… a change of password, in either mode', async () => {
    await set({ sessionMode: 'refresh' });
    try {
      const [here, there] = [await login(), await login()];
      const change = `mutation { changePassword(currentPassword: "${PASSWORD}", ${both}) { ${TOKENS} } }`;
      const { jwt, refreshToken } = (await server.ask(change, { token: here.jwt })).data.changePassword;
      for (const old of [here, there]) {
        expect(await whoIs(old.jwt)).toBe('revoked');
        expect(await refresh(old.refreshToken)).toBe('invalid');
      }
      expect(await whoIs(jwt)).toBe(username);
      expect(await refresh(refreshToken)).toMatchObject({ user: { username } });
    } finally {
      await set({ sessionMode: 'plain' });
    }
  });

  test('… a reset', async () => {
    const old = await login();
    await server.ask('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', {
      variables: { email: `guest${people}@example.com` },
    });
    await server.gatehouse.idle();
    const code = server.mails.at(-1)?.link?.split('=').at(-1);
    const { data } = await server.ask(`mutation { resetPassword(code: "${code}", ${both}) { ${TOKENS} } }`);
    expect(await whoIs(old.jwt)).toBe('revoked');
    expect(await whoIs(data.resetPassword.jwt)).toBe(username);
  });

  test('… a block, also once it is lifted, and whoever wrote it', async () => {
    const old = await login();
    const block = (blocked: boolean) =>
      id().then((id) => server.database.query('UPDATE users SET blocked = $1 WHERE id = $2', [blocked, id]));
    await block(true);
    expect(await whoIs(old.jwt)).toBe('blocked');
    await block(false);
    expect(await whoIs(old.jwt)).toBe('revoked');
    const { jwt } = await login();
    await block(false);
    expect(await whoIs(jwt)).toBe(username);
  });

  test('… a deletion', async () => {
    const old = await login();
    await server.database.prisma.user.delete({ where: { id: await id() } });
    expect(await whoIs(old.jwt)).toBe('revoked');
  });
});

/** The new tokens, or the reason for which there are none. */
async function refresh(refreshToken: string | undefined, options: AskOptions = {}) {
  const { data, errors } = await server.ask(REFRESH, { ...options, variables: { refreshToken } });
  return data.refresh ?? errors?.[0]?.extensions.reason;
}

describe('with refresh tokens', () => {
  beforeEach(() => set({ sessionMode: 'refresh' }));
  afterEach(() =>
    set({
      sessionMode: 'plain',
      refreshTokenInCookie: false,
      accessTokenLifespan: 900,
      idleRefreshTokenLifespan: 14 * 86_400,
      maxRefreshTokenLifespan: 30 * 86_400,
      refreshTokenGrace: 10,
    }),
  );

  test('a token is short, and a new one is had for the refresh token, which is then another', async () => {
    const first = await login();
    server.advance(899 * SECOND);
    expect(await whoIs(first.jwt)).toBe(username);
    server.advance(2 * SECOND);
    expect(await whoIs(first.jwt)).toBe('expired');
    const second = await refresh(first.refreshToken);
    expect(second.user.username).toBe(username);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await whoIs(second.jwt)).toBe(username);
    expect((await server.ask('{ sessions { documentId } }', { token: second.jwt })).data.sessions).toHaveLength(1);
    server.advance(-901 * SECOND);
  });

  test('of the refresh token only a hash is kept', async () => {
    const { refreshToken } = await login();
    const rows = await server.database.prisma.session.findMany();
    expect(rows.length).toBeGreaterThan(0);
    for (const half of refreshToken.split('.')) expect(JSON.stringify(rows)).not.toContain(half);
  });

  test('a login that ended after the password was changed is of no use', async () => {
    const late = await login();
    await server.database.prisma.user.updateMany({ where: { username }, data: { tokenVersion: { increment: 1 } } });
    expect(await refresh(late.refreshToken)).toBe('invalid');
    expect(await whoIs(late.jwt)).toBe('revoked');
  });

  test('a spent one ends the whole session: whoever shows it, the tokens that came of it are dead', async () => {
    const first = await login();
    const elsewhere = await login();
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken);
    expect(await refresh(first.refreshToken)).toBe('invalid');
    expect(await whoIs(third.jwt)).toBe('revoked');
    expect(await refresh(third.refreshToken)).toBe('invalid');
    expect(await whoIs(elsewhere.jwt)).toBe(username);
  });

  describe('two tabs that refresh at once', () => {
    /** How many rotations there were: each makes another hash. */
    const hash = async (token: string) =>
      (
        await server.database.prisma.session.findFirstOrThrow({
          where: { user: { username } },
          orderBy: { id: 'desc' },
        })
      ).refreshHash ?? token;

    test('are answered with one and the same living token, by whichever process', async () => {
      await using beside = await startBeside(server);
      const at = async (url: string, refreshToken: string) =>
        (await send(url, REFRESH, { variables: { refreshToken } })).data?.refresh;
      let { refreshToken } = await login();
      for (let round = 0; round < 5; round++) {
        const answers = await Promise.all(
          [server.url, beside.url, server.url, beside.url].map((url) => at(url, refreshToken)),
        );
        const next: string[] = answers.map((answer) => answer?.refreshToken);
        expect(new Set(next).size).toBe(1);
        expect(next[0]).not.toBe(refreshToken);
        for (const { jwt } of answers) expect(await whoIs(jwt)).toBe(username);
        refreshToken = next[0] ?? '';
      }
      expect((await refresh(refreshToken)).user).toEqual({ username });
    });

    test('one after the other within ten seconds, too, and nothing is changed by the second', async () => {
      const first = await login();
      const second = await refresh(first.refreshToken);
      const before = await hash(first.refreshToken);
      server.advance(9 * SECOND);
      expect((await refresh(first.refreshToken)).refreshToken).toBe(second.refreshToken);
      expect(await hash(first.refreshToken)).toBe(before);
      server.advance(-9 * SECOND);
    });

    test('after these ten seconds the session ends, for both', async () => {
      const first = await login();
      const second = await refresh(first.refreshToken);
      server.advance(10 * SECOND + 1);
      expect(await refresh(first.refreshToken)).toBe('invalid');
      expect(await refresh(second.refreshToken)).toBe('invalid');
      expect(await whoIs(second.jwt)).toBe('revoked');
      server.advance(-10 * SECOND - 1);
    });

    test('and at once when what was answered is spent, too: then somebody has both', async () => {
      const first = await login();
      const second = await refresh(first.refreshToken);
      const third = await refresh(second.refreshToken);
      expect(await refresh(first.refreshToken)).toBe('invalid');
      expect(await refresh(third.refreshToken)).toBe('invalid');
    });

    test('with a grace of 0 the second ends the session', async () => {
      await set({ refreshTokenGrace: 0 });
      for (let round = 0; round < 3; round++) {
        const { refreshToken } = await login();
        const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(refreshToken)));
        const good = answers.filter((answer) => answer !== 'invalid');
        expect(good.length).toBeLessThanOrEqual(1);
        for (const { refreshToken } of good) expect(await refresh(refreshToken)).toBe('invalid');
      }
    });

    test('a session that was ended meanwhile is answered nothing', async () => {
      const first = await login();
      const { jwt } = await refresh(first.refreshToken);
      await server.ask('mutation { logout { ok } }', { token: jwt });
      expect(await refresh(first.refreshToken)).toBe('invalid');
    });

    test('nothing that is kept for it is the next token, or makes it without the spent one and the secret', async () => {
      const first = await login();
      const second = await refresh(first.refreshToken);
      const rows = JSON.stringify(await server.database.prisma.session.findMany());
      for (const half of [...first.refreshToken.split('.'), ...second.refreshToken.split('.')])
        expect(rows).not.toContain(half);
      // What a reader of the database has: another process, without the secret. It can answer nothing, and ends nothing.
      await using without = await startBeside(server, { jwtSecrets: ['another secret, which is long enough, too'] });
      const variables = { refreshToken: first.refreshToken };
      const { errors } = await send(without.url, REFRESH, { variables });
      expect(errors?.[0]?.extensions.reason).toBe('invalid');
      expect((await refresh(second.refreshToken)).user).toEqual({ username });
    });

    test('while the secret is changed, too', async () => {
      const [old] = server.config.jwtSecrets;
      const next = 'the next secret, which is long enough and random';
      await using after = await startBeside(server, { jwtSecrets: [next, old] });
      const first = await login();
      const second = await refresh(first.refreshToken);
      const { data } = await send(after.url, REFRESH, { variables: { refreshToken: first.refreshToken } });
      expect(data.refresh.refreshToken).toBe(second.refreshToken);
      expect(await whoIs(second.jwt)).toBe(username);
    });

    test('whatever is shown when: only the last token, and for ten seconds the one before it', async () => {
      const steps = fc.array(fc.record({ back: fc.constantFrom(0, 0, 0, 1, 1, 2), wait: fc.nat(7) }), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(steps, async (steps) => {
          const made = [(await login()).refreshToken];
          let spentAt = Number.NEGATIVE_INFINITY;
          let now = 0;
          for (const { back, wait } of steps) {
            now += wait;
            server.advance(wait * SECOND);
            const shown = made.at(-1 - Math.min(back, made.length - 1));
            const answer = await refresh(shown);
            if (shown === made.at(-1)) {
              spentAt = now;
              expect(answer.user).toEqual({ username });
              expect(made).not.toContain(answer.refreshToken);
              made.push(answer.refreshToken);
            } else if (shown === made.at(-2) && now < spentAt + 10) {
              expect(answer.refreshToken).toBe(made.at(-1));
            } else {
              expect(answer).toBe('invalid');
              expect(await refresh(made.at(-1))).toBe('invalid');
              break;
            }
          }
          server.advance(-now * SECOND);
        }),
        { numRuns: 25 },
      );
    });
  });

  test.each([
    ['another half', (token: string) => `${token.split('.')[0]}.${'A'.repeat(43)}`],
    ['another family', (token: string) => `${'A'.repeat(43)}.${token.split('.')[1]}`],
    ['nothing', () => ''],
    ['a JWT', () => 'a.b.c'],
    ['more behind it', (token: string) => `${token} `],
  ])('with %s it is not taken', async (_what, change) => {
    const { refreshToken } = await login();
    expect(await refresh(change(refreshToken))).toBe('invalid');
  });

  test('a session that nobody refreshes ends, and so does one that is refreshed for ever', async () => {
    const idle = await login();
    let busy = (await login()).refreshToken;
    for (let days = 0; days < 25; days += 5) {
      server.advance(5 * DAY);
      busy = (await refresh(busy)).refreshToken;
    }
    expect(await refresh(idle.refreshToken)).toBe('invalid');
    server.advance(5 * DAY + SECOND);
    expect(await refresh(busy)).toBe('invalid');
    server.advance(-30 * DAY - SECOND);
  });

  test('a life can be set, and none that makes no sense', async () => {
    await set({ accessTokenLifespan: 60, idleRefreshTokenLifespan: 3_600 });
    const { jwt, refreshToken } = await login();
    server.advance(61 * SECOND);
    expect(await whoIs(jwt)).toBe('expired');
    server.advance(3_600 * SECOND);
    expect(await refresh(refreshToken)).toBe('invalid');
    server.advance(-3_661 * SECOND);
    await expect(set({ accessTokenLifespan: 0 })).rejects.toThrow();
    await expect(set({ idleRefreshTokenLifespan: 40 * 86_400 })).rejects.toThrow();
    await expect(set({ refreshTokenGrace: 61 })).rejects.toThrow();
    await expect(set({ refreshTokenGrace: -1 })).rejects.toThrow();
  });

  test('nobody who is blocked, or has to confirm, gets new tokens', async () => {
    const { prisma } = server.database;
    const blocked = await login();
    await prisma.user.updateMany({ where: { username }, data: { blocked: true } });
    expect(await refresh(blocked.refreshToken)).toBe('invalid');
    await prisma.user.updateMany({ where: { username }, data: { blocked: false } });
    expect(await refresh(blocked.refreshToken)).toBe('invalid');

    const unconfirmed = await login();
    await prisma.user.updateMany({ where: { username }, data: { confirmed: false } });
    await set({ emailConfirmation: true });
    expect(await refresh(unconfirmed.refreshToken)).toBe('invalid');
    await set({ emailConfirmation: false });
  });

  test('and logout, it is of no use any more', async () => {
    const { jwt, refreshToken } = await login();
    await server.ask('mutation { logout { ok } }', { token: jwt });
    expect(await refresh(refreshToken)).toBe('invalid');
  });

  describe('as a cookie', () => {
    beforeEach(() => set({ refreshTokenInCookie: true }));

    const cookieOf = ({ headers }: { headers: Headers }) => headers.get('set-cookie') ?? '';
    const pairOf = (cookie: string) => cookie.split(';')[0] ?? '';

    test('it is in nothing that a script reads, and goes to this host only', async () => {
      const answer = await login();
      expect(answer.refreshToken).toBeNull();
      const [pair, ...attributes] = cookieOf(answer).split('; ');
      expect(pair).toMatch(/^__Host-gatehouse-refresh=[\w-]{43}\.[\w-]{43}$/);
      expect(attributes).toEqual([
        expect.stringMatching(/^Max-Age=25919\d\d$/),
        'Path=/',
        'HttpOnly',
        'Secure',
        'SameSite=Strict',
      ]);
      expect(answer.text).not.toContain(pair?.split('=')[1] ?? 'none');
    });

    test('it is taken and replaced', async () => {
      const first = pairOf(cookieOf(await login()));
      const answer = await server.ask(REFRESH, { headers: { cookie: `theme=dark; ${first}`, origin: ORIGIN } });
      expect(answer.data.refresh).toMatchObject({ refreshToken: null, user: { username } });
      expect(await whoIs(answer.data.refresh.jwt)).toBe(username);
      const second = pairOf(cookieOf(answer));
      expect(second).not.toBe(first);
      expect((await server.ask(REFRESH, { headers: { cookie: second } })).data.refresh.user.username).toBe(username);
    });

    test('two tabs that send it at once get one and the same, and stay', async () => {
      const cookie = pairOf(cookieOf(await login()));
      const answers = await Promise.all([1, 2, 3].map(() => server.ask(REFRESH, { headers: { cookie } })));
      expect(answers.map(({ data }) => data.refresh?.user)).toEqual(Array(3).fill({ username }));
      const [next = '', ...others] = answers.map((answer) => pairOf(cookieOf(answer)));
      expect(others).toEqual([next, next]);
      expect((await server.ask(REFRESH, { headers: { cookie: next } })).data.refresh.user).toEqual({ username });
    });

    test.each([
      ['a page of an origin that was not named', { origin: 'https://evil.example' }],
      ['a page without an origin', { origin: 'null' }],
      ['another site, by what the browser says', { 'sec-fetch-site': 'cross-site' }],
    ])('it is not taken from %s', async (_what, headers) => {
      const cookie = pairOf(cookieOf(await login()));
      const { data, errors } = await server.ask(REFRESH, { headers: { cookie, ...headers } });
      expect(data).toEqual({ refresh: null });
      expect(errors?.[0]?.extensions.reason).toBe('invalid');
      expect((await server.ask(REFRESH, { headers: { cookie } })).data.refresh.user.username).toBe(username);
    });

    test('a form of another site cannot send it at all', async () => {
      const cookie = pairOf(cookieOf(await login()));
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { cookie, 'content-type': 'text/plain' },
        body: JSON.stringify({ query: 'mutation { logout { ok } }' }),
      });
      expect(response.status).toBe(400);
      expect(
        ((await response.json()) as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code,
      ).toBe('CSRF');
    });

    test('a logout ends it without a token, and takes it away', async () => {
      const cookie = pairOf(cookieOf(await login()));
      const answer = await server.ask('mutation { logout { ok } }', { headers: { cookie } });
      expect(answer.data).toEqual({ logout: { ok: true } });
      expect(cookieOf(answer)).toMatch(
        /^__Host-gatehouse-refresh=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      );
      expect((await server.ask(REFRESH, { headers: { cookie } })).errors?.[0]?.extensions.reason).toBe('invalid');
    });

    test('twice in one request is once after the other', async () => {
      const cookie = pairOf(cookieOf(await login()));
      const twice = 'mutation { a: refresh { jwt } b: refresh { jwt } }';
      const { data } = await server.ask(twice, { headers: { cookie } });
      expect(await whoIs(data.a.jwt)).toBe(username);
      expect(await whoIs(data.b.jwt)).toBe(username);
    });
  });
});

test('a secret is changed without logging anybody out', async () => {
  const [old] = server.config.jwtSecrets;
  const next = 'the next secret, which is long enough and random';
  await using both = await startBeside(server, { jwtSecrets: [next, old] });
  await using after = await startBeside(server, { jwtSecrets: [next] });
  const whoIsAt = async (url: string, token: string) =>
    (await send(url, '{ me { username } }', { token })).data?.me?.username;

  const { jwt } = await login();
  expect(await whoIsAt(both.url, jwt)).toBe(username);
  const variables = { input: { identifier: username, password: PASSWORD } };
  const renewed = (await send(both.url, LOGIN, { variables })).data.login.jwt;
  expect(await whoIsAt(after.url, renewed)).toBe(username);
  expect(await whoIsAt(both.url, renewed)).toBe(username);
  expect(await whoIsAt(after.url, jwt)).toBeUndefined();
  expect(await whoIs(renewed)).toBe('invalid');
});

test('what has ended by itself is thrown away, and nothing else', async () => {
  const { prisma } = server.database;
  const count = () => prisma.session.count({ where: { user: { username } } });
  await login();
  await prisma.attempt.create({ data: { key: 'old', points: 1, expire: Date.now() } });
  server.advance(29 * DAY);
  const { jwt } = await login();
  await server.gatehouse.cleanUp();
  expect(await count()).toBe(2);
  server.advance(2 * DAY);
  await server.gatehouse.cleanUp();
  expect(await count()).toBe(1);
  expect(await prisma.attempt.count({ where: { key: 'old' } })).toBe(0);
  expect(await whoIs(jwt)).toBe(username);
  server.advance(-31 * DAY);
});

/** Connections to this database that wait for another one. */
const WAITING = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

/** Two connections at a time: the embedded database has one. */
function deletedMeanwhile(): void {
  test('a login and the deletion of its user do not wait for each other, and who is gone is not let in', async () => {
    const { prisma, query } = server.database;
    const variables = { input: { identifier: username, password: PASSWORD } };
    const { id } = await prisma.user.findFirstOrThrow({ where: { username } });
    let login: ReturnType<typeof server.ask> | undefined;
    await prisma.$transaction(
      async (transaction) => {
        await transaction.user.delete({ where: { id } });
        login = server.ask(LOGIN, { variables });
        // It has found its user, and waits for what becomes of it.
        await expect.poll(() => query(WAITING, [])).toHaveLength(1);
        // And keeps nobody from writing an entry: neither anybody else, nor who deletes it.
        await server.tokenOf('reader');
        await server.gatehouse.administration.audit.record(transaction, SERVER, {
          event: 'user.delete',
          target: { kind: 'user', documentId: null, name: username },
        });
      },
      { timeout: 60_000 },
    );
    const { errors } = (await login) ?? {};
    expect(errors?.map(({ extensions: { code, reason } }) => [code, reason])).toEqual([['UNAUTHENTICATED', 'revoked']]);
    expect(await prisma.session.count({ where: { userId: id } })).toBe(0);
    expect(await prisma.auditEntry.count({ where: { event: 'session.begin', actorName: username } })).toBe(0);
  });
}
if (inject('databaseKind') === 'server') describe('at the same moment', deletedMeanwhile);
