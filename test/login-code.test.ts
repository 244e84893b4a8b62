import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, send as sendTo, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.gatehouse.idle();
  server.mails.length = 0;
  await setSettings({ emailLoginCodes: true, emailConfirmation: true, loginCodeUrl: null });
});

const setSettings = (data: object) => server.database.prisma.settings.update({ where: { id: 1 }, data });
const SEND = 'mutation ($email: String!) { sendLoginCode(email: $email) { ok } }';
const LOGIN =
  'mutation ($email: String!, $code: String!) { loginWithCode(email: $email, code: $code) { jwt user { email confirmed } } }';
const send = (email: string) => server.ask(SEND, { variables: { email } });
const login = (email: string, code: string) => server.ask(LOGIN, { variables: { email, code } });
const messageOf = ({ errors }: Answer) => errors?.[0]?.message;

let people = 0;
async function somebody() {
  people += 1;
  const person = { username: `coded-${people}`, email: `coded-${people}@example.com`, password: 'a good password' };
  await server.ask('mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }', {
    variables: { input: person },
  });
  await server.gatehouse.idle();
  server.mails.length = 0;
  return person;
}

/** The code of the mail that was sent last. */
async function mailedCode(email: string): Promise<string> {
  await send(email);
  await server.gatehouse.idle();
  const { text = '' } = server.mails.at(-1) ?? {};
  return /^\d{8}$/m.exec(text)?.[0] ?? `no code: ${text}`;
}
const wrong = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));

describe('a mailed code', () => {
  test('logs in, once, and not who has none', async () => {
    const { email } = await somebody();
    const code = await mailedCode(email);
    const { data } = await login(email.toUpperCase(), ` ${code.slice(0, 4)}-${code.slice(4)}`);
    expect(data.loginWithCode.user).toEqual({ email, confirmed: true });
    expect((await server.ask('{ me { email } }', { token: data.loginWithCode.jwt })).data.me).toEqual({ email });
    expect(messageOf(await login(email, code))).toBe('Invalid code');
  });

  test('works once, also for two at once on two servers', async () => {
    const { email } = await somebody();
    await using other = await startBeside(server);
    for (let round = 0; round < 3; round++) {
      const code = await mailedCode(email);
      const ask = { variables: { email, code } };
      const answers = await Promise.all([
        server.ask(LOGIN, ask),
        sendTo(other.url, LOGIN, ask),
        server.ask(LOGIN, ask),
      ]);
      expect(answers.map(messageOf).sort()).toEqual(['Invalid code', 'Invalid code', undefined]);
    }
  });

  test('ends with the fifth wrong try, also of many at once', async () => {
    const { email } = await somebody();
    const code = await mailedCode(email);
    const tries = await Promise.all(Array.from({ length: 20 }, () => login(email, wrong(code))));
    expect(new Set(tries.map(messageOf))).toEqual(new Set(['Invalid code']));
    expect(messageOf(await login(email, code))).toBe('Invalid code');
    const next = await mailedCode(email);
    for (let i = 0; i < 4; i++) await login(email, wrong(next));
    expect((await login(email, next)).data.loginWithCode.jwt).toBeTruthy();
  });

  test('is good for ten minutes, and until the next one', async () => {
    const { email } = await somebody();
    const first = await mailedCode(email);
    const second = await mailedCode(email);
    if (first !== second) expect(messageOf(await login(email, first))).toBe('Invalid code');
    server.advance(600_001);
    expect(messageOf(await login(email, second))).toBe('Invalid code');
  });

  test('is good for its own user only', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const code = await mailedCode(one.email);
    await mailedCode(other.email);
    expect(messageOf(await login(other.email, code))).toBe('Invalid code');
  });

  test('confirms an account that waits for it, and leaves its maker nothing', async () => {
    const { email, username, password } = await somebody();
    const { id: userId } = await server.database.prisma.user.findUniqueOrThrow({ where: { email } });
    await server.database.prisma.totpSecret.create({
      data: { id: `squatter-${userId}`, userId, confirmed: true, sealed: new Uint8Array(64) },
    });
    const code = await mailedCode(email);
    expect((await login(email, code)).data.loginWithCode.user).toEqual({ email, confirmed: true });
    const asBefore = await server.ask(
      `mutation { login(input: { identifier: "${username}", password: "${password}" }) { jwt } }`,
    );
    expect(messageOf(asBefore)).toBe('Invalid identifier or password');
    expect(await server.database.prisma.totpSecret.count({ where: { userId } })).toBe(0);
  });

  test('leaves a confirmed account its password and sessions', async () => {
    const { email, password } = await somebody();
    await server.database.prisma.user.update({ where: { email }, data: { confirmed: true } });
    const logIn = () =>
      server.ask(`mutation { login(input: { identifier: "${email}", password: "${password}" }) { jwt } }`);
    const { data } = await logIn();
    await login(email, await mailedCode(email));
    expect((await server.ask('{ me { email } }', { token: data.login.jwt })).data.me).toEqual({ email });
    expect((await logIn()).data.login.jwt).toBeTruthy();
    expect(await server.database.prisma.user.findUnique({ where: { email } })).toMatchObject({
      emailVerifiedAt: expect.any(Date),
    });
  });

  test.each([
    ['a block', (email: string) => server.database.prisma.user.update({ where: { email }, data: { blocked: true } })],
    [
      'an end of all sessions',
      async (email: string) => {
        const { documentId } = await server.database.prisma.user.findUniqueOrThrow({ where: { email } });
        const token = await server.adminToken();
        return server.askAdmin('mutation ($id: ID!) { endUserSessions(documentId: $id) { documentId } }', {
          token,
          variables: { id: documentId },
        });
      },
    ],
  ])('dies with %s', async (_name, end) => {
    const { email } = await somebody();
    const code = await mailedCode(email);
    await end(email);
    expect(messageOf(await login(email, code))).toBe('Invalid code');
  });
});

