import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let admin: string;
const idOf: Record<string, string> = {};
beforeAll(async () => {
  server = await startServer();
  admin = await server.adminToken();
  const roles = await server.database.prisma.role.findMany();
  for (const { type, documentId } of roles) idOf[type] = documentId;
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.gatehouse.idle();
  server.mails.length = 0;
  await setSettings({ signUps: true, emailConfirmation: false, acceptInvitationUrl: null });
});

const setSettings = (data: object) => server.database.prisma.settings.update({ where: { id: 1 }, data });
const HOUR = 3_600_000;
const INVITE =
  'mutation ($email: String!, $role: ID, $expiresIn: Int) { inviteUser(email: $email, role: $role, expiresIn: $expiresIn)';
const byAdmin = (variables: { email: string; role?: string | undefined; expiresIn?: number }) =>
  server.askAdmin(`${INVITE} { documentId email role { type } invitedBy expiresAt } }`, { token: admin, variables });
const byUser = (token: string | undefined, variables: { email: string; role?: string | undefined }) =>
  server.ask(`${INVITE} { ok } }`, { ...(token && { token }), variables });
const ACCEPT = `mutation ($code: String!, $username: String!, $password: String!, $passwordConfirmation: String!) {
  acceptInvitation(code: $code, username: $username, password: $password, passwordConfirmation: $passwordConfirmation) {
    jwt user { email username confirmed role { type } }
  }
}`;
const accept = (code: string, changes: object = {}) => {
  const variables = {
    code,
    username: nextName(),
    password: 'a good password',
    passwordConfirmation: 'a good password',
    ...changes,
  };
  return server.ask(ACCEPT, { variables });
};
const messageOf = ({ errors }: Answer) => errors?.[0]?.message;
const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code;
const detailsOf = ({ errors }: Answer) =>
  errors?.[0]?.extensions.error.details.errors?.map((each: { message: string }) => each.message);

let people = 0;
const nextName = () => `invited-${++people}`;
const nextEmail = () => `${nextName()}@example.com`;
/** The code of the mail that was sent last. */
async function mailed(): Promise<string> {
  await server.gatehouse.idle();
  return server.mails.at(-1)?.link?.split('code=').at(-1) ?? 'no code';
}
async function invited(email = nextEmail(), role?: string): Promise<string> {
  const answer = await byAdmin({ email, role });
  expect(answer.errors).toBeUndefined();
  return mailed();
}
/** The token of a user whose role has these actions. */
async function userWith(...actions: string[]) {
  const name = nextName();
  const { prisma } = server.database;
  const role = await prisma.role.create({
    data: { name, type: name, permissions: { create: ['user.me', ...actions].map((action) => ({ action })) } },
  });
  const register = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { id } } }';
  const input = { username: name, email: `${name}@example.com`, password: 'a good password' };
  const { data } = await server.ask(register, { variables: { input } });
  await prisma.user.update({ where: { id: Number(data.register.user.id) }, data: { roleId: role.id } });
  await server.gatehouse.idle();
  server.mails.length = 0;
  return { token: data.register.jwt as string, id: Number(data.register.user.id), role, username: name };
}

