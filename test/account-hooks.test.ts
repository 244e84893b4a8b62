import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountHooks, AccountWay, HookUser } from '../src/accounts/hooks/account-hooks.ts';
import { createRefusalQueue } from '../src/accounts/hooks/refusal-queue.ts';
import { checkedClaims, MAX_CLAIMS, RESERVED_CLAIMS } from '../src/accounts/hooks/token-claims.ts';
import { SERVER } from '../src/audit/actor.ts';
import { applicationError } from '../src/common/errors.ts';
import { hooks as companyHooks } from './support/company-hooks.ts';
import { type Answer, startBeside, startServer, type TestServer } from './support/start.ts';

/** Hooks of accounts, through the front door. */

const NAMES = [
  'beforeRegister',
  'afterRegister',
  'beforeLogin',
  'onLoginRefused',
  'tokenClaims',
  'afterDelete',
] as const satisfies readonly (keyof AccountHooks)[];
type Name = (typeof NAMES)[number];

/** The hooks of the test that runs, and what ran of them. */
let hooks: AccountHooks = {};
const ran: { readonly name: Name; readonly way: AccountWay; readonly given: unknown }[] = [];
const ranOf = (name: Name) => ran.filter((each) => each.name === name);

const noting = Object.fromEntries(
  NAMES.map((name) => [
    name,
    (given: object, context: { readonly way: AccountWay }) => {
      ran.push({ name, way: context.way, given: { ...given } });
      return (hooks[name] as ((...args: unknown[]) => unknown) | undefined)?.(given, context);
    },
  ]),
) as AccountHooks;

const STRAPI_SECRET = 'the secret of the Strapi that was before';
const PASSWORD = 'a good password';
const hang = () => new Promise<never>(() => {});

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startServer({
    hooks: noting,
    hookTimeLimit: 150,
    config: { strapi: { apiTokenSalt: undefined, jwt: { secret: STRAPI_SECRET, until: new Date(Date.now() + 1e9) } } },
  });
  admin = await server.adminToken();
  const { audit } = server.gatehouse.administration;
  const target = { kind: 'import', documentId: null, name: 'strapi' } as const;
  await audit.record(server.database.prisma, SERVER, { event: 'import.strapi', target, after: { users: 1 } });
});
afterAll(() => server?.close());

beforeEach(async () => {
  hooks = {};
  await settings({ emailConfirmation: false, sessionMode: 'plain' });
  await server.gatehouse.idle();
  ran.length = 0;
  server.log.length = 0;
});
afterEach(() => server.gatehouse.idle());

const settings = async (data: object) => {
  await server.database.prisma.settings.update({ where: { id: 1 }, data });
  await server.database.changes.catchUp();
};

interface Person {
  readonly id: number;
  readonly username: string;
  readonly email: string;
}

let people = 0;
function someone() {
  people += 1;
  return { username: `person ${people}`, email: `person${people}@example.com`, password: PASSWORD };
}

/** A user who was there before the hooks. */
async function existing(more: object = {}): Promise<Person> {
  const [before, { username, email, password }] = [hooks, someone()];
  hooks = {};
  const { data, text } = await register({ username, email, password });
  if (!data?.register) throw new Error(text);
  await server.gatehouse.idle();
  hooks = before;
  ran.length = 0;
  const id = Number(data.register.user.id);
  const createdAt = new Date(Date.now() - 86_400_000);
  await server.database.prisma.user.update({ where: { id }, data: { createdAt, ...more } });
  await server.database.prisma.session.deleteMany({ where: { userId: id } });
  return { id, username, email };
}

const register = (input: object) =>
  server.ask(
    'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { id username } } }',
    { variables: { input } },
  );
const login = (identifier: string, password = PASSWORD) =>
  server.ask('mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }', {
    variables: { input: { identifier, password } },
  });
async function rest(path: string, json: object) {
  await server.database.changes.catchUp();
  const response = await fetch(server.url.replace(/\/graphql$/, path), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
  });
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its path
  return { status: response.status, body: (await response.json()) as any };
}
const codeFor = (id: number, purpose: 'confirmEmail' | 'resetPassword') =>
  server.gatehouse.administration.codes.issue(server.database.prisma, id, purpose);
