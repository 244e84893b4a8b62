import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
/** What `exportUser` returns. */
let exported: () => unknown = () => ({ notes: 2 });
const deleted: string[] = [];
beforeAll(async () => {
  server = await startServer({
    hooks: {
      exportUser: () => exported(),
      afterDelete: ({ username }, { way }) => void deleted.push(`${way} ${username}`),
    },
  });
  const { id } = await server.database.prisma.role.findUniqueOrThrow({ where: { type: 'authenticated' } });
  await server.database.prisma.permission.create({ data: { roleId: id, action: 'user.deleteMe' } });
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.gatehouse.idle();
  server.mails.length = 0;
  deleted.length = 0;
  exported = () => ({ notes: 2 });
  await setSettings({ deleteGraceDays: 0, sessionMode: 'plain' });
});

const setSettings = (data: object) => server.database.prisma.settings.update({ where: { id: 1 }, data });
const DAY = 86_400_000;
const DELETE = 'mutation { deleteMe { deletesAt } }';
const EXPORT = 'mutation { exportMe }';
const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code;
const subjects = () => server.mails.map(({ to, subject }) => `${to}: ${subject}`);
const rowOf = (email: string) => server.database.prisma.user.findUnique({ where: { email } });

let people = 0;
async function somebody() {
  people += 1;
  const person = { username: `leaving-${people}`, email: `leaving-${people}@example.com`, password: 'a good password' };
  const { data, text } = await server.ask(
    'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt refreshToken user { documentId } } }',
    { variables: { input: person } },
  );
  if (!data?.register?.jwt) throw new Error(text);
  return { ...person, token: data.register.jwt as string, documentId: data.register.user.documentId as string };
}
const login = ({ email, password }: { email: string; password: string }) =>
  server.ask('mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }', {
    variables: { input: { identifier: email, password } },
  });
const eventsOf = async (documentId: string) => {
  const where = { targetId: documentId };
  const rows = await server.database.prisma.auditEntry.findMany({ where, orderBy: { id: 'asc' } });
  return rows.map(({ actorKind, event }) => `${actorKind} ${event}`);
};