describe('nobody learns who has an account', () => {
  test('by asking for a code: the same answer and statements, and a mail only for who is there', async () => {
    const { email } = await somebody();
    const statementsOf = async (address: string) => {
      await server.gatehouse.idle();
      server.statements.length = 0;
      const { data } = await send(address);
      const statements = [...server.statements];
      await server.gatehouse.idle();
      return { data, statements };
    };
    await statementsOf(email);
    expect(await statementsOf('nobody@example.com')).toEqual(await statementsOf(email));
    expect(server.mails.map(({ to }) => to)).toEqual([email, email]);
  });

  test('by trying one: the same words and statements for nobody, for who asked for none, and for a wrong code', async () => {
    const [without, withCode] = [await somebody(), await somebody()];
    const code = await mailedCode(withCode.email);
    const tried = async (address: string) => {
      await server.gatehouse.idle();
      server.statements.length = 0;
      const { errors, status } = await login(address, wrong(code));
      // Refusals are counted together, once in a while, whoever caused them.
      const statements = server.statements.filter((sql) => !sql.includes('login_refusals'));
      return { errors, status, statements };
    };
    await tried(without.email);
    const known = await tried(withCode.email);
    expect(known.errors?.[0]).toMatchObject({ message: 'Invalid code', extensions: { code: 'BAD_USER_INPUT' } });
    expect(await tried(without.email)).toEqual(known);
    expect(await tried('nobody@example.com')).toEqual(known);
  });

  test('while the setting is off: all get the same answer, and no code works', async () => {
    const { email } = await somebody();
    const code = await mailedCode(email);
    await setSettings({ emailLoginCodes: false });
    for (const address of [email, 'nobody@example.com']) {
      expect(messageOf(await send(address))).toBe('Login codes are currently disabled');
      expect(messageOf(await login(address, code))).toBe('Login codes are currently disabled');
    }
  });
});

test('the mail leads to the page of the settings, or shows the code on a page of the server', async () => {
  const { email } = await somebody();
  const code = await mailedCode(email);
  expect(server.mails.at(-1)?.link).toBe(`http://gatehouse.test/login-code#code=${code}`);
  await setSettings({ loginCodeUrl: 'https://app.example.com/code' });
  const next = await mailedCode(email);
  expect(server.mails.at(-1)?.link).toBe(
    `https://app.example.com/code?email=${encodeURIComponent(email)}&code=${next}`,
  );
});

test('a code is in no log, no audit entry, and not in the database', async () => {
  const { email } = await somebody();
  const code = await mailedCode(email);
  await login(email, wrong(code));
  await login(email, code);
  const entries = await server.database.prisma.auditEntry.findMany();
  const rows = await server.database.prisma.mailedCode.findMany();
  expect(`${server.log.join('')}${inspect([entries, rows], { depth: 9 })}`).not.toContain(code);
});

test('faults are at their fields', async () => {
  expect((await send('nobody')).errors?.[0]).toMatchObject({ message: 'email must be a valid email' });
  expect(messageOf(await login('nobody', ' '))).toBe('2 errors occurred');
});