async function exchange({ id }: Person): Promise<Answer> {
  const iat = Math.floor(Date.now() / 1_000) - 3_600;
  const key = new TextEncoder().encode(STRAPI_SECRET);
  const jwt = await new SignJWT({ id, iat, exp: iat + 86_400 }).setProtectedHeader({ alg: 'HS256' }).sign(key);
  return server.ask('mutation ($jwt: String!) { exchangeStrapiToken(jwt: $jwt) { jwt } }', { variables: { jwt } });
}
const impersonate = async ({ id }: Person): Promise<Answer> => {
  const { documentId } = await server.database.prisma.user.findUniqueOrThrow({ where: { id } });
  return server.askAdmin(
    'mutation ($user: ID!) { impersonateUser(documentId: $user, reason: "to help") { jwt documentId } }',
    { token: admin, variables: { user: documentId } },
  );
};
const createByAdmin = (data: object) =>
  server.askAdmin('mutation ($data: CreateUserInput!) { createUser(data: $data) { documentId username } }', {
    token: admin,
    variables: { data },
  });

const errorOf = ({ errors }: Answer) => errors?.[0] && [errors[0].extensions.code, errors[0].message];
const users = () => server.database.prisma.user.count();
const sessions = () => server.database.prisma.session.count();
const MASKED = 'INTERNAL_SERVER_ERROR';

/** What comes back for somebody who logs in this way: a token, none, or an error. */
type Outcome = { readonly jwt: string | null; readonly error: string | undefined };
const fromGraphql = (answer: Answer, field: string): Outcome => ({
  jwt: answer.data?.[field]?.jwt ?? null,
  error: answer.errors?.[0]?.message,
});
const fromRest = ({ body }: Awaited<ReturnType<typeof rest>>): Outcome => ({
  jwt: body.jwt ?? null,
  error: body.error?.message,
});
const twice = { password: 'another password', passwordConfirmation: 'another password' };

/** Every way to log in, and whether a refused login is an error there: after something that stays done it is not. */
const LOGINS: readonly {
  readonly way: AccountWay;
  readonly door: string;
  readonly throws: boolean;
  readonly go: (person: Person) => Promise<Outcome>;
}[] = [
  { way: 'login', door: 'login', throws: true, go: async ({ email }) => fromGraphql(await login(email), 'login') },
  {
    way: 'login',
    door: 'POST /api/auth/local',
    throws: true,
    go: async ({ email }) => fromRest(await rest('/api/auth/local', { identifier: email, password: PASSWORD })),
  },
  {
    way: 'exchangeStrapiToken',
    door: 'exchangeStrapiToken',
    throws: true,
    go: async (person) => fromGraphql(await exchange(person), 'exchangeStrapiToken'),
  },
  {
    way: 'register',
    door: 'register',
    throws: false,
    go: async () => fromGraphql(await register(someone()), 'register'),
  },
  {
    way: 'register',
    door: 'POST /api/auth/local/register',
    throws: false,
    go: async () => fromRest(await rest('/api/auth/local/register', someone())),
  },
  {
    way: 'emailConfirmation',
    door: 'emailConfirmation',
    throws: false,
    async go({ id }) {
      await server.database.prisma.user.update({ where: { id }, data: { confirmed: false } });
      const confirmation = await codeFor(id, 'confirmEmail');
      const CONFIRM = 'mutation ($confirmation: String!) { emailConfirmation(confirmation: $confirmation) { jwt } }';
      return fromGraphql(await server.ask(CONFIRM, { variables: { confirmation } }), 'emailConfirmation');
    },
  },
  {
    way: 'resetPassword',
    door: 'resetPassword',
    throws: false,
    async go({ id }) {
      const variables = { ...twice, code: await codeFor(id, 'resetPassword') };
      const RESET = `mutation ($code: String!, $password: String!, $passwordConfirmation: String!) {
        resetPassword(code: $code, password: $password, passwordConfirmation: $passwordConfirmation) { jwt }
      }`;
      return fromGraphql(await server.ask(RESET, { variables }), 'resetPassword');
    },
  },
  {
    way: 'resetPassword',
    door: 'POST /api/auth/reset-password',
    throws: false,
    go: async ({ id }) =>
      fromRest(await rest('/api/auth/reset-password', { ...twice, code: await codeFor(id, 'resetPassword') })),
  },
];

