import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { type Answer, startServer, type TestServer } from './support/start.ts';

/** What is said of texts that are empty, of null, of names in which there is nothing to see, and of URLs. */

let server: TestServer;
let admin: string;
let reader: string;
beforeAll(async () => {
  server = await startServer();
  admin = await server.adminToken();
  reader = await server.tokenOf('reader');
});
afterAll(() => server?.close());

/** The message, and each fault with its path. */
function said({ errors }: Answer) {
  const [error] = errors ?? [];
  const faults = error?.extensions.error.details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { message: error?.message, code: error?.extensions.code, faults };
}

describe('an empty text that is required', () => {
  const required = (...names: string[]) => ({
    message: names.length === 1 ? `${names[0]} is a required field` : `${names.length} errors occurred`,
    code: 'BAD_USER_INPUT',
    faults: names.map((name) => `${name}: ${name} is a required field`),
  });
  const CASES: [string, string[]][] = [
    ['login(input: { identifier: "", password: "" }) { jwt }', ['identifier', 'password']],
    ['login(input: { identifier: " \u200b", password: "x" }) { jwt }', ['identifier']],
    ['login(input: { identifier: "reader", password: "" }) { jwt }', ['password']],
    ['register(input: { username: "", email: "", password: "" }) { jwt }', ['username', 'email', 'password']],
    [
      'register(input: { username: "\u2800\u200b ", email: " ", password: "a good password" }) { jwt }',
      ['username', 'email'],
    ],
    ['forgotPassword(email: "") { ok }', ['email']],
    ['sendEmailConfirmation(email: " ") { ok }', ['email']],
    ['emailConfirmation(confirmation: "") { jwt }', ['confirmation']],
    [
      'resetPassword(code: "", password: "", passwordConfirmation: "") { jwt }',
      ['code', 'password', 'passwordConfirmation'],
    ],
    [
      'resetPassword(code: "x", password: "a good password", passwordConfirmation: "") { jwt }',
      ['passwordConfirmation'],
    ],
  ];

  test.each(CASES)('%s', async (field, names) => {
    expect(said(await server.ask(`mutation { ${field} }`))).toEqual(required(...names));
  });

  test('changePassword and updateMe', async () => {
    const all = 'mutation { changePassword(currentPassword: "", password: "", passwordConfirmation: "") { jwt } }';
    expect(said(await server.ask(all, { token: reader }))).toEqual(
      required('currentPassword', 'password', 'passwordConfirmation'),
    );
    const update = 'mutation { updateMe(data: { username: "", email: "" }) { id } }';
    expect(said(await server.ask(update, { token: reader })).faults?.slice(0, 2)).toEqual(
      required('username', 'email').faults,
    );
  });

  test('blanks around an e-mail, a username or an identifier are not part of it', async () => {
    const register =
      'register(input: { username: " Blank Around\u3000", email: "\\tBlank@Example.com ", password: "a good password" })';
    const { data } = await server.ask(`mutation { ${register} { user { username email } } }`);
    expect(data.register.user).toEqual({ username: 'Blank Around', email: 'blank@example.com' });
    for (const identifier of [' blank around ', ' blank@example.com\u00a0']) {
      const login = `login(input: { identifier: "${identifier}", password: "a good password" })`;
      expect((await server.ask(`mutation { ${login} { user { email } } }`)).data.login.user.email).toBe(
        'blank@example.com',
      );
    }
    for (const ask of ['forgotPassword', 'sendEmailConfirmation']) {
      expect((await server.ask(`mutation { ${ask}(email: " blank@example.com ") { ok } }`)).data[ask]).toEqual({
        ok: true,
      });
    }
  });
});

