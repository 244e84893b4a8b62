import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { issueFirstCode } from '../src/accounts/admin-codes.ts';
import { identifierKeys } from '../src/accounts/identifiers.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { carryOut } from './support/command.ts';
import { startServer, type TestServer } from './support/start.ts';

// Which events end which codes, tokens and sessions: the table of docs/decisions/027-what-ends.md, line by line.

let server: TestServer;
let hash: string;
let admin: string;
let manager: string;
let program: string;
let bystander: string;
let invited: number;

beforeAll(async () => {
  server = await startServer();
  const { prisma } = server.database;
  hash = await server.gatehouse.administration.passwords.hash(DEMO_PASSWORD);
  admin = await server.adminToken();
  const role = await prisma.role.create({ data: { name: 'Manager', type: 'manager' } });
  const actions = server.gatehouse.administration.tokenActions.all;
  await prisma.permission.createMany({ data: actions.map((action) => ({ roleId: role.id, action })) });
  manager = (await newSubject('manager')).jwt;
  program = await newApiToken('program');
  bystander = await server.tokenOf('reader');
  const email = 'invited@admin.test';
  await server.askAdmin(`mutation { createAdmin(data: { email: "${email}", role: READ_ONLY }) { email } }`, {
    token: admin,
  });
  invited = (await prisma.admin.findUniqueOrThrow({ where: { email } })).id;
});
afterAll(() => server?.close());
afterEach(() => {
  // Nothing that these tests do is unexpected: an error in the log is a bug that an answer hid.
  expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});

const PURPOSES = ['resetPassword', 'invitation', 'confirmEmail', 'changeEmail'] as const;
const KINDS = ['plain token', 'refresh token', ...PURPOSES] as const;
type Kind = (typeof KINDS)[number];

interface Subject {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  /** Of the session mode `plain`. */
  readonly jwt: string;
  /** Of the session mode `refresh`. */
  readonly refreshToken: string;
  readonly codes: Readonly<Record<(typeof PURPOSES)[number], string>>;
}

let people = 0;

/** Somebody who has one of each: a plain token, a refresh token, and a code of each kind. */
async function newSubject(role = 'authenticated', blockedUntil: Date | null = null): Promise<Subject> {
  const { prisma } = server.database;
  const username = `subject${++people}`;
  const email = `${username}@example.com`;
  const { id, documentId } = await prisma.user.create({
    data: {
      username,
      email,
      passwordHash: hash,
      blocked: blockedUntil !== null,
      blockedUntil,
      role: { connect: { type: role } },
      identifiers: { create: identifierKeys({ username, email }).map((key) => ({ key })) },
    },
  });
  const jwt = await server.tokenOf(username);
  await prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'refresh' } });
  const login = `mutation { login(input: { identifier: "${username}", password: "${DEMO_PASSWORD}" }) { refreshToken } }`;
  const { refreshToken } = (await server.ask(login)).data.login;
  await prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'plain' } });
  const codes = {} as Record<(typeof PURPOSES)[number], string>;
  for (const purpose of PURPOSES) {
    const newEmail = purpose === 'changeEmail' ? `new-${email}` : undefined;
    codes[purpose] = await server.gatehouse.administration.codes.issue(prisma, id, purpose, newEmail);
  }
  return { id, documentId, username, email, jwt, refreshToken, codes };
}

async function newApiToken(name: string): Promise<string> {
  const create = `mutation { createApiToken(data: { name: "${name}", kind: FULL_ACCESS, lifespan: UNLIMITED }) { secret } }`;
  return (await server.askAdmin(create, { token: admin })).data.createApiToken.secret;
}

/** What of somebody's credentials is still good, each tried by the way that it is used. */
async function goodOf({ jwt, refreshToken, codes }: Subject): Promise<Kind[]> {
  const good: Kind[] = [];
  const { administration } = server.gatehouse;
  if ((await server.ask('{ me { id } }', { token: jwt })).data?.me) good.push('plain token');
  for (const purpose of PURPOSES) {
    if (await administration.codes.find(server.database.prisma, codes[purpose], purpose)) good.push(purpose);
    else {
      // Only of the code that did it, and only while nothing has ended that since.
      const used = await administration.codes.findConfirmation(server.database.prisma, codes[purpose]);
      const refusal = used ? /^Confirmed before$/ : /^(Incorrect code provided|Invalid token)$/;
      expect(await refusalOf(purpose, codes[purpose])).toMatch(refusal);
    }
  }
  const refresh = `mutation { refresh(refreshToken: "${refreshToken}") { jwt } }`;
  if ((await server.ask(refresh)).data?.refresh) good.push('refresh token');
  return KINDS.filter((kind) => good.includes(kind));
}

