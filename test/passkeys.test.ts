import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NO_PASSWORD } from '../src/accounts/public-password.ts';
import { authenticator } from './support/authenticator.ts';
import { type Lies, PasskeyAuthenticator } from './support/passkey-authenticator.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

/** Passkeys of users, with an authenticator in software. */

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

interface Person {
  readonly id: number;
  readonly documentId: string;
  readonly email: string;
  readonly token: string;
}

let people = 0;
let person: Person;
let key: PasskeyAuthenticator;

function advance(milliseconds: number): void {
  ahead += milliseconds;
  server.advance(milliseconds);
}

async function newPerson(): Promise<Person> {
  const username = `keyholder${++people}`;
  const input = { username, email: `${username}@example.com`, password: PASSWORD };
  const register =
    'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { id documentId } } }';
  const { jwt, user } = (await server.ask(register, { variables: { input } })).data.register;
  return { id: Number(user.id), documentId: user.documentId, email: input.email, token: jwt };
}

const ask = (document: string, variables: Record<string, unknown> = {}, token: string | undefined = person.token) =>
  server.ask(document, { ...(token && { token }), variables });
const OPTIONS = 'mutation ($purpose: PasskeyPurpose!) { passkeyOptions(purpose: $purpose) }';
const optionsFor = async (purpose: string, token = person.token) =>
  (await ask(OPTIONS, { purpose }, purpose === 'LOGIN' ? '' : token)).data.passkeyOptions;
const ADD = 'mutation ($response: JSON!, $name: String!) { addPasskey(response: $response, name: $name) { id name } }';
const LOGIN =
  'mutation ($challenge: String!, $response: JSON!) { loginWithPasskey(challenge: $challenge, response: $response) { jwt user { email } } }';
const PASSWORD_LOGIN =
  'mutation ($email: String!, $password: String!) { login(input: { identifier: $email, password: $password }) { jwt } }';
const COMPLETE = 'mutation ($input: CompleteLoginInput!) { completeLogin(input: $input) { jwt } }';
const STEP_UP = 'mutation ($input: StepUpInput!) { stepUp(input: $input) { until } }';
const LIST = '{ passkeys { id name backedUp transports aaguid createdAt lastUsedAt } }';
const REMOVE = 'mutation ($id: ID!) { removePasskey(id: $id) { id } }';

const passwordLogin = () => ask(PASSWORD_LOGIN, { email: person.email, password: PASSWORD }, '');
const login = async (of = key, lies: Lies = {}) => {
  const options = await optionsFor('LOGIN');
  return ask(LOGIN, { challenge: options.challenge, response: of.get(options, lies) }, '');
};
async function add(of = key, { token }: Pick<Person, 'token'> = person, lies: Lies = {}): Promise<Answer> {
  const response = of.create(await optionsFor('REGISTER', token), lies);
  return ask(ADD, { response, name: 'Laptop' }, token);
}
const mailsTo = async (email: string) => {
  await server.gatehouse.idle();
  return server.mails.filter(({ to }) => to === email).map(({ subject }) => subject);
};
const eventsOf = async ({ documentId }: Person) => {
  const where = { targetId: documentId, event: { contains: 'asskey' } };
  const entries = await server.database.prisma.auditEntry.findMany({ where, orderBy: { id: 'asc' } });
  return entries.map(({ event, before, after }) => ({ event, before, after }));
};
const sessionsOf = ({ id: userId }: Person) => server.database.prisma.session.count({ where: { userId } });
/** Sets up an app. */
async function enrol(token = person.token): Promise<void> {
  const { secret } = (await ask('mutation { startTotp { secret } }', {}, token)).data.startTotp;
  const code = authenticator(secret);
  const confirm = 'mutation ($code: String!) { confirmTotp(code: $code) { codes } }';
  expect((await ask(confirm, { code: code(Date.now() + ahead) }, token)).errors).toBeUndefined();
}
const challengeOf = ({ errors }: Answer) => errors?.[0]?.extensions.challenge;
const methodsOf = ({ errors }: Answer) => errors?.[0]?.extensions.methods;

beforeEach(async () => {
  person = await newPerson();
  key = new PasskeyAuthenticator(ORIGIN);
});

