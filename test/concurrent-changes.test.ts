import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { identifierKeys } from '../src/accounts/identifiers.ts';
import { createPasswords } from '../src/accounts/passwords.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { meanwhile } from './support/meanwhile.ts';
import { type Answer, startServer, type TestServer } from './support/start.ts';

// What was checked may be changed before what it was checked for is written.

let server: TestServer;
/** As an older server made them: a login makes them anew. */
let outdated: string;

beforeAll(async () => {
  server = await startServer({ config: { bcryptCost: 5 } });
  outdated = await createPasswords(4).hash(DEMO_PASSWORD);
});
afterAll(() => server?.close());
afterEach(() => {
  // Nothing that these tests do is unexpected: an error in the log is a bug that an answer hid.
  expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});

interface Person {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  readonly jwt: string;
}

let people = 0;
async function newPerson(): Promise<Person> {
  const username = `person${++people}`;
  const email = `${username}@example.com`;
  const { id, documentId } = await server.database.prisma.user.create({
    data: {
      username,
      email,
      passwordHash: outdated,
      role: { connect: { type: 'authenticated' } },
      identifiers: { create: identifierKeys({ username, email }).map((key) => ({ key })) },
    },
  });
  return { id, documentId, username, email, jwt: await server.tokenOf(username) };
}

const NEW = 'chosen by its owner';
const login = (identifier: string, password: string) =>
  server.ask('mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }', {
    variables: { input: { identifier, password } },
  });
const changePassword = (token: string, password = NEW) =>
  server.ask(
    'mutation ($c: String!, $p: String!) { changePassword(currentPassword: $c, password: $p, passwordConfirmation: $p) { jwt } }',
    { token, variables: { c: DEMO_PASSWORD, p: password } },
  );
const updateMe = (token: string, data: object) =>
  server.ask('mutation ($data: UpdateMeInput!) { updateMe(data: $data) { username } }', { token, variables: { data } });

function resetCode({ id }: Person): Promise<string> {
  return server.gatehouse.administration.codes.issue(server.database.prisma, id, 'resetPassword');
}

async function resetPassword(user: Person, code?: string): Promise<Answer> {
  return server.ask(
    'mutation ($c: String!, $p: String!) { resetPassword(code: $c, password: $p, passwordConfirmation: $p) { jwt } }',
    { variables: { c: code ?? (await resetCode(user)), p: NEW } },
  );
}

async function byAdmin(document: string, { documentId }: Person): Promise<Answer> {
  const token = await server.adminToken();
  return server.askAdmin(`mutation ($id: ID!) { ${document} }`, { token, variables: { id: documentId } });
}

function refusalOf({ errors }: Answer): string | undefined {
  const [error] = errors ?? [];
  return error && `${error.extensions.code} ${error.extensions.reason ?? error.message}`;
}

/** What ends whatever somebody was let in with. */
const ENDS: readonly (readonly [string, (user: Person) => Promise<Answer>])[] = [
  ['its owner changes the password', ({ jwt }) => changePassword(jwt)],
  ['its owner resets the password', (user) => resetPassword(user)],
  ['its owner ends all sessions', ({ jwt }) => server.ask('mutation { logoutEverywhere { ok } }', { token: jwt })],
  ['an administrator ends all sessions', (user) => byAdmin('endUserSessions(documentId: $id) { id }', user)],
  ['an administrator blocks it', (user) => byAdmin('blockUser(documentId: $id) { id }', user)],
  ['an administrator deletes it', (user) => byAdmin('deleteUser(documentId: $id) { documentId }', user)],
];