describe('an invitation of an administrator', () => {
  test('makes an account with its role, confirmed, and logs in, also while sign-ups are off', async () => {
    await setSettings({ signUps: false, emailConfirmation: true });
    const email = nextEmail();
    const { data } = await byAdmin({ email: email.toUpperCase(), role: idOf['editor'] });
    expect(data.inviteUser).toMatchObject({
      email,
      role: { type: 'editor' },
      invitedBy: expect.stringContaining('@admin.test'),
    });
    const days = (new Date(data.inviteUser.expiresAt).getTime() - Date.now()) / (24 * HOUR);
    expect(Math.round(days)).toBe(7);
    const code = await mailed();
    expect(server.mails).toMatchObject([{ to: email, subject: 'You are invited' }]);
    expect(server.mails[0]?.link).toBe(`http://gatehouse.test/accept-invitation#code=${code}`);
    const { data: accepted } = await accept(code, { username: 'somebody-new' });
    expect(accepted.acceptInvitation.user).toEqual({
      email,
      username: 'somebody-new',
      confirmed: true,
      role: { type: 'editor' },
    });
    const me = await server.ask('{ me { email } }', { token: accepted.acceptInvitation.jwt });
    expect(me.data.me).toEqual({ email });
    const login = 'mutation { login(input: { identifier: "somebody-new", password: "a good password" }) { jwt } }';
    expect((await server.ask(login)).data.login.jwt).toBeTruthy();
  });

  test('works once, also for three at once on two servers', async () => {
    const code = await invited();
    await using other = await startBeside(server);
    const ask = (url: string) => {
      const variables = {
        code,
        username: nextName(),
        password: 'a good password',
        passwordConfirmation: 'a good password',
      };
      return fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: ACCEPT, variables }),
      }).then((response) => response.json());
    };
    const answers = await Promise.all([ask(server.url), ask(other.url), ask(server.url)]);
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    expect(messageOf(await accept(code))).toBe('Incorrect code provided');
  });

  test.each([
    ['a wrong code', async () => 'x'.repeat(43)],
    [
      'a revoked one',
      async () => {
        const code = await invited();
        const { data } = await server.askAdmin('{ invitations { documentId } }', { token: admin });
        const revoke = 'mutation ($id: ID!) { revokeInvitation(documentId: $id) { ok } }';
        const variables = { id: data.invitations[0].documentId };
        expect((await server.askAdmin(revoke, { token: admin, variables })).data.revokeInvitation).toEqual({
          ok: true,
        });
        expect(codeOf(await server.askAdmin(revoke, { token: admin, variables }))).toBe('NOT_FOUND');
        return code;
      },
    ],
    [
      'a replaced one',
      async () => {
        const email = nextEmail();
        const code = await invited(email);
        await invited(email);
        return code;
      },
    ],
    [
      'one of a role that is gone',
      async () => {
        const { role } = await userWith();
        await server.database.prisma.user.updateMany({ where: { roleId: role.id }, data: { roleId: 2 } });
        const code = await invited(nextEmail(), role.documentId);
        await server.database.prisma.role.delete({ where: { id: role.id } });
        return code;
      },
    ],
    [
      'one to an address that accepted another',
      async () => {
        const email = nextEmail();
        const inviter = await userWith('user.invite', 'post.find');
        await byUser(inviter.token, { email, role: inviter.role.documentId });
        const first = await mailed();
        await accept(await invited(email));
        return first;
      },
    ],
  ])('with %s there is no account, and one message', async (_what, made) => {
    const code = await made();
    const before = await server.database.prisma.user.count();
    expect(messageOf(await accept(code))).toBe('Incorrect code provided');
    expect(await server.database.prisma.user.count()).toBe(before);
  });

  test('ends when it says', async () => {
    await byAdmin({ email: nextEmail(), expiresIn: 3_600 });
    const code = await mailed();
    server.advance(HOUR + 1_000);
    expect(messageOf(await accept(code))).toBe('Incorrect code provided');
    await server.gatehouse.cleanUp();
    const { data } = await server.askAdmin('{ invitations { documentId } }', { token: admin });
    server.advance(-HOUR - 1_000);
    expect(data?.invitations ?? []).not.toContainEqual(expect.objectContaining({ email: code }));
  });

  test('stays good after a mistake', async () => {
    const code = await invited();
    expect(detailsOf(await accept(code, { passwordConfirmation: 'another' }))).toEqual(['Passwords do not match']);
    expect(detailsOf(await accept(code, { username: 'no' }))?.length).toBeGreaterThan(0);
    expect(messageOf(await accept(code, { username: 'reader' }))).toBe('Email or Username are already taken');
    expect((await accept(code)).errors).toBeUndefined();
  });

  test('is refused for an address with an account, for Public, and for a wrong lifespan', async () => {
    expect(detailsOf(await byAdmin({ email: 'reader@example.com' }))).toEqual(['There is an account with this e-mail']);
    expect(detailsOf(await byAdmin({ email: nextEmail(), role: idOf['public'] }))).toHaveLength(1);
    for (const expiresIn of [0, -1, 599, 2_592_001])
      expect(detailsOf(await byAdmin({ email: nextEmail(), expiresIn }))).toEqual([
        'expiresIn must be from 600 to 2592000',
      ]);
    expect(detailsOf(await byAdmin({ email: 'no address' }))?.length).toBeGreaterThan(0);
  });

  test('leads to the page of the setting, with the code as a parameter', async () => {
    await setSettings({ acceptInvitationUrl: 'https://www.example.com/welcome?from=mail' });
    await byAdmin({ email: nextEmail() });
    const code = await mailed();
    expect(server.mails[0]?.link).toBe(`https://www.example.com/welcome?from=mail&code=${code}`);
  });

  test('is for administrators who write', async () => {
    const token = await server.adminToken('READ_ONLY');
    const answer = await server.askAdmin(`${INVITE} { documentId } }`, { token, variables: { email: nextEmail() } });
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect((await server.askAdmin('{ invitations { email } }', { token })).errors).toBeUndefined();
  });
});

