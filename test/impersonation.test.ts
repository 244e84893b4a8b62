import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { createAdmin, setAdminPassword } from '../src/administration/admins.ts';
import { NO_CEILING } from '../src/administration/permission-ceiling.ts';
import { SERVER } from '../src/audit/actor.ts';
import { verifyAudit } from '../src/audit/verify.ts';
import type { AdminRole } from '../src/generated/prisma/client.ts';
import { REST_ROUTES } from '../src/http/rest/rest-routes.ts';
import { logInWithCookie } from './support/admin-cookie.ts';
import { rootFieldsOf } from './support/root-fields.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

/** An administrator who acts as a user. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const MINUTE = 60_000;
const PASSWORD = 'a good password';
const REASON = 'The list of posts is empty for this user';
const MESSAGE = 'An administrator who acts as a user cannot use or change the account of the user';

let admin: { token: string; email: string; documentId: string };
let user: { id: number; documentId: string; username: string };
let people = 0;
beforeEach(async () => {
  admin = await newAdmin();
  user = await newUser();
});

async function newAdmin(role: AdminRole = 'ADMINISTRATOR') {
  const email = `actor${++people}@example.com`;
  const by = { actor: SERVER, ceiling: NO_CEILING };
  const name = `Actor ${people}`;
  const { documentId } = await createAdmin(server.gatehouse.administration, by, {
    email,
    name,
    role,
    password: PASSWORD,
  });
  const { data } = await server.askAdmin(`mutation { login(email: "${email}", password: "${PASSWORD}") { jwt } }`);
  return { token: data.login.jwt as string, email, documentId };
}

/** What every user has. */
const OWN = ['user.me', 'user.sessions', 'user.revokeSession', 'auth.logout', 'auth.logoutEverywhere', 'auth.refresh'];

async function newUser(...actions: string[]) {
  const username = `played${++people}`;
  const { documentId } = await server.database.prisma.role.create({
    data: {
      name: username,
      type: username,
      permissions: { create: [...OWN, ...actions].map((action) => ({ action })) },
    },
  });
  const created = await server.askAdmin(
    'mutation ($data: CreateUserInput!) { createUser(data: $data) { id documentId username } }',
    {
      token: admin.token,
      variables: { data: { username, email: `${username}@example.com`, password: DEMO_PASSWORD, role: documentId } },
    },
  );
  return { ...created.data.createUser, id: Number(created.data.createUser.id) } as typeof user;
}

const BEGIN =
  'mutation ($user: ID!, $reason: String!) { impersonateUser(documentId: $user, reason: $reason) { documentId jwt expiresAt user { username } } }';
const begin = (reason = REASON, token = admin.token) =>
  server.askAdmin(BEGIN, { token, variables: { user: user.documentId, reason } });

async function begun(token = admin.token): Promise<{ jwt: string; documentId: string; expiresAt: string }> {
  const { data, text } = await begin(REASON, token);
  if (!data?.impersonateUser) throw new Error(text);
  return data.impersonateUser;
}

/** The username, or the reason for which the token is not taken. */
async function whoIs(token: string, url = server.url): Promise<string | undefined> {
  const { data, errors } = await send(url, '{ me { username } }', { token });
  return data?.me?.username ?? errors?.[0]?.extensions.reason;
}

const codesOf = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions.code);
const entries = (where: object) => server.database.prisma.auditEntry.findMany({ where, orderBy: { id: 'asc' } });
const endsOf = (session: string) => entries({ event: 'user.endImpersonation', before: { equals: { session } } });