describe.each(ENDS)('while a password is compared, %s', (_title, end) => {
  test.each<[string, (user: Person) => Promise<Answer>]>([
    [
      'another e-mail is not asked for',
      ({ jwt, email }) => updateMe(jwt, { email: `thief-${email}`, currentPassword: DEMO_PASSWORD }),
    ],
    ['the password is not changed', ({ jwt }) => changePassword(jwt, 'chosen by a thief')],
    ['nobody is let in', ({ username }) => login(username, DEMO_PASSWORD)],
  ])('%s', async (_what, act) => {
    const { prisma } = server.database;
    const user = await newPerson();
    const ended: Answer[] = [];
    const answer = await meanwhile(
      server,
      'compare',
      async () => void ended.push(await end(user)),
      () => act(user),
    );
    expect(ended.map(({ errors }) => errors)).toEqual([undefined]);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED revoked');
    await server.gatehouse.idle();
    expect(await prisma.mailedCode.count({ where: { userId: user.id } })).toBe(0);
    expect(server.mails.filter(({ to }) => to === `thief-${user.email}`)).toEqual([]);
    expect((await login(user.username, 'chosen by a thief')).data.login).toBeNull();
    // The session that its owner has of it, and no other.
    const sessions = ended[0]?.data.changePassword || ended[0]?.data.resetPassword ? 1 : 0;
    expect(await prisma.session.count({ where: { userId: user.id } })).toBe(sessions);
  });
});

describe('a hash that a login makes anew', () => {
  const hashOf = async ({ id }: Person) =>
    (await server.database.prisma.user.findUniqueOrThrow({ where: { id } })).passwordHash;

  test('while the same password is compared to change it, is no other password', async () => {
    const user = await newPerson();
    await server.database.prisma.user.update({ where: { id: user.id }, data: { passwordHash: outdated } });
    const answer = await meanwhile(
      server,
      'compare',
      () => login(user.username, DEMO_PASSWORD),
      async () => {
        const changed = await changePassword(user.jwt);
        expect(changed.errors).toBeUndefined();
        return changed;
      },
    );
    expect((await server.ask('{ me { username } }', { token: answer.data.changePassword.jwt })).errors).toBeUndefined();
    expect((await login(user.username, NEW)).errors).toBeUndefined();
  });

  test('does not undo a change of the password that was made meanwhile', async () => {
    const user = await newPerson();
    await server.database.prisma.user.update({ where: { id: user.id }, data: { passwordHash: outdated } });
    let changed = '';
    const answer = await meanwhile(
      server,
      'compare',
      async () => {
        expect((await changePassword(user.jwt)).errors).toBeUndefined();
        changed = await hashOf(user);
      },
      () => login(user.username, DEMO_PASSWORD),
    );
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED revoked');
    expect(await hashOf(user)).toBe(changed);
    expect((await login(user.username, DEMO_PASSWORD)).data.login).toBeNull();
    expect((await login(user.username, NEW)).errors).toBeUndefined();
  });
});

