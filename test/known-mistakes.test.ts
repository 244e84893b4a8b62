import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AskOptions, startServer, type TestServer } from './support/start.ts';

// What went wrong in other servers of this kind, by the name it was known under. Those that fill a file of their own are
// named there in the same words: old sessions, rate limits, template injection, poisoned links, failing open.

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const REGISTER =
  'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { id username email role { type } } } }';
const LOGIN = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt user { username } } }';

let people = 0;
async function newcomer() {
  const name = `stranger${++people}`;
  const input = { username: name, email: `${name}@example.com`, password: 'a good password' };
  const { data, text } = await server.ask(REGISTER, { variables: { input } });
  if (!data?.register) throw new Error(text);
  return { ...input, token: data.register.jwt as string, id: Number(data.register.user.id) };
}

async function codeOf(document: string, options: AskOptions = {}) {
  const { data, errors } = await server.ask(document, options);
  return { data, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message };
}

function userOf(id: number) {
  return server.database.prisma.user.findUniqueOrThrow({ where: { id }, include: { role: true } });
}

describe('reset without a code or with an object as the code', () => {
  const both = 'password: "another password", passwordConfirmation: "another password"';
  test.each([
    ['no code', `mutation { resetPassword(${both}) { jwt } }`],
    ['null', `mutation { resetPassword(code: null, ${both}) { jwt } }`],
    ['an object', `mutation { resetPassword(code: { contains: "" }, ${both}) { jwt } }`],
    ['a list', `mutation { resetPassword(code: ["a"], ${both}) { jwt } }`],
    ['a number', `mutation { resetPassword(code: 1, ${both}) { jwt } }`],
  ])('%s is no document', async (_what, document) => {
    expect(await codeOf(document)).toMatchObject({ data: undefined, code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  test.each([
    ['an object', { not: null }],
    ['another', { $gt: '' }],
    ['a list', ['']],
    ['true', true],
    ['null', null],
  ])('%s is no value', async (_what, code) => {
    const document = `mutation ($code: String!) { resetPassword(code: $code, ${both}) { jwt } }`;
    expect(await codeOf(document, { variables: { code } })).toMatchObject({ data: undefined, code: 'BAD_USER_INPUT' });
  });

  test('the empty code is nobody’s, also of users who never asked for one', async () => {
    const hashes = async () =>
      (await server.database.prisma.user.findMany({ orderBy: { id: 'asc' } })).map((user) => user.passwordHash);
    const before = await hashes();
    for (const code of ['', ' ', 'null', 'undefined', '0']) {
      expect((await codeOf(`mutation { resetPassword(code: "${code}", ${both}) { jwt } }`)).message).toBe(
        code.trim() === '' ? 'code is a required field' : 'Incorrect code provided',
      );
    }
    expect(await hashes()).toEqual(before);
  });
});

describe('private columns writable at registration or through updateMe', () => {
  const PRIVATE = {
    id: 1,
    documentId: '"mine"',
    confirmed: true,
    blocked: false,
    role: 3,
    roleId: 3,
    passwordHash: '"x"',
    password: '"another password"',
    tokenVersion: 9,
    provider: '"local"',
    resetPasswordToken: '"x"',
    confirmationToken: '"x"',
    createdAt: '"2000-01-01T00:00:00.000Z"',
    __proto__: '{ confirmed: true }',
  };

  test.each(Object.entries(PRIVATE).filter(([name]) => name !== 'password'))(
    'register knows no %s',
    async (name, value) => {
      const count = await server.database.prisma.user.count();
      const document = `mutation { register(input: { username: "private", email: "private@example.com", password: "a good password", ${name}: ${value} }) { jwt } }`;
      expect((await codeOf(document)).code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(await server.database.prisma.user.count()).toBe(count);
    },
  );

  test.each(Object.entries(PRIVATE))('updateMe knows no %s', async (name, value) => {
    const { token, id } = await newcomer();
    const before = await userOf(id);
    const document = `mutation { updateMe(data: { username: "private person", ${name}: ${value} }) { username } }`;
    expect((await codeOf(document, { token })).code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await userOf(id)).toEqual(before);
  });

  test('nor in variables', async () => {
    const { token, id } = await newcomer();
    const document = 'mutation ($data: UpdateMeInput!) { updateMe(data: $data) { username } }';
    const data = { username: 'private person', role: 3, confirmed: true };
    expect((await codeOf(document, { token, variables: { data } })).code).toBe('BAD_USER_INPUT');
    expect((await userOf(id)).role.type).toBe('authenticated');
  });
});

describe('role given to oneself', () => {
  test.each([
    'role: "editor"',
    'role: { type: "editor" }',
    'role: { connect: { id: 3 } }',
    'roleId: 3',
    'role: { set: [3] }',
  ])('by %s, at registration and later', async (role) => {
    const { token, id } = await newcomer();
    for (const document of [
      `mutation { updateMe(data: { ${role} }) { username } }`,
      `mutation { register(input: { username: "climber", email: "climber@example.com", password: "a good password", ${role} }) { jwt } }`,
    ]) {
      expect((await codeOf(document, { token })).code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    expect((await userOf(id)).role.type).toBe('authenticated');
  });

  test('by content that leads to users: it is read by their rules, and nothing writes through it', async () => {
    const { data, text } = await server.ask(
      '{ __schema { types { name inputFields { name type { name ofType { name } } } } } }',
    );
    expect(text).not.toMatch(/"(passwordHash|tokenVersion|roleId|refreshHash|familyHash)"/);
    const written = data.__schema.types.filter(({ name }: { name: string }) =>
      /^(?!UsersPermissions).*(?<!Filters)Input$/.test(name),
    );
    expect(written.length).toBeGreaterThan(10);
    expect(JSON.stringify(written)).not.toMatch(/UsersPermissionsUser|"owner"/);
    // What leads there is not readable, nor can it be asked for, beyond what the viewer can find of users.
    const token = await server.tokenOf('reader');
    for (const document of [
      '{ posts(filters: { owner: { email: { contains: "@" } } }) { title } }',
      '{ posts(sort: "owner.email") { title } }',
    ]) {
      const answer = await server.ask(document, { token });
      expect(answer.errors?.[0]?.message).toMatch(/^(Forbidden access|Invalid key (owner|email)( at owner\.email)?)$/);
      expect(answer.text).not.toContain('@');
    }
  });
});

describe('e-mail compared before normalisation (Unicode look-alikes, İ, trailing dots, plus signs)', () => {
  const register = (email: string, username = `look alike ${++people}`) =>
    codeOf(REGISTER, { variables: { input: { username, email, password: 'a good password' } } });

  test.each([
    ['upper case', 'VICTIM@EXAMPLE.COM'],
    ['blanks around it', '  victim@example.com '],
  ])('%s is the same person', async (_what, email) => {
    await register('victim@example.com');
    expect(await register(email)).toMatchObject({
      data: { register: null },
      message: 'Email or Username are already taken',
    });
  });

  test.each([
    ['a dotted capital I', 'v\u0130ctim@example.com'],
    ['a dotless i', 'v\u0131ctim@example.com'],
    ['a Kelvin sign', 'mi\u212Ae@example.com'],
    ['a Cyrillic letter', 'v\u0456ctim@example.com'],
    ['wide letters', 'ｖｉｃｔｉｍ@example.com'],
    ['an ideographic full stop', 'victim@example\u3002com'],
    ['a zero-width space', 'vic\u200Btim@example.com'],
    ['a trailing dot', 'victim@example.com.'],
    ['two addresses', 'victim@example.com,evil@example.com'],
    ['a line break', 'victim@example.com\nBcc: evil@example.com'],
    ['a comment', 'victim(x)@example.com'],
    ['quotes', '"victim"@example.com'],
  ])('%s is no address at all, and gets no mail', async (_what, email) => {
    expect((await register(email)).message).toBe('email must be a valid email');
    server.mails.length = 0;
    const { message } = await codeOf('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', {
      variables: { email },
    });
    expect(message).toBe('email must be a valid email');
    await server.gatehouse.idle();
    expect(server.mails).toEqual([]);
  });

  test.each([
    ['a plus sign', 'victim+news@example.com'],
    ['a dot', 'vic.tim@example.com'],
    ['another domain', 'victim@example.co'],
  ])('%s makes another person, and each keeps their own', async (_what, email) => {
    await register('victim@example.com');
    expect((await register(email)).data.register.user.email).toBe(email);
    server.mails.length = 0;
    await server.ask('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', { variables: { email } });
    await server.gatehouse.idle();
    expect(server.mails.map(({ to }) => to)).toEqual([email]);
  });

  test.each([
    ['wide letters', 'ｅｄｉｔｏｒ'],
    ['a zero-width space', 'edi\u200Btor'],
    ['upper case', 'EDITOR'],
    ['a mark of direction', 'editor\u200F'],
  ])('a username in %s is the one that is there', async (_what, username) => {
    expect((await register(`n${people}@example.com`, username)).message).toBe('Email or Username are already taken');
  });
});

describe('introspection switched off but the SDL still served', () => {
  test.each([
    ['__schema', '{ __schema { types { name } } }'],
    ['__type', '{ __type(name: "Post") { name } }'],
    ['behind a fragment', '{ ...F } fragment F on Query { __schema { types { name } } }'],
    ['in another operation', 'query A { __typename } query B { __schema { types { name } } }'],
    ['the service of a federation', '{ _service { sdl } }'],
  ])('%s tells nothing, and neither do suggestions', async (_what, query) => {
    const closed = await startServer({ config: { production: true, introspection: false } });
    try {
      const { errors, data } = await closed.ask(query);
      expect(data).toBeUndefined();
      expect(errors?.[0]?.extensions.code).toMatch(/^(GRAPHQL_VALIDATION_FAILED|BAD_REQUEST)$/);
      const { text } = await closed.ask('{ post { titel } authrs { name } }');
      expect(text).not.toMatch(/Did you mean|title|authors/);
      for (const path of [
        '/graphql/schema',
        '/schema',
        '/schema.graphql',
        '/graphql?sdl',
        '/.well-known/graphql',
        '/graphql/sdl',
      ]) {
        const response = await fetch(new URL(path, closed.url), { headers: { accept: 'text/html, */*' } });
        expect(response.ok, path).toBe(false);
        expect(await response.text(), path).not.toContain('UsersPermissions');
      }
    } finally {
      await closed.close();
    }
  });
});

test('filters that reveal private fields: no input type knows one', async () => {
  const { data } = await server.ask('{ __schema { types { kind name inputFields { name } } } }');
  const inputs = data.__schema.types.filter(({ kind }: { kind: string }) => kind === 'INPUT_OBJECT');
  expect(inputs.length).toBeGreaterThan(10);
  const names = inputs.flatMap(({ name, inputFields }: { name: string; inputFields: { name: string }[] }) =>
    inputFields.map((field) => `${name}.${field.name}`),
  );
  const secret =
    /\.(password|passwordHash|hash|token|tokenVersion|code|refresh|session|role|blocked|confirmed|authorId|categoryId|id)$/i;
  expect(names.filter((name: string) => secret.test(name))).toEqual([
    'StepUpInput.code',
    'StepUpInput.password',
    'UsersPermissionsLoginInput.password',
    'UsersPermissionsPermissionFiltersInput.role',
    'UsersPermissionsRegisterInput.password',
    // For whoever was given `user.find`, `user.create` or `user.update`.
    'UsersPermissionsUserFiltersInput.blocked',
    'UsersPermissionsUserFiltersInput.confirmed',
    'UsersPermissionsUserFiltersInput.role',
    'UsersPermissionsUserInput.blocked',
    'UsersPermissionsUserInput.confirmed',
    'UsersPermissionsUserInput.password',
    'UsersPermissionsUserInput.role',
  ]);
});

test('a login tells who it is by nothing but the right password', async () => {
  const { username, email } = await newcomer();
  const answers = await Promise.all(
    [username, email, 'nobody', 'nobody@example.com', '%', '*'].map((identifier) =>
      server.ask(LOGIN, { variables: { input: { identifier, password: 'not the password' } } }),
    ),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});
