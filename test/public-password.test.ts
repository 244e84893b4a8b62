import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPasswords } from '../src/accounts/passwords.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { blockDemoUsers, removeDemoAdmins } from '../src/start/demo-accounts.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

// A database that was begun in development, and is started in production.

let server: TestServer;
let admin: string;
const DAY = 86_400_000;

beforeAll(async () => {
  server = await startServer({ config: { bcryptCost: 5 } });
  admin = await server.adminToken();
});
afterAll(() => server?.close());

const sql = (text: string, ...values: readonly unknown[]) => server.database.query(text, values);

async function succeeded(answer: ReturnType<TestServer['ask']>) {
  const { data, errors } = await answer;
  expect(errors).toBeUndefined();
  return data;
}

let people = 0;
const names = () => ({ username: `late ${people}`, email: `late${people}@example.com` });

async function register(password: string): Promise<{ readonly id: number; readonly jwt: string }> {
  people++;
  const data = await succeeded(
    server.ask('mutation ($i: UsersPermissionsRegisterInput!) { register(input: $i) { jwt user { id } } }', {
      variables: { i: { ...names(), password } },
    }),
  );
  return { id: Number(data.register.user.id), jwt: data.register.jwt };
}

const twice = `password: "${DEMO_PASSWORD}", passwordConfirmation: "${DEMO_PASSWORD}"`;
const idOf = async (username: string) =>
  (await server.database.prisma.user.findFirstOrThrow({ where: { username } })).id;

describe('a user who has the public password is blocked for good, whatever else was changed:', () => {
  test.each<[string, () => Promise<number>]>([
    ['a demo user', () => idOf('reader')],
    [
      'one who was blocked for a time',
      async () => {
        const id = await idOf('editor');
        await sql(`UPDATE users SET blocked = true, "blockedUntil" = now() + interval '1 hour' WHERE id = $1`, id);
        return id;
      },
    ],
    [
      'one with another e-mail, username and role, whose hash a login made anew',
      async () => {
        const id = await idOf('moderator');
        await sql('UPDATE users SET blocked = false WHERE id = $1', id);
        await sql(
          `UPDATE users SET "passwordHash" = $2 WHERE id = $1`,
          id,
          await createPasswords(4).hash(DEMO_PASSWORD),
        );
        await server.tokenOf('moderator');
        await sql(`UPDATE users SET email = 'boss@example.com', username = 'boss', "roleId" = 1 WHERE id = $1`, id);
        return id;
      },
    ],
    ['who registered with it', async () => (await register(DEMO_PASSWORD)).id],
    [
      'who changed to it',
      async () => {
        const { id, jwt: token } = await register('another password');
        const change = `mutation { changePassword(currentPassword: "another password", ${twice}) { jwt } }`;
        await succeeded(server.ask(change, { token }));
        return id;
      },
    ],
    [
      'who reset to it',
      async () => {
        const { id } = await register('another password');
        const code = await server.gatehouse.administration.codes.issue(server.database.prisma, id, 'resetPassword');
        await succeeded(server.ask(`mutation { resetPassword(code: "${code}", ${twice}) { jwt } }`));
        return id;
      },
    ],
    [
      'who was given it',
      async () => {
        const { id } = await register('another password');
        const { documentId } = await server.database.prisma.user.findUniqueOrThrow({ where: { id } });
        const update = `mutation { updateUser(documentId: "${documentId}", data: { password: "${DEMO_PASSWORD}" }) { id } }`;
        await succeeded(server.askAdmin(update, { token: admin }));
        return id;
      },
    ],
    [
      'who was made with it',
      async () => {
        people++;
        const data = { ...names(), password: DEMO_PASSWORD };
        const create = 'mutation ($d: CreateUserInput!) { createUser(data: $d) { id } }';
        return (await succeeded(server.askAdmin(create, { token: admin, variables: { d: data } }))).createUser.id;
      },
    ],
  ])('%s', async (_who, make) => {
    const { prisma } = server.database;
    const id = Number(await make());
    const { email } = await prisma.user.findUniqueOrThrow({ where: { id } });
    expect(await blockDemoUsers(server.gatehouse.administration)).toContain(email);
    expect(await blockDemoUsers(server.gatehouse.administration)).toEqual([]);
    expect(await prisma.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ blocked: true, blockedUntil: null });
    expect(await prisma.session.count({ where: { userId: id } })).toBe(0);
    server.advance(400 * DAY);
    const login = `mutation { login(input: { identifier: "${email}", password: "${DEMO_PASSWORD}" }) { jwt } }`;
    const { errors } = await server.ask(login);
    expect(errors?.[0]?.extensions.code).toMatch(/^(UNAUTHENTICATED|BAD_USER_INPUT)$/); // the e-mail may be none to log in with
    server.advance(-400 * DAY);
  });

  test('nobody else is, and nobody else’s hash is compared', async () => {
    const { prisma } = server.database;
    const { passwords } = server.gatehouse.administration;
    const changed = await register(DEMO_PASSWORD);
    const change = `mutation { changePassword(currentPassword: "${DEMO_PASSWORD}", password: "another password", passwordConfirmation: "another password") { jwt } }`;
    await succeeded(server.ask(change, { token: changed.jwt }));
    const other = await register('another password');
    const marked = await register('another password');
    await prisma.user.update({ where: { id: marked.id }, data: { publicPassword: true } });
    const public_ = await prisma.user.findMany({ where: { publicPassword: true }, distinct: ['passwordHash'] });
    const { compare } = passwords;
    const compared: (string | undefined)[] = [];
    passwords.compare = (password, hash) => {
      compared.push(hash);
      return compare(password, hash);
    };
    try {
      expect(await blockDemoUsers(server.gatehouse.administration)).toEqual([]);
    } finally {
      passwords.compare = compare;
    }
    expect(compared.sort()).toEqual(public_.map(({ passwordHash }) => passwordHash).sort());
    for (const { id } of [changed, other, marked]) {
      expect(await prisma.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
        blocked: false,
        publicPassword: false,
      });
    }
  });
});