describe('who administers is looked at again where it is written:', () => {
  const CREATE = 'mutation ($data: CreateUserInput!) { createUser(data: $data) { documentId } }';
  const CREATE_ON_GRAPHQL =
    'mutation ($data: UsersPermissionsUserInput!) { createUsersPermissionsUser(data: $data) { data { documentId } } }';
  const sql = (text: string, ...values: readonly unknown[]) => server.database.query(text, values);
  const made = async (username: string) => (await server.database.prisma.user.count({ where: { username } })) > 0;
  const dataOf = (username: string) => ({ username, email: `${username}@example.com`, password: NEW });

  test.each<[string, string, string | undefined]>([
    [
      'an administrator who was demoted',
      `UPDATE admins SET role = 'READ_ONLY' WHERE id = $1`,
      'FORBIDDEN Forbidden access',
    ],
    ['one whose session was ended', 'DELETE FROM admin_sessions WHERE "adminId" = $1', 'UNAUTHENTICATED revoked'],
    ['one who was deleted', 'DELETE FROM admins WHERE id = $1', 'UNAUTHENTICATED revoked'],
    ['one to whom nothing happened', 'SELECT $1::int', undefined],
  ])('%s', async (_who, statement, refusal) => {
    const token = await server.adminToken();
    const { email } = (await server.askAdmin('{ me { email } }', { token })).data.me;
    const { id } = await server.database.prisma.admin.findUniqueOrThrow({ where: { email } });
    const data = dataOf(`made${++people}`);
    const answer = await meanwhile(
      server,
      'hash',
      () => sql(statement, id),
      () => server.askAdmin(CREATE, { token, variables: { data } }),
    );
    expect(refusalOf(answer)).toBe(refusal);
    expect(await made(data.username)).toBe(refusal === undefined);
  });

  test.each<[string, string, string | undefined]>([
    [
      'a token that was revoked',
      'UPDATE api_tokens SET "revokedAt" = now() WHERE name = $1',
      'UNAUTHENTICATED revoked',
    ],
    ['one that ended', 'UPDATE api_tokens SET "expiresAt" = now() WHERE name = $1', 'UNAUTHENTICATED revoked'],
    ['one that was deleted', 'DELETE FROM api_tokens WHERE name = $1', 'UNAUTHENTICATED revoked'],
    [
      'one that is for reading only now',
      `UPDATE api_tokens SET kind = 'READ_ONLY' WHERE name = $1`,
      'FORBIDDEN Forbidden access',
    ],
    ['one to which nothing happened', 'SELECT $1::text', undefined],
  ])('%s', async (_who, statement, refusal) => {
    const name = `token ${++people}`;
    const create = `mutation { createApiToken(data: { name: "${name}", kind: FULL_ACCESS, lifespan: UNLIMITED }) { secret } }`;
    const token = (await server.askAdmin(create, { token: await server.adminToken() })).data.createApiToken.secret;
    const data = dataOf(`made${++people}`);
    const answer = await meanwhile(
      server,
      'hash',
      () => sql(statement, name),
      () => server.ask(CREATE_ON_GRAPHQL, { token, variables: { data } }),
    );
    expect(refusalOf(answer)).toBe(refusal);
    expect(await made(data.username)).toBe(refusal === undefined);
  });

  test.each<[string, string, string | undefined]>([
    ['a role manager who was blocked', 'UPDATE users SET blocked = true WHERE id = $1', 'UNAUTHENTICATED revoked'],
    ['one whose session was ended', 'DELETE FROM sessions WHERE "userId" = $1', 'UNAUTHENTICATED revoked'],
    ['one who was deleted', 'DELETE FROM users WHERE id = $1', 'UNAUTHENTICATED revoked'],
    [
      'one who has another role now',
      `UPDATE users SET "roleId" = (SELECT id FROM roles WHERE type = 'public') WHERE id = $1`,
      'FORBIDDEN Forbidden access',
    ],
    ['one to whom nothing happened', 'SELECT $1::int', undefined],
  ])('%s', async (_who, statement, refusal) => {
    const { prisma } = server.database;
    const actions = server.gatehouse.administration.tokenActions.all;
    const permissions = { create: actions.map((action) => ({ action })) };
    const role = await prisma.role.create({
      data: { name: `managers ${++people}`, type: `managers${people}`, permissions },
    });
    const manager = await newPerson();
    await prisma.user.update({ where: { id: manager.id }, data: { roleId: role.id } });
    const data = dataOf(`made${++people}`);
    const answer = await meanwhile(
      server,
      'hash',
      () => sql(statement, manager.id),
      () => server.ask(CREATE_ON_GRAPHQL, { token: manager.jwt, variables: { data } }),
    );
    expect(refusalOf(answer)).toBe(refusal);
    expect(await made(data.username)).toBe(refusal === undefined);
  });
});

