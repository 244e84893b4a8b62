import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAdmin } from '../src/administration/admins.ts';
import { NO_CEILING } from '../src/administration/permission-ceiling.ts';
import { SERVER } from '../src/audit/actor.ts';
import type { AdminRole } from '../src/generated/prisma/client.ts';
import { cookieIn } from './support/admin-cookie.ts';
import { authenticator } from './support/authenticator.ts';
import { type Lies, PasskeyAuthenticator } from './support/passkey-authenticator.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

/** Passkeys of administrators: what they share with those of users is in passkeys.test.ts. */

const ORIGIN = 'http://gatehouse.test';
const REFUSED = 'The passkey was not accepted. Start again.';
const PASSWORD = 'a good password';
const MINUTE = 60_000;

let server: TestServer;
let ahead = 0;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const codesOf = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions.code);
const faultsOf = ({ errors }: Answer) => (errors ?? []).map(({ message }) => message);
const methodsOf = ({ errors }: Answer) => errors?.[0]?.extensions.methods;
const challengeOf = ({ errors }: Answer) => errors?.[0]?.extensions.challenge;

interface Administrator {
  readonly documentId: string;
  readonly email: string;
  readonly token: string;
}

const ask = (document: string, variables: Record<string, unknown> = {}, token: string | undefined = me.token) =>
  server.askAdmin(document, { ...(token && { token }), variables });
const OPTIONS = 'mutation ($purpose: PasskeyPurpose!) { passkeyOptions(purpose: $purpose) }';
const ADD = 'mutation ($response: JSON!, $name: String!) { addPasskey(response: $response, name: $name) { id name } }';
const LOGIN =
  'mutation ($challenge: String!, $response: JSON!) { loginWithPasskey(challenge: $challenge, response: $response, cookie: true) { jwt admin { email role } } }';
const PASSWORD_LOGIN =
  'mutation ($email: String!, $password: String!) { login(email: $email, password: $password) { jwt } }';
const COMPLETE = 'mutation ($input: CompleteLoginInput!) { completeLogin(input: $input) { jwt } }';
const STEP_UP = 'mutation ($input: StepUpInput!) { stepUp(input: $input) { until } }';
const LIST = '{ passkeys { id name backedUp transports aaguid createdAt lastUsedAt } }';
const RENAME = 'mutation ($id: ID!, $name: String!) { renamePasskey(id: $id, name: $name) { name } }';
const REMOVE = 'mutation ($id: ID!) { removePasskey(id: $id) { id } }';

const passwordLogin = (email = me.email) => ask(PASSWORD_LOGIN, { email, password: PASSWORD }, '');
const optionsFor = async (purpose: string, token = me.token) =>
  (await ask(OPTIONS, { purpose }, purpose === 'LOGIN' ? '' : token)).data.passkeyOptions;
async function add(of = key, { token } = me, lies: Lies = {}): Promise<Answer> {
  const response = of.create(await optionsFor('REGISTER', token), lies);
  return ask(ADD, { response, name: 'Laptop' }, token);
}
const login = async (of = key, lies: Lies = {}) => {
  const options = await optionsFor('LOGIN');
  return ask(LOGIN, { challenge: options.challenge, response: of.get(options, lies) }, '');
};

let people = 0;
let me: Administrator;
let key: PasskeyAuthenticator;

async function newAdministrator(role: AdminRole = 'ADMINISTRATOR'): Promise<Administrator> {
  const email = `keyholder${++people}@admin.test`;
  const by = { actor: SERVER, ceiling: NO_CEILING };
  const { documentId } = await createAdmin(server.gatehouse.administration, by, {
    ...{ email, name: undefined, role, password: PASSWORD },
  });
  const { data } = await server.askAdmin(PASSWORD_LOGIN, { variables: { email, password: PASSWORD } });
  return { documentId, email, token: data.login.jwt };
}

function advance(milliseconds: number): void {
  ahead += milliseconds;
  server.advance(milliseconds);
}