describe('adding one', () => {
  test('asks for a passkey that logs in without a name, and verifies its user', async () => {
    const options = await optionsFor('REGISTER');
    expect(options).toMatchObject({
      rp: { id: 'gatehouse.test', name: 'gatehouse.test' },
      user: { id: Buffer.from(person.documentId).toString('base64url'), name: person.email },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [],
      timeout: 300_000,
    });
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32);
    expect((await ask(ADD, { response: key.create(options), name: ' Laptop ' })).data.addPasskey.name).toBe('Laptop');
    expect((await ask(LIST)).data.passkeys).toMatchObject([
      { name: 'Laptop', backedUp: true, transports: ['internal'], lastUsedAt: null },
    ]);
    expect((await optionsFor('REGISTER')).excludeCredentials).toMatchObject([{ id: key.id }]);
    expect(await mailsTo(person.email)).toEqual(['Your account has a new passkey']);
    expect(await eventsOf(person)).toEqual([{ event: 'user.addPasskey', before: null, after: { passkey: 'Laptop' } }]);
  });

  test.each<[string, Lies]>([
    ['another origin', { origin: 'https://gatehouse.test' }],
    ['an origin below the own one', { origin: 'http://evil.gatehouse.test' }],
    ['the hash of another relying party', { rpId: 'evil.test' }],
    ['another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['what is signed for a login', { type: 'webauthn.get' }],
    ['a user who was not verified', { verified: false }],
    ['a user who was not there', { present: false }],
    ['an id that is not that of the passkey', { saidId: Buffer.alloc(16, 7).toString('base64url') }],
    ['an attestation that was not asked for', { attestation: ['fido-u2f', Buffer.from([0xa0])] }],
    ['one with certificates', { attestation: ['packed', Buffer.from([0xa1, 0x63, 0x78, 0x35, 0x63, 0x80])] }],
    ['a statement beside "none"', { attestation: ['none', Buffer.from([0xa1, 0x61, 0x61, 0x01])] }],
  ])('%s is refused, and nothing is written', async (_name, lies) => {
    const answer = await add(key, person, lies);
    expect([answer.data, faultsOf(answer), codesOf(answer)]).toEqual([
      { addPasskey: null },
      [REFUSED],
      ['BAD_USER_INPUT'],
    ]);
    expect((await ask(LIST)).data.passkeys).toEqual([]);
    expect(await mailsTo(person.email)).toEqual([]);
    expect(await eventsOf(person)).toEqual([]);
  });

  test('an attestation of a maker is refused before it is read; one of the passkey itself is as good as none', async () => {
    const x5c = Buffer.from([0xa1, 0x63, 0x78, 0x35, 0x63, 0x80]);
    const nothing = Buffer.from([0xa0]);
    for (const attestation of [
      ...['packed', 'fido-u2f', 'android-key', 'tpm'].map((format) => [format, x5c] as const),
      ...['fido-u2f', 'apple', 'android-safetynet'].map((format) => [format, nothing] as const),
    ]) {
      const before = server.log.length;
      expect(faultsOf(await add(key, person, { attestation }))).toEqual([REFUSED]);
      expect(server.log.slice(before).join('\n')).toContain('An attestation was not asked for');
    }
    expect((await add(key, person, { attestation: 'self' })).errors).toBeUndefined();
    expect((await login()).errors).toBeUndefined();
  });

  test('what is no response at all is refused in the same words', async () => {
    for (const response of [{}, [], 'x', { id: 'x' }, { ...key.get({ challenge: 'x', rpId: 'x' }), response: {} }]) {
      expect(faultsOf(await ask(ADD, { response, name: 'Laptop' }))).toEqual([REFUSED]);
    }
    const { challenge } = await optionsFor('LOGIN');
    expect(faultsOf(await ask(LOGIN, { challenge, response: { id: 7, response: null } }, ''))).toEqual([REFUSED]);
  });

  test('a challenge is of one user, for one purpose, and works once and for five minutes', async () => {
    const response = key.create(await optionsFor('REGISTER'));
    const somebody = await newPerson();
    expect(faultsOf(await ask(ADD, { response, name: 'Mine' }, somebody.token))).toEqual([REFUSED]);
    const forLogin = await optionsFor('LOGIN');
    const asRegistration = { ...forLogin, rp: { id: forLogin.rpId }, user: { id: 'x' } };
    expect(faultsOf(await ask(ADD, { response: key.create(asRegistration), name: 'Mine' }))).toEqual([REFUSED]);
    const forStepUp = await optionsFor('STEP_UP');
    const asProof = { ...forStepUp, rp: { id: forStepUp.rpId }, user: { id: 'x' } };
    expect(faultsOf(await ask(ADD, { response: key.create(asProof), name: 'Mine' }))).toEqual([REFUSED]);
    expect((await ask(ADD, { response, name: 'Mine' })).errors).toBeUndefined();
    expect(faultsOf(await ask(ADD, { response, name: 'Mine' }))).toEqual([REFUSED]);
    const another = new PasskeyAuthenticator(ORIGIN);
    const options = await optionsFor('REGISTER');
    const wrong = another.create(options, { verified: false });
    expect(faultsOf(await ask(ADD, { response: wrong, name: 'Wrong' }))).toEqual([REFUSED]);
    expect(faultsOf(await ask(ADD, { response: another.create(options), name: 'Right' }))).toEqual([REFUSED]);
    const late = new PasskeyAuthenticator(ORIGIN).create(await optionsFor('REGISTER'));
    advance(5 * MINUTE);
    expect(faultsOf(await ask(ADD, { response: late, name: 'Late' }))).toEqual([REFUSED]);
  });

  test('one that somebody else has is refused, and stays theirs', async () => {
    expect((await add()).errors).toBeUndefined();
    const thief = await newPerson();
    const copy = new PasskeyAuthenticator(ORIGIN);
    expect(faultsOf(await add(copy, thief, { id: key.id }))).toEqual([REFUSED]);
    expect((await login()).data.loginWithPasskey.user.email).toBe(person.email);
    expect((await ask(LIST, {}, thief.token)).data.passkeys).toEqual([]);
  });

  test('names and numbers are bounded', async () => {
    const response = key.create(await optionsFor('REGISTER'));
    expect(faultsOf(await ask(ADD, { response, name: ' ' }))).toEqual(['name is a required field']);
    expect(faultsOf(await ask(ADD, { response, name: 'x'.repeat(101) }))).toEqual([
      'name must be at most 100 characters',
    ]);
    const row = { userId: person.id, publicKey: Buffer.from('x'), backupEligible: true, backedUp: true };
    const rows = Array.from({ length: 20 }, (_, index) => ({
      ...row,
      ...{ id: `${person.id}-${index}`, credentialId: `${person.id}-${index}`, aaguid: '', name: 'x' },
    }));
    await server.database.prisma.passkey.createMany({ data: rows });
    const most = 'An account has at most 20 passkeys: remove one first';
    expect(faultsOf(await ask(ADD, { response, name: 'One more' }))).toEqual([most]);
    expect(faultsOf(await ask(OPTIONS, { purpose: 'REGISTER' }))).toEqual([most]);
  });
});