async function refusalOf(purpose: (typeof PURPOSES)[number], code: string): Promise<string | undefined> {
  const document =
    purpose === 'confirmEmail' || purpose === 'changeEmail'
      ? `mutation { emailConfirmation(confirmation: "${code}") { jwt } }`
      : `mutation { resetPassword(code: "${code}", password: "the thief’s own", passwordConfirmation: "the thief’s own") { jwt } }`;
  const { data, errors } = await server.ask(document);
  // Clicked a second time: it says so, and opens nothing.
  return data?.emailConfirmation?.jwt === null ? 'Confirmed before' : errors?.[0]?.message;
}

/** Nobody else's: whatever happens to a user, they stay. */
async function expectOthersUntouched(): Promise<void> {
  expect((await server.ask('{ me { username } }', { token: bystander })).data.me).toEqual({ username: 'reader' });
  expect((await server.ask('{ posts { title } }', { token: program })).errors).toBeUndefined();
  expect((await server.askAdmin('{ me { email } }', { token: admin })).errors).toBeUndefined();
  expect(await server.database.prisma.adminCode.count({ where: { adminId: invited } })).toBe(1);
}

async function run(document: string, token: string | undefined, variables: object): Promise<void> {
  await succeeded(server.ask(document, { token, variables: { ...variables } }));
}

async function runAsAdmin(document: string, variables: object, token = admin): Promise<void> {
  await succeeded(server.askAdmin(document, { token, variables: { ...variables } }));
}

async function succeeded(answer: ReturnType<TestServer['ask']>): Promise<void> {
  const { errors } = await answer;
  expect(errors).toBeUndefined();
}

const sql = (text: string, ...values: readonly unknown[]) => server.database.query(text, values);
const command = (...words: string[]) => carryOut(server, words, { password: 'set by hand, at a desk' });

const onUser = (name: string, more = '', given = '') =>
  `mutation ($id: ID!${more}) { ${name}(documentId: $id${given}) { documentId } }`;
const UPDATE_USER = 'mutation ($id: ID!, $data: UpdateUserInput!) { updateUser(documentId: $id, data: $data) { id } }';
const UPDATE_ON_GRAPHQL =
  'mutation ($id: ID!, $data: UsersPermissionsUserInput!) { updateUsersPermissionsUser(id: $id, data: $data) { data { documentId } } }';
const RESET =
  'mutation ($code: String!) { resetPassword(code: $code, password: "chosen anew 1", passwordConfirmation: "chosen anew 1") { jwt } }';
const CONFIRM = 'mutation ($code: String!) { emailConfirmation(confirmation: $code) { user { id } } }';
const BLOCK = 'UPDATE users SET blocked = true WHERE id = $1';
const HOUR = 3_600_000;

const NOTHING: readonly Kind[] = [];
const SESSIONS: readonly Kind[] = ['plain token', 'refresh token'];
const but = (...ended: readonly Kind[]) => KINDS.filter((kind) => !ended.includes(kind));