test('in production nobody chooses it, and who has it yet is not kept out by a renewed hash', async () => {
  const { prisma } = server.database;
  const { id, jwt: token } = await register('another password');
  await using production = await startBeside(server, { production: true, bcryptCost: 5 });
  const to = (document: string, options: Parameters<typeof send>[2] = {}) => send(production.url, document, options);
  const code = await server.gatehouse.administration.codes.issue(prisma, id, 'resetPassword');
  const { documentId } = await prisma.user.findUniqueOrThrow({ where: { id } });
  const asAdmin = (document: string) =>
    send(production.url.replace(/graphql$/, 'admin/graphql'), document, { token: admin });
  const spelled = DEMO_PASSWORD.replace('g', 'ｇ');
  const answers = [
    await to(
      `mutation { register(input: { username: "p u", email: "pu@x.example", password: "${spelled}" }) { jwt } }`,
    ),
    await to(`mutation { changePassword(currentPassword: "another password", ${twice}) { jwt } }`, { token }),
    await to(`mutation { resetPassword(code: "${code}", ${twice}) { jwt } }`),
    await asAdmin(`mutation { updateUser(documentId: "${documentId}", data: { password: "${spelled}" }) { id } }`),
    await asAdmin(
      `mutation { createAdmin(data: { email: "p@x.example", role: READ_ONLY, password: "${spelled}" }) { email } }`,
    ),
  ];
  for (const { errors } of answers) {
    expect(errors?.[0]?.extensions.error.details.errors).toMatchObject([
      { path: ['password'], message: 'password must not be the public one of development' },
    ]);
  }
  const had = await register(DEMO_PASSWORD);
  const passwordHash = await createPasswords(4).hash(DEMO_PASSWORD);
  const { email } = await prisma.user.update({ where: { id: had.id }, data: { passwordHash } });
  const login = await to(`mutation { login(input: { identifier: "${email}", password: "${DEMO_PASSWORD}" }) { jwt } }`);
  expect(login.data.login.jwt).toEqual(expect.any(String));
  await prisma.user.delete({ where: { id: had.id } });
});

test('more than may wait for a thread are looked at, once', async () => {
  const { prisma } = server.database;
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'authenticated' } });
  const many = Array.from({ length: 50 * availableParallelism() + 10 }, (_, index) => ({
    username: `moved ${index}`,
    email: `moved${index}@example.com`,
    // Looks like a hash, and is that of no password.
    passwordHash: `$2b$05$${randomBytes(40).toString('hex').slice(0, 53)}`,
    publicPassword: true,
    roleId,
  }));
  await prisma.user.createMany({ data: many });
  expect(await blockDemoUsers(server.gatehouse.administration)).toEqual([]);
  expect(await prisma.user.count({ where: { publicPassword: true, email: { startsWith: 'moved' } } })).toBe(0);
});

test('administrators who have the public password are deleted, whatever else was changed, and nobody else', async () => {
  const { prisma } = server.database;
  await prisma.admin.deleteMany();
  const renamed = await server.adminToken();
  const { email } = (await succeeded(server.askAdmin('{ me { email } }', { token: renamed }))).me;
  await prisma.admin.update({ where: { email }, data: { email: 'boss@admin.test', role: 'READ_ONLY' } });
  const create = (email: string, password: string) =>
    succeeded(
      server.askAdmin(
        `mutation { createAdmin(data: { email: "${email}", role: ADMINISTRATOR, password: "${password}" }) { email } }`,
        { token: admin },
      ),
    );
  admin = await server.adminToken();
  await create('changed@admin.test', 'another password');
  const login = 'mutation { login(email: "changed@admin.test", password: "another password") { jwt } }';
  const token = (await succeeded(server.askAdmin(login))).login.jwt;
  await succeeded(
    server.askAdmin(`mutation { changePassword(currentPassword: "another password", ${twice}) { jwt } }`, { token }),
  );
  await create('stays@admin.test', 'another password');
  const removed = await removeDemoAdmins(server.gatehouse.administration);
  expect(removed).toEqual(expect.arrayContaining(['boss@admin.test', 'changed@admin.test']));
  expect((await prisma.admin.findMany()).map(({ email }) => email)).toEqual(['stays@admin.test']);
  expect(await removeDemoAdmins(server.gatehouse.administration)).toEqual([]);
});