describe('a login', () => {
  beforeEach(async () => {
    expect((await add()).errors).toBeUndefined();
  });

  test('takes nothing but the passkey, and counts as two factors', async () => {
    const options = await optionsFor('LOGIN');
    expect(options).toMatchObject({ rpId: 'gatehouse.test', userVerification: 'required' });
    expect(options.allowCredentials).toBeUndefined();
    await enrol();
    const answer = await login();
    const { jwt, user } = answer.data.loginWithPasskey;
    expect(user.email).toBe(person.email);
    expect((await ask('{ sessions { amr } }', {}, jwt)).data.sessions[0]).toEqual({ amr: ['hwk'] });
    expect((await ask(LIST)).data.passkeys[0].lastUsedAt).toBeTypeOf('string');
  });

  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  test.each<[string, Lies]>([
    ['another origin', { origin: 'https://evil.test' }],
    ['the hash of another relying party', { rpId: 'evil.test' }],
    ['another challenge than that of the options', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['what is signed for a registration', { type: 'webauthn.create' }],
    ['a user who was not verified', { verified: false }],
    ['a user who was not there', { present: false }],
    ['the signature of another key', { key: stranger }],
    ['an unknown passkey', { id: Buffer.alloc(16, 7).toString('base64url') }],
    ['the user handle of somebody else', { handle: Buffer.from('somebody-else').toString('base64url') }],
    ['no user handle', { handle: undefined }],
    ['a synced passkey that is on one device now', { synced: false, counter: 9 }],
  ])('%s is refused, with one message, and begins no session', async (_name, lies) => {
    const before = await sessionsOf(person);
    const answer = await login(key, lies);
    expect([answer.data, faultsOf(answer), codesOf(answer)]).toEqual([
      { loginWithPasskey: null },
      [REFUSED],
      ['BAD_USER_INPUT'],
    ]);
    expect(await sessionsOf(person)).toBe(before);
  });

  test('a challenge works once, for five minutes, and only if the server made it for a login', async () => {
    const options = await optionsFor('LOGIN');
    const response = key.get(options);
    expect((await ask(LOGIN, { challenge: options.challenge, response }, '')).errors).toBeUndefined();
    expect(faultsOf(await ask(LOGIN, { challenge: options.challenge, response }, ''))).toEqual([REFUSED]);
    const another = await optionsFor('LOGIN');
    expect(faultsOf(await ask(LOGIN, { challenge: another.challenge, response }, ''))).toEqual([REFUSED]);
    const own = { challenge: Buffer.alloc(32, 1).toString('base64url'), rpId: 'gatehouse.test' };
    expect(faultsOf(await ask(LOGIN, { challenge: own.challenge, response: key.get(own) }, ''))).toEqual([REFUSED]);
    const stepUp = await optionsFor('STEP_UP');
    expect(faultsOf(await ask(LOGIN, { challenge: stepUp.challenge, response: key.get(stepUp) }, ''))).toEqual([
      REFUSED,
    ]);
    const late = await optionsFor('LOGIN');
    advance(5 * MINUTE);
    expect(faultsOf(await ask(LOGIN, { challenge: late.challenge, response: key.get(late) }, ''))).toEqual([REFUSED]);
  });

  test('a wrong response uses its challenge up', async () => {
    const options = await optionsFor('LOGIN');
    const send = (lies: Lies) => ask(LOGIN, { challenge: options.challenge, response: key.get(options, lies) }, '');
    expect(faultsOf(await send({ key: stranger }))).toEqual([REFUSED]);
    expect(faultsOf(await send({}))).toEqual([REFUSED]);
  });

  test('an unknown passkey and a challenge that is not there cost a signature, too', async () => {
    const used = await optionsFor('LOGIN');
    await ask(LOGIN, { challenge: used.challenge, response: key.get(used) }, '');
    const fresh = await optionsFor('LOGIN');
    const unknown = Buffer.alloc(16, 7).toString('base64url');
    for (const [options, lies] of [
      [fresh, { id: unknown }],
      [used, { id: unknown }],
      [used, { key: stranger }],
    ] as const) {
      const before = server.log.length;
      const response = key.get(options, lies);
      expect(faultsOf(await ask(LOGIN, { challenge: options.challenge, response }, ''))).toEqual([REFUSED]);
      expect(server.log.slice(before).join('\n')).toContain('The signature is not valid');
    }
  });

  test('one challenge used twice at the same moment, on two processes, logs in once', async () => {
    await using beside = await startBeside(server, {}, { clock: () => new Date(Date.now() + ahead) });
    const options = await optionsFor('LOGIN');
    const variables = { challenge: options.challenge, response: key.get(options) };
    const urls = [server.url, beside.url, server.url, beside.url];
    const answers = await Promise.all(urls.map((url) => send(url, LOGIN, { variables })));
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    expect(answers.flatMap(faultsOf)).toEqual([REFUSED, REFUSED, REFUSED]);
  });

  test('works beside an expired token', async () => {
    advance(40 * 86_400_000);
    const options = await optionsFor('LOGIN');
    const answer = await ask(LOGIN, { challenge: options.challenge, response: key.get(options) });
    expect(answer.data.loginWithPasskey.user.email).toBe(person.email);
  });

  test('a blocked account and an unconfirmed one say so, as after the right password', async () => {
    const { prisma } = server.database;
    await prisma.user.update({ where: { id: person.id }, data: { blocked: true } });
    expect(faultsOf(await login())).toEqual(['Your account has been blocked by an administrator']);
    await prisma.user.update({ where: { id: person.id }, data: { blocked: false, confirmed: false } });
    await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
    expect(faultsOf(await login())).toEqual(['Your account email is not confirmed']);
    expect(faultsOf(await login(key, { key: stranger }))).toEqual([REFUSED]);
    await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: false } });
    expect((await login()).errors).toBeUndefined();
  });

  test('nothing of a passkey is in the log', async () => {
    const options = await optionsFor('LOGIN');
    await ask(LOGIN, { challenge: options.challenge, response: key.get(options) }, '');
    await server.gatehouse.idle();
    expect(server.log.join('\n')).not.toContain(options.challenge);
    expect(server.log.join('\n')).not.toContain(key.id);
  });
});