describe('beforeRegister', () => {
  test.each([
    ['register', async (input: object) => (await register(input)).data?.register?.user.username, 'register'],
    [
      'POST /api/auth/local/register',
      async (input: object) => (await rest('/api/auth/local/register', input)).body.user?.username,
      'register',
    ],
    ['createUser', async (input: object) => (await createByAdmin(input)).data?.createUser?.username, 'createUser'],
  ])('changes the username, by %s', async (_door, go, way) => {
    const { username, ...rest } = someone();
    hooks.beforeRegister = (data) => {
      data.username = data.username.replace('person', 'member');
    };
    expect(await go({ username: ` ${username} `, ...rest })).toBe(username.replace('person', 'member'));
    expect(ranOf('beforeRegister')).toEqual([
      { name: 'beforeRegister', way, given: { username, email: rest.email, fields: {} } },
    ]);
    expect((await login(username)).data.login, 'the old name is nobody').toBeNull();
    expect((await login(username.replace('person', 'member'))).data.login.jwt).toBeTypeOf('string');
  });

  test('refuses known and unknown addresses alike, before anything is looked up or written', async () => {
    const { email, username } = await existing();
    const before = await users();
    hooks.beforeRegister = ({ email: given }) => {
      if (!given.endsWith('@company.com')) throw applicationError('Only people of the company can register');
    };
    const refusals: unknown[] = [];
    for (const input of [someone(), { ...someone(), email }, { ...someone(), username }]) {
      server.statements.length = 0;
      const { status, data, errors } = await register(input);
      refusals.push({ status, data, errors: errors?.map(({ message, extensions: { code } }) => [code, message]) });
      expect(server.statements.filter((sql) => /"(users|identifiers)"/.test(sql))).toEqual([]);
    }
    expect(refusals[0]).toMatchObject({ errors: [['APPLICATION_ERROR', 'Only people of the company can register']] });
    expect(refusals).toEqual([refusals[0], refusals[0], refusals[0]]);
    expect(await users()).toBe(before);
    expect(ranOf('afterRegister')).toEqual([]);
    expect(errorOf(await createByAdmin(someone()))?.[0], 'an administrator, too').toBe('APPLICATION_ERROR');
    expect((await register({ ...someone(), email: 'someone@company.com' })).data.register.jwt).toBeTypeOf('string');
  });

  test('does not run for what is not valid', async () => {
    expect(errorOf(await register({ ...someone(), email: 'no address' }))?.[0]).toBe('BAD_USER_INPUT');
    expect(errorOf(await createByAdmin({ ...someone(), email: 'no address' }))?.[0]).toBe('BAD_USER_INPUT');
    expect(ran).toEqual([]);
  });

  test.each<[string, NonNullable<AccountHooks['beforeRegister']>, RegExp]>([
    ['throws', () => Promise.reject(new Error('the directory is down')), /the directory is down/],
    ['hangs', hang, /longer than 150 ms/],
    [
      'sets a username that is too short',
      (data) => {
        data.username = 'x';
      },
      /username that cannot be/,
    ],
    [
      "sets somebody else's address",
      (data) => {
        data.username = 'boss@example.com';
      },
      /username that cannot be/,
    ],
    [
      'sets no text',
      (data) => {
        data.username = 7 as unknown as string;
      },
      /no text/,
    ],
    [
      'changes the address',
      (data) => {
        (data as { email: string }).email = 'other@example.com';
      },
      /cannot change the e-mail/,
    ],
  ])('that %s creates no account, for a masked error and a whole line in the log', async (_what, hook, logged) => {
    const before = await users();
    hooks.beforeRegister = hook;
    for (const answer of [await register(someone()), await createByAdmin(someone())]) {
      expect(answer.errors?.[0]?.extensions.code).toBe(MASKED);
      expect(answer.text).not.toMatch(logged);
    }
    expect(await users()).toBe(before);
    const lines = server.log.filter((line) => line.includes('beforeRegister of accounts failed'));
    expect(lines.filter((line) => logged.test(line))).toHaveLength(2);
    expect(lines.join()).not.toContain(PASSWORD);
  });

  test('cannot make the password the name of its owner', async () => {
    hooks.beforeRegister = (data) => {
      data.username = PASSWORD;
    };
    expect(errorOf(await register(someone()))?.[0]).toBe('BAD_USER_INPUT');
    expect(errorOf(await createByAdmin(someone()))?.[0]).toBe('BAD_USER_INPUT');
  });
});