describe('deleteMe', () => {
  test('deletes the account at once, ends its tokens, and tells the owner', async () => {
    const person = await somebody();
    const { data } = await server.ask(DELETE, { token: person.token });
    expect(data).toEqual({ deleteMe: { deletesAt: null } });
    expect(await rowOf(person.email)).toBeNull();
    expect(codeOf(await server.ask('{ me { email } }', { token: person.token }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await login(person))).toBe('BAD_USER_INPUT');
    await server.gatehouse.idle();
    expect(subjects()).toEqual([`${person.email}: Your account was deleted`]);
    expect(deleted).toEqual([`deleteMe ${person.username}`]);
    expect(await eventsOf(person.documentId)).toEqual(['user user.register', 'user session.begin', 'user user.delete']);
    // The names are free again.
    expect((await somebody()).token).toBeTruthy();
  });

  test('is nobody’s before a role has it', async () => {
    const reader = await server.tokenOf('editor');
    expect(codeOf(await server.ask(DELETE, { token: reader }))).toBe('FORBIDDEN');
    expect(codeOf(await server.ask(DELETE))).toBe('FORBIDDEN');
  });

  test('needs a recent proof', async () => {
    const person = await somebody();
    server.advance(11 * 60_000);
    try {
      expect(codeOf(await server.ask(DELETE, { token: person.token }))).toBe('STEP_UP_REQUIRED');
      expect(codeOf(await server.ask(EXPORT, { token: person.token }))).toBe('STEP_UP_REQUIRED');
      const stepUp = 'mutation ($password: String!) { stepUp(input: { password: $password }) { until } }';
      await server.ask(stepUp, { token: person.token, variables: { password: person.password } });
      expect((await server.ask(DELETE, { token: person.token })).data.deleteMe).toEqual({ deletesAt: null });
    } finally {
      server.advance(-11 * 60_000);
    }
  });

  test('twice at once deletes once', async () => {
    const person = await somebody();
    const answers = await Promise.all([1, 2, 3].map(() => server.ask(DELETE, { token: person.token })));
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    for (const { errors = [] } of answers.filter(({ errors }) => errors))
      expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    await server.gatehouse.idle();
    expect(subjects()).toHaveLength(1);
  });

  test('with days of grace closes the account, and then deletes it', async () => {
    await setSettings({ deleteGraceDays: 14, sessionMode: 'refresh' });
    const person = await somebody();
    const { data } = await server.ask(DELETE, { token: person.token });
    const deletesAt = new Date(data.deleteMe.deletesAt);
    expect(Math.round((deletesAt.getTime() - Date.now()) / DAY)).toBe(14);
    expect(codeOf(await server.ask('{ me { email } }', { token: person.token }))).toBe('UNAUTHENTICATED');
    await server.gatehouse.idle();
    expect(subjects()).toEqual([`${person.email}: Your account will be deleted`]);
    expect(server.mails[0]?.text).toContain(deletesAt.toISOString().slice(0, 10));
    const token = await server.adminToken();
    const closed = '{ users(filters: { deletesAt: { notNull: true } }) { email deletesAt } }';
    const listed = await server.askAdmin(closed, { token });
    expect(listed.data.users).toEqual([{ email: person.email, deletesAt: deletesAt.toISOString() }]);
    await server.gatehouse.cleanUp();
    expect(await rowOf(person.email)).not.toBeNull();
    server.advance(14 * DAY + 1_000);
    try {
      await server.gatehouse.cleanUp();
    } finally {
      server.advance(-14 * DAY - 1_000);
    }
    expect(await rowOf(person.email)).toBeNull();
    await server.gatehouse.idle();
    expect(subjects().at(-1)).toBe(`${person.email}: Your account was deleted`);
    expect((await eventsOf(person.documentId)).slice(-2)).toEqual(['user user.requestDeletion', 'server user.delete']);
    expect(deleted).toEqual([`deleteMe ${person.username}`]);
  });

  test('of others goes on where a trigger of the application keeps one', async () => {
    await setSettings({ deleteGraceDays: 1 });
    const [kept, gone] = [await somebody(), await somebody()];
    for (const { token } of [kept, gone]) await server.ask(DELETE, { token });
    const { query } = server.database;
    await query(
      `CREATE FUNCTION "keep_one"() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN IF OLD."email" = '${kept.email}' THEN RAISE EXCEPTION 'kept'; END IF; RETURN OLD; END $$`,
      [],
    );
    await query('CREATE TRIGGER "keep_one" BEFORE DELETE ON "users" FOR EACH ROW EXECUTE FUNCTION "keep_one"()', []);
    server.advance(2 * DAY);
    try {
      await server.gatehouse.cleanUp();
    } finally {
      server.advance(-2 * DAY);
      await query('DROP TRIGGER "keep_one" ON "users"', []);
    }
    expect([await rowOf(kept.email), await rowOf(gone.email)]).toEqual([expect.anything(), null]);
    expect(server.log.join('')).toContain('an account is due to be deleted, and could not be');
    expect(server.log.join('')).not.toContain('cleanup failed');
  });

  test('of others goes on behind more kept accounts than are read at once, and behind one that takes too long', async () => {
    const { query } = server.database;
    await query(
      `INSERT INTO "users" ("documentId", "username", "email", "passwordHash", "confirmed", "roleId", "updatedAt", "deletesAt")
       SELECT 'kept' || n, 'kept ' || n, 'kept-' || n || '@example.com', '', true, (SELECT min("id") FROM "roles"), now(), now() - interval '1 hour'
       FROM generate_series(1, 1001) n`,
      [],
    );
    await query(
      `CREATE FUNCTION "keep_these"() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
           IF OLD."username" = 'kept 1001' THEN RETURN OLD; END IF;
           IF OLD."username" = 'kept 1' THEN RAISE EXCEPTION 'too late' USING ERRCODE = '57014'; END IF;
           IF OLD."username" LIKE 'kept %' THEN RAISE EXCEPTION 'kept'; END IF;
           RETURN OLD;
         END $$`,
      [],
    );
    await query(
      'CREATE TRIGGER "keep_these" BEFORE DELETE ON "users" FOR EACH ROW EXECUTE FUNCTION "keep_these"()',
      [],
    );
    try {
      await server.gatehouse.cleanUp();
      expect(await rowOf('kept-1001@example.com')).toBeNull();
      const rows = await query(`SELECT count(*)::int4 AS "left" FROM "users" WHERE "username" LIKE 'kept %'`, []);
      expect(rows).toEqual([{ left: 1_000 }]);
    } finally {
      await query('DROP TRIGGER "keep_these" ON "users"', []);
      await query(`DELETE FROM "users" WHERE "username" LIKE 'kept %'`, []);
    }
  });

  test('is taken back by a login within the days of grace, and not by a wrong password', async () => {
    await setSettings({ deleteGraceDays: 1 });
    const person = await somebody();
    await server.ask(DELETE, { token: person.token });
    await login({ ...person, password: 'a wrong password' });
    expect((await rowOf(person.email))?.deletesAt).toBeInstanceOf(Date);
    const { data } = await login(person);
    expect((await rowOf(person.email))?.deletesAt).toBeNull();
    server.advance(2 * DAY);
    try {
      await server.gatehouse.cleanUp();
    } finally {
      server.advance(-2 * DAY);
    }
    expect((await server.ask('{ me { email } }', { token: data.login.jwt })).data.me).toEqual({ email: person.email });
    expect((await eventsOf(person.documentId)).slice(-2)).toEqual(['user user.keep', 'user session.begin']);
  });

  test.each([
    [0, ''],
    [3, ''],
    [0, 'DEFERRABLE INITIALLY DEFERRED'],
    [3, 'DEFERRABLE INITIALLY DEFERRED'],
  ])('after %i days: what needs the account keeps it, and the owner reads so (%s)', async (days, deferred) => {
    await setSettings({ deleteGraceDays: days });
    const person = await somebody();
    const { id } = (await rowOf(person.email)) ?? { id: 0 };
    await server.database.query(
      `CREATE TABLE IF NOT EXISTS "needs_users" ("userId" INTEGER REFERENCES "users"("id") ${deferred})`,
      [],
    );
    await server.database.query('INSERT INTO "needs_users" VALUES ($1)', [id]);
    const answer = await server.ask(DELETE, { token: person.token });
    expect(answer.errors?.[0]?.message).toBe('The account cannot be deleted: other documents need it');
    const byAdmin = await server.askAdmin('mutation ($id: ID!) { deleteUser(documentId: $id) { documentId } }', {
      token: await server.adminToken(),
      variables: { id: person.documentId },
    });
    expect(byAdmin.errors?.[0]?.message).toBe('The user cannot be deleted: other documents need it');
    // It is as it was.
    expect((await server.ask('{ me { email } }', { token: person.token })).data.me).toEqual({ email: person.email });
    await server.gatehouse.idle();
    expect(deleted).toEqual([]);
    await server.database.query('DROP TABLE "needs_users"', []);
  });
});

describe('exportMe', () => {
  test('has what is stored about the account, and no secret', async () => {
    const person = await somebody();
    const { data, text } = await server.ask(EXPORT, { token: person.token });
    expect(data.exportMe).toMatchObject({
      account: {
        ...{ documentId: person.documentId, username: person.username, email: person.email },
        ...{ provider: 'local', confirmed: true, roles: ['Authenticated'] },
      },
      identities: [],
      sessions: [{ amr: ['pwd'], address: expect.any(String) }],
      secondFactors: { methods: [] },
      acts: [{ event: 'user.export' }, { event: 'session.begin' }, { event: 'user.register' }],
      content: { notes: 2 },
    });
    const { passwordHash = '' } = (await rowOf(person.email)) ?? {};
    for (const secret of [passwordHash, person.token, 'Hash', 'tokenVersion', 'sealed'])
      expect(text).not.toContain(secret);
  });

  test('has nothing of others, and not what others did to the account', async () => {
    const [person, other] = [await somebody(), await somebody()];
    const admin = await server.adminToken();
    const block = 'mutation ($id: ID!) { updateUser(documentId: $id, data: { confirmed: true }) { documentId } }';
    await server.askAdmin(block, { token: admin, variables: { id: person.documentId } });
    const { text } = await server.ask(EXPORT, { token: person.token });
    expect(text).not.toContain(other.email);
    expect(text).not.toContain('user.update');
  });

  test('has no session of an administrator who acts as the user', async () => {
    const person = await somebody();
    const token = await server.adminToken();
    const begin = 'mutation ($id: ID!) { impersonateUser(documentId: $id, reason: "they asked for help") { jwt } }';
    await server.askAdmin(begin, { token, variables: { id: person.documentId }, headers: { 'user-agent': 'desk' } });
    const { data, text } = await server.ask(EXPORT, { token: person.token });
    expect(data.exportMe.sessions).toHaveLength(1);
    expect(text).not.toContain('desk');
  });

  test('has no act of an administrator who acted as the user', async () => {
    const person = await somebody();
    const token = await server.adminToken();
    const begin = 'mutation ($id: ID!) { impersonateUser(documentId: $id, reason: "they asked for help") { jwt } }';
    const { data } = await server.askAdmin(begin, { token, variables: { id: person.documentId } });
    const ended = await server.ask('mutation { logout { ok } }', { token: data.impersonateUser.jwt });
    expect(ended.errors).toBeUndefined();
    expect(await eventsOf(person.documentId)).toContain('user user.endImpersonation');
    const { data: mine } = await server.ask(EXPORT, { token: person.token });
    expect(mine.exportMe.acts.map(({ event }: { event: string }) => event)).not.toContain('user.endImpersonation');
  });

  test.each([
    ['a hook that throws', () => Promise.reject(new Error('a secret of the hook'))],
    ['too much', () => 'x'.repeat(2_000_000)],
    ['what is no JSON', () => () => 1],
  ])('%s is masked, and nothing half is returned', async (_what, hook) => {
    exported = hook;
    const { token } = await somebody();
    const { data, text } = await server.ask(EXPORT, { token });
    expect(data?.exportMe ?? null).toBeNull();
    expect(text).not.toContain('secret of the hook');
    expect(text).toContain('INTERNAL_SERVER_ERROR');
  });

  test('is for users alone', async () => {
    expect(codeOf(await server.ask(EXPORT))).toBe('FORBIDDEN');
  });
});

test('deleteGraceDays is from 0 to 365', async () => {
  const token = await server.adminToken();
  const set = (days: number) =>
    server.askAdmin(`mutation { updateSettings(data: { deleteGraceDays: ${days} }) { deleteGraceDays } }`, { token });
  expect((await set(30)).data.updateSettings).toEqual({ deleteGraceDays: 30 });
  for (const days of [-1, 366]) expect((await set(days)).errors?.[0]?.message).toContain('from 0 to 365');
});