describe('the counter', () => {
  test('of a passkey on one device has to rise', async () => {
    const stick = new PasskeyAuthenticator(ORIGIN, { synced: false });
    expect((await add(stick)).errors).toBeUndefined();
    expect((await ask(LIST)).data.passkeys[0].backedUp).toBe(false);
    expect((await login(stick, { counter: 9 })).errors).toBeUndefined();
    for (const counter of [9, 8, 0]) expect(faultsOf(await login(stick, { counter }))).toEqual([REFUSED]);
    // Nor does it help to say that it is synced.
    expect(faultsOf(await login(stick, { counter: 8, synced: true }))).toEqual([REFUSED]);
    expect((await login(stick, { counter: 10 })).errors).toBeUndefined();
  });

  test('of one that is synced can go back: each device counts for itself', async () => {
    expect((await add(key, person, { counter: 5 })).errors).toBeUndefined();
    for (const counter of [7, 3, 3, 0]) expect((await login(key, { counter })).errors).toBeUndefined();
  });

  test('of one that is not synced yet, or no more, has to rise from the last use on one device', async () => {
    const one = { synced: true, backedUp: false };
    expect((await add(key, person, { ...one, counter: 5 })).errors).toBeUndefined();
    expect(faultsOf(await login(key, { ...one, counter: 5 }))).toEqual([REFUSED]);
    expect((await login(key, { ...one, counter: 6 })).errors).toBeUndefined();
    expect((await login(key, { synced: true, counter: 2 })).errors).toBeUndefined();
    expect((await login(key, { ...one, counter: 1 })).errors).toBeUndefined();
    expect(faultsOf(await login(key, { ...one, counter: 1 }))).toEqual([REFUSED]);
  });

  test('counts as the second factor and as a proof, too', async () => {
    const stick = new PasskeyAuthenticator(ORIGIN, { synced: false });
    expect((await add(stick, person, { counter: 5 })).errors).toBeUndefined();
    const proof = async (counter: number) =>
      ask(STEP_UP, { input: { passkey: stick.get(await optionsFor('STEP_UP'), { counter }) } });
    expect(faultsOf(await proof(5))).toEqual([REFUSED]);
    expect((await proof(6)).errors).toBeUndefined();
    await enrol();
    const pending = await passwordLogin();
    const complete = async (counter: number) => {
      const passkey = stick.get(await optionsFor('LOGIN'), { counter });
      return ask(COMPLETE, { input: { challenge: challengeOf(pending), passkey } }, '');
    };
    expect(faultsOf(await complete(6))).toEqual([REFUSED]);
    expect((await complete(7)).errors).toBeUndefined();
  });

  test('of one that does not count stays zero', async () => {
    const stick = new PasskeyAuthenticator(ORIGIN, { synced: false });
    expect((await add(stick, person, { counter: 0 })).errors).toBeUndefined();
    for (const counter of [0, 0]) expect((await login(stick, { counter })).errors).toBeUndefined();
  });
});