describe('an invitation of a user', () => {
  test('needs the action, and gives no more than the inviter has', async () => {
    const email = nextEmail();
    expect(codeOf(await byUser(undefined, { email }))).toBe('FORBIDDEN');
    expect(codeOf(await byUser(await server.tokenOf('reader'), { email }))).toBe('FORBIDDEN');
    const inviter = await userWith('user.invite', 'post.find');
    expect(codeOf(await byUser(inviter.token, { email, role: idOf['editor'] }))).toBe('FORBIDDEN');
    // Without a role it is the default role, which has more, too.
    expect(codeOf(await byUser(inviter.token, { email }))).toBe('FORBIDDEN');
    expect(await server.database.prisma.invitation.count({ where: { email } })).toBe(0);
    expect((await byUser(inviter.token, { email, role: inviter.role.documentId })).data.inviteUser).toEqual({
      ok: true,
    });
    const { data } = await accept(await mailed());
    expect(data.acceptInvitation.user.role).toEqual({ type: inviter.role.type });
  });

  test('says the same of an address with an account, in as many statements, and mails nothing there', async () => {
    const inviter = await userWith('user.invite');
    const ask = async (email: string) => {
      await server.gatehouse.idle(); // the mail before
      server.statements.length = 0;
      const { text } = await byUser(inviter.token, { email, role: inviter.role.documentId });
      return { text, statements: server.statements.length };
    };
    await ask(nextEmail());
    const [known, unknown] = [await ask('reader@example.com'), await ask(nextEmail())];
    expect(known).toEqual(unknown);
    await server.gatehouse.idle();
    expect(server.mails.map(({ to }) => to)).not.toContain('reader@example.com');
  });

  test('ends with the inviter: deleted, blocked or about to be deleted', async () => {
    for (const end of [
      (id: number) =>
        server.database.prisma.user.update({ where: { id }, data: { deletesAt: new Date(Date.now() + HOUR) } }),
      (id: number) => server.database.prisma.user.update({ where: { id }, data: { blocked: true } }),
      (id: number) => server.database.prisma.user.delete({ where: { id } }),
    ]) {
      const inviter = await userWith('user.invite');
      await byUser(inviter.token, { email: nextEmail(), role: inviter.role.documentId });
      const code = await mailed();
      await end(inviter.id);
      expect(messageOf(await accept(code))).toBe('Incorrect code provided');
    }
  });
});

const TOKEN = (name: string) =>
  `mutation { createApiToken(data: { name: "${name}", kind: FULL_ACCESS, lifespan: UNLIMITED }) { secret token { documentId } } }`;

test.each([
  ['revoked', 'mutation ($id: ID!) { revokeApiToken(documentId: $id) { documentId } }'],
  ['given another secret', 'mutation ($id: ID!) { regenerateApiToken(documentId: $id) { secret } }'],
  ['deleted', 'mutation ($id: ID!) { deleteApiToken(documentId: $id) { documentId } }'],
])('an invitation of an API token ends when the token is %s', async (_how, end) => {
  const { role } = await userWith('user.invite');
  const { data, text } = await server.askAdmin(TOKEN(nextName()), { token: admin });
  if (!data?.createApiToken) throw new Error(text);
  const { secret, token } = data.createApiToken;
  const invite = () => byUser(secret, { email: nextEmail(), role: role.documentId });
  expect((await invite()).errors).toBeUndefined();
  const good = await mailed();
  expect((await accept(good)).errors).toBeUndefined();
  await invite();
  const code = await mailed();
  expect((await server.askAdmin(end, { token: admin, variables: { id: token.documentId } })).errors).toBeUndefined();
  expect(messageOf(await accept(code))).toBe('Incorrect code provided');
});

test('an invitation of an administrator ends when they are deleted, and those of others stay', async () => {
  const email = 'inviting@admin.test';
  const create = `mutation { createAdmin(data: { email: "${email}", role: ADMINISTRATOR, password: "a good password of mine" }) { documentId } }`;
  const { documentId } = (await server.askAdmin(create, { token: admin })).data.createAdmin;
  const login = `mutation { login(email: "${email}", password: "a good password of mine") { jwt } }`;
  const { jwt } = (await server.askAdmin(login)).data.login;
  await server.askAdmin(`${INVITE} { documentId } }`, { token: jwt, variables: { email: nextEmail() } });
  const code = await mailed();
  const other = await invited();
  const remove = 'mutation ($id: ID!) { deleteAdmin(documentId: $id) { documentId } }';
  expect((await server.askAdmin(remove, { token: admin, variables: { id: documentId } })).errors).toBeUndefined();
  expect(messageOf(await accept(code))).toBe('Incorrect code provided');
  expect((await accept(other)).errors).toBeUndefined();
});

test('who invited and who accepted is in the audit log, without the code', async () => {
  const email = nextEmail();
  const code = await invited(email, idOf['editor']);
  await accept(code);
  const rows = await server.database.prisma.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 3 });
  const [, register, invite] = rows;
  expect([invite?.event, invite?.targetName, register?.event]).toEqual(['user.invite', email, 'user.register']);
  expect(register?.after).toMatchObject({ email, role: 'editor', invitedBy: expect.stringContaining('@admin.test') });
  const all = JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
  expect(all).not.toContain(code);
  expect(server.log.join('')).not.toContain(code);
});

test('the built-in page shows a form, and nothing before a button is pressed', async () => {
  const response = await fetch(server.url.replace('/graphql', '/accept-invitation'));
  const page = await response.text();
  expect([response.status, response.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringContaining("default-src 'none'"),
  ]);
  for (const name of ['username', 'password', 'passwordConfirmation']) expect(page).toContain(`name="${name}"`);
});