describe('an administrator’s password', () => {
  interface Administrator {
    readonly id: number;
    readonly email: string;
    readonly documentId: string;
    readonly token: string;
  }
  async function newAdmin(): Promise<Administrator> {
    const token = await server.adminToken();
    const { email, documentId } = (await server.askAdmin('{ me { email documentId } }', { token })).data.me;
    const { id } = await server.database.prisma.admin.findUniqueOrThrow({ where: { email } });
    return { id, email, documentId, token };
  }
  const change = (token: string, password = NEW) =>
    server.askAdmin(
      'mutation ($c: String!, $p: String!) { changePassword(currentPassword: $c, password: $p, passwordConfirmation: $p) { jwt } }',
      { token, variables: { c: DEMO_PASSWORD, p: password } },
    );
  const enter = (email: string, password: string) =>
    server.askAdmin('mutation ($e: String!, $p: String!) { login(email: $e, password: $p) { jwt } }', {
      variables: { e: email, p: password },
    });
  const byAnother = async (document: string, id: string) =>
    server.askAdmin(`mutation ($id: ID!) { ${document} }`, { token: await server.adminToken(), variables: { id } });

  test.each<[string, (admin: Administrator) => Promise<Answer>]>([
    ['was changed', ({ token }) => change(token)],
    [
      '’s sessions were ended',
      ({ documentId }) => byAnother('endAdminSessions(documentId: $id) { email }', documentId),
    ],
    ['’s owner was deleted', ({ documentId }) => byAnother('deleteAdmin(documentId: $id) { documentId }', documentId)],
  ])('that %s while it was compared changes nothing and lets nobody in', async (_title, end) => {
    for (const [act, refusal] of [
      [({ token }: Administrator) => change(token, 'chosen by a thief'), 'UNAUTHENTICATED revoked'],
      [({ email }: Administrator) => enter(email, DEMO_PASSWORD), 'BAD_USER_INPUT Invalid identifier or password'],
    ] as const) {
      const admin = await newAdmin();
      const ended: Answer[] = [];
      const answer = await meanwhile(
        server,
        'compare',
        async () => void ended.push(await end(admin)),
        () => act(admin),
      );
      expect(ended.map(({ errors }) => errors)).toEqual([undefined]);
      expect(refusalOf(answer)).toBe(refusal);
      expect((await enter(admin.email, 'chosen by a thief')).data.login).toBeNull();
      const sessions = ended[0]?.data.changePassword ? 1 : 0;
      expect(await server.database.prisma.adminSession.count({ where: { adminId: admin.id } })).toBe(sessions);
    }
  });

  test('is the same one when a login makes its hash anew, and is not undone by that', async () => {
    const { prisma } = server.database;
    const age = ({ id }: Administrator) => prisma.admin.update({ where: { id }, data: { passwordHash: outdated } });
    const [one, other] = [await newAdmin(), await newAdmin()];
    await age(one);
    const changed = await meanwhile(
      server,
      'compare',
      () => enter(one.email, DEMO_PASSWORD),
      () => change(one.token),
    );
    expect(changed.errors).toBeUndefined();
    await age(other);
    const entered = await meanwhile(
      server,
      'compare',
      () => change(other.token),
      () => enter(other.email, DEMO_PASSWORD),
    );
    expect(refusalOf(entered)).toBe('BAD_USER_INPUT Invalid identifier or password');
    for (const { email } of [one, other]) {
      expect((await enter(email, DEMO_PASSWORD)).data.login).toBeNull();
      expect((await enter(email, NEW)).errors).toBeUndefined();
    }
  });
});

test('a code that ended while the new password was hashed gives none', async () => {
  const user = await newPerson();
  const answer = await meanwhile(
    server,
    'hash',
    () => server.database.query('UPDATE users SET blocked = true WHERE id = $1', [user.id]),
    () => resetPassword(user),
  );
  expect(refusalOf(answer)).toBe('BAD_USER_INPUT Incorrect code provided');
  await server.database.query('UPDATE users SET blocked = false WHERE id = $1', [user.id]);
  expect((await login(user.username, NEW)).data.login).toBeNull();
});

test('users who take each other’s names at the same moment are answered', async () => {
  for (let round = 0; round < 3; round++) {
    const all = await Promise.all([newPerson(), newPerson()]);
    const names = all.map(({ username }) => username).reverse();
    const answers = await Promise.all(all.map(({ jwt }, index) => updateMe(jwt, { username: names[index] })));
    for (const answer of answers) {
      expect([undefined, 'APPLICATION_ERROR Email or Username are already taken']).toContain(refusalOf(answer));
    }
  }
});