describe('impersonation', () => {
  test('acts as the user, for an hour, with the administrator in the token', async () => {
    const { jwt, expiresAt, documentId } = await begun();
    expect(await whoIs(jwt)).toBe(user.username);
    const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ sub: user.documentId, act: { sub: admin.documentId }, sid: documentId });
    expect(claims.exp - claims.iat).toBe(3_600);
    expect(Math.abs(Date.parse(expiresAt) - claims.exp * 1_000)).toBeLessThan(1_000);
    // With the permissions of the user, and with no others.
    user = await newUser('tag.create', 'tag.find');
    const asWriter = await begun();
    const { documentId: tag } = (
      await server.ask('mutation { createTag(data: { name: "by a writer" }) { documentId } }', { token: asWriter.jwt })
    ).data.createTag;
    expect(tag).toBeTypeOf('string');
    expect(
      codesOf(await server.ask(`mutation { deleteTag(documentId: "${tag}") { documentId } }`, { token: asWriter.jwt })),
    ).toEqual(['FORBIDDEN']);
    server.advance(60 * MINUTE);
    expect(await whoIs(jwt)).toBe('expired');
    server.advance(-60 * MINUTE);
  });

  test('has no refresh token, whatever the settings say', async () => {
    const { prisma } = server.database;
    await prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'refresh', refreshTokenInCookie: true } });
    const { data, headers } = await begin();
    expect(headers.getSetCookie()).toEqual([]);
    const row = await prisma.session.findUniqueOrThrow({ where: { documentId: data.impersonateUser.documentId } });
    expect(row).toMatchObject({ familyHash: null, refreshHash: null, idleUntil: null });
    const refreshed = await server.ask('mutation { refresh(refreshToken: "x") { jwt } }', {
      token: data.impersonateUser.jwt,
    });
    expect(refreshed.errors?.map(({ message }) => message)).toEqual([MESSAGE]);
    await prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'plain', refreshTokenInCookie: false } });
  });

  test('lives no longer than a token of users, nor than the session of the administrator', async () => {
    await using beside = await startBeside(server, { jwtExpiresIn: 600 });
    const short = await send(beside.url.replace('/graphql', '/admin/graphql'), BEGIN, {
      token: admin.token,
      variables: { user: user.documentId, reason: REASON },
    });
    expect(Date.parse(short.data.impersonateUser.expiresAt)).toBeLessThanOrEqual(Date.now() + 10 * MINUTE);
    const { prisma } = server.database;
    const until = new Date(Date.now() + 5 * MINUTE);
    await prisma.adminSession.updateMany({ where: { admin: { email: admin.email } }, data: { expiresAt: until } });
    expect((await begun()).expiresAt).toBe(until.toISOString());
  });

  test.each<[string, string, string]>([
    ['without a reason', '', 'reason is a required field'],
    ['with a blank reason', ' \u200b ', 'reason is a required field'],
    ['with a reason that is too long', 'x'.repeat(501), 'reason must be at most 500 characters'],
  ])('does not begin %s', async (_what, reason, message) => {
    const { data, errors } = await begin(reason);
    expect(data.impersonateUser).toBeNull();
    expect(errors?.[0]?.extensions.error.details.errors).toMatchObject([{ path: ['reason'], message }]);
    expect(codesOf(await begin('x'.repeat(500)))).toEqual([]);
  });

  test('does not begin for a user who cannot log in, and nothing is written', async () => {
    const { prisma } = server.database;
    await prisma.user.update({ where: { id: user.id }, data: { confirmed: false } });
    expect(codesOf(await begin())).toEqual([]);
    await prisma.session.deleteMany({ where: { userId: user.id } });
    await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
    const answers = [await begin()];
    await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: false } });
    await prisma.user.update({ where: { id: user.id }, data: { blocked: true } });
    answers.push(await begin());
    await prisma.user.delete({ where: { id: user.id } });
    answers.push(await begin());
    expect(answers.map(({ data, errors }) => [data.impersonateUser, errors?.[0]?.message])).toEqual([
      [null, 'The e-mail of this user is not confirmed. Confirm it first.'],
      [null, 'This user is blocked. Lift the block first.'],
      [null, 'User not found'],
    ]);
    expect(await prisma.session.count({ where: { userId: user.id } })).toBe(0);
    expect(await entries({ event: 'user.impersonate', targetId: user.documentId })).toHaveLength(1);
  });

  test('is for administrators with full access, who have proven who they are', async () => {
    const looking = await newAdmin('READ_ONLY');
    expect(codesOf(await begin(REASON, looking.token))).toEqual(['FORBIDDEN']);
    const { documentId, jwt } = await begun();
    const end = await server.askAdmin(`mutation { endImpersonation(documentId: "${documentId}") { ok } }`, {
      token: looking.token,
    });
    expect(codesOf(end)).toEqual(['FORBIDDEN']);
    expect(await whoIs(jwt)).toBe(user.username);
    server.advance(10 * MINUTE);
    expect(codesOf(await begin())).toEqual(['STEP_UP_REQUIRED']);
    server.advance(-10 * MINUTE);
  });
});