async function enrol(): Promise<(now?: number) => string> {
  const { secret } = (await ask('mutation { startTotp { secret } }')).data.startTotp;
  const code = authenticator(secret);
  const confirm = 'mutation ($code: String!) { confirmTotp(code: $code) { codes } }';
  expect((await ask(confirm, { code: code(Date.now() + ahead) })).errors).toBeUndefined();
  return code;
}

beforeEach(async () => {
  me = await newAdministrator();
  key = new PasskeyAuthenticator(ORIGIN);
});

test('one is added, renamed and removed, with a mail and audit events', async () => {
  const options = await optionsFor('REGISTER');
  expect(options).toMatchObject({
    rp: { id: 'gatehouse.test' },
    user: { id: Buffer.from(me.documentId).toString('base64url'), name: `${me.email} (administrator)` },
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  expect((await ask(ADD, { response: key.create(options), name: 'Laptop' })).errors).toBeUndefined();
  const [passkey] = (await ask(LIST)).data.passkeys;
  expect(passkey).toMatchObject({ name: 'Laptop', backedUp: true, lastUsedAt: null });
  const { id } = passkey;
  expect((await ask(RENAME, { id, name: 'Old laptop' })).data).toEqual({ renamePasskey: { name: 'Old laptop' } });
  expect((await login()).data.loginWithPasskey.admin.email).toBe(me.email);
  expect((await ask(REMOVE, { id })).data).toEqual({ removePasskey: { id } });
  expect(faultsOf(await login())).toEqual([REFUSED]);
  expect((await ask(LIST)).data.passkeys).toEqual([]);
  await server.gatehouse.idle();
  expect(server.mails.filter(({ to }) => to === me.email).map(({ subject }) => subject)).toEqual([
    'Your account has a new passkey',
    'A passkey of your account was removed',
  ]);
  const entries = await server.database.prisma.auditEntry.findMany({
    where: { targetId: me.documentId, event: { endsWith: 'Passkey' } },
    orderBy: { id: 'asc' },
  });
  expect(entries.map(({ event, actorName, before, after }) => ({ event, actorName, before, after }))).toEqual([
    { event: 'admin.addPasskey', actorName: me.email, before: null, after: { passkey: 'Laptop' } },
    {
      event: 'admin.renamePasskey',
      ...{ actorName: me.email, before: { passkey: 'Laptop' }, after: { passkey: 'Old laptop' } },
    },
    { event: 'admin.removePasskey', actorName: me.email, before: { passkey: 'Old laptop' }, after: null },
  ]);
});

test('that of another administrator is not found', async () => {
  await add();
  const [{ id }] = (await ask(LIST)).data.passkeys;
  const other = await newAdministrator();
  expect((await ask(LIST, {}, other.token)).data.passkeys).toEqual([]);
  expect(faultsOf(await ask(RENAME, { id, name: 'Mine' }, other.token))).toEqual(['Passkey not found']);
  expect(faultsOf(await ask(REMOVE, { id }, other.token))).toEqual(['Passkey not found']);
  expect((await login()).errors).toBeUndefined();
});

describe('a login', () => {
  test('begins a session with its refresh cookie, asks for no second factor, and is an audit event', async () => {
    await add();
    await enrol();
    const answer = await login();
    const { jwt, admin } = answer.data.loginWithPasskey;
    expect(admin).toEqual({ email: me.email, role: 'ADMINISTRATOR' });
    expect((await ask('{ me { email } sessions { isCurrent } }', {}, jwt)).data.me.email).toBe(me.email);
    const cookie = cookieIn(answer) ?? '';
    const refreshed = await server.askAdmin('mutation { refresh { admin { email } } }', { headers: { cookie } });
    expect(refreshed.data.refresh.admin.email).toBe(me.email);
    const sessions = await server.database.prisma.adminSession.findMany({ where: { admin: { email: me.email } } });
    expect(sessions.map(({ amr }) => amr)).toContainEqual(['hwk']);
    const where = { event: 'admin.login', outcome: 'done', targetId: me.documentId };
    expect(await server.database.prisma.auditEntry.count({ where })).toBe(2);
  });

  test('works beside an expired token', async () => {
    await add();
    advance(40 * 86_400_000);
    const options = await optionsFor('LOGIN');
    const answer = await ask(LOGIN, { challenge: options.challenge, response: key.get(options) });
    expect(answer.data.loginWithPasskey.admin.email).toBe(me.email);
  });

  test.each<[string, Lies]>([
    ['another origin', { origin: 'https://evil.test' }],
    ['a user who was not verified', { verified: false }],
    ['an unknown passkey', { id: Buffer.alloc(16, 7).toString('base64url') }],
    ['the user handle of somebody else', { handle: Buffer.from('somebody-else').toString('base64url') }],
    ['no user handle', { handle: undefined }],
  ])('%s is refused, with one message, no cookie and no session, and is an audit event', async (_name, lies) => {
    await add();
    const { prisma } = server.database;
    const refusals = () => prisma.auditEntry.count({ where: { event: 'admin.login', outcome: 'refused' } });
    const sessions = () => prisma.adminSession.count();
    const before = [await refusals(), await sessions()] as const;
    const answer = await login(key, lies);
    expect([answer.data, faultsOf(answer), codesOf(answer)]).toEqual([
      { loginWithPasskey: null },
      [REFUSED],
      ['BAD_USER_INPUT'],
    ]);
    expect(cookieIn(answer)).toBeUndefined();
    expect([await refusals(), await sessions()]).toEqual([before[0] + 1, before[1]]);
  });

  test('of somebody who only reads gives no more than that', async () => {
    me = await newAdministrator('READ_ONLY');
    expect((await add()).errors).toBeUndefined();
    const { jwt, admin } = (await login()).data.loginWithPasskey;
    expect(admin.role).toBe('READ_ONLY');
    expect(codesOf(await ask('mutation { updateSettings(data: { signUps: false }) { signUps } }', {}, jwt))).toEqual([
      'FORBIDDEN',
    ]);
  });

  test('a deleted administrator is refused as an unknown passkey is, and nothing of it is left', async () => {
    await add();
    const other = await newAdministrator();
    const remove = 'mutation ($id: ID!) { deleteAdmin(documentId: $id) { documentId } }';
    expect((await ask(remove, { id: me.documentId }, other.token)).errors).toBeUndefined();
    expect(faultsOf(await login())).toEqual([REFUSED]);
    expect(await server.database.prisma.passkey.count({ where: { credentialId: key.id } })).toBe(0);
  });
});

describe('users and administrators', () => {
  const userLogin = (variables: Record<string, unknown>) =>
    server.ask(
      'mutation ($challenge: String!, $response: JSON!) { loginWithPasskey(challenge: $challenge, response: $response) { jwt } }',
      { variables },
    );
  const userOptions = async (purpose: string, token?: string) =>
    (await server.ask(OPTIONS, { ...(token && { token }), variables: { purpose } })).data.passkeyOptions;

  test('a passkey of one is unknown to the other, whoever made the challenge', async () => {
    await add();
    const token = await server.tokenOf('reader');
    const theirs = new PasskeyAuthenticator(ORIGIN);
    const added = await server.ask(ADD, {
      token,
      variables: { response: theirs.create(await userOptions('REGISTER', token)), name: 'Phone' },
    });
    expect(added.errors).toBeUndefined();
    for (const options of [await optionsFor('LOGIN'), await userOptions('LOGIN')]) {
      const { challenge } = options;
      expect(faultsOf(await ask(LOGIN, { challenge, response: theirs.get(options) }, ''))).toEqual([REFUSED]);
    }
    for (const options of [await userOptions('LOGIN'), await optionsFor('LOGIN')]) {
      const { challenge } = options;
      expect(faultsOf(await userLogin({ challenge, response: key.get(options) }))).toEqual([REFUSED]);
    }
    const own = await optionsFor('LOGIN');
    expect(faultsOf(await userLogin({ challenge: own.challenge, response: theirs.get(own) }))).toEqual([REFUSED]);
    const foreign = await userOptions('LOGIN');
    expect(faultsOf(await ask(LOGIN, { challenge: foreign.challenge, response: key.get(foreign) }, ''))).toEqual([
      REFUSED,
    ]);
    const options = await userOptions('LOGIN');
    expect(
      (await userLogin({ challenge: options.challenge, response: theirs.get(options) })).data.loginWithPasskey,
    ).toHaveProperty('jwt');
    expect((await login()).errors).toBeUndefined();
  });

  test('a passkey of one cannot be added to the other', async () => {
    await add();
    const token = await server.tokenOf('moderator');
    const copy = new PasskeyAuthenticator(ORIGIN);
    const response = copy.create(await userOptions('REGISTER', token), { id: key.id });
    expect(faultsOf(await server.ask(ADD, { token, variables: { response, name: 'x' } }))).toEqual([REFUSED]);
    expect((await login()).data.loginWithPasskey.admin.email).toBe(me.email);
  });

  test('a passkey of the user with the same id is nobody’s here', async () => {
    const { prisma } = server.database;
    const { id } = await prisma.admin.findUniqueOrThrow({ where: { email: me.email } });
    await prisma.$executeRaw`
      INSERT INTO "users" ("id", "documentId", "username", "email", "passwordHash", "roleId", "updatedAt")
      SELECT ${id}, 'namesake', 'namesake', 'namesake@example.com', 'x', r."id", now() FROM "roles" r
      WHERE r."type" = 'authenticated' ON CONFLICT ("id") DO NOTHING`;
    await enrol();
    const theirs = new PasskeyAuthenticator(ORIGIN);
    await add(theirs);
    await prisma.passkey.update({ where: { credentialId: theirs.id }, data: { adminId: null, userId: id } });
    expect((await ask(LIST)).data.passkeys).toEqual([]);
    await add();
    expect(faultsOf(await login(theirs))).toEqual([REFUSED]);
    const pending = await passwordLogin();
    for (const lies of [{}, { handle: undefined }]) {
      const passkey = theirs.get(await optionsFor('LOGIN'), lies);
      expect(faultsOf(await ask(COMPLETE, { input: { challenge: challengeOf(pending), passkey } }, ''))).toEqual([
        REFUSED,
      ]);
      const proof = theirs.get(await optionsFor('STEP_UP'), lies);
      expect(faultsOf(await ask(STEP_UP, { input: { passkey: proof } }))).toEqual([REFUSED]);
    }
  });
});

describe('the origin', () => {
  test('is that of the administration: front ends of users cannot ask an administrator for a passkey', async () => {
    const front = 'https://app.gatehouse.test';
    const changes = { webauthn: { rpId: undefined, origins: [front] } };
    await using beside = await startBeside(server, changes, { clock: () => new Date(Date.now() + ahead) });
    const url = beside.url.replace('/graphql', '/admin/graphql');
    const options = async (purpose: string) =>
      (await send(url, OPTIONS, { token: me.token, variables: { purpose } })).data.passkeyOptions;
    const addOver = async (of: PasskeyAuthenticator) =>
      send(url, ADD, { token: me.token, variables: { response: of.create(await options('REGISTER')), name: 'x' } });
    expect(faultsOf(await addOver(new PasskeyAuthenticator(front)))).toEqual([REFUSED]);
    expect((await addOver(key)).errors).toBeUndefined();
    const asked = await options('LOGIN');
    const stolen = key.get(asked, { origin: front });
    const answer = await send(url, LOGIN, { variables: { challenge: asked.challenge, response: stolen } });
    expect(faultsOf(answer)).toEqual([REFUSED]);
  });
});

describe('as the second factor', () => {
  test('an app can be left out with it, and not with that of another administrator', async () => {
    expect((await passwordLogin()).errors).toBeUndefined();
    await add();
    expect((await passwordLogin()).errors).toBeUndefined();
    await enrol();
    const pending = await passwordLogin();
    expect(methodsOf(pending)).toEqual(['totp', 'backupCode', 'passkey']);
    const complete = (passkey: unknown) => ask(COMPLETE, { input: { challenge: challengeOf(pending), passkey } }, '');
    const other = await newAdministrator();
    const theirs = new PasskeyAuthenticator(ORIGIN);
    await add(theirs, other);
    for (const lies of [{}, { handle: undefined }]) {
      expect(faultsOf(await complete(theirs.get(await optionsFor('LOGIN'), lies)))).toEqual([REFUSED]);
    }
    const where = { event: 'admin.refuseFactor', targetId: me.documentId };
    expect(await server.database.prisma.auditEntry.count({ where })).toBe(2);
    expect((await complete(key.get(await optionsFor('LOGIN')))).data.completeLogin.jwt).toBeTypeOf('string');
  });

  test('where the administration requires one, a passkey is one, and every login without it asks for it', async () => {
    const required = (adminSecondFactor: boolean) =>
      server.database.prisma.settings.update({ where: { id: 1 }, data: { adminSecondFactor } });
    const users = '{ users { username } }';
    await required(true);
    expect(codesOf(await ask(users))).toEqual(['FORBIDDEN']);
    expect((await add()).errors).toBeUndefined();
    expect((await ask(users)).errors).toBeUndefined();
    expect((await ask('{ secondFactors { methods } }')).data.secondFactors.methods).toEqual(['passkey']);
    const pending = await passwordLogin();
    expect([codesOf(pending), methodsOf(pending)]).toEqual([['SECOND_FACTOR_REQUIRED'], ['passkey']]);
    expect((await ask(users, {}, (await login()).data.loginWithPasskey.jwt)).errors).toBeUndefined();
    const [{ id }] = (await ask(LIST)).data.passkeys;
    expect((await ask(REMOVE, { id })).errors).toBeUndefined();
    expect(codesOf(await ask(users))).toEqual(['FORBIDDEN']);
    await required(false);
  });

  test('another administrator removes the passkeys with a lost factor', async () => {
    await add();
    const other = await newAdministrator();
    const reset =
      'mutation ($id: ID!) { resetAdminSecondFactor(documentId: $id, reason: "The phone is lost") { email } }';
    expect((await ask(reset, { id: me.documentId }, other.token)).errors).toBeUndefined();
    expect(faultsOf(await login())).toEqual([REFUSED]);
  });
});

describe('as a proof', () => {
  test('it counts beside the password, and in place of it where there is an app', async () => {
    await add();
    advance(11 * MINUTE);
    const remove = async () => ask(REMOVE, { id: 'x' });
    expect(methodsOf(await remove())).toEqual(['password', 'passkey']);
    expect(codesOf(await ask(OPTIONS, { purpose: 'REGISTER' }))).toEqual(['STEP_UP_REQUIRED']);
    const options = await optionsFor('STEP_UP');
    expect(options.allowCredentials).toMatchObject([{ id: key.id }]);
    const passkey = key.get(options);
    expect((await ask(STEP_UP, { input: { passkey } })).data.stepUp.until).toBeTypeOf('string');
    expect(faultsOf(await remove())).toEqual(['Passkey not found']);
    expect(faultsOf(await ask(STEP_UP, { input: { passkey } }))).toEqual([REFUSED]);
    await enrol();
    advance(11 * MINUTE);
    expect(methodsOf(await remove())).toEqual(['totp', 'passkey']);
    expect((await ask(STEP_UP, { input: { passkey: key.get(await optionsFor('STEP_UP')) } })).errors).toBeUndefined();
  });

  test('that of another administrator does not count, nor a challenge for a login or of somebody else', async () => {
    await add();
    const other = await newAdministrator();
    const theirs = new PasskeyAuthenticator(ORIGIN);
    await add(theirs, other);
    const prove = (passkey: unknown) => ask(STEP_UP, { input: { passkey } });
    for (const lies of [{}, { handle: undefined }]) {
      expect(faultsOf(await prove(theirs.get(await optionsFor('STEP_UP'), lies)))).toEqual([REFUSED]);
    }
    expect(faultsOf(await prove(key.get(await optionsFor('LOGIN'))))).toEqual([REFUSED]);
    expect(faultsOf(await prove(key.get(await optionsFor('STEP_UP', other.token))))).toEqual([REFUSED]);
    const where = { event: 'admin.stepUp', targetId: me.documentId };
    expect(await server.database.prisma.auditEntry.count({ where })).toBe(4);
  });

  test('options for anything but a login need an administrator', async () => {
    for (const purpose of ['REGISTER', 'STEP_UP']) {
      expect(codesOf(await ask(OPTIONS, { purpose }, ''))).toEqual(['FORBIDDEN']);
    }
  });
});