/** What happens, and what of the user's is good afterwards. */
const EVENTS: readonly (readonly [string, (user: Subject) => Promise<unknown>, readonly Kind[]])[] = [
  ['blockUser', ({ documentId: id }) => runAsAdmin(onUser('blockUser'), { id }), NOTHING],
  [
    'blockUser for a time',
    ({ documentId: id }) =>
      runAsAdmin(onUser('blockUser', ', $until: DateTime', ', until: $until'), {
        id,
        until: new Date(Date.now() + 24 * HOUR).toISOString(),
      }),
    NOTHING,
  ],
  ['a block by a role manager', ({ id }) => run(UPDATE_ON_GRAPHQL, manager, { id, data: { blocked: true } }), NOTHING],
  ['a block by an API token', ({ id }) => run(UPDATE_ON_GRAPHQL, program, { id, data: { blocked: true } }), NOTHING],
  ['a block by the command line', ({ email }) => command('user', 'block', email), NOTHING],
  ['a block written in psql', ({ id }) => sql(BLOCK, id), NOTHING],
  [
    'a block for a time written in psql',
    ({ id }) => sql(`UPDATE users SET blocked = true, "blockedUntil" = now() + interval '1 day' WHERE id = $1`, id),
    NOTHING,
  ],
  ['deleteUser', ({ documentId: id }) => runAsAdmin(onUser('deleteUser'), { id }), NOTHING],
  [
    'deleteUsersPermissionsUser',
    ({ id }) =>
      run('mutation ($id: ID!) { deleteUsersPermissionsUser(id: $id) { data { documentId } } }', manager, { id }),
    NOTHING,
  ],
  ['a deletion written in psql', ({ id }) => sql('DELETE FROM users WHERE id = $1', id), NOTHING],
  ['endUserSessions', ({ documentId: id }) => runAsAdmin(onUser('endUserSessions'), { id }), NOTHING],
  ['logoutEverywhere', ({ jwt }) => run('mutation { logoutEverywhere { ok } }', jwt, {}), NOTHING],
  [
    'changePassword',
    ({ jwt }) =>
      run(
        'mutation ($c: String!) { changePassword(currentPassword: $c, password: "chosen anew 1", passwordConfirmation: "chosen anew 1") { jwt } }',
        jwt,
        { c: DEMO_PASSWORD },
      ),
    NOTHING,
  ],
  ['resetPassword', ({ codes }) => run(RESET, undefined, { code: codes.resetPassword }), NOTHING],
  ['resetPassword with an invitation', ({ codes }) => run(RESET, undefined, { code: codes.invitation }), NOTHING],
  [
    'a password set by an administrator',
    ({ documentId: id }) => runAsAdmin(UPDATE_USER, { id, data: { password: 'chosen anew 1' } }),
    NOTHING,
  ],
  [
    'a password set by a role manager',
    ({ id }) => run(UPDATE_ON_GRAPHQL, manager, { id, data: { password: 'chosen anew 1' } }),
    NOTHING,
  ],
  [
    'an address set by an administrator',
    ({ documentId: id, email }) => runAsAdmin(UPDATE_USER, { id, data: { email: `set-${email}` } }),
    SESSIONS,
  ],
  [
    'an address set by a role manager',
    ({ id, email }) => run(UPDATE_ON_GRAPHQL, manager, { id, data: { email: `set-${email}` } }),
    SESSIONS,
  ],
  ['a new address confirmed', ({ codes }) => run(CONFIRM, undefined, { code: codes.changeEmail }), SESSIONS],
  [
    'an address confirmed by its code',
    ({ codes }) => run(CONFIRM, undefined, { code: codes.confirmEmail }),
    but('confirmEmail'),
  ],
  ['logout', ({ jwt }) => run('mutation { logout { ok } }', jwt, {}), but('plain token')],
  [
    'revokeSession',
    async ({ jwt, id }) => {
      const { documentId } = await server.database.prisma.session.findFirstOrThrow({
        where: { userId: id, familyHash: { not: null } },
      });
      await run('mutation ($id: ID!) { revokeSession(documentId: $id) { documentId } }', jwt, { id: documentId });
    },
    but('refresh token'),
  ],
  [
    'updateMe: another address asked for',
    ({ jwt, email }) =>
      run('mutation ($data: UpdateMeInput!) { updateMe(data: $data) { id } }', jwt, {
        data: { email: `other-${email}`, currentPassword: DEMO_PASSWORD },
      }),
    but('changeEmail'),
  ],
  [
    'updateMe: another username',
    ({ jwt, username }) =>
      run('mutation ($data: UpdateMeInput!) { updateMe(data: $data) { id } }', jwt, {
        data: { username: `${username} anew` },
      }),
    KINDS,
  ],
  [
    'forgotPassword',
    async ({ email }) => {
      await run('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', undefined, { email });
      await server.gatehouse.idle();
    },
    but('resetPassword'),
  ],
  [
    'sendUserPasswordMail',
    ({ documentId: id }) => runAsAdmin(onUser('sendUserPasswordMail'), { id }),
    but('resetPassword'),
  ],
  [
    'sendUserPasswordMail, to who never had a password',
    async ({ id, documentId }) => {
      await sql(`UPDATE users SET "passwordHash" = 'none' WHERE id = $1`, id);
      await runAsAdmin(onUser('sendUserPasswordMail'), { id: documentId });
    },
    but('invitation'),
  ],
  [
    'sendEmailConfirmation',
    async ({ email }) => {
      const set = (emailConfirmation: boolean) =>
        server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation } });
      await set(true);
      await run('mutation ($email: String!) { sendEmailConfirmation(email: $email) { ok } }', undefined, { email });
      await server.gatehouse.idle();
      await set(false);
    },
    but('confirmEmail'),
  ],
  ['confirmUser', ({ documentId: id }) => runAsAdmin(onUser('confirmUser'), { id }), KINDS],
  [
    'another role',
    async ({ documentId: id }) => {
      const role = await server.database.prisma.role.findUniqueOrThrow({ where: { type: 'editor' } });
      await runAsAdmin(UPDATE_USER, { id, data: { role: role.documentId, username: `renamed ${id}` } });
    },
    KINDS,
  ],
  ['unblockUser, of who was not blocked', ({ documentId: id }) => runAsAdmin(onUser('unblockUser'), { id }), KINDS],
  ['nothing', async () => {}, KINDS],
];