describe('as the second factor', () => {
  test('somebody who has nothing but passkeys still logs in with the password', async () => {
    await add();
    expect((await passwordLogin()).data.login.jwt).toBeTypeOf('string');
    const state = await ask('{ secondFactors { methods totpSince } }');
    expect(state.data.secondFactors).toEqual({ methods: [], totpSince: null });
  });

  test('beside an app it is one of the methods, and completes a login', async () => {
    await add();
    await enrol();
    const pending = await passwordLogin();
    expect(methodsOf(pending)).toEqual(['totp', 'backupCode', 'passkey']);
    const passkey = key.get(await optionsFor('LOGIN'));
    const { data } = await ask(COMPLETE, { input: { challenge: challengeOf(pending), passkey } }, '');
    const { data: mine } = await ask('{ sessions { amr } }', {}, data.completeLogin.jwt);
    expect(mine.sessions[0]).toEqual({ amr: ['pwd', 'hwk'] });
  });

  test('that of somebody else does not complete it, nor what was used or is not good', async () => {
    await add();
    await enrol();
    const somebody = await newPerson();
    const theirs = new PasskeyAuthenticator(ORIGIN);
    await add(theirs, somebody);
    const pending = await passwordLogin();
    const complete = (passkey: unknown, of = pending) =>
      ask(COMPLETE, { input: { challenge: challengeOf(of), passkey } }, '');
    expect(faultsOf(await complete(theirs.get(await optionsFor('LOGIN'))))).toEqual([REFUSED]);
    // An authenticator that was asked for certain passkeys need not say whose they are.
    expect(faultsOf(await complete(theirs.get(await optionsFor('LOGIN'), { handle: undefined })))).toEqual([REFUSED]);
    expect(faultsOf(await complete(key.get(await optionsFor('LOGIN'), { verified: false })))).toEqual([REFUSED]);
    expect(faultsOf(await complete({}))).toEqual([REFUSED]);
    const handle = Buffer.from(somebody.documentId).toString('base64url');
    expect(faultsOf(await complete(key.get(await optionsFor('LOGIN'), { handle })))).toEqual([REFUSED]);
    const where = { event: 'user.refuseFactor', targetId: person.documentId };
    expect(await server.database.prisma.auditEntry.count({ where })).toBe(5);
    const again = await passwordLogin(); // five tries are the most
    const { data } = await complete(key.get(await optionsFor('LOGIN')), again);
    expect(data.completeLogin.jwt).toBeTypeOf('string');
  });

  test('where a role requires one, a passkey is one, and every login without it asks for it', async () => {
    const { prisma } = server.database;
    const posts = '{ posts { title } }';
    const required = (requiresSecondFactor: boolean) =>
      prisma.role.update({ where: { type: 'authenticated' }, data: { requiresSecondFactor } });
    await required(true);
    expect(codesOf(await ask(posts))).toEqual(['FORBIDDEN']);
    await add();
    expect((await ask(posts)).errors).toBeUndefined();
    expect((await ask('{ secondFactors { methods } }')).data.secondFactors.methods).toEqual(['passkey']);
    const pending = await passwordLogin();
    expect([codesOf(pending), methodsOf(pending)]).toEqual([['SECOND_FACTOR_REQUIRED'], ['passkey']]);
    const passkey = key.get(await optionsFor('LOGIN'));
    const { data } = await ask(COMPLETE, { input: { challenge: challengeOf(pending), passkey } }, '');
    expect((await ask(posts, {}, data.completeLogin.jwt)).errors).toBeUndefined();
    const { jwt } = (await login()).data.loginWithPasskey;
    expect((await ask(posts, {}, jwt)).errors).toBeUndefined();
    const [{ id }] = (await ask(LIST)).data.passkeys;
    await ask(REMOVE, { id });
    expect(codesOf(await ask(posts))).toEqual(['FORBIDDEN']);
    await required(false);
    expect((await ask(posts)).errors).toBeUndefined();
  });

  test('an administrator who removes a lost factor removes the passkeys, too', async () => {
    await add();
    const reset =
      'mutation ($id: ID!) { resetUserSecondFactor(documentId: $id, reason: "The phone is lost") { email } }';
    const answer = await server.askAdmin(reset, {
      token: await server.adminToken(),
      variables: { id: person.documentId },
    });
    expect(answer.errors).toBeUndefined();
    expect(faultsOf(await login())).toEqual([REFUSED]);
  });
});

