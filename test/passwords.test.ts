import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPasswords } from '../src/accounts/passwords.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { carryOut } from './support/command.ts';
import { type Answer, startServer, type TestServer } from './support/start.ts';

const REGISTER = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }';
const LOGIN = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';

const COST = 5;
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: { bcryptCost: COST } });
});
afterAll(() => server?.close());

let username: string;
let people = 0;
beforeEach(() => {
  username = `keeper ${++people}`;
});

function register(password: string, change: object = {}) {
  const input = { username, email: `keeper${people}@example.com`, password, ...change };
  return server.ask(REGISTER, { variables: { input } });
}

async function faultsOf(answer: ReturnType<typeof register>) {
  const { errors } = await answer;
  return errors?.[0]?.extensions.error.details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

async function logsIn(password: string): Promise<boolean> {
  const { data, errors } = await server.ask(LOGIN, { variables: { input: { identifier: username, password } } });
  if (!data.login) expect(errors?.[0]?.message).toBe('Invalid identifier or password');
  return Boolean(data.login);
}

function hashIs(passwordHash: string) {
  return server.database.prisma.user.update({
    where: { email: `keeper${people}@example.com` },
    data: { passwordHash },
  });
}

async function user() {
  return server.database.prisma.user.findUniqueOrThrow({ where: { email: `keeper${people}@example.com` } });
}

describe('the same letters are the same password, whichever keyboard typed them', () => {
  test.each([
    ['composed and decomposed', 'Ångström Café', 'A\u030Angstro\u0308m Cafe\u0301'],
    ['wide and narrow', 'ｐａｓｓphrase １２３', 'passphrase 123'],
    ['a ligature and its letters', 'eﬃcient oﬃce', 'efficient office'],
  ])('%s', async (_what, one, other) => {
    expect((await register(one)).errors).toBeUndefined();
    expect(await logsIn(other)).toBe(true);
    expect(await logsIn(one)).toBe(true);
    expect(await logsIn(one.toLowerCase().replace('e', 'x'))).toBe(false);
  });

  test('the 72 bytes are those of the form that is hashed', async () => {
    const ligature = '\uFDFA'; // three bytes, and 33 of them when it is written out
    expect(await faultsOf(register(`${ligature.repeat(3)} and more`))).toEqual([
      'password: Password must be less than 73 bytes',
    ]);
  });

  test('a hash that was made elsewhere, of the letters as they were typed, is good once and then made anew', async () => {
    await register('a good password');
    const typed = 'cafe\u0301 au lait';
    await hashIs(await bcrypt.hash(typed, COST));
    expect(await logsIn('café au lait')).toBe(false);
    expect(await logsIn(typed)).toBe(true);
    expect(await logsIn('café au lait')).toBe(true);
  });
});

test('a hash that PHP wrote is good', async () => {
  await register('a good password');
  const hash = await bcrypt.hash('moved from elsewhere', COST);
  await hashIs(hash.replace('$2b$', '$2y$'));
  expect(await logsIn('a good password')).toBe(false);
  expect(await logsIn('moved from elsewhere')).toBe(true);
  // Of another cost it is made anew, as any other.
  await hashIs((await bcrypt.hash('moved from elsewhere', COST - 1)).replace('$2b$', '$2y$'));
  expect(await logsIn('moved from elsewhere')).toBe(true);
  expect(bcrypt.getRounds((await user()).passwordHash)).toBe(COST);
  expect(await logsIn('moved from elsewhere')).toBe(true);
});

test('an account without a hash is nobody’s, and is answered as if there were none', async () => {
  await register('a good password');
  for (const hash of ['', '!', 'a good password', '$2b$10$too-short', '$argon2id$v=19$m=65536,t=3,p=4$c29tZQ$c29tZQ']) {
    await hashIs(hash);
    expect(await logsIn('a good password')).toBe(false);
    if (hash !== '') expect(await logsIn(hash)).toBe(false);
  }
});

describe('a new password', () => {
  const TOO_COMMON = 'password: password must not be one of the most common passwords';

  test.each(['password1', 'PassWord1', 'iloveyou1', '1234567890', 'ｐassword１'])('is not %s', async (password) => {
    expect(await faultsOf(register(password))).toEqual([TOO_COMMON]);
  });

  test('is not a common one when it is changed or reset either', async () => {
    const { data } = await register('a good password');
    const variables = { password: 'password1', passwordConfirmation: 'password1', currentPassword: 'a good password' };
    const change = `mutation ($currentPassword: String!, $password: String!, $passwordConfirmation: String!) {
      changePassword(currentPassword: $currentPassword, password: $password, passwordConfirmation: $passwordConfirmation) { jwt } }`;
    expect(await faultsOf(server.ask(change, { variables, token: data.register.jwt }))).toEqual([TOO_COMMON]);
    const reset = `mutation { resetPassword(code: "any", password: "password1", passwordConfirmation: "password1") { jwt } }`;
    expect(await faultsOf(server.ask(reset))).toEqual([TOO_COMMON]);
    expect(await logsIn('a good password')).toBe(true);
  });

  test('is neither the e-mail nor the username', async () => {
    const own = ['password: password must not be your e-mail or your username'];
    expect(await faultsOf(register(`KEEPER${people}@example.com`))).toEqual(own);
    expect(await faultsOf(register('Somebody in Person', { username: 'somebody in person' }))).toEqual(own);
  });

  describe('is neither the e-mail nor the username, wherever it enters:', () => {
    const OWN = 'password must not be your e-mail or your username';
    const fault = ({ errors }: Answer) => errors?.[0]?.message;
    const email = () => `keeper${people}@example.com`;
    let admin: string;
    beforeAll(async () => {
      admin = await server.adminToken();
    });
    const asAdmin = (document: string, token: string | undefined = admin) => server.askAdmin(document, { token });
    const twice = (password: string) => `password: "${password}", passwordConfirmation: "${password}"`;
    async function newUser(): Promise<{ id: number; documentId: string; jwt: string }> {
      const jwt = (await register('a good password')).data.register.jwt;
      const { id, documentId } = await user();
      return { id, documentId, jwt };
    }
    async function newAdmin(): Promise<{ id: number; email: string; documentId: string; token: string }> {
      const token = await server.adminToken();
      const { email } = (await asAdmin('{ me { email } }', token)).data.me;
      const { id, documentId } = await server.database.prisma.admin.findUniqueOrThrow({ where: { email } });
      return { id, documentId, email, token };
    }

    test.each<[string, (password: string) => Promise<Answer>]>([
      ['register', (password) => register(password)],
      [
        'changePassword',
        async (password) => {
          const { jwt: token } = await newUser();
          return server.ask(
            `mutation { changePassword(currentPassword: "a good password", ${twice(password)}) { jwt } }`,
            {
              token,
            },
          );
        },
      ],
      [
        'resetPassword',
        async (password) => {
          const { id } = await newUser();
          const code = await server.gatehouse.administration.codes.issue(server.database.prisma, id, 'resetPassword');
          const reset = (chosen: string) =>
            server.ask(`mutation { resetPassword(code: "${code}", ${twice(chosen)}) { jwt } }`);
          const refused = await reset(password);
          if (refused.errors)
            expect((await reset('a better password')).errors, 'the code is not used up').toBeUndefined();
          return refused;
        },
      ],
      [
        'createUser',
        (password) =>
          asAdmin(
            `mutation { createUser(data: { username: "${username}", email: "${email()}", password: "${password}" }) { id } }`,
          ),
      ],
      [
        'updateUser',
        async (password) => {
          const { documentId } = await newUser();
          return asAdmin(
            `mutation { updateUser(documentId: "${documentId}", data: { password: "${password}" }) { id } }`,
          );
        },
      ],
      [
        'updateUsersPermissionsUser',
        async (password) => {
          const { id } = await newUser();
          const create = `mutation { createApiToken(data: { name: "${username}", kind: FULL_ACCESS, lifespan: DAYS_7 }) { secret } }`;
          const token = (await asAdmin(create)).data.createApiToken.secret;
          return server.ask(
            `mutation { updateUsersPermissionsUser(id: "${id}", data: { password: "${password}" }) { data { id } } }`,
            { token },
          );
        },
      ],
    ])('%s', async (_place, enter) => {
      for (const password of [` ${username.toUpperCase()} `, email().toUpperCase()]) {
        expect(fault(await enter(password))).toBe(OWN);
        await server.database.prisma.user.deleteMany({ where: { email: email() } });
        await server.database.prisma.apiToken.deleteMany({ where: { name: username } });
      }
      expect((await enter('quite another one')).errors).toBeUndefined();
    });

    test.each<[string, (password?: string) => Promise<Answer>]>([
      [
        'an administrator who is made',
        (password = 'made@admin.test') =>
          asAdmin(
            `mutation { createAdmin(data: { email: "made@admin.test", role: READ_ONLY, password: "${password}" }) { email } }`,
          ),
      ],
      [
        'one who changes it',
        async (password) => {
          const { email, token } = await newAdmin();
          const change = `changePassword(currentPassword: "${DEMO_PASSWORD}", ${twice(password ?? email)}) { jwt }`;
          return asAdmin(`mutation { ${change} }`, token);
        },
      ],
      [
        'one who resets it',
        async (password) => {
          const { id, email } = await newAdmin();
          const hash = createHash('sha256').update(email).digest('hex');
          const expiresAt = new Date(Date.now() + 60_000);
          await server.database.prisma.adminCode.create({ data: { adminId: id, hash, expiresAt } });
          return server.askAdmin(`mutation { resetPassword(code: "${email}", ${twice(password ?? email)}) { jwt } }`);
        },
      ],
    ])('%s', async (_place, enter) => {
      expect(fault(await enter())).toBe(OWN);
      expect((await enter('quite another one')).errors).toBeUndefined();
    });

    test('by the command line', async () => {
      const run = (password: string, ...words: string[]) => carryOut(server, words, { password });
      const email = 'by-hand@admin.test';
      await expect(run(email, 'admin', 'create', email)).rejects.toThrow(OWN);
      await run('quite another one', 'admin', 'create', email);
      await expect(run(email.toUpperCase(), 'admin', 'reset-password', email)).rejects.toThrow(OWN);
    });
  });

  test.each(['tab\tin the middle', 'line\nin the middle', 'escape \u001b[2J here', 'delete \u007f here'])(
    'has no control character: %j',
    async (password) => {
      expect(await faultsOf(register(password))).toEqual(['password: password must not contain control characters']);
    },
  );

  test('with the NUL character is refused before anybody looks at it', async () => {
    const { errors, data } = await register('a good\0password');
    expect(data).toBeUndefined();
    expect(errors?.[0]).toMatchObject({
      message: 'Strings must be well-formed Unicode, without the NUL character',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test('is as long as the settings say', async () => {
    const { prisma } = server.database;
    await prisma.settings.update({ where: { id: 1 }, data: { passwordMinLength: 12 } });
    try {
      expect(await faultsOf(register('eleven char'))).toEqual(['password: password must be at least 12 characters']);
      expect((await register('twelve chars')).errors).toBeUndefined();
    } finally {
      await prisma.settings.update({ where: { id: 1 }, data: { passwordMinLength: 8 } });
    }
    await expect(prisma.settings.update({ where: { id: 1 }, data: { passwordMinLength: 7 } })).rejects.toThrow();
  });
});

describe('when the cost was raised', () => {
  test('a login makes the hash anew, and ends no token', async () => {
    const { data } = await register('a good password');
    await hashIs(await bcrypt.hash('a good password', 4));
    expect(await logsIn('not the password')).toBe(false);
    expect(bcrypt.getRounds((await user()).passwordHash)).toBe(4);
    expect(await logsIn('a good password')).toBe(true);
    const { passwordHash } = await user();
    expect(bcrypt.getRounds(passwordHash)).toBe(COST);
    expect(await logsIn('a good password')).toBe(true);
    expect((await user()).passwordHash).toBe(passwordHash);
    expect((await server.ask('{ me { username } }', { token: data.register.jwt })).data.me).toEqual({ username });
  });

  test('a cheaper hash is compared with as much work as a new one', async () => {
    const hash = vi.spyOn(bcrypt, 'hashSync');
    try {
      const passwords = createPasswords(8);
      const cheap = await bcrypt.hash('a good password', 5);
      hash.mockClear();
      expect(await passwords.matches('not the password', cheap)).toBe(false);
      expect(hash.mock.calls.map(([, rounds]) => rounds)).toEqual([5, 6, 7]);
    } finally {
      hash.mockRestore();
    }
  });
});