describe('of a user', () => {
  test.each(EVENTS)('%s', async (_event, happen, good) => {
    const user = await newSubject();
    await happen(user);
    // What a block ended is dead also when it is lifted.
    await sql('UPDATE users SET blocked = false, "blockedUntil" = NULL WHERE id = $1', user.id);
    expect(await goodOf(user)).toEqual(good);
    await expectOthersUntouched();
  });

  test('what began after a block for a time does not end when the block is taken off the list', async () => {
    const [lifted, tidied] = [await newSubject(undefined, new Date(1)), await newSubject(undefined, new Date(1))];
    await runAsAdmin(onUser('unblockUser'), { id: lifted.documentId });
    await server.gatehouse.cleanUp();
    for (const user of [lifted, tidied]) expect(await goodOf(user)).toEqual(KINDS);
  });

  test('a code that an administrator mails to who is blocked gives a password and no token, and no address', async () => {
    const user = await newSubject();
    await sql(BLOCK, user.id);
    await runAsAdmin(onUser('sendUserPasswordMail'), { id: user.documentId });
    await server.gatehouse.idle();
    const code = server.mails.at(-1)?.link?.split('=').at(-1) ?? 'none';
    const { codes } = server.gatehouse.administration;
    const change = await codes.issue(server.database.prisma, user.id, 'changeEmail', `stolen-${user.email}`);
    expect(await refusalOf('changeEmail', change)).toBe('Invalid token');
    expect(await refusalOf('confirmEmail', await codes.issue(server.database.prisma, user.id, 'confirmEmail'))).toBe(
      'Invalid token',
    );
    const { data } = await server.ask(RESET, { variables: { code } });
    expect(data.resetPassword).toEqual({ jwt: null });
    const { email, confirmed } = await server.database.prisma.user.findUniqueOrThrow({ where: { id: user.id } });
    expect({ email, confirmed }).toEqual({ email: user.email, confirmed: false });
  });
});

interface AdminSubject {
  readonly id: number;
  readonly documentId: string;
  readonly email: string;
  readonly jwt: string;
  readonly code: string;
}

/** An administrator who has one of each: a token, and a code to choose a password. */
async function newAdmin(): Promise<AdminSubject> {
  const jwt = await server.adminToken();
  const { email } = (await server.askAdmin('{ me { email } }', { token: jwt })).data.me;
  const { prisma } = server.database;
  const { id, documentId } = await prisma.admin.findUniqueOrThrow({ where: { email } });
  const code = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(code).digest('hex');
  await prisma.adminCode.create({ data: { adminId: id, hash, expiresAt: new Date(Date.now() + HOUR) } });
  return { id, documentId, email, jwt, code };
}

const RESET_ADMIN =
  'mutation ($code: String!) { resetPassword(code: $code, password: "chosen anew 1", passwordConfirmation: "chosen anew 1") { jwt } }';
const UPDATE_ADMIN =
  'mutation ($id: ID!, $data: UpdateAdminInput!) { updateAdmin(documentId: $id, data: $data) { email } }';

const ADMIN_EVENTS: readonly (readonly [
  string,
  (admin: AdminSubject) => Promise<unknown>,
  readonly ('token' | 'code')[],
])[] = [
  [
    'changePassword',
    ({ jwt }) =>
      runAsAdmin(
        'mutation ($c: String!) { changePassword(currentPassword: $c, password: "chosen anew 1", passwordConfirmation: "chosen anew 1") { jwt } }',
        { c: DEMO_PASSWORD },
        jwt,
      ),
    [],
  ],
  ['resetPassword', ({ code }) => succeeded(server.askAdmin(RESET_ADMIN, { variables: { code } })), []],
  ['a password set by the command line', ({ email }) => command('admin', 'reset-password', email), []],
  ['endAdminSessions', ({ documentId: id }) => runAsAdmin(onUser('endAdminSessions'), { id }), []],
  ['deleteAdmin', ({ documentId: id }) => runAsAdmin(onUser('deleteAdmin'), { id }), []],
  ['a deletion written in psql', ({ id }) => sql('DELETE FROM admins WHERE id = $1', id), []],
  [
    'another address',
    ({ documentId: id, email }) => runAsAdmin(UPDATE_ADMIN, { id, data: { email: `set-${email}` } }),
    ['token'],
  ],
  [
    'another role',
    ({ documentId: id }) => runAsAdmin(UPDATE_ADMIN, { id, data: { role: 'READ_ONLY' } }),
    ['token', 'code'],
  ],
  ['another name', ({ documentId: id }) => runAsAdmin(UPDATE_ADMIN, { id, data: { name: 'Anna' } }), ['token', 'code']],
  ['sendAdminPasswordMail', ({ documentId: id }) => runAsAdmin(onUser('sendAdminPasswordMail'), { id }), ['token']],
  ['logout', ({ jwt }) => runAsAdmin('mutation { logout { ok } }', {}, jwt), ['code']],
  [
    'revokeSession',
    async ({ jwt, id }) => {
      const { documentId } = await server.database.prisma.adminSession.findFirstOrThrow({ where: { adminId: id } });
      await runAsAdmin('mutation ($id: ID!) { revokeSession(documentId: $id) { ok } }', { id: documentId }, jwt);
    },
    ['code'],
  ],
  ['nothing', async () => {}, ['token', 'code']],
];