describe('as a proof', () => {
  const LOGOUT = 'mutation { logoutEverywhere { ok } }';

  test('it counts beside the password, and in place of it where there is an app', async () => {
    await add();
    advance(11 * MINUTE);
    const refused = await ask(LOGOUT);
    expect([codesOf(refused), methodsOf(refused)]).toEqual([['STEP_UP_REQUIRED'], ['password', 'passkey']]);
    const options = await optionsFor('STEP_UP');
    expect(options.allowCredentials).toMatchObject([{ id: key.id, transports: ['internal'] }]);
    const passkey = key.get(options);
    expect((await ask(STEP_UP, { input: { passkey } })).data.stepUp.until).toBeTypeOf('string');
    await enrol();
    advance(11 * MINUTE);
    expect(methodsOf(await ask(LOGOUT))).toEqual(['totp', 'passkey']);
    expect(faultsOf(await ask(STEP_UP, { input: { passkey } }))).toEqual([REFUSED]);
    expect(faultsOf(await ask(STEP_UP, { input: { password: PASSWORD } }))).toEqual([
      'This does not count here: use totp or passkey',
    ]);
    expect((await ask(STEP_UP, { input: { passkey: key.get(await optionsFor('STEP_UP')) } })).errors).toBeUndefined();
    expect((await ask(LOGOUT)).errors).toBeUndefined();
  });

  test('the passkey of another user does not count, nor their challenge', async () => {
    await add();
    const somebody = await newPerson();
    const theirs = new PasskeyAuthenticator(ORIGIN);
    await add(theirs, somebody);
    const own = await optionsFor('STEP_UP');
    expect(faultsOf(await ask(STEP_UP, { input: { passkey: theirs.get(own) } }))).toEqual([REFUSED]);
    const silent = theirs.get(await optionsFor('STEP_UP'), { handle: undefined });
    expect(faultsOf(await ask(STEP_UP, { input: { passkey: silent } }))).toEqual([REFUSED]);
    const handle = Buffer.from(somebody.documentId).toString('base64url');
    const contradicting = key.get(await optionsFor('STEP_UP'), { handle });
    expect(faultsOf(await ask(STEP_UP, { input: { passkey: contradicting } }))).toEqual([REFUSED]);
    const foreign = await optionsFor('STEP_UP', somebody.token);
    expect(faultsOf(await ask(STEP_UP, { input: { passkey: key.get(foreign) } }))).toEqual([REFUSED]);
    const ofLogin = await optionsFor('LOGIN');
    expect(faultsOf(await ask(STEP_UP, { input: { passkey: key.get(ofLogin) } }))).toEqual([REFUSED]);
    const where = { event: 'user.stepUp', targetId: person.documentId };
    expect(await server.database.prisma.auditEntry.count({ where })).toBe(5);
  });

  test('it does not count for somebody without one', async () => {
    const passkey = key.get({ challenge: 'x', rpId: 'gatehouse.test' });
    expect(faultsOf(await ask(STEP_UP, { input: { passkey } }))).toEqual(['This does not count here: use password']);
  });

  test('making one, renaming and removing it need a recent proof', async () => {
    await add();
    const [{ id }] = (await ask(LIST)).data.passkeys;
    advance(11 * MINUTE);
    const acts: [string, Record<string, unknown>][] = [
      [OPTIONS, { purpose: 'REGISTER' }],
      [ADD, { response: {}, name: 'x' }],
      ['mutation ($id: ID!) { renamePasskey(id: $id, name: "x") { id } }', { id }],
      [REMOVE, { id }],
    ];
    for (const [document, variables] of acts) {
      expect(codesOf(await ask(document, variables))).toEqual(['STEP_UP_REQUIRED']);
    }
    expect((await ask(OPTIONS, { purpose: 'STEP_UP' })).errors).toBeUndefined();
  });
});