describe('afterRegister', () => {
  test('runs once for a new user, with the user and no secret', async () => {
    const input = someone();
    const { data } = await register(input);
    await server.gatehouse.idle();
    const [{ given } = { given: undefined }] = ranOf('afterRegister');
    expect(ranOf('afterRegister')).toHaveLength(1);
    expect(given).toEqual({
      id: Number(data.register.user.id),
      documentId: expect.any(String),
      username: input.username,
      email: input.email,
      confirmed: true,
      roles: ['authenticated'],
      fields: {},
    });
    await createByAdmin(someone());
    await server.gatehouse.idle();
    expect(ranOf('afterRegister').map(({ way }) => way)).toEqual(['register', 'createUser']);
  });

  test('does not run for a name that is taken', async () => {
    const { email } = await existing();
    expect(errorOf(await register({ ...someone(), email }))?.[0]).toBe('APPLICATION_ERROR');
    expect(errorOf(await createByAdmin({ ...someone(), email }))?.[0]).toBe('APPLICATION_ERROR');
    await server.gatehouse.idle();
    expect(ranOf('afterRegister')).toEqual([]);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('no welcome'))],
    ['hangs', hang],
  ])('that %s is logged, and the user is there', async (_what, hook) => {
    hooks.afterRegister = hook;
    expect((await register(someone())).data.register.jwt).toBeTypeOf('string');
    await server.gatehouse.idle();
    expect(server.log.filter((line) => line.includes('afterRegister of accounts failed'))).toHaveLength(1);
  });
});

describe.each(LOGINS)('beforeLogin, by $door', ({ way, throws, go }) => {
  test('runs once, and lets the user in', async () => {
    const person = await existing();
    expect((await go(person)).jwt).toBeTypeOf('string');
    expect(ranOf('beforeLogin').map((each) => each.way)).toEqual([way]);
    expect(Object.keys(ranOf('beforeLogin')[0]?.given ?? {})).toEqual([
      ...['id', 'documentId', 'username', 'email', 'confirmed', 'roles', 'fields'],
    ]);
    expect(ranOf('onLoginRefused')).toEqual([]);
  });

  test('refuses: no session begins', async () => {
    const person = await existing();
    const before = await sessions();
    hooks.beforeLogin = () => {
      throw applicationError('Closed on Sundays');
    };
    expect(await go(person)).toEqual({ jwt: null, error: throws ? 'Closed on Sundays' : undefined });
    expect(await sessions()).toBe(before);
    await server.gatehouse.idle();
    expect(ranOf('onLoginRefused')).toEqual([
      {
        name: 'onLoginRefused',
        way,
        given: { reason: 'hook', user: expect.objectContaining({ roles: ['authenticated'] }) },
      },
    ]);
    expect(ranOf('tokenClaims')).toEqual([]);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('no answer from the directory'))],
    ['hangs', hang],
  ])('that %s lets nobody in, and is logged', async (_what, hook) => {
    const person = await existing();
    const before = await sessions();
    hooks.beforeLogin = hook;
    const { jwt, error } = await go(person);
    expect([jwt, error === undefined]).toEqual([null, !throws]);
    expect(error ?? '').not.toMatch(/directory|ms/);
    expect(await sessions()).toBe(before);
    await server.gatehouse.idle();
    expect(server.log.filter((line) => line.includes('beforeLogin of accounts failed'))).toHaveLength(1);
    expect(ranOf('onLoginRefused')).toEqual([]);
  });
});

