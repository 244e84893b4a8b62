import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { type AskOptions, send, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.gatehouse.idle();
  server.mails.length = 0;
});

const ME = 'id documentId username email confirmed blocked role { id name description type }';
const REGISTER = `mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { ${ME} } } }`;
const LOGIN = `mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt user { ${ME} } } }`;
const CHANGE = `mutation ($currentPassword: String!, $password: String!, $passwordConfirmation: String!) {
  changePassword(currentPassword: $currentPassword, password: $password, passwordConfirmation: $passwordConfirmation) { jwt user { id } } }`;
const FORGOT = 'mutation ($email: String!) { forgotPassword(email: $email) { ok } }';
const RESET = `mutation ($code: String!, $password: String!, $passwordConfirmation: String!) {
  resetPassword(code: $code, password: $password, passwordConfirmation: $passwordConfirmation) { jwt user { username } } }`;
const CONFIRM = `mutation ($confirmation: String!) { emailConfirmation(confirmation: $confirmation) { jwt user { ${ME} } } }`;

let people = 0;
/** A person whom nobody has met before. */
function somebody() {
  people += 1;
  return { username: `person${people}`, email: `person${people}@example.com`, password: 'a good password' };
}

async function registered(person = somebody()) {
  const { data, text } = await server.ask(REGISTER, { variables: { input: person } });
  if (!data?.register) throw new Error(text);
  return { ...person, jwt: data.register.jwt as string, id: Number(data.register.user.id) };
}

function login(identifier: string, password: string, more: object = {}) {
  return server.ask(LOGIN, { variables: { input: { identifier, password, ...more } } });
}

async function whoIs(token: string) {
  const { status, data } = await server.ask('{ me { username } }', { token });
  return status === 200 ? data.me?.username : status;
}

/** The code in the last mail, as its link carries it. */
async function mailedCode(): Promise<string> {
  await server.gatehouse.idle();
  return server.mails.at(-1)?.link?.split('=').at(-1) ?? 'no mail';
}

