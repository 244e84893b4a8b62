import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

/** What a client keeps for an administrator on the server. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const SET =
  'mutation ($preferences: JSON!) { setPreferences(preferences: $preferences) { documentId preferences updatedAt } }';
const ME = '{ me { documentId preferences updatedAt } }';

test('an administrator finds their preferences again, and nobody else does', async () => {
  const [one, other] = [await server.adminToken('READ_ONLY'), await server.adminToken()];
  const before = (await server.askAdmin(ME, { token: one })).data.me;
  expect(before.preferences).toEqual({});
  const audited = await server.database.prisma.auditEntry.count();
  const preferences = { columns: { posts: ['title', 'author'] }, text: '\u0001 ä 😀', number: 1e308, none: null };
  const { data, text } = await server.askAdmin(SET, { token: one, variables: { preferences } });
  expect(data, text).toBeDefined();
  // The account is not changed by it, and the audit log is not filled with it.
  expect(data.setPreferences).toEqual({ ...before, preferences });
  expect((await server.askAdmin(ME, { token: one })).data.me).toEqual({ ...before, preferences });
  expect(await server.database.prisma.auditEntry.count()).toBe(audited);

  const list = await server.askAdmin('{ admins { documentId preferences } }', { token: other });
  expect(list.data.admins.length).toBeGreaterThan(1);
  expect(list.data.admins.map((admin: { preferences: unknown }) => admin.preferences)).toEqual(
    list.data.admins.map(() => ({})),
  );
  const own = await server.askAdmin('{ admins { documentId preferences } }', { token: one });
  expect(own.data.admins.filter((admin: { preferences: object }) => 'columns' in admin.preferences)).toEqual([
    { documentId: before.documentId, preferences },
  ]);
});

test('anything but an object of 32 KB at most is refused, and what was kept stays', async () => {
  const token = await server.adminToken();
  await server.askAdmin(SET, { token, variables: { preferences: { kept: true } } });
  const limit = 32 * 1024;
  const largest = { a: 'x'.repeat(limit - '{"a":""}'.length) };
  for (const [preferences, message] of [
    [[], 'preferences must be an object'],
    ['text', 'preferences must be an object'],
    [1, 'preferences must be an object'],
    [{ a: `${largest.a}x` }, 'preferences must have at most 32 KB'],
    [{ a: 'ä'.repeat(limit / 2) }, 'preferences must have at most 32 KB'],
  ] as const) {
    const { errors } = await server.askAdmin(SET, { token, variables: { preferences } });
    expect(errors?.[0]?.extensions.error.details.errors).toEqual([
      { path: ['preferences'], message, name: 'ValidationError' },
    ]);
  }
  for (const preferences of [null, JSON.parse('{"__proto__": {"isAdmin": true}}')]) {
    const { errors } = await server.askAdmin(SET, { token, variables: { preferences } });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  }
  expect((await server.askAdmin(ME, { token })).data.me.preferences).toEqual({ kept: true });
  const { data } = await server.askAdmin(SET, { token, variables: { preferences: largest } });
  expect(data.setPreferences.preferences).toEqual(largest);
});

test('a session that was ended writes nothing, and a guest has no preferences', async () => {
  const token = await server.adminToken();
  await server.askAdmin('mutation { logout { ok } }', { token });
  const { status } = await server.askAdmin(SET, { token, variables: { preferences: { late: true } } });
  expect(status).toBe(401);
  const guest = await server.askAdmin(SET, { variables: { preferences: {} } });
  expect(guest.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const [row] = await server.database.query(
    `SELECT count(*)::int AS n FROM "admins" WHERE "preferences"::text LIKE $1`,
    ['%late%'],
  );
  expect(row?.['n']).toBe(0);
});