describe('the account of the user', () => {
  const ALLOWED = ['me', 'logout'];

  test('is closed to it: every operation on /graphql but `me` and the own logout', async () => {
    const { prisma } = server.database;
    const fields = rootFieldsOf(server.gatehouse.schema);
    const everything = await prisma.role.create({
      data: {
        name: `Everything ${people}`,
        type: `everything_${people}`,
        permissions: { create: [...new Set(fields.map(({ action }) => action))].map((action) => ({ action })) },
      },
    });
    await prisma.user.update({ where: { id: user.id }, data: { roleId: everything.id } });
    const own = await server.tokenOf(user.username);
    const refused: string[] = [];
    for (const { name, action, document } of fields) {
      const { jwt } = await begun(); // logout ends it
      const { data, errors } = await server.ask(document, { token: jwt });
      if (!errors?.some(({ message }) => message === MESSAGE)) continue;
      refused.push(name);
      expect([data, errors.length, errors[0]?.extensions.error.details.action]).toEqual([{ [name]: null }, 1, action]);
    }
    // What /graphql has beside content, users and roles.
    const ofAccount = fields.filter(
      ({ name, action }) =>
        /^(auth\.|user\.(?!find|findOne|create|update$|delete$))/.test(action) && !ALLOWED.includes(name),
    );
    expect(refused.sort()).toEqual(ofAccount.map(({ name }) => name).sort());
    expect(refused).toEqual(
      expect.arrayContaining([
        'changePassword',
        'updateMe',
        'sessions',
        'revokeSession',
        'logoutEverywhere',
        'login',
        'register',
      ]),
    );
    expect(await whoIs(own)).toBe(user.username); // and the user’s own session is as it was
    await prisma.user.delete({ where: { id: user.id } });
    await prisma.role.delete({ where: { id: everything.id } });
  });

  test('is closed to it on the REST API, too', async () => {
    const base = server.url.replace('/graphql', '');
    const answers: Record<string, string> = {};
    for (const route of Object.keys(REST_ROUTES)) {
      const { jwt } = await begun();
      const [method = '', path = ''] = route.split(' ');
      const response = await fetch(base + path, {
        method,
        headers: { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' },
        ...(method !== 'GET' && { body: '{}' }),
      });
      const body = (await response.json()) as { error?: { message: string } };
      answers[route] = body.error ? `${response.status} ${body.error.message}` : `${response.status}`;
    }
    const open = ['GET /api/users/me', 'POST /api/auth/logout'];
    // Some are not for users at all, and are refused as they are to every user.
    expect(answers).toEqual(
      Object.fromEntries(
        Object.keys(REST_ROUTES).map((route) => [route, open.includes(route) ? '200' : `403 ${MESSAGE}`]),
      ),
    );
  });

  test('is closed to it by the management of users as well, which it has for others', async () => {
    user = await newUser('user.find', 'user.update', 'user.delete');
    const { jwt } = await begun();
    const other = await newUser();
    const UPDATE =
      'mutation ($id: ID!, $data: UsersPermissionsUserInput!) { updateUsersPermissionsUser(id: $id, data: $data) { data { username } } }';
    const update = (id: number) =>
      server.ask(UPDATE, { token: jwt, variables: { id: String(id), data: { username: `renamed${id}` } } });
    const own = await update(user.id);
    expect(own.errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([[MESSAGE, 'FORBIDDEN']]);
    const deleted = await server.ask(
      `mutation { deleteUsersPermissionsUser(id: "${user.id}") { data { username } } }`,
      { token: jwt },
    );
    expect(codesOf(deleted)).toEqual(['FORBIDDEN']);
    expect(await whoIs(jwt)).toBe(user.username);
    expect((await update(other.id)).data.updateUsersPermissionsUser.data.username).toBe(`renamed${other.id}`);
    const [entry] = await entries({ event: 'user.update', targetId: other.documentId });
    expect(entry).toMatchObject({
      actorKind: 'user',
      actorId: user.documentId,
      after: { username: `renamed${other.id}`, impersonatedBy: { documentId: admin.documentId, name: admin.email } },
    });
    // What the user does is the user’s alone.
    const alone = await server.ask(UPDATE, {
      token: await server.tokenOf(user.username),
      variables: { id: String(other.id), data: { username: `once more ${other.id}` } },
    });
    expect(alone.errors).toBeUndefined();
    const [, last] = await entries({ event: 'user.update', targetId: other.documentId });
    expect(last?.after).toEqual({ username: `once more ${other.id}` });
  });
});

describe('the audit log', () => {
  test('has its begin with the reason, every refusal that it causes, and its end; and its chain holds', async () => {
    const { documentId, jwt, expiresAt } = await begun();
    const [first] = await entries({ event: 'user.impersonate', targetId: user.documentId });
    expect(first).toMatchObject({
      actorKind: 'admin',
      actorId: admin.documentId,
      targetName: user.username,
      after: { session: documentId, reason: REASON, expiresAt },
    });
    await server.ask('mutation { deleteRole(id: "1") { ok } }', { token: jwt });
    await server.ask('mutation { deleteUsersPermissionsUser(id: "1") { data { username } } }', { token: jwt });
    await server.gatehouse.idle();
    const [refusal] = await entries({ event: 'administration.refuse', actorId: user.documentId });
    expect(refusal?.after).toMatchObject({ impersonatedBy: { documentId: admin.documentId, name: admin.email } });
    await server.askAdmin(`mutation { endImpersonation(documentId: "${documentId}") { ok } }`, { token: admin.token });
    const [end] = await endsOf(documentId);
    expect(end).toMatchObject({ actorKind: 'admin', actorId: admin.documentId, targetId: user.documentId });
    const { data } = await server.askAdmin(
      `{ auditEntries(filters: { actor: "${user.documentId}" }) { nodes { event impersonatedBy } } }`,
      { token: admin.token },
    );
    expect(data.auditEntries.nodes).toEqual([{ event: 'administration.refuse', impersonatedBy: admin.email }]);
    expect((await verifyAudit(server.database.query)).findings).toEqual([]);
    expect(JSON.stringify([await entries({}).then((all) => all.map(({ after }) => after)), server.log])).not.toContain(
      jwt.split('.')[2],
    );
  });
});

describe('it ends at once, in every process, and the audit log has its end once', () => {
  const { askAdmin } = { askAdmin: (...given: Parameters<TestServer['askAdmin']>) => server.askAdmin(...given) };
  const byAdmin = (document: string, token: string) => askAdmin(`mutation { ${document} }`, { token });
  const by = { actor: SERVER, ceiling: NO_CEILING };
  const ownSession = async () => {
    const { data } = await askAdmin('{ sessions { documentId isCurrent } }', { token: admin.token });
    return data.sessions.find(({ isCurrent }: { isCurrent: boolean }) => isCurrent).documentId as string;
  };

  test.each<[string, string, (session: string, jwt: string) => Promise<unknown>]>([
    ['endImpersonation', 'admin', (id) => byAdmin(`endImpersonation(documentId: "${id}") { ok }`, admin.token)],
    [
      'endImpersonation by another administrator',
      'admin',
      async (id) => byAdmin(`endImpersonation(documentId: "${id}") { ok }`, (await newAdmin()).token),
    ],
    ['logout of the administrator', 'server', () => byAdmin('logout { ok }', admin.token)],
    [
      'revokeSession of the administrator',
      'server',
      async () => {
        const elsewhere = await logInWithCookie(server, { email: admin.email, password: PASSWORD });
        return byAdmin(`revokeSession(documentId: "${await ownSession()}") { ok }`, elsewhere.jwt);
      },
    ],
    [
      'a new password of the administrator',
      'server',
      () =>
        byAdmin(
          `changePassword(currentPassword: "${PASSWORD}", password: "another password", passwordConfirmation: "another password") { jwt }`,
          admin.token,
        ),
    ],
    [
      'a password set by the command line',
      'server',
      () => setAdminPassword(server.gatehouse.administration, by, admin.email, 'another password'),
    ],
    [
      'endAdminSessions',
      'server',
      async () => byAdmin(`endAdminSessions(documentId: "${admin.documentId}") { email }`, (await newAdmin()).token),
    ],
    [
      'the deletion of the administrator',
      'server',
      async () => byAdmin(`deleteAdmin(documentId: "${admin.documentId}") { documentId }`, (await newAdmin()).token),
    ],
    [
      'the demotion of the administrator',
      'server',
      async () =>
        byAdmin(
          `updateAdmin(documentId: "${admin.documentId}", data: { role: READ_ONLY }) { role }`,
          (await newAdmin()).token,
        ),
    ],
    [
      'the end of the session of the administrator, written with SQL',
      'server',
      () =>
        server.database.query(
          'DELETE FROM "admin_sessions" WHERE "adminId" = (SELECT "id" FROM "admins" WHERE "email" = $1)',
          [admin.email],
        ),
    ],
    [
      'revokeSession of the user',
      'user',
      async (id) =>
        server.ask(`mutation { revokeSession(documentId: "${id}") { documentId } }`, {
          token: await server.tokenOf(user.username),
        }),
    ],
    ['its own logout', 'user', (_id, jwt) => server.ask('mutation { logout { ok } }', { token: jwt })],
    [
      'logoutEverywhere of the user',
      'server',
      async () => server.ask('mutation { logoutEverywhere { ok } }', { token: await server.tokenOf(user.username) }),
    ],
    ['a block of the user', 'server', () => byAdmin(`blockUser(documentId: "${user.documentId}") { id }`, admin.token)],
    [
      'endUserSessions',
      'server',
      () => byAdmin(`endUserSessions(documentId: "${user.documentId}") { id }`, admin.token),
    ],
    [
      'the deletion of the user',
      'server',
      () => byAdmin(`deleteUser(documentId: "${user.documentId}") { documentId }`, admin.token),
    ],
  ])('with %s', async (_what, actorKind, end) => {
    await using beside = await startBeside(server);
    const { jwt, documentId } = await begun();
    expect([await whoIs(jwt), await whoIs(jwt, beside.url)]).toEqual([user.username, user.username]);
    const done = (await end(documentId, jwt)) as Partial<Answer> | undefined;
    expect(done?.errors).toBeUndefined();
    await server.database.changes.catchUp();
    expect(await whoIs(jwt)).toMatch(/^(revoked|blocked)$/);
    expect(await whoIs(jwt, beside.url)).toMatch(/^(revoked|blocked)$/);
    const ends = await endsOf(documentId);
    expect(ends.map(({ actorKind: kind }) => kind)).toEqual([actorKind]);
    if (actorKind === 'user') expect(ends[0]?.actorId).toBe(user.documentId);
    expect(await server.database.prisma.session.count({ where: { documentId } })).toBe(0);
    expect((await verifyAudit(server.database.query)).findings).toEqual([]);
  });

  test('its own logout names the administrator', async () => {
    const { jwt, documentId } = await begun();
    await server.ask('mutation { logout { ok } }', { token: jwt });
    expect((await endsOf(documentId))[0]?.after).toEqual({
      impersonatedBy: { documentId: admin.documentId, name: admin.email },
    });
  });

  test('with the idle end of the session of the administrator, which no request notices', async () => {
    const { cookie: _cookie, jwt: token } = await logInWithCookie(server, { email: admin.email, password: PASSWORD });
    const { jwt } = await begun(token);
    server.advance(29 * MINUTE);
    expect(await whoIs(jwt)).toBe(user.username);
    server.advance(MINUTE);
    expect(await whoIs(jwt)).toBe('revoked');
    server.advance(-30 * MINUTE);
  });

  test('with a demotion written with SQL', async () => {
    const { jwt } = await begun();
    expect(await whoIs(jwt)).toBe(user.username);
    await server.database.prisma.admin.update({ where: { email: admin.email }, data: { role: 'READ_ONLY' } });
    expect(await whoIs(jwt)).toBe('revoked');
  });

  test('after an hour, which the cleanup records', async () => {
    const { documentId } = await begun();
    server.advance(61 * MINUTE);
    await server.gatehouse.cleanUp();
    server.advance(-61 * MINUTE);
    expect((await endsOf(documentId)).map(({ actorKind }) => actorKind)).toEqual(['server']);
  });

  test('when the administrator logs out while it begins', async () => {
    for (let round = 0; round < 5; round += 1) {
      admin = await newAdmin();
      const [answer] = await Promise.all([begin(), askAdmin('mutation { logout { ok } }', { token: admin.token })]);
      const token = answer.data?.impersonateUser?.jwt;
      if (token !== undefined) expect(await whoIs(token)).toBe('revoked');
      const { count } = await server.database.prisma.session.deleteMany({ where: { userId: user.id } });
      expect(count).toBe(0);
    }
  });
});

describe('sessions', () => {
  test('show it to the user and to administrators, with the name of who acts, and not the reason', async () => {
    const { documentId } = await begun();
    const own = await server.ask('{ sessions { documentId impersonatedBy current } }', {
      token: await server.tokenOf(user.username),
    });
    expect(own.data.sessions).toHaveLength(2);
    expect(own.data.sessions).toContainEqual({
      documentId,
      impersonatedBy: expect.stringMatching(/^Actor /),
      current: false,
    });
    expect(own.data.sessions).toContainEqual(expect.objectContaining({ impersonatedBy: null, current: true }));
    expect(own.text).not.toContain(REASON);
    const listed = await server.askAdmin(
      `{ user(documentId: "${user.documentId}") { sessions { documentId impersonatedBy } } }`,
      {
        token: admin.token,
      },
    );
    expect(listed.data.user.sessions).toContainEqual({ documentId, impersonatedBy: expect.stringMatching(/^Actor /) });
    const admins = await server.askAdmin('{ sessions { impersonatedBy } }', { token: admin.token });
    expect(admins.data.sessions).toEqual([{ impersonatedBy: null }]);
  });

  test('of users themselves are no impersonation to end', async () => {
    const token = await server.tokenOf(user.username);
    const { data } = await server.ask('{ sessions { documentId } }', { token });
    for (const id of [data.sessions[0].documentId, 'nothing']) {
      const end = await server.askAdmin(`mutation { endImpersonation(documentId: "${id}") { ok } }`, {
        token: admin.token,
      });
      expect(end.errors?.map(({ message }) => message)).toEqual(['Impersonation not found']);
    }
    expect(await whoIs(token)).toBe(user.username);
  });
});

test('those of an administrator are listed for them alone, from every session of theirs, while they run', async () => {
  const LIST = '{ impersonations { documentId expiresAt user { documentId username } } }';
  const BEGIN = 'mutation ($id: ID!) { impersonateUser(documentId: $id, reason: "why") { documentId expiresAt } }';
  const listed = async (token: string) => (await server.askAdmin(LIST, { token })).data.impersonations;
  const login = await server.askAdmin(`mutation { login(email: "${admin.email}", password: "${PASSWORD}") { jwt } }`);
  const elsewhere = login.data.login.jwt as string;
  const stranger = await newAdmin();
  const second = await newUser();
  const begun = [];
  for (const [token, of] of [
    [admin.token, user],
    [elsewhere, second],
  ] as const) {
    const { data } = await server.askAdmin(BEGIN, { token, variables: { id: of.documentId } });
    begun.push({ ...data.impersonateUser, user: { documentId: of.documentId, username: of.username } });
  }
  server.statements.length = 0;
  expect(await listed(admin.token)).toEqual(begun);
  expect(server.statements.filter((sql) => sql.includes('"impersonatedById"'))).toHaveLength(1);
  expect(await listed(elsewhere)).toEqual(begun);
  expect(await listed(stranger.token)).toEqual([]);
  const end = 'mutation ($id: ID!) { endImpersonation(documentId: $id) { ok } }';
  await server.askAdmin(end, { token: admin.token, variables: { id: begun[1]?.documentId } });
  expect(await listed(elsewhere)).toEqual(begun.slice(0, 1));
  await server.askAdmin('mutation { logout { ok } }', { token: admin.token });
  expect(await listed(elsewhere)).toEqual([]);
});

test('its token is nobody’s on /admin/graphql, so it cannot lead to another one', async () => {
  const { jwt } = await begun();
  const { status, errors } = await server.askAdmin(BEGIN, {
    token: jwt,
    variables: { user: user.documentId, reason: REASON },
  });
  expect([status, errors?.[0]?.extensions.reason]).toEqual([401, 'invalid']);
});