test.each<[string, object]>([
  ['is blocked', { blocked: true }],
  ['did not confirm the address', { confirmed: false }],
])('beforeLogin does not run for a user who %s, nor for a wrong password', async (_what, more) => {
  const person = await existing(more);
  await settings({ emailConfirmation: true });
  expect((await login(person.email)).data.login).toBeNull();
  expect((await login(person.email, 'a wrong password')).data.login).toBeNull();
  expect((await exchange(person)).data.exchangeStrapiToken).toBeNull();
  expect(ranOf('beforeLogin')).toEqual([]);
});

describe('onLoginRefused', () => {
  test.each<[string, object, string, AccountWay, (person: Person) => Promise<Answer>]>([
    ['a wrong password', {}, 'credential', 'login', ({ email }) => login(email, 'a wrong password')],
    ['a block', { blocked: true }, 'blocked', 'login', ({ email }) => login(email)],
    ['an address that is not confirmed', { confirmed: false }, 'unconfirmed', 'login', ({ email }) => login(email)],
    ['the same, by a token of Strapi', { confirmed: false }, 'unconfirmed', 'exchangeStrapiToken', exchange],
  ])('says why, and who: %s', async (_what, more, reason, way, go) => {
    const person = await existing(more);
    await settings({ emailConfirmation: true });
    expect((await go(person)).errors).toHaveLength(1);
    await server.gatehouse.idle();
    const given = { reason, user: expect.objectContaining({ id: person.id, username: person.username }) };
    expect(ran).toEqual([{ name: 'onLoginRefused', way, given }]);
  });

  test('does not get what was typed, and nothing of a user who is not there', async () => {
    await login('my-secret-password', 'another-secret');
    await server.ask('mutation { exchangeStrapiToken(jwt: "a.secret.token") { jwt } }');
    await server.gatehouse.idle();
    const given = { reason: 'credential', user: undefined };
    expect(ran.map((each) => each.given)).toEqual([given, given]);
    expect(JSON.stringify(ran)).not.toContain('secret');
  });

  test('that fails is logged, and the answer stays', async () => {
    const { email } = await existing();
    const without = await login(email, 'a wrong password');
    hooks.onLoginRefused = () => Promise.reject(new Error('no alarm'));
    expect(errorOf(await login(email, 'a wrong password'))).toEqual(errorOf(without));
    await server.gatehouse.idle();
    expect(server.log.filter((line) => line.includes('onLoginRefused of accounts failed'))).toHaveLength(1);
  });

  test('waits in a bounded queue, one at a time: a flood of refusals leaves the background to others', async () => {
    const [tasks, lines, calls]: [(() => Promise<void>)[], unknown[], number[]] = [[], [], []];
    const background = { run: (_name: string, task: () => Promise<void>) => void tasks.push(task) };
    const log = { warn: (line: unknown) => void lines.push(line), error: (line: unknown) => void lines.push(line) };
    const queue = createRefusalQueue({ background, log } as unknown as Parameters<typeof createRefusalQueue>[0]);
    let running = 0;
    const add = (n: number) =>
      queue.add({ name: 'onLoginRefused', requestId: null }, async () => {
        calls.push(n);
        running += 1;
        await Promise.resolve();
        expect(running).toBe(1);
        running -= 1;
        if (n === 3) throw new Error('of one');
      });
    for (let n = 0; n < 150; n++) add(n);
    tasks.shift(); // the background had no place for this one
    await Promise.all(tasks.map((task) => task()));
    expect(calls).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(lines).toEqual([expect.objectContaining({ err: new Error('of one') }), { leftOut: 50 }]);
  });
});