/** What a client is shown of a failure: the message, and the fault of each field. */
async function faultsOf(document: string, options: AskOptions) {
  const { errors } = await server.ask(document, options);
  const [error] = errors ?? [];
  return {
    code: error?.extensions.code,
    message: error?.message,
    faults: error?.extensions.error.details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`),
  };
}

describe('register', () => {
  test('answers a token and the user with the role filled', async () => {
    const person = somebody();
    const { data, errors } = await server.ask(REGISTER, {
      variables: { input: { ...person, email: person.email.toUpperCase() } },
    });
    expect(errors).toBeUndefined();
    expect(data.register.user).toEqual({
      id: expect.stringMatching(/^\d+$/),
      documentId: expect.stringMatching(/^[a-z0-9]{20,}$/),
      username: person.username,
      email: person.email,
      confirmed: true,
      blocked: false,
      role: {
        id: expect.stringMatching(/^\d+$/),
        name: 'Authenticated',
        description: 'Users who registered.',
        type: 'authenticated',
      },
    });
    expect(await whoIs(data.register.jwt)).toBe(person.username);
    expect(server.mails).toEqual([]);
  });

  const PERSON = { username: 'somebody else', email: 'else@example.com', password: 'a good password' };
  test.each([
    [{ email: 'not an email' }, 'email must be a valid email', ['email: email must be a valid email']],
    [{ email: '\u212Aelvin@example.com' }, 'email must be a valid email', ['email: email must be a valid email']],
    [{ email: '' }, 'email is a required field', ['email: email is a required field']],
    [
      { email: `${'a'.repeat(250)}@example.com` },
      'email must be a valid email',
      ['email: email must be a valid email'],
    ],
    [
      { username: 'ab' },
      'username must be at least 3 characters',
      ['username: username must be at least 3 characters'],
    ],
    [{ username: '   ' }, 'username is a required field', ['username: username is a required field']],
    [
      { username: 'x'.repeat(256) },
      'username must be at most 255 characters',
      ['username: username must be at most 255 characters'],
    ],
    [
      { password: '1234567' },
      'password must be at least 8 characters',
      ['password: password must be at least 8 characters'],
    ],
    [
      { password: 'x'.repeat(73) },
      'Password must be less than 73 bytes',
      ['password: Password must be less than 73 bytes'],
    ],
    [
      { password: 'é'.repeat(37) },
      'Password must be less than 73 bytes',
      ['password: Password must be less than 73 bytes'],
    ],
    [
      { email: 'no', password: 'short', username: 'x' },
      '3 errors occurred',
      [
        'username: username must be at least 3 characters',
        'email: email must be a valid email',
        'password: password must be at least 8 characters',
      ],
    ],
  ])('refuses %o and makes no account', async (wrong, message, faults) => {
    const before = await server.database.prisma.user.count();
    expect(await faultsOf(REGISTER, { variables: { input: { ...PERSON, ...wrong } } })).toEqual({
      code: 'BAD_USER_INPUT',
      message,
      faults,
    });
    expect(await server.database.prisma.user.count()).toBe(before);
  });

  test('takes a password of exactly 72 bytes, and all of them count', async () => {
    const person = await registered({ ...somebody(), password: 'x'.repeat(72) });
    expect((await login(person.username, 'x'.repeat(72))).data.login.jwt).toEqual(expect.any(String));
    expect((await login(person.username, `${'x'.repeat(71)}y`)).errors?.[0]?.message).toBe(
      'Invalid identifier or password',
    );
  });

  test.each([
    ['the e-mail', (p: { email: string; username: string }) => ({ username: 'another', email: p.email })],
    [
      'the e-mail in another case',
      (p: { email: string; username: string }) => ({ username: 'another', email: p.email.toUpperCase() }),
    ],
    [
      'the username',
      (p: { email: string; username: string }) => ({ username: p.username, email: 'another@example.com' }),
    ],
    [
      'the username in another case',
      (p: { email: string; username: string }) => ({
        username: p.username.toUpperCase(),
        email: 'another@example.com',
      }),
    ],
    [
      'the username in other letters that look the same',
      (p: { email: string; username: string }) => ({ username: fullWidth(p.username), email: 'another@example.com' }),
    ],
  ])('refuses %s of another account', async (_what, change) => {
    const taken = await registered();
    const before = await server.database.prisma.user.count();
    expect(
      await faultsOf(REGISTER, { variables: { input: { password: 'a good password', ...change(taken) } } }),
    ).toMatchObject({
      code: 'APPLICATION_ERROR',
      message: 'Email or Username are already taken',
    });
    expect(await server.database.prisma.user.count()).toBe(before);
  });

  test('refuses an e-mail as a username, whoever it is, unless it is one’s own', async () => {
    const person = await registered();
    for (const username of [person.email, 'nobody-yet@example.com']) {
      expect(await faultsOf(REGISTER, { variables: { input: { ...somebody(), username } } })).toMatchObject({
        message: 'username must not be an e-mail address, unless it is the one of the account',
      });
    }
  });

  test('takes one’s own e-mail as the username', async () => {
    const { email, password } = somebody();
    const person = await registered({ username: email, email, password });
    expect(await whoIs(person.jwt)).toBe(email);
  });

  test('two at the same moment make exactly one account', async () => {
    const person = somebody();
    const answers = await Promise.all(
      [person.email, person.email.toUpperCase(), person.email, person.email].map((email, index) =>
        server.ask(REGISTER, { variables: { input: { ...person, email, username: `${person.username}${index}` } } }),
      ),
    );
    expect(answers.filter(({ data }) => data?.register).length).toBe(1);
    expect(answers.filter(({ errors }) => errors?.[0]?.message === 'Email or Username are already taken').length).toBe(
      3,
    );
    expect(await server.database.prisma.user.count({ where: { email: person.email } })).toBe(1);
  });

  test('an unknown field is a GraphQL error', async () => {
    const { errors, data } = await server.ask(REGISTER, {
      variables: { input: { ...somebody(), role: 1, confirmed: true } },
    });
    expect(data?.register ?? null).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('is off when sign-ups are', async () => {
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { signUps: false } });
    const before = await server.database.prisma.user.count();
    expect(await faultsOf(REGISTER, { variables: { input: somebody() } })).toMatchObject({
      code: 'APPLICATION_ERROR',
      message: 'Register action is currently disabled',
    });
    expect(await server.database.prisma.user.count()).toBe(before);
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { signUps: true } });
  });
});

describe('with e-mail confirmation on', () => {
  beforeAll(() => setConfirmation(true));
  afterAll(() => setConfirmation(false));

  test('register gives no token but a mail, and the mailed code opens the account once', async () => {
    const person = somebody();
    const { data } = await server.ask(REGISTER, { variables: { input: person } });
    expect(data.register).toMatchObject({ jwt: null, user: { confirmed: false } });
    expect(server.mails.map(({ to }) => to)).toEqual([person.email]);

    expect((await login(person.email, person.password)).errors?.[0]).toMatchObject({
      message: 'Your account email is not confirmed',
      extensions: { code: 'APPLICATION_ERROR' },
    });
    const confirmation = await mailedCode();
    const confirmed = await server.ask(CONFIRM, { variables: { confirmation } });
    expect(confirmed.data.emailConfirmation.user).toMatchObject({ username: person.username, confirmed: true });
    expect(await whoIs(confirmed.data.emailConfirmation.jwt)).toBe(person.username);
    expect((await login(person.email, person.password)).data.login.jwt).toEqual(expect.any(String));
  });

  test('a second click says who is confirmed, and lets nobody in', async () => {
    const person = somebody();
    await server.ask(REGISTER, { variables: { input: person } });
    const confirmation = await mailedCode();
    const both = await Promise.all(
      [0, 1].map(async () => (await server.ask(CONFIRM, { variables: { confirmation } })).data.emailConfirmation),
    );
    // At the same moment, too: one of them logs in.
    expect(both.map(({ jwt }) => typeof jwt).sort()).toEqual(['object', 'string']);
    expect(both.map(({ user }) => user.username)).toEqual([person.username, person.username]);
    const entries = () => server.database.prisma.auditEntry.count({ where: { event: 'user.confirm' } });
    const before = await entries();
    const again = async () => server.ask(CONFIRM, { variables: { confirmation } });
    const { data, errors } = await again();
    expect(errors).toBeUndefined();
    expect(data.emailConfirmation).toMatchObject({ jwt: null, user: { username: person.username, confirmed: true } });
    expect(await entries()).toBe(before);
    expect(JSON.stringify(await server.database.prisma.usedConfirmation.findMany())).not.toContain(confirmation);

    const { prisma } = server.database;
    const { id } = await prisma.user.findUniqueOrThrow({ where: { email: person.email } });
    for (const [not, back] of [
      [{ blocked: true }, { blocked: false }],
      [{ confirmed: false }, { confirmed: true }],
      [{ email: `other-${person.email}` }, { email: person.email }],
    ] as const) {
      await prisma.user.update({ where: { id }, data: not });
      expect((await again()).errors?.[0]?.message, JSON.stringify(not)).toBe('Invalid token');
      await prisma.user.update({ where: { id }, data: back });
    }
    expect((await again()).errors).toBeUndefined();
    server.advance(24 * 3_600_000 + 1);
    expect((await again()).errors?.[0]?.message).toBe('Invalid token');
    await server.gatehouse.cleanUp();
    expect(await prisma.usedConfirmation.count({ where: { userId: id } })).toBe(0);
    server.advance(-24 * 3_600_000 - 1);
  });

  test.each(['nonsense', 'x'.repeat(5000)])('a wrong confirmation is an invalid token', async (confirmation) => {
    expect(await faultsOf(CONFIRM, { variables: { confirmation } })).toMatchObject({ message: 'Invalid token' });
  });

  test('the state of an account is told only to who knows the password', async () => {
    const person = somebody();
    await server.ask(REGISTER, { variables: { input: person } });
    expect((await login(person.email, 'not the password')).errors?.[0]?.message).toBe('Invalid identifier or password');
  });

  test('a code of one purpose is worth nothing for the other', async () => {
    const person = somebody();
    await server.ask(REGISTER, { variables: { input: person } });
    const code = await mailedCode();
    const password = 'another password';
    expect(await faultsOf(RESET, { variables: { code, password, passwordConfirmation: password } })).toMatchObject({
      message: 'Incorrect code provided',
    });
  });

  async function setConfirmation(emailConfirmation: boolean) {
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation } });
  }
});

describe('login', () => {
  test.each(['editor', 'EDITOR', 'editor@example.com', 'Editor@Example.COM', '  editor '])(
    'knows “%s”',
    async (identifier) => {
      const { data } = await login(identifier, DEMO_PASSWORD);
      expect(data.login.user).toMatchObject({ username: 'editor', role: { type: 'editor' } });
      expect(await whoIs(data.login.jwt)).toBe('editor');
    },
  );

  test('the token carries what Strapi’s clients read from it', async () => {
    const { data } = await login('editor', DEMO_PASSWORD);
    const claims = JSON.parse(Buffer.from(data.login.jwt.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ id: Number(data.login.user.id), sub: data.login.user.documentId });
    expect(claims.exp - claims.iat).toBe(30 * 86_400);
    expect(claims).toHaveProperty('iss');
    expect(claims).toHaveProperty('aud');
  });

  test('and lives as long as it was told to, to the second, however long a login takes', async () => {
    let now = Date.now();
    // Between any two looks at it, a second and a half goes by.
    const clock = () => {
      now += 1_500;
      return new Date(now);
    };
    await using slow = await startBeside(server, {}, { clock });
    const lifeOf = (jwt: string) => {
      const claims = JSON.parse(Buffer.from(String(jwt.split('.')[1]), 'base64url').toString());
      return claims.exp - claims.iat;
    };
    const input = { identifier: 'editor', password: DEMO_PASSWORD };
    const users = await send(slow.url, LOGIN, { variables: { input } });
    expect(lifeOf(users.data.login.jwt)).toBe(30 * 86_400);
    await server.adminToken();
    const { email } = await server.database.prisma.admin.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const document = `mutation { login(email: "${email}", password: "${DEMO_PASSWORD}") { jwt } }`;
    const admins = await send(slow.url.replace(/graphql$/, 'admin/graphql'), document);
    expect(lifeOf(admins.data.login.jwt)).toBe(12 * 3_600);
  });

  test.each([
    ['a wrong password', 'editor', 'not the password'],
    ['an unknown identifier', 'nobody@example.com', DEMO_PASSWORD],
  ])('%s is answered the same', async (_what, identifier, password) => {
    const { errors, data, status } = await login(identifier, password);
    expect(status).toBe(200);
    expect(data).toEqual({ login: null });
    expect(errors).toEqual([
      {
        message: 'Invalid identifier or password',
        path: ['login'],
        locations: expect.anything(),
        extensions: {
          code: 'BAD_USER_INPUT',
          error: { name: 'ValidationError', message: 'Invalid identifier or password', details: {} },
        },
      },
    ]);
  });

  test('a blocked account is told so, but only to who knows the password', async () => {
    const person = await registered();
    await server.database.prisma.user.update({ where: { id: person.id }, data: { blocked: true } });
    expect((await login(person.email, person.password)).errors?.[0]).toMatchObject({
      message: 'Your account has been blocked by an administrator',
      extensions: { code: 'UNAUTHENTICATED', error: { name: 'UnauthorizedError' } },
    });
    expect((await login(person.email, 'not the password')).errors?.[0]?.message).toBe('Invalid identifier or password');
  });

  test('knows no provider but local', async () => {
    expect((await login('editor', DEMO_PASSWORD, { provider: 'github' })).errors?.[0]?.message).toBe(
      'This provider is disabled',
    );
  });

  test('a password of more than 72 bytes is a fault, whoever it is for', async () => {
    for (const identifier of ['editor', 'nobody']) {
      expect((await login(identifier, 'x'.repeat(73))).errors?.[0]?.message).toBe(
        'Password must be less than 73 bytes',
      );
    }
  });
});

describe('changePassword', () => {
  test('kills every older token and answers a new one', async () => {
    const person = await registered();
    const second = (await login(person.email, person.password)).data.login.jwt;
    const password = 'another password';
    const { data } = await server.ask(CHANGE, {
      token: person.jwt,
      variables: { currentPassword: person.password, password, passwordConfirmation: password },
    });
    expect(await whoIs(data.changePassword.jwt)).toBe(person.username);
    for (const old of [person.jwt, second]) {
      const { status, errors } = await server.ask('{ posts { title } }', { token: old });
      expect(status).toBe(401);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'revoked' });
    }
    expect((await login(person.email, person.password)).errors?.[0]?.message).toBe('Invalid identifier or password');
    expect((await login(person.email, password)).data.login.jwt).toEqual(expect.any(String));
  });

  test.each([
    [{ currentPassword: 'wrong' }, 'The provided current password is invalid'],
    [
      { password: 'a good password', passwordConfirmation: 'a good password' },
      'Your new password must be different than your current password',
    ],
    [{ passwordConfirmation: 'something else' }, 'Passwords do not match'],
    [{ password: 'short', passwordConfirmation: 'short' }, 'password must be at least 8 characters'],
    [{ password: 'x'.repeat(73), passwordConfirmation: 'x'.repeat(73) }, 'Password must be less than 73 bytes'],
    [{ currentPassword: 'x'.repeat(73) }, 'Password must be less than 73 bytes'],
    [{ currentPassword: 'x'.repeat(73), password: 'short', passwordConfirmation: 'other' }, '3 errors occurred'],
  ])('refuses %o and leaves the password as it is', async (wrong, message) => {
    const person = await registered();
    const good = {
      currentPassword: person.password,
      password: 'another password',
      passwordConfirmation: 'another password',
    };
    expect(await faultsOf(CHANGE, { token: person.jwt, variables: { ...good, ...wrong } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      message,
    });
    expect(await whoIs(person.jwt)).toBe(person.username);
    expect((await login(person.email, person.password)).data.login.jwt).toEqual(expect.any(String));
  });

  test('of two at the same moment one changes it', async () => {
    const person = await registered();
    const answers = await Promise.all(
      ['first new password', 'second new password'].map((password) =>
        server.ask(CHANGE, {
          token: person.jwt,
          variables: { currentPassword: person.password, password, passwordConfirmation: password },
        }),
      ),
    );
    expect(answers.filter(({ data }) => data?.changePassword).length).toBe(1);
  });
});

describe('a forgotten password', () => {
  const password = 'another password';
  const reset = (code: string) => server.ask(RESET, { variables: { code, password, passwordConfirmation: password } });

  test('is replaced by who has the mailed code, and every older token dies', async () => {
    const person = await registered();
    expect((await server.ask(FORGOT, { variables: { email: person.email.toUpperCase() } })).data).toEqual({
      forgotPassword: { ok: true },
    });
    const code = await mailedCode();
    expect(server.mails.map(({ to }) => to)).toEqual([person.email]);
    const { data } = await reset(code);
    expect(await whoIs(data.resetPassword.jwt)).toBe(person.username);
    expect(await whoIs(person.jwt)).toBe(401);
    expect((await login(person.email, password)).data.login.jwt).toEqual(expect.any(String));
  });

  test('the answer is the same for nobody and for a blocked account, and no mail goes out', async () => {
    const blocked = await registered();
    await server.database.prisma.user.update({ where: { id: blocked.id }, data: { blocked: true } });
    for (const email of ['nobody@example.com', blocked.email]) {
      const { data, errors } = await server.ask(FORGOT, { variables: { email } });
      expect({ data, errors }).toEqual({ data: { forgotPassword: { ok: true } }, errors: undefined });
    }
    await server.gatehouse.idle();
    expect(server.mails).toEqual([]);
  });

  test('an invalid e-mail is a field fault', async () => {
    expect(await faultsOf(FORGOT, { variables: { email: 'not an email' } })).toEqual({
      code: 'BAD_USER_INPUT',
      message: 'email must be a valid email',
      faults: ['email: email must be a valid email'],
    });
  });

  test('a code works once', async () => {
    const person = await registered();
    await server.ask(FORGOT, { variables: { email: person.email } });
    const code = await mailedCode();
    expect((await reset(code)).errors).toBeUndefined();
    expect((await reset(code)).errors?.[0]).toMatchObject({
      message: 'Incorrect code provided',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test('a code works once even when eight use it at the same moment', async () => {
    const person = await registered();
    await server.ask(FORGOT, { variables: { email: person.email } });
    const code = await mailedCode();
    const answers = await Promise.all(Array.from({ length: 8 }, () => reset(code)));
    expect(answers.filter(({ data }) => data?.resetPassword).length).toBe(1);
    expect(answers.filter(({ errors }) => errors?.[0]?.message === 'Incorrect code provided').length).toBe(7);
  });

  test('a newer code kills the older', async () => {
    const person = await registered();
    await server.ask(FORGOT, { variables: { email: person.email } });
    const older = await mailedCode();
    await server.ask(FORGOT, { variables: { email: person.email } });
    const newer = await mailedCode();
    expect((await reset(older)).errors?.[0]?.message).toBe('Incorrect code provided');
    expect((await reset(newer)).data.resetPassword.user.username).toBe(person.username);
  });

  test('a code lives one hour', async () => {
    const person = await registered();
    await server.ask(FORGOT, { variables: { email: person.email } });
    const first = await mailedCode();
    server.advance(61 * 60_000);
    expect((await reset(first)).errors?.[0]?.message).toBe('Incorrect code provided');
    await server.ask(FORGOT, { variables: { email: person.email } });
    const second = await mailedCode();
    server.advance(59 * 60_000);
    expect((await reset(second)).errors).toBeUndefined();
  });

  test('a wrong new password does not use the code up', async () => {
    const person = await registered();
    await server.ask(FORGOT, { variables: { email: person.email } });
    const code = await mailedCode();
    expect(await faultsOf(RESET, { variables: { code, password, passwordConfirmation: 'different' } })).toMatchObject({
      message: 'Passwords do not match',
    });
    expect(
      await faultsOf(RESET, { variables: { code, password: 'short', passwordConfirmation: 'short' } }),
    ).toMatchObject({ message: 'password must be at least 8 characters' });
    expect((await reset(code)).errors).toBeUndefined();
  });

  test('only a hash of the code is stored', async () => {
    const person = await registered();
    await server.ask(FORGOT, { variables: { email: person.email } });
    const code = await mailedCode();
    const rows = await server.database.prisma.mailedCode.findMany({ where: { userId: person.id } });
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(Buffer.from(code, 'base64url')).toHaveLength(32);
  });

  test('a blocked account gets no token for its code, which an administrator had mailed since', async () => {
    const person = await registered();
    await server.database.prisma.user.update({ where: { id: person.id }, data: { blocked: true } });
    const code = await server.gatehouse.administration.codes.issue(server.database.prisma, person.id, 'resetPassword');
    expect((await reset(code)).data.resetPassword).toEqual({ jwt: null, user: { username: person.username } });
  });
});

function fullWidth(text: string): string {
  return text.replaceAll(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
}
afterEach(() => {
  // Nothing that these tests do is unexpected: an error in the log is a bug that an answer hid.
  expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});
