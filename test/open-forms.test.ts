import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

/** Two administrators who edit the same thing know it from each other. */

let server: TestServer;
let one: string;
let other: string;
beforeAll(async () => {
  server = await startServer();
  [one, other] = await Promise.all([server.adminToken(), server.adminToken()]);
});
afterAll(() => server?.close());

const KEEP =
  'mutation ($form: String!, $changed: Boolean!) { keepFormOpen(form: $form, changed: $changed) { documentId name changed since } }';
const CLOSE = 'mutation ($form: String!) { closeForm(form: $form) { ok } }';

const keep = async (token: string, form: string, changed = false) => {
  const { data, text } = await server.askAdmin(KEEP, { token, variables: { form, changed } });
  expect(data, text).toBeDefined();
  return data.keepFormOpen as { documentId: string; name: string; changed: boolean; since: string }[];
};
const close = (token: string, form: string) => server.askAdmin(CLOSE, { token, variables: { form } });
const me = async (token: string) =>
  (await server.askAdmin('{ me { documentId name } }', { token })).data.me as { documentId: string; name: string };

test('who opens what another has open sees them, and whether they changed something', async () => {
  const audited = await server.database.prisma.auditEntry.count();
  expect(await keep(one, '/roles/a')).toEqual([]);
  const [seen] = await keep(other, '/roles/a');
  expect(seen).toEqual({ ...(await me(one)), changed: false, since: expect.any(String) });
  // The same again is still one form, opened at the same time.
  expect(await keep(one, '/roles/a', true)).toEqual([
    expect.objectContaining({ ...(await me(other)), changed: false }),
  ]);
  expect(await keep(other, '/roles/a')).toEqual([{ ...seen, changed: true }]);
  expect(await keep(other, '/roles/b')).toEqual([]);
  expect(await server.database.prisma.auditEntry.count()).toBe(audited);
});

test('who closes it is not named any more, and nobody closes it for another', async () => {
  await keep(one, '/settings');
  expect((await close(other, '/settings')).data.closeForm).toEqual({ ok: true });
  expect(await keep(other, '/settings')).toHaveLength(1);
  await close(one, '/settings');
  expect(await keep(other, '/settings')).toEqual([]);
});

test('a browser that says nothing for ninety seconds is forgotten, and its row deleted', async () => {
  await keep(one, '/users/a', true);
  server.advance(89_000);
  expect(await keep(other, '/users/a')).toHaveLength(1);
  server.advance(2_000);
  expect(await keep(other, '/users/a')).toEqual([]);
  await keep(one, '/users/a');
  const [before] = await keep(other, '/users/a');
  // Opened anew, not since then.
  expect(Date.parse(before?.since ?? '')).toBeGreaterThan(Date.now() + 90_000);
  server.advance(91_000);
  await server.gatehouse.cleanUp();
  expect(await server.database.prisma.openForm.count()).toBe(0);
});

test('an administrator has twenty forms at most: the one that ends first makes place', async () => {
  for (let index = 0; index < 22; index++) {
    server.advance(10);
    await keep(one, `/users/${index}`);
  }
  const forms = await server.database.prisma.openForm.findMany({ select: { form: true } });
  expect(forms.map(({ form }) => form).sort()).toEqual(
    Array.from({ length: 20 }, (_, index) => `/users/${index + 2}`).sort(),
  );
});

test('ten others are named, those with unsaved changes first', async () => {
  const tokens = await Promise.all(Array.from({ length: 12 }, () => server.adminToken()));
  for (const [index, token] of tokens.entries()) await keep(token, '/mails/INVITATION', index === 11);
  const named = await keep(one, '/mails/INVITATION');
  expect(named.map(({ changed }) => changed)).toEqual([true, ...Array.from({ length: 9 }, () => false)]);
});

test.each(['', 'with a space', 'a\u0000b', 'ü', 'x'.repeat(201)])('%j is no name of a form', async (form) => {
  const before = await server.database.prisma.openForm.count();
  for (const { errors } of [
    await server.askAdmin(KEEP, { token: one, variables: { form, changed: true } }),
    await close(one, form),
  ]) {
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  }
  expect(await server.database.prisma.openForm.count()).toBe(before);
});

test.each(['READ_ONLY', 'a guest'] as const)('%s learns nothing', async (who) => {
  await keep(one, '/tokens/a', true);
  const token = who === 'READ_ONLY' ? await server.adminToken('READ_ONLY') : undefined;
  const { data, errors } = await server.askAdmin(KEEP, { token, variables: { form: '/tokens/a', changed: true } });
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect(data?.keepFormOpen ?? null).toBeNull();
  expect(await keep(other, '/tokens/a')).toHaveLength(1);
});

test('a session that was ended opens nothing', async () => {
  const token = await server.adminToken();
  await server.askAdmin('mutation { logout { ok } }', { token });
  expect((await server.askAdmin(KEEP, { token, variables: { form: '/late', changed: true } })).status).toBe(401);
  expect(await server.database.prisma.openForm.count({ where: { form: '/late' } })).toBe(0);
});