describe('null, in an update, for what cannot be null', () => {
  test('is a fault of its field, and nothing is changed', async () => {
    const { prisma } = server.database;
    const role = await prisma.role.create({
      data: {
        name: 'Null',
        type: 'null',
        description: 'Something',
        permissions: {
          create: ['user.create', 'user.find', 'user.update', 'role.find', 'role.update', 'user.me'].map((action) => ({
            action,
          })),
        },
      },
    });
    const user = await prisma.user.findUniqueOrThrow({ where: { email: 'moderator@example.com' } });
    await prisma.user.update({ where: { id: user.id }, data: { roleId: role.id } });
    const token = await server.tokenOf('moderator');
    const make =
      'mutation { createApiToken(data: { name: "null", kind: READ_ONLY, lifespan: UNLIMITED }) { token { documentId } } }';
    const apiToken = (await server.askAdmin(make, { token: admin })).data.createApiToken.token;
    const { admins } = (await server.askAdmin('{ admins { documentId } }', { token: admin })).data;

    const cases: [on: 'public' | 'admin', name: string, input: string, id: string, names: string[]][] = [
      [
        'public',
        'updateUsersPermissionsUser',
        'UsersPermissionsUserInput',
        user.documentId,
        ['username', 'email', 'provider', 'password', 'confirmed', 'blocked', 'role'],
      ],
      [
        'public',
        'updateUsersPermissionsRole',
        'UsersPermissionsRoleInput',
        role.documentId,
        ['name', 'type', 'permissions'],
      ],
      [
        'admin',
        'updateUser',
        'UpdateUserInput',
        user.documentId,
        ['username', 'email', 'password', 'role', 'confirmed'],
      ],
      ['admin', 'updateRole', 'UpdateRoleInput', role.documentId, ['name']],
      ['admin', 'updateAdmin', 'UpdateAdminInput', admins[0].documentId, ['email', 'name', 'role']],
      ['admin', 'updateApiToken', 'UpdateApiTokenInput', apiToken.documentId, ['name', 'kind', 'actions']],
    ];
    const snapshot = async () =>
      JSON.stringify([
        await prisma.user.findMany({ orderBy: { id: 'asc' } }),
        await prisma.role.findMany({ include: { permissions: true }, orderBy: { id: 'asc' } }),
        await prisma.admin.findMany({ orderBy: { id: 'asc' } }),
        await prisma.settings.findMany(),
      ]);
    const before = await snapshot();
    for (const [on, name, input, id, names] of cases) {
      const idArgument = on === 'public' ? 'id' : 'documentId';
      const document = `mutation ($id: ID!, $data: ${input}!) { ${name}(${idArgument}: $id, data: $data) { __typename } }`;
      const data = Object.fromEntries(names.map((one) => [one, null]));
      const answer =
        on === 'public'
          ? await server.ask(document, { token, variables: { id, data } })
          : await server.askAdmin(document, { token: admin, variables: { id, data } });
      expect(said(answer).faults, name).toEqual(names.map((one) => `${one}: ${one} must be defined.`));
    }
    const me = await server.ask('mutation { updateMe(data: { username: null, email: null }) { id } }', {
      token: reader,
    });
    expect(said(me).faults).toEqual(['username: username must be defined.', 'email: email must be defined.']);
    const settings = await server.askAdmin(
      'mutation { updateSettings(data: { signUps: null, defaultRole: null }) { signUps } }',
      { token: admin },
    );
    expect(said(settings).faults).toEqual([
      'signUps: signUps must be defined.',
      'defaultRole: defaultRole must be defined.',
    ]);
    const item = await server.ask(
      `mutation { updateUsersPermissionsRole(id: "${role.documentId}", data: { permissions: ["user.me", null] }) { ok } }`,
      { token },
    );
    expect(said(item).faults).toEqual(['permissions.1: permissions has a name that is no action']);
    expect(await snapshot()).toBe(before);

    // And null where it empties: the description.
    const empty = `mutation { updateUsersPermissionsRole(id: "${role.documentId}", data: { description: null }) { ok } }`;
    expect((await server.ask(empty, { token })).data.updateUsersPermissionsRole).toEqual({ ok: true });
    expect((await prisma.role.findUniqueOrThrow({ where: { id: role.id } })).description).toBeNull();
  });
});

