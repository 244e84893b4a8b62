import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueFirstCode } from '../src/accounts/admin-codes.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { deleteAdmin, setAdminPassword } from '../src/administration/admins.ts';
import { NO_CEILING } from '../src/administration/permission-ceiling.ts';
import { SERVER } from '../src/audit/actor.ts';
import { ConfigError } from '../src/config/config-error.ts';
import { removeDemoAdmins } from '../src/start/demo-accounts.ts';
import { ensureFirstAdmin } from '../src/start/first-admin.ts';
import { startBeside, startServer, type TestServer } from './support/start.ts';

/** How somebody comes to be an administrator, stays one, and does not. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const FIRST =
  'mutation ($input: RegisterFirstAdminInput!, $code: String) { registerFirstAdmin(input: $input, code: $code) { jwt admin { email role } } }';
const input = { email: 'First@Example.com', name: 'The first', password: 'a first password' };

describe('the first', () => {
  test('needs the code that was printed, in production, and it works once', async () => {
    await using production = await startBeside(server, { production: true });
    const ask = (variables: object, url = production.url) => sendAdmin(url, FIRST, variables);
    for (const code of [undefined, null, '', 'guessed']) {
      expect((await ask({ input, code })).errors?.[0]?.message).toBe('Incorrect code provided');
    }
    const { administration } = server.gatehouse;
    const long = new Date(Date.now() - 366 * 86_400_000);
    const tooOld = await issueFirstCode({ ...administration, clock: () => long });
    expect((await ask({ input, code: tooOld })).errors?.[0]?.message).toBe('Incorrect code provided');
    const code = await issueFirstCode(administration);
    expect((await ask({ input: { ...input, password: 'short' }, code })).errors?.[0]?.message).toContain('at least 8');
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((name) => ask({ input: { ...input, email: `${name}@example.com` }, code })),
    );
    const [made] = answers.filter(({ data }) => data.registerFirstAdmin !== null);
    expect(answers.filter(({ data }) => data.registerFirstAdmin !== null)).toHaveLength(1);
    expect(made?.data.registerFirstAdmin.admin.role).toBe('ADMINISTRATOR');
    expect(
      (await server.askAdmin('{ me { email } }', { token: made?.data.registerFirstAdmin.jwt })).data.me.email,
    ).toMatch(/^(one|two|three)@example\.com$/);
    // And from then on there is no such field.
    const late = await ask({ input, code: await issueFirstCode(server.gatehouse.administration) });
    expect(late.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await server.database.prisma.admin.count()).toBe(1);
  });

  test('is whoever comes first in development, or whom the environment names, once', async () => {
    const { prisma } = server.database;
    const { administration } = server.gatehouse;
    await prisma.admin.deleteMany();
    expect((await server.askAdmin(FIRST, { variables: { input } })).data.registerFirstAdmin.admin.email).toBe(
      'first@example.com',
    );
    await prisma.admin.deleteMany();
    const environment = { production: true };
    const firstAdmin = { email: 'root@example.com', password: 'a password of root' };
    const made = await Promise.all(
      [1, 2, 3].map(() => ensureFirstAdmin(administration, { ...environment, firstAdmin })),
    );
    expect(made.filter(({ kind }) => kind === 'made')).toHaveLength(1);
    expect(await prisma.admin.count()).toBe(1);
    expect(await ensureFirstAdmin(administration, { ...environment, firstAdmin: undefined })).toEqual({
      kind: 'there',
    });
    const login = 'mutation { login(email: "ROOT@example.com", password: "a password of root") { jwt } }';
    expect((await server.askAdmin(login)).data.login.jwt).toBeTypeOf('string');
  });

  test('a password of the environment that the settings do not take stops the start, in a line', async () => {
    const { prisma } = server.database;
    await prisma.admin.deleteMany();
    await prisma.settings.update({ where: { id: 1 }, data: { adminPasswordMinLength: 20 } });
    const firstAdmin = { email: 'root@example.com', password: 'eleven char' };
    const start = ensureFirstAdmin(server.gatehouse.administration, { production: true, firstAdmin });
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(
      /ADMIN_PASSWORD: expected another one: password must be at least 20 characters$/,
    );
    await prisma.settings.update({ where: { id: 1 }, data: { adminPasswordMinLength: 8 } });
    expect(await prisma.admin.count()).toBe(0);
  });

  test('of development does not outlive it with the public password', async () => {
    const { prisma } = server.database;
    const { administration } = server.gatehouse;
    await prisma.admin.deleteMany();
    const environment = { production: false, firstAdmin: undefined };
    const demo = await ensureFirstAdmin(administration, environment);
    expect(demo).toEqual({ kind: 'demo', email: 'admin@example.com', password: DEMO_PASSWORD });
    expect(await removeDemoAdmins(administration)).toEqual(['admin@example.com']);
    expect(await prisma.admin.count()).toBe(0);
    const next = await ensureFirstAdmin(administration, { ...environment, production: true });
    expect(next.kind).toBe('code');
    await ensureFirstAdmin(administration, environment);
    expect((await ensureFirstAdmin(administration, environment)).kind).toBe('demo');
    await setAdminPassword(
      administration,
      { actor: SERVER, ceiling: NO_CEILING },
      'admin@example.com',
      'another password',
    );
    // Nobody is told a password that it is not.
    expect((await ensureFirstAdmin(administration, environment)).kind).toBe('there');
    expect(await removeDemoAdmins(administration)).toEqual([]);
  });
});

describe('a login', () => {
  test('answers a wrong password and an unknown address alike, and is counted', async () => {
    await using careful = await startBeside(server, { authRateLimit: 3 });
    await server.adminToken();
    const [known] = await server.database.prisma.admin.findMany({ orderBy: { id: 'desc' }, take: 1 });
    const login = (email: string) =>
      sendAdmin(careful.url, 'mutation ($e: String!) { login(email: $e, password: "not it") { jwt } }', { e: email });
    const answers = [await login(known?.email ?? ''), await login('nobody@example.com'), await login('')];
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.errors?.[0]?.message).toBe('Invalid identifier or password');
    for (let time = 0; time < 2; time++) await login('nobody@example.com');
    expect((await login('nobody@example.com')).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
  });

  test('lives for twelve hours, and ends with logout, with its session, with the administrator', async () => {
    const me = async (token: string) =>
      (await server.askAdmin('{ me { email } }', { token })).errors?.[0]?.extensions.reason;
    const one = await server.adminToken();
    await server.askAdmin('mutation { logout { ok } }', { token: one });
    expect(await me(one)).toBe('revoked');

    const two = await server.adminToken('READ_ONLY');
    const { data } = await server.askAdmin('{ sessions { documentId address device } me { documentId } }', {
      token: two,
    });
    expect(data.sessions).toEqual([{ documentId: expect.any(String), address: '127.0.0.1', device: 'node' }]);
    const other = await server.adminToken();
    const foreign = await server.askAdmin('mutation ($id: ID!) { revokeSession(documentId: $id) { ok } }', {
      token: other,
      variables: { id: data.sessions[0].documentId },
    });
    expect(foreign.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect(await me(two)).toBeUndefined();
    await server.askAdmin('mutation ($id: ID!) { endAdminSessions(documentId: $id) { email } }', {
      token: other,
      variables: { id: data.me.documentId },
    });
    expect(await me(two)).toBe('revoked');

    // The version of a token counts beside its session: whichever of the two was missed.
    const versioned = await server.adminToken('READ_ONLY');
    const { data: of } = await server.askAdmin('{ me { documentId } }', { token: versioned });
    await server.database.prisma.admin.update({
      where: { documentId: of.me.documentId },
      data: { tokenVersion: { increment: 1 } },
    });
    expect(await me(versioned)).toBe('revoked');

    const three = await server.adminToken('READ_ONLY');
    const { data: self } = await server.askAdmin('{ me { documentId } }', { token: three });
    await server.askAdmin('mutation ($id: ID!) { deleteAdmin(documentId: $id) { documentId } }', {
      token: other,
      variables: { id: self.me.documentId },
    });
    expect(await me(three)).toBe('revoked');

    server.advance(12 * 3_600_000 + 1_000);
    expect(await me(other)).toBe('expired');
  });
});

describe('a password', () => {
  const me = async (token: string) =>
    (await server.askAdmin('{ me { email } }', { token })).errors?.[0]?.extensions.reason;

  test('is changed by who knows the current one, and every older token dies', async () => {
    const token = await server.adminToken('READ_ONLY');
    const change = (currentPassword: string, password: string, passwordConfirmation = password) =>
      server.askAdmin(
        'mutation ($c: String!, $p: String!, $q: String!) { changePassword(currentPassword: $c, password: $p, passwordConfirmation: $q) { jwt } }',
        { token, variables: { c: currentPassword, p: password, q: passwordConfirmation } },
      );
    const messageOf = async (...words: Parameters<typeof change>) => (await change(...words)).errors?.[0]?.message;
    expect(await messageOf('not it', 'a new password')).toBe('The provided current password is invalid');
    expect(await messageOf(DEMO_PASSWORD, DEMO_PASSWORD)).toBe(
      'Your new password must be different than your current password',
    );
    expect(await messageOf(DEMO_PASSWORD, 'a new password', 'another')).toBe('Passwords do not match');
    expect(await messageOf(DEMO_PASSWORD, 'password123')).toContain('most common');
    const { data } = await change(DEMO_PASSWORD, 'a new password');
    expect(await me(token)).toBe('revoked');
    expect(await me(data.changePassword.jwt)).toBeUndefined();
  });

  test('that was changed while the old one was compared, lets nobody in by the old one', async () => {
    const token = await server.adminToken();
    const { email, documentId } = (await server.askAdmin('{ me { email documentId } }', { token })).data.me;
    const { administration } = server.gatehouse;
    const { passwords } = administration;
    const { compare } = passwords;
    const login = async (meanwhile: () => Promise<unknown>) => {
      passwords.compare = async (...words) => {
        const compared = await compare(...words);
        await meanwhile();
        return compared;
      };
      const { errors } = await server
        .askAdmin('mutation ($e: String!, $p: String!) { login(email: $e, password: $p) { jwt } }', {
          variables: { e: email, p: DEMO_PASSWORD },
        })
        .finally(() => {
          passwords.compare = compare;
        });
      return errors?.[0]?.message;
    };
    const by = { actor: SERVER, ceiling: NO_CEILING };
    expect(await login(() => setAdminPassword(administration, by, documentId, 'a newer password'))).toBe(
      'Invalid identifier or password',
    );
    await setAdminPassword(administration, by, documentId, DEMO_PASSWORD);
    expect(await login(() => deleteAdmin(administration, by, documentId))).toBe('Invalid identifier or password');
  });

  test('that was forgotten is chosen anew with a mailed code, which works once', async () => {
    const token = await server.adminToken();
    const { email } = (await server.askAdmin('{ me { email } }', { token })).data.me;
    await server.gatehouse.idle();
    server.mails.length = 0;
    for (const address of [email, 'nobody@example.com']) {
      const { data } = await server.askAdmin('mutation ($e: String!) { forgotPassword(email: $e) { ok } }', {
        variables: { e: address },
      });
      expect(data).toEqual({ forgotPassword: { ok: true } });
    }
    await server.gatehouse.idle();
    await server.gatehouse.idle();
    expect(server.mails.map(({ to }) => to)).toEqual([email]);
    const link = server.mails[0]?.link ?? '';
    expect(link).toMatch(/^http:\/\/gatehouse\.test\/admin\/reset-password#code=/);
    const code = link.split('#code=')[1];
    const reset = () =>
      server.askAdmin(
        'mutation ($c: String!) { resetPassword(code: $c, password: "chosen anew", passwordConfirmation: "chosen anew") { jwt admin { email } } }',
        { variables: { c: code } },
      );
    await server.database.query('UPDATE "admin_codes" SET "expiresAt" = "expiresAt" - interval \'2 days\'', []);
    expect((await reset()).errors?.[0]?.message).toBe('Incorrect code provided');
    await server.database.query('UPDATE "admin_codes" SET "expiresAt" = "expiresAt" + interval \'2 days\'', []);
    const answers = await Promise.all([reset(), reset(), reset()]);
    const made = answers.filter(({ data }) => data.resetPassword !== null);
    expect(made.map(({ data }) => data.resetPassword.admin.email)).toEqual([email]);
    expect(await me(token)).toBe('revoked');
    // A code of an administrator is nothing to a user, nor the other way round.
    await server.ask('mutation { forgotPassword(email: "reader@example.com") { ok } }');
    await server.gatehouse.idle();
    const users = new URL(server.mails.find(({ to }) => to === 'reader@example.com')?.link ?? '').hash.slice(
      '#code='.length,
    );
    const wrong = await server.askAdmin(
      'mutation ($c: String!) { resetPassword(code: $c, password: "chosen anew", passwordConfirmation: "chosen anew") { jwt } }',
      { variables: { c: users } },
    );
    expect(wrong.errors?.[0]?.message).toBe('Incorrect code provided');
  });

  test('is chosen by who was invited, on a page of the administration’s own', async () => {
    const token = await server.adminToken();
    await server.gatehouse.idle();
    server.mails.length = 0;
    const { data } = await server.askAdmin(
      'mutation { createAdmin(data: { email: "Colleague@Example.com", role: READ_ONLY }) { email name role } }',
      { token },
    );
    expect(data.createAdmin).toEqual({
      email: 'colleague@example.com',
      name: 'colleague@example.com',
      role: 'READ_ONLY',
    });
    await server.gatehouse.idle();
    expect(server.mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['colleague@example.com', 'You are an administrator now'],
    ]);
    const page = await fetch(new URL('/admin/reset-password', server.url));
    expect(await page.text()).toContain('fetch(front + "/admin/graphql"');
    const code = server.mails[0]?.link?.split('#code=')[1];
    const { data: chosen } = await server.askAdmin(
      'mutation ($c: String!) { resetPassword(code: $c, password: "of a colleague", passwordConfirmation: "of a colleague") { jwt } }',
      { variables: { c: code } },
    );
    const { data: seen } = await server.askAdmin('{ me { role } users { username } }', {
      token: chosen.resetPassword.jwt,
    });
    expect(seen.me.role).toBe('READ_ONLY');
    expect(seen.users.length).toBeGreaterThan(0);
    const again = await server.askAdmin(
      'mutation { createAdmin(data: { email: "COLLEAGUE@example.com", role: READ_ONLY }) { email } }',
      { token },
    );
    expect(again.errors?.[0]?.message).toBe('Email is already taken');
  });
});

test('the last one with full access can neither be removed nor demoted, also when two try at once', async () => {
  const { prisma } = server.database;
  await prisma.admin.deleteMany();
  const [one, two] = [await server.adminToken(), await server.adminToken()];
  await server.adminToken('READ_ONLY');
  const ids = await prisma.admin.findMany({
    where: { role: 'ADMINISTRATOR' },
    select: { documentId: true },
    orderBy: { id: 'asc' },
  });
  // Each takes the other's rights away.
  const answers = await Promise.all([
    server.askAdmin('mutation ($id: ID!) { updateAdmin(documentId: $id, data: { role: READ_ONLY }) { role } }', {
      token: one,
      variables: { id: ids[1]?.documentId },
    }),
    server.askAdmin('mutation ($id: ID!) { deleteAdmin(documentId: $id) { documentId } }', {
      token: two,
      variables: { id: ids[0]?.documentId },
    }),
  ]);
  expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
  const [last, ...others] = await prisma.admin.findMany({ where: { role: 'ADMINISTRATOR' } });
  expect(others).toEqual([]);
  const token =
    (await server.askAdmin('{ me { role } }', { token: one })).data?.me?.role === 'ADMINISTRATOR' ? one : two;
  for (const document of [
    'mutation ($id: ID!) { updateAdmin(documentId: $id, data: { role: READ_ONLY }) { role } }',
    'mutation ($id: ID!) { deleteAdmin(documentId: $id) { documentId } }',
  ]) {
    const { errors } = await server.askAdmin(document, { token, variables: { id: last?.documentId } });
    expect(errors?.[0]?.message).toBe('The last administrator with full access cannot be removed or demoted');
  }
  expect((await server.askAdmin('{ me { role } }', { token })).data.me.role).toBe('ADMINISTRATOR');
});

async function sendAdmin(url: string, query: string, variables: object) {
  const response = await fetch(url.replace(/graphql$/, 'admin/graphql'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { text, ...(JSON.parse(text) as Pick<Awaited<ReturnType<TestServer['ask']>>, 'data' | 'errors'>) };
}