test('a role that is deleted while somebody registers for it is a refusal, and there is no account', async () => {
  const { prisma } = server.database;
  const { defaultRoleId } = await prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
  const { id } = await prisma.role.create({ data: { name: 'Fleeting', type: 'fleeting' } });
  const setDefault = (roleId: number) => prisma.settings.update({ where: { id: 1 }, data: { defaultRoleId: roleId } });
  await setDefault(id);
  const input = { username: 'a newcomer', email: 'newcomer@example.com', password: NEW };
  const register = () =>
    server.ask('mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }', {
      variables: { input },
    });
  const answer = await meanwhile(
    server,
    'hash',
    async () => {
      await setDefault(defaultRoleId);
      await prisma.role.delete({ where: { id } });
    },
    register,
  );
  expect(refusalOf(answer)).toBe('NOT_FOUND Something that this needs was deleted meanwhile');
  expect(await prisma.user.count({ where: { email: input.email } })).toBe(0);
  expect((await register()).errors).toBeUndefined();
});

test('who is deleted before the answer is read is not found, and that is no error of ours', async () => {
  const { query } = server.database;
  const token = await server.adminToken();
  const ask = (document: string) => server.askAdmin(`mutation { ${document} }`, { token });
  const admin = await ask('createAdmin(data: { email: "short@admin.test", role: READ_ONLY }) { documentId }');
  const users = [await newPerson(), await newPerson(), await newPerson()];
  const [updated, ended, written] = users.map(({ documentId }) => documentId);
  const secret = (await ask('createApiToken(data: { name: "here", kind: FULL_ACCESS, lifespan: DAYS_7 }) { secret }'))
    .data.createApiToken.secret;
  // In the moment between the commit and the answer.
  await query(
    `CREATE FUNCTION delete_target() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      DELETE FROM users WHERE "documentId" = NEW."targetId";
      DELETE FROM admins WHERE "documentId" = NEW."targetId";
      RETURN NULL;
    END $$`,
    [],
  );
  await query(
    `CREATE CONSTRAINT TRIGGER delete_target AFTER INSERT ON audit_entries DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW."targetKind" IN ('user', 'admin')) EXECUTE FUNCTION delete_target()`,
    [],
  );
  try {
    const update = `updateUsersPermissionsUser(id: "${written}", data: { username: "gone as well" }) { data { username } }`;
    for (const [answer, refusal] of [
      [await ask(`updateUser(documentId: "${updated}", data: { username: "gone" }) { username email }`), 'User'],
      [await ask(`endUserSessions(documentId: "${ended}") { username }`), 'User'],
      [await ask('createUser(data: { username: "made and gone", email: "gone@example.com" }) { email }'), 'User'],
      [await server.ask(`mutation { ${update} }`, { token: secret }), 'UsersPermissionsUser'],
      [
        await ask(`updateAdmin(documentId: "${admin.data.createAdmin.documentId}", data: { name: "Gone" }) { name }`),
        'Admin',
      ],
    ] as const) {
      expect(refusalOf(answer)).toBe(`NOT_FOUND ${refusal} not found`);
    }
  } finally {
    await query('DROP FUNCTION delete_target CASCADE', []);
  }
});

/** Connections to this database that wait for another one. */
const WAITING = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