describe('tokenClaims', () => {
  test.each(LOGINS)('are in the token, by $door', async ({ go }) => {
    const person = await existing();
    hooks.tokenClaims = ({ roles }) => ({ team: 'blue', roles, none: undefined });
    const { jwt } = await go(person);
    expect(decodeJwt(jwt ?? '')).toMatchObject({ team: 'blue', roles: ['authenticated'], iss: 'gatehouse' });
    expect(Object.keys(decodeJwt(jwt ?? ''))).not.toContain('none');
    expect((await server.ask('{ me { username } }', { token: jwt ?? '' })).data.me.username).toBeTypeOf('string');
  });

  test('are in the token of an administrator who acts as the user, and beforeLogin does not run', async () => {
    const person = await existing();
    hooks.tokenClaims = ({ username }) => ({ name: username });
    const { data } = await impersonate(person);
    const claims = decodeJwt(data.impersonateUser.jwt);
    expect(claims).toMatchObject({ name: person.username, act: { sub: expect.any(String) } });
    expect(ran.map(({ name, way }) => [name, way])).toEqual([['tokenClaims', 'impersonateUser']]);
  });

  test('are asked for again by a refresh and after a new password, which are no logins', async () => {
    await settings({ sessionMode: 'refresh' });
    const { email } = await existing();
    let team = 'blue';
    hooks.tokenClaims = () => ({ team });
    const first = await rest('/api/auth/local', { identifier: email, password: PASSWORD });
    team = 'red';
    ran.length = 0;
    const next = await rest('/api/auth/refresh', { refreshToken: first.body.refreshToken });
    expect(decodeJwt(next.body.jwt)).toMatchObject({ team: 'red' });
    const CHANGE = `mutation ($password: String!, $passwordConfirmation: String!) {
      changePassword(currentPassword: "${PASSWORD}", password: $password, passwordConfirmation: $passwordConfirmation) { jwt }
    }`;
    const changed = await server.ask(CHANGE, { token: next.body.jwt, variables: twice });
    expect(decodeJwt(changed.data.changePassword.jwt)).toMatchObject({ team: 'red' });
    expect(ran.map(({ name, way }) => [name, way])).toEqual([
      ['tokenClaims', 'refreshToken'],
      ['tokenClaims', 'changePassword'],
    ]);
  });

  const claimsOf = (make: () => unknown) => make as NonNullable<AccountHooks['tokenClaims']>;
  test.each<[string, () => unknown, RegExp]>([
    ['set a claim of Gatehouse', () => ({ ver: 1, team: 'blue' }), /Gatehouse's: ver/],
    ['say in JSON that they are another claim', () => ({ toJSON: () => ({ sub: 'x' }) }), /Gatehouse's: sub/],
    ['are too long', () => ({ long: 'é'.repeat(MAX_CLAIMS / 2) }), /At most 1024/],
    ['are no object', () => ['team'], /must be an object/],
    ['are null', () => null, /must be an object/],
    ['are no JSON', () => ({ big: 1n }), /BigInt/],
    ['throw', () => Promise.reject(new Error('no claims')), /no claims/],
    ['hang', hang, /longer than 150 ms/],
  ])('that %s make no token and no session', async (_what, make, logged) => {
    const { email } = await existing();
    const before = await sessions();
    hooks.tokenClaims = claimsOf(make);
    expect(errorOf(await login(email))?.[0]).toBe(MASKED);
    expect(await sessions()).toBe(before);
    const [line = ''] = server.log.filter((each) => each.includes('tokenClaims of accounts failed'));
    expect(line).toMatch(logged);
  });

  test.each(RESERVED_CLAIMS)('cannot be %s', (name) => {
    expect(() => checkedClaims({ [name]: 1 })).toThrow(`These claims are Gatehouse's: ${name}`);
  });

  test('that fail end the session of an administrator who would have acted as the user', async () => {
    const person = await existing();
    const before = await sessions();
    hooks.tokenClaims = () => ({ sub: 'x' });
    expect(errorOf(await impersonate(person))?.[0]).toBe(MASKED);
    expect(await sessions()).toBe(before);
  });

  test('of exactly the limit are possible', async () => {
    const { email } = await existing();
    hooks.tokenClaims = () => ({ long: 'x'.repeat(MAX_CLAIMS - '{"long":""}'.length) });
    const { jwt } = (await login(email)).data.login;
    expect((await server.ask('{ me { email } }', { token: jwt })).data.me.email).toBe(email);
  });
});

describe('afterDelete', () => {
  const remove = async ({ id }: Person) => {
    const { documentId } = await server.database.prisma.user.findUniqueOrThrow({ where: { id } });
    return server.askAdmin('mutation ($user: ID!) { deleteUser(documentId: $user) { documentId } }', {
      token: admin,
      variables: { user: documentId },
    });
  };

  test('runs once, with the user as it was', async () => {
    const person = await existing();
    await remove(person);
    await server.gatehouse.idle();
    const given = expect.objectContaining({ ...person, roles: ['authenticated'] } satisfies Partial<HookUser>);
    expect(ran).toEqual([{ name: 'afterDelete', way: 'deleteUser', given }]);
  });

  test('does not run for a user who stays, and when it fails the user is gone', async () => {
    const person = await existing();
    const removal = await server.askAdmin('mutation { deleteUser(documentId: "nobody") { documentId } }', {
      token: admin,
    });
    expect(errorOf(removal)?.[0]).toBe('NOT_FOUND');
    await server.gatehouse.idle();
    expect(ran).toEqual([]);
    hooks.afterDelete = () => Promise.reject(new Error('it stays elsewhere'));
    await remove(person);
    await server.gatehouse.idle();
    expect(server.log.filter((line) => line.includes('afterDelete of accounts failed'))).toHaveLength(1);
    expect(await server.database.prisma.user.count({ where: { id: person.id } })).toBe(0);
  });
});

describe('without hooks', () => {
  test('logins of administrators have none', async () => {
    await server.adminToken();
    expect(ran).toEqual([]);
  });

  test('the statements of a login are those with them', async () => {
    const { email } = await existing();
    await using beside = await startBeside(server);
    const statementsOf = async (url: string) => {
      const query = `mutation { login(input: { identifier: "${email}", password: "${PASSWORD}" }) { jwt } }`;
      const ask = () =>
        fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        });
      await ask();
      server.statements.length = 0;
      expect(await (await ask()).json()).toMatchObject({ data: { login: { jwt: expect.any(String) } } });
      return server.statements.map((sql) => createHash('sha256').update(sql).digest('hex'));
    };
    const [withHooks, without] = [await statementsOf(server.url), await statementsOf(beside.url)];
    expect(without.length).toBeGreaterThan(1);
    expect(without).toEqual(withHooks);
  });

  test('a hook that there is not is an error at the start', async () => {
    const hooks = { beforeLogn: () => {} } as AccountHooks;
    await expect(startBeside(server, {}, { hooks })).rejects.toThrow('beforeLogn is not a hook of accounts');
  });
});

describe('the hooks of docs/own-logic.md', () => {
  test('are those that run here', () => {
    const [, code = ''] = readFileSync('test/support/company-hooks.ts', 'utf8').split(/\n\n(?=export )/);
    expect(readFileSync('docs/own-logic.md', 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``);
  });

  test('let people of the company register, and log whose login is refused', async () => {
    hooks = companyHooks;
    expect(errorOf(await register(someone()))?.[1]).toBe('Only people of the company can register');
    const email = 'ada@company.com';
    const { data } = await register({ ...someone(), email });
    expect(decodeJwt(data.register.jwt)).toMatchObject({ roles: ['authenticated'] });
    await login(email, 'a wrong password');
    await server.gatehouse.idle();
    const [line = ''] = server.log.filter((each) => each.includes('a login was refused'));
    expect(JSON.parse(line)).toMatchObject({ reason: 'credential', hook: 'onLoginRefused of accounts' });
  });
});