describe('one that is there', () => {
  test('is renamed and removed by its owner only', async () => {
    await add();
    const [{ id }] = (await ask(LIST)).data.passkeys;
    const somebody = await newPerson();
    const rename = 'mutation ($id: ID!, $name: String!) { renamePasskey(id: $id, name: $name) { name } }';
    for (const [document, variables] of [
      [rename, { id, name: 'Mine' }],
      [REMOVE, { id }],
    ] as const) {
      expect(faultsOf(await ask(document, variables, somebody.token))).toEqual(['Passkey not found']);
    }
    expect((await ask(rename, { id, name: 'Old laptop' })).data.renamePasskey).toEqual({ name: 'Old laptop' });
    expect((await ask(REMOVE, { id })).data.removePasskey).toEqual({ id });
    expect(faultsOf(await login())).toEqual([REFUSED]);
    expect((await mailsTo(person.email)).sort()).toEqual([
      'A passkey of your account was removed',
      'Your account has a new passkey',
    ]);
    expect(await eventsOf(person)).toEqual([
      { event: 'user.addPasskey', before: null, after: { passkey: 'Laptop' } },
      { event: 'user.renamePasskey', before: { passkey: 'Laptop' }, after: { passkey: 'Old laptop' } },
      { event: 'user.removePasskey', before: { passkey: 'Old laptop' }, after: null },
    ]);
  });

  test('stays if nothing else logs in to the account', async () => {
    await add();
    const [{ id }] = (await ask(LIST)).data.passkeys;
    const data = { passwordHash: NO_PASSWORD };
    await server.database.prisma.user.update({ where: { id: person.id }, data });
    expect(faultsOf(await ask(REMOVE, { id }))).toEqual([
      'This is the only way to log in to the account: set a password first',
    ]);
  });

  test('options for anything but a login need an account', async () => {
    for (const purpose of ['REGISTER', 'STEP_UP']) {
      expect(codesOf(await ask(OPTIONS, { purpose }, ''))).toEqual(['FORBIDDEN']);
    }
  });
});