/** Two connections at a time: the embedded database has one. */
function deletedMeanwhile(): void {
  const REVOKED = 'UNAUTHENTICATED revoked';
  const NO_USER = 'NOT_FOUND User not found';
  const onAdmin = async (document: string, { documentId }: Person) =>
    server.askAdmin(`mutation ($id: ID!) { ${document} }`, { token: administrator, variables: { id: documentId } });
  let administrator: string;
  beforeAll(async () => {
    administrator = await server.adminToken();
  });

  test.each<[string, (user: Person, code: string) => Promise<Answer>, string]>([
    ['updateMe', ({ jwt }) => updateMe(jwt, { username: 'too late' }), REVOKED],
    [
      'updateMe(email)',
      ({ jwt, email }) => updateMe(jwt, { email: `n-${email}`, currentPassword: DEMO_PASSWORD }),
      REVOKED,
    ],
    ['changePassword', ({ jwt }) => changePassword(jwt), REVOKED],
    ['logoutEverywhere', ({ jwt }) => server.ask('mutation { logoutEverywhere { ok } }', { token: jwt }), REVOKED],
    ['login', ({ username }) => login(username, DEMO_PASSWORD), REVOKED],
    ['resetPassword', resetPassword, 'BAD_USER_INPUT Incorrect code provided'],
    ['updateUser', (user) => onAdmin('updateUser(documentId: $id, data: { confirmed: true }) { id }', user), NO_USER],
    ['blockUser', (user) => onAdmin('blockUser(documentId: $id) { id }', user), NO_USER],
    ['endUserSessions', (user) => onAdmin('endUserSessions(documentId: $id) { id }', user), NO_USER],
    ['sendUserPasswordMail', (user) => onAdmin('sendUserPasswordMail(documentId: $id) { id }', user), NO_USER],
    ['deleteUser', (user) => onAdmin('deleteUser(documentId: $id) { documentId }', user), NO_USER],
  ])('%s finds nobody, and says so', async (_act, act, refusal) => {
    const { prisma, query } = server.database;
    const user = await newPerson();
    const code = await resetCode(user);
    // Asked before: what it is let in by is remembered.
    await server.ask('{ me { id } }', { token: user.jwt });
    let answer: Promise<Answer> | undefined;
    await prisma.$transaction(
      async (transaction) => {
        await transaction.$queryRaw`SELECT 1 FROM "users" WHERE "id" = ${user.id} FOR UPDATE`;
        answer = act(user, code);
        await expect.poll(() => query(WAITING, [])).not.toEqual([]);
        await transaction.user.delete({ where: { id: user.id } });
      },
      { timeout: 60_000 },
    );
    expect(answer && refusalOf(await answer)).toBe(refusal);
  });

  test('what is administered is not found either, whatever it is', async () => {
    const { prisma, query } = server.database;
    const ask = (document: string) => server.askAdmin(`mutation { ${document} }`, { token: administrator });
    const token = await ask(
      'createApiToken(data: { name: "gone", kind: READ_ONLY, lifespan: DAYS_7 }) { token { documentId } }',
    );
    const role = await ask('createRole(data: { name: "Gone" }) { documentId }');
    const admin = await ask('createAdmin(data: { email: "gone@admin.test", role: READ_ONLY }) { documentId }');
    for (const [table, documentId, document, refusal] of [
      [
        'api_tokens',
        token.data.createApiToken.token.documentId,
        'updateApiToken(documentId: $id, data: { name: "renamed" }) { name }',
        'NOT_FOUND Something that this needs was deleted meanwhile',
      ],
      [
        'roles',
        role.data.createRole.documentId,
        'updateRole(documentId: $id, data: { name: "Renamed" }) { name }',
        'NOT_FOUND Something that this needs was deleted meanwhile',
      ],
      [
        'admins',
        admin.data.createAdmin.documentId,
        'updateAdmin(documentId: $id, data: { name: "Renamed" }) { name }',
        'NOT_FOUND Administrator not found',
      ],
    ] as const) {
      let answer: Promise<Answer> | undefined;
      await prisma.$transaction(
        async (transaction) => {
          await transaction.$executeRawUnsafe(`DELETE FROM ${table} WHERE "documentId" = '${documentId}'`);
          answer = ask(document.replace('$id', `"${documentId}"`));
          await expect.poll(() => query(WAITING, [])).not.toEqual([]);
        },
        { timeout: 60_000 },
      );
      expect(answer && refusalOf(await answer), table).toBe(refusal);
    }
  });
}
if (inject('databaseKind') === 'server') describe('a user who is deleted while it waits:', deletedMeanwhile);