describe('a name in which there is nothing to see', () => {
  const NOTHING = ['', '  ', '\u200b', '\u2060\u00ad\ufe0f', '\u2800\u2800\u2800', '\u3164', '\u202e'];
  const NAMED: [string, (name: string) => string][] = [
    ['a role', (name) => `createRole(data: { name: ${name} }) { id }`],
    [
      'an API token',
      (name) => `createApiToken(data: { name: ${name}, kind: READ_ONLY, lifespan: UNLIMITED }) { secret }`,
    ],
    ['a user', (name) => `createUser(data: { username: ${name}, email: "unseen@example.com" }) { id }`],
  ];

  test.each(NAMED)('is none of %s', async (_what, mutation) => {
    for (const name of NOTHING) {
      const answer = await server.askAdmin(`mutation { ${mutation(JSON.stringify(name))} }`, { token: admin });
      expect(said(answer).message, JSON.stringify(name)).toMatch(/^(user)?name is a required field$/);
    }
  });

  test('is none of an administrator, either', async () => {
    for (const name of NOTHING.filter((one) => one.trim() !== '')) {
      const input = `{ email: "unseen@example.com", name: ${JSON.stringify(name)}, role: READ_ONLY }`;
      const answer = await server.askAdmin(`mutation { createAdmin(data: ${input}) { email } }`, { token: admin });
      expect(said(answer).message).toBe('name is a required field');
    }
  });

  test('and two names that look the same are one', async () => {
    const create = (name: string) =>
      server.askAdmin(
        `mutation { createApiToken(data: { name: ${JSON.stringify(name)}, kind: READ_ONLY, lifespan: UNLIMITED }) { token { documentId } } }`,
        { token: admin },
      );
    const { documentId } = (await create('Importer')).data.createApiToken.token;
    for (const name of ['importer', 'Imp\u200borter', 'Ｉmporter']) {
      expect(said(await create(name)).message).toBe('This attribute must be unique');
    }
    const other = (await create('Exporter')).data.createApiToken.token.documentId;
    const rename = (id: string, name: string) =>
      server.askAdmin(
        `mutation { updateApiToken(documentId: "${id}", data: { name: ${JSON.stringify(name)} }) { name } }`,
        { token: admin },
      );
    expect(said(await rename(other, 'IMPORTER')).message).toBe('This attribute must be unique');
    expect((await rename(documentId, 'IMPORTER')).data.updateApiToken.name).toBe('IMPORTER');
    const role = await server.askAdmin('mutation { createRole(data: { name: "Ed\u200bitor" }) { id } }', {
      token: admin,
    });
    expect(said(role).message).toBe('This attribute must be unique');
    const described = await server.askAdmin(
      'mutation { createRole(data: { name: "Described", description: "\u200b" }) { description } }',
      { token: admin },
    );
    expect(described.data.createRole.description).toBeNull();
  });
});

describe('the page that a mail leads to', () => {
  const PAGES = ['resetPasswordUrl', 'confirmEmailUrl'] as const;
  const set = (page: string, url: string) =>
    server.askAdmin(`mutation ($url: String) { updateSettings(data: { ${page}: $url }) { ${page} } }`, {
      token: admin,
      variables: { url },
    });

  test.each([
    'https://example.com/reset\n',
    'https://example.com/reset\r\nBcc: everybody@example.com',
    '\nhttps://example.com/',
    'https://exa\tmple.com/',
    'https://user:secret@example.com/',
    'https://user@example.com/',
    'https://example.com/?a="><script>alert(1)</script>',
    "https://example.com/'onclick='x",
    'https://example.com/<b>',
    'https://example.com/a b',
    'https://exam\u200bple.com/',
    'https://example.com/\u202etxt',
    'https:\\\\example.com',
    'https://example.com\\@evil.test/',
    'https://',
    'javascript:alert(1)',
    'data:text/html,x',
    '//example.com/',
    'example.com',
    '',
  ])('is not %j', async (url) => {
    for (const page of PAGES) {
      const answer = await set(page, url);
      expect(said(answer).faults).toEqual([`${page}: ${page} must be a valid URL`]);
      if (url !== '') expect(answer.text).not.toContain(JSON.stringify(url).slice(1, -1));
    }
  });

  test.each([
    'https://example.com/reset',
    'http://localhost:3000/#/reset?from=mail&lang=de',
    'https://bücher.example/zurück',
  ])('may be %s', async (url) => {
    for (const page of PAGES) expect((await set(page, url)).data.updateSettings[page]).toBe(url);
    for (const page of PAGES) expect((await set(page, null as never)).data.updateSettings[page]).toBeNull();
  });
});

test('what is taken is named to who manages users, and to nobody else', async () => {
  const create = (username: string, email: string) =>
    server.askAdmin(
      `mutation { createUser(data: { username: "${username}", email: "${email}", password: "${DEMO_PASSWORD}" }) { documentId } }`,
      { token: admin },
    );
  expect(said(await create('somebody new', 'editor@example.com'))).toMatchObject({
    message: 'Email already taken',
    code: 'APPLICATION_ERROR',
  });
  expect(said(await create('EDITOR', 'new@example.com'))).toMatchObject({
    message: 'Username already taken',
    code: 'APPLICATION_ERROR',
  });
  const id = (await create('somebody new', 'new@example.com')).data.createUser.documentId;
  const update = (data: string) =>
    server.askAdmin(`mutation { updateUser(documentId: "${id}", data: { ${data} }) { email } }`, { token: admin });
  expect(said(await update('email: "Editor@example.com"')).message).toBe('Email already taken');
  expect(said(await update('username: "editor"')).message).toBe('Username already taken');
  expect((await update('username: "Somebody New", email: "NEW@example.com"')).data.updateUser.email).toBe(
    'new@example.com',
  );
  const register = `mutation { register(input: { username: "editor", email: "x@example.com", password: "a good password" }) { jwt } }`;
  expect(said(await server.ask(register)).message).toBe('Email or Username are already taken');
});