describe('of an administrator', () => {
  test.each(ADMIN_EVENTS)('%s', async (_event, happen, good) => {
    const one = await newAdmin();
    await happen(one);
    const token = (await server.askAdmin('{ me { email } }', { token: one.jwt })).errors === undefined;
    const reset = await server.askAdmin(RESET_ADMIN, { variables: { code: one.code } });
    expect([...(token ? ['token'] : []), ...(reset.errors ? [] : ['code'])]).toEqual(good);
    if (reset.errors) expect(reset.errors[0]?.message).toBe('Incorrect code provided');
    await expectOthersUntouched();
  });

  test('the code of the first one ends when there is one', async () => {
    const code = await issueFirstCode(server.gatehouse.administration);
    await runAsAdmin(`mutation { createAdmin(data: { email: "later@admin.test", role: READ_ONLY }) { email } }`, {});
    expect(await server.database.prisma.adminCode.count({ where: { adminId: null } })).toBe(0);
    const input = { email: 'thief@admin.test', password: 'the thief’s own' };
    const { errors } = await server.askAdmin(
      'mutation ($input: RegisterFirstAdminInput!, $code: String) { registerFirstAdmin(input: $input, code: $code) { jwt } }',
      { variables: { input, code } },
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('of an API token', () => {
  const onToken = (name: string, of = 'documentId') => `mutation ($id: ID!) { ${name}(documentId: $id) { ${of} } }`;
  test.each<[string, (id: string, name: string) => Promise<unknown>, string | undefined]>([
    ['revokeApiToken', (id) => runAsAdmin(onToken('revokeApiToken'), { id }), 'revoked'],
    ['a revocation by the command line', (_id, name) => command('token', 'revoke', name), 'revoked'],
    ['deleteApiToken', (id) => runAsAdmin(onToken('deleteApiToken'), { id }), 'invalid'],
    ['regenerateApiToken', (id) => runAsAdmin(onToken('regenerateApiToken', 'secret'), { id }), 'invalid'],
    ['its time', (id) => sql(`UPDATE api_tokens SET "expiresAt" = now() WHERE "documentId" = $1`, id), 'expired'],
    ['nothing', async () => {}, undefined],
  ])('%s', async (event, happen, reason) => {
    const token = await newApiToken(event);
    const { documentId } = await server.database.prisma.apiToken.findUniqueOrThrow({ where: { name: event } });
    await happen(documentId, event);
    const { errors } = await server.ask('{ posts { title } }', { token });
    expect(errors?.[0]?.extensions.reason).toBe(reason);
    await expectOthersUntouched();
  });
});

test('what only a person can do, an API token is refused, and not told that it was done', async () => {
  for (const [name, action, document] of [
    ['me', 'user.me', '{ me { id } }'],
    ['sessions', 'user.sessions', '{ sessions { documentId } }'],
    ['updateMe', 'user.updateMe', 'mutation { updateMe(data: { username: "a program" }) { id } }'],
    ['revokeSession', 'user.revokeSession', 'mutation { revokeSession(documentId: "x") { documentId } }'],
    ['logout', 'auth.logout', 'mutation { logout { ok } }'],
    ['logoutEverywhere', 'auth.logoutEverywhere', 'mutation { logoutEverywhere { ok } }'],
    [
      'changePassword',
      'auth.changePassword',
      'mutation { changePassword(currentPassword: "a password", password: "another one", passwordConfirmation: "another one") { jwt } }',
    ],
  ] as const) {
    const { data, errors } = await server.ask(document, { token: program });
    expect(data, name).toEqual({ [name]: null });
    expect(errors?.map(({ extensions: { code, error } }) => [code, error.details.action])).toEqual([
      ['FORBIDDEN', action],
    ]);
  }
});