describe('attempts', () => {
  test('are counted: options by address, logins by challenge, changes by user', async () => {
    await add();
    const [{ id }] = (await ask(LIST)).data.passkeys;
    const others = { clock: () => new Date(Date.now() + ahead) };
    await using beside = await startBeside(server, { authRateLimit: 2 }, others);
    const times = async (count: number, document: string, variables: Record<string, unknown>, token = '') => {
      const codes = new Set<string | undefined>();
      for (let time = 0; time < count; time++) {
        const answer = await send(beside.url, document, { ...(token && { token }), variables });
        codes.add(codesOf(answer)[0]);
      }
      return [...codes];
    };
    expect(await times(20, OPTIONS, { purpose: 'LOGIN' })).toEqual([undefined]);
    expect(await times(1, OPTIONS, { purpose: 'LOGIN' })).toEqual(['RATE_LIMITED']);
    const guess = { challenge: 'x', response: {} };
    expect(await times(3, LOGIN, guess)).toEqual(['BAD_USER_INPUT', 'RATE_LIMITED']);
    const rename = 'mutation ($id: ID!) { renamePasskey(id: $id, name: "x") { id } }';
    expect(await times(3, rename, { id }, person.token)).toEqual([undefined, 'RATE_LIMITED']);
    expect(await times(1, ADD, { response: {}, name: 'x' }, person.token)).toEqual(['RATE_LIMITED']);
    expect(await times(1, REMOVE, { id }, person.token)).toEqual(['RATE_LIMITED']);
  });
});

describe('the relying party', () => {
  test('is the host of PUBLIC_URL, or the domain that is set; other origins are those that are listed', async () => {
    const origins = ['https://app.example.com', 'https://shop.example.org'];
    const changes = { publicUrl: 'https://api.example.com/auth', webauthn: { rpId: 'example.com', origins } };
    await using beside = await startBeside(server, changes, { clock: () => new Date(Date.now() + ahead) });
    const over = async (purpose: string) =>
      (await send(beside.url, OPTIONS, { token: person.token, variables: { purpose } })).data.passkeyOptions;
    for (const origin of ['https://api.example.com', ...origins]) {
      const of = new PasskeyAuthenticator(origin);
      const options = await over('REGISTER');
      expect(options.rp).toEqual({ id: 'example.com', name: 'api.example.com' });
      const added = await send(beside.url, ADD, {
        token: person.token,
        variables: { response: of.create(options), name: origin },
      });
      expect(added.errors).toBeUndefined();
    }
    const response = new PasskeyAuthenticator('https://example.com').create(await over('REGISTER'));
    const elsewhere = await send(beside.url, ADD, { token: person.token, variables: { response, name: 'x' } });
    expect(faultsOf(elsewhere)).toEqual([REFUSED]);
    const wellKnown = await fetch(beside.url.replace('/graphql', '/.well-known/webauthn'));
    expect(wellKnown.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await wellKnown.json()).toEqual({ origins: ['https://shop.example.org'] });
  });

  test('without origins of other domains there is no list of them', async () => {
    expect((await fetch(server.url.replace('/graphql', '/.well-known/webauthn'))).status).toBe(404);
  });

  test('an address has no passkeys, and the error says so; on this machine its name is localhost', async () => {
    await using beside = await startBeside(server, { publicUrl: 'https://192.0.2.7' });
    const answer = await send(beside.url, OPTIONS, { variables: { purpose: 'LOGIN' } });
    expect(faultsOf(answer)).toEqual(['This server is not set up for passkeys']);
    await using local = await startBeside(server, { publicUrl: 'http://127.0.0.1:4000' });
    const { data } = await send(local.url, OPTIONS, { variables: { purpose: 'LOGIN' } });
    expect(data.passkeyOptions.rpId).toBe('localhost');
  });
});
