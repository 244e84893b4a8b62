import bcrypt from 'bcrypt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { strapiHash } from '../../src/accounts/foreign-hashes.ts';
import { startServer, type TestServer } from '../support/start.ts';

const REGISTER = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }';
const LOGIN = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
const CHANGE = `mutation ($currentPassword: String!, $password: String!) {
  changePassword(currentPassword: $currentPassword, password: $password, passwordConfirmation: $password) { jwt } }`;
const WRONG = 'Invalid identifier or password';
const TOO_LONG = 'Password must be less than 73 bytes';

const COST = 5;
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: { bcryptCost: COST } });
});
afterAll(() => server?.close());

let username: string;
let jwt: string;
let people = 0;
beforeEach(async () => {
  username = `mover ${++people}`;
  const input = { username, email: `mover${people}@example.com`, password: 'a good password' };
  jwt = (await server.ask(REGISTER, { variables: { input } })).data.register.jwt;
});

async function keptAs(passwordHash: string | undefined): Promise<void> {
  if (passwordHash === undefined) throw new Error('no login can compare this hash');
  await server.database.prisma.user.update({ where: { email: email() }, data: { passwordHash } });
}

const email = () => `mover${people}@example.com`;

async function kept(): Promise<string> {
  return (await server.database.prisma.user.findUniqueOrThrow({ where: { email: email() } })).passwordHash;
}

/** `in`, or the message of the refusal. */
async function login(password: string, identifier = username): Promise<string | undefined> {
  const { data, errors } = await server.ask(LOGIN, { variables: { input: { identifier, password } } });
  return data?.login ? 'in' : errors?.[0]?.message;
}

describe('a hash of Strapi', () => {
  test.each([
    ['a short password', 'sixsix'],
    ['one with blanks around it', '  blanks around  '],
    ['one of 72 bytes', 'x'.repeat(72)],
  ])('lets in %s, and is a hash of ours from then on', async (_what, password) => {
    await keptAs(strapiHash(bcrypt.hashSync(password, COST)));
    expect(await login(`!${password}`)).not.toBe('in');
    expect(await kept()).toMatch(/^\$bcrypt\$2b\$/);
    expect(await login(password)).toBe('in');
    expect(await kept()).toMatch(/^\$2b\$05\$/);
    expect(await login(password)).toBe('in');
  });

  test.each([
    ['letters', 'a very long password '.repeat(20)],
    ['letters of several bytes, cut in the middle of one', `x${'é'.repeat(100)}`],
  ])('lets in a password of more than 72 bytes, and stays as it is: %s', async (_what, password) => {
    const cut = Buffer.from(password).subarray(0, 72);
    const form = strapiHash(bcrypt.hashSync(cut, COST).replace('$2b$', '$2a$'));
    await keptAs(form);
    expect(await login(password)).toBe('in');
    expect(await kept()).toBe(form);
    expect(await login(password)).toBe('in');
    expect(await login(`y${password}`)).toBe(TOO_LONG);
  });

  test('lets its owner choose another password, by the old one of more than 72 bytes', async () => {
    const currentPassword = 'p'.repeat(80);
    await keptAs(strapiHash(bcrypt.hashSync('p'.repeat(72), COST)));
    const change = (variables: object) =>
      server.ask(CHANGE, { token: jwt, variables: { currentPassword, password: 'another password', ...variables } });
    expect((await change({ currentPassword: 'q'.repeat(80) })).errors?.[0]?.message).toBe(TOO_LONG);
    expect((await change({ password: 'p'.repeat(80) })).errors?.[0]?.message).toBe(TOO_LONG);
    expect((await change({})).errors).toBeUndefined();
    expect(await login(currentPassword)).toBe(TOO_LONG);
    expect(await login('another password')).toBe('in');
  });

  test('shows no more about an account than before: a long password is a fault for everybody it does not let in', async () => {
    expect(await login('x'.repeat(73))).toBe(TOO_LONG);
    expect(await login('x'.repeat(73), 'nobody at all')).toBe(TOO_LONG);
    await keptAs(bcrypt.hashSync('x'.repeat(72), COST));
    expect(await login('x'.repeat(73)), 'a hash of ours').toBe(TOO_LONG);
    expect(await login('x'.repeat(72))).toBe('in');
    expect(await login('wrong')).toBe(WRONG);
  });

  test.each([
    ['', 'nothing'],
    ['$2a$10$too-short', 'too short'],
    [`$2a$15$${'a'.repeat(53)}`, 'too dear'],
    [`$2a$03$${'a'.repeat(53)}`, 'too cheap'],
    [`$2x$10$${'a'.repeat(53)}`, 'made by a bug of PHP'],
    [`$2a$10$${'a'.repeat(53)}\n`, 'more than a hash'],
  ])('%j is none: %s', (text) => {
    expect(strapiHash(text)).toBeUndefined();
  });
});
