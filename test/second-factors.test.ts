import { type TOTP, URI } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAdmin } from '../src/administration/admins.ts';
import { NO_CEILING } from '../src/administration/permission-ceiling.ts';
import { SERVER } from '../src/audit/actor.ts';
import { authenticator } from './support/authenticator.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

/** Codes of an app and backup codes, of users and of administrators. */

let server: TestServer;
let ahead = 0;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const PASSWORD = 'a good password';
const STEP = 30_000;
const MINUTE = 60_000;

/** Moves the clock on, so that the app shows another code. */
function advance(milliseconds: number): void {
  ahead += milliseconds;
  server.advance(milliseconds);
}

const codesOf = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions.code);
const faultsOf = ({ errors }: Answer) => (errors ?? []).map(({ message }) => message);
const ENDED = 'This login cannot be completed any more. Log in again.';
const WRONG = 'The code is not correct';
let people = 0;

interface Person {
  readonly email: string;
  readonly token: string;
}

interface Door {
  readonly kind: 'user' | 'admin';
  readonly path: string;
  readonly newPerson: () => Promise<Person>;
  readonly login: string;
}

const DOORS: readonly Door[] = [
  {
    kind: 'user',
    path: '/graphql',
    login:
      'mutation ($email: String!, $password: String!) { login(input: { identifier: $email, password: $password }) { jwt } }',
    async newPerson() {
      const username = `factor${++people}`;
      const input = { username, email: `${username}@example.com`, password: PASSWORD };
      const register = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }';
      const { data } = await server.ask(register, { variables: { input } });
      return { email: input.email, token: data.register.jwt };
    },
  },
  {
    kind: 'admin',
    path: '/admin/graphql',
    login: 'mutation ($email: String!, $password: String!) { login(email: $email, password: $password) { jwt } }',
    async newPerson() {
      const email = `factor${++people}@example.com`;
      const by = { actor: SERVER, ceiling: NO_CEILING };
      const admin = { email, name: undefined, role: 'ADMINISTRATOR', password: PASSWORD } as const;
      await createAdmin(server.gatehouse.administration, by, admin);
      const { data } = await server.askAdmin(this.login, { variables: { email, password: PASSWORD } });
      return { email, token: data.login.jwt };
    },
  },
];

const COMPLETE = 'mutation ($input: CompleteLoginInput!) { completeLogin(input: $input) { jwt } }';

describe.each(DOORS)('of a $kind', (door) => {
  let person: Person;
  /** What the app shows, at the server's time. */
  let show: (at?: number) => string;
  let backupCodes: string[];

  const url = (of = server.url) => of.replace('/graphql', door.path);
  const ask = (document: string, variables: Record<string, unknown> = {}, token: string | undefined = person.token) =>
    (door.kind === 'user' ? server.ask : server.askAdmin)(document, { ...(token && { token }), variables });
  const login = (password = PASSWORD) => ask(door.login, { email: person.email, password }, '');
  const challengeOf = ({ errors }: Answer): string => {
    expect(errors?.[0]?.extensions.code).toBe('SECOND_FACTOR_REQUIRED');
    return errors?.[0]?.extensions.challenge as string;
  };
  const challenge = async () => challengeOf(await login());
  const complete = (input: Record<string, unknown>) => ask(COMPLETE, { input }, '');
  const mails = async () => {
    await server.gatehouse.idle();
    return server.mails.filter(({ to }) => to === person.email).map(({ subject }) => subject);
  };
  const events = async (...names: string[]) =>
    server.database.prisma.auditEntry.findMany({
      where: {
        event: { in: names.map((name) => `${door.kind}.${name}`) },
        targetName: { startsWith: `factor${people}` },
      },
      orderBy: { id: 'asc' },
    });

  async function enrol(): Promise<void> {
    const { data } = await ask('mutation { startTotp { secret uri qrSvg } }');
    const code = authenticator(data.startTotp.secret);
    show = (at = Date.now() + ahead) => code(at);
    const confirmed = await ask('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', { code: show() });
    backupCodes = confirmed.data.confirmTotp.codes;
    advance(STEP); // its code is used
  }

  beforeEach(async () => {
    person = await door.newPerson();
  });

  describe('setting one up', () => {
    test('takes an app, and a code of it; until then a login is as before', async () => {
      const { data } = await ask('mutation { startTotp { secret uri qrSvg } }');
      const { secret, uri, qrSvg } = data.startTotp;
      expect(secret).toMatch(/^[A-Z2-7]{32}$/);
      const app = URI.parse(uri) as TOTP;
      expect([app.secret.base32, app.issuer, app.label, app.digits, app.period, app.algorithm]).toEqual([
        ...[secret, 'gatehouse.test', person.email, 6, 30, 'SHA1'],
      ]);
      expect(qrSvg).toMatch(/^<svg .*<\/svg>$/s);
      expect((await login()).data.login.jwt).toBeTypeOf('string');
      const wrong = await ask('mutation { confirmTotp(code: "000000") { codes } }');
      expect(faultsOf(wrong)).toEqual([WRONG]);
      expect(await mails()).toEqual([]);
      expect((await ask('{ secondFactors { methods totpSince backupCodes } }')).data.secondFactors).toEqual({
        ...{ methods: [], totpSince: null, backupCodes: 0 },
      });

      const code = authenticator(secret)(Date.now() + ahead);
      const confirmed = await ask('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', { code });
      const { codes } = confirmed.data.confirmTotp;
      expect(new Set(codes).size).toBe(10);
      for (const one of codes) expect(one).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
      expect(await mails()).toEqual(['Your account has a second factor now']);
      expect(await events('addFactor')).toMatchObject([{ outcome: 'done' }]);
      const state = (await ask('{ secondFactors { methods totpSince backupCodes } }')).data.secondFactors;
      expect(state).toMatchObject({ methods: ['totp', 'backupCode'], backupCodes: 10 });
      expect(codesOf(await login())).toEqual(['SECOND_FACTOR_REQUIRED']);
      // The code that confirmed it is used.
      expect(faultsOf(await complete({ challenge: await challenge(), totp: code }))).toEqual([WRONG]);
    });

    test('is over after half an hour, and with the next secret', async () => {
      const first = (await ask('mutation { startTotp { secret } }')).data.startTotp.secret;
      const second = (await ask('mutation { startTotp { secret } }')).data.startTotp.secret;
      const confirm = (secret: string) =>
        ask('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', {
          code: authenticator(secret)(Date.now() + ahead),
        });
      expect(faultsOf(await confirm(first))).toEqual([WRONG]);
      advance(31 * MINUTE);
      person = { ...person, token: (await login()).data.login.jwt };
      expect(faultsOf(await confirm(second))).toEqual([WRONG]);
    });

    test('another app replaces it when that is confirmed, and not before', async () => {
      await enrol();
      const { data } = await ask('mutation { startTotp { secret } }');
      expect((await complete({ challenge: await challenge(), totp: show() })).data.completeLogin.jwt).toBeTypeOf(
        'string',
      );
      advance(STEP);
      const next = authenticator(data.startTotp.secret);
      await ask('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', { code: next(Date.now() + ahead) });
      advance(STEP);
      expect(faultsOf(await complete({ challenge: await challenge(), totp: show() }))).toEqual([WRONG]);
      expect(faultsOf(await complete({ challenge: await challenge(), backupCode: backupCodes[0] }))).toEqual([WRONG]);
      const answer = await complete({ challenge: await challenge(), totp: next(Date.now() + ahead) });
      expect(answer.data.completeLogin.jwt).toBeTypeOf('string');
    });
  });

  describe('a login', () => {
    beforeEach(enrol);

    test('asks for it after the right password only, and says what completes it', async () => {
      expect(faultsOf(await login('a wrong password'))).toEqual(['Invalid identifier or password']);
      const answer = await login();
      expect(answer.data).toEqual({ login: null });
      expect(answer.errors?.[0]?.extensions).toMatchObject({
        code: 'SECOND_FACTOR_REQUIRED',
        methods: ['totp', 'backupCode'],
        error: { name: 'UnauthorizedError' },
      });
      const claims = JSON.parse(Buffer.from(challengeOf(answer).split('.')[1] ?? '', 'base64url').toString());
      expect(claims).toMatchObject({ aud: 'gatehouse:second-factor' });
      expect(claims.exp - claims.iat).toBe(300);
    });

    test('is completed by a code of the app, which the session says', async () => {
      const { data } = await complete({
        challenge: await challenge(),
        totp: ` ${show().slice(0, 3)} ${show().slice(3)}`,
      });
      const { jwt } = data.completeLogin;
      const { data: mine } = await ask('{ sessions { amr } }', {}, jwt);
      expect(mine.sessions[0]).toEqual({ amr: ['pwd', 'otp'] });
    });

    test('a code works once', async () => {
      const totp = show();
      expect((await complete({ challenge: await challenge(), totp })).errors).toBeUndefined();
      expect(faultsOf(await complete({ challenge: await challenge(), totp }))).toEqual([WRONG]);
      advance(STEP);
      expect(faultsOf(await complete({ challenge: await challenge(), totp }))).toEqual([WRONG]);
      expect((await complete({ challenge: await challenge(), totp: show() })).errors).toBeUndefined();
    });

    test.each([
      ['the one before', -1, true],
      ['the one after', 1, true],
      ['one two steps before', -2, false],
      ['one two steps after', 2, false],
    ])('for clocks that differ: %s', async (_name, steps, works) => {
      advance(2 * STEP);
      const totp = show(Date.now() + ahead + steps * STEP);
      const answer = await complete({ challenge: await challenge(), totp });
      expect(answer.errors === undefined).toBe(works);
    });

    test('a challenge completes one login', async () => {
      const once = await challenge();
      expect((await complete({ challenge: once, totp: show() })).errors).toBeUndefined();
      advance(STEP);
      expect(faultsOf(await complete({ challenge: once, totp: show() }))).toEqual([ENDED]);
    });

    test('five wrong codes end a challenge, and each is an audit event', async () => {
      const one = await challenge();
      for (let i = 0; i < 5; i++) {
        expect(faultsOf(await complete({ challenge: one, totp: '000000' }))).toEqual([WRONG]);
      }
      expect(faultsOf(await complete({ challenge: one, totp: show() }))).toEqual([ENDED]);
      const refused = await events('refuseFactor');
      expect(refused).toHaveLength(5);
      expect(refused[0]).toMatchObject({ outcome: 'refused', before: null, after: null });
      expect((await complete({ challenge: await challenge(), totp: show() })).errors).toBeUndefined();
    });

    test('twenty wrong codes: none works for a quarter of an hour, and not in another process', async () => {
      for (let i = 0; i < 5; i++) {
        const one = await challenge();
        const answers = await Promise.all([0, 1, 2, 3].map(() => complete({ challenge: one, backupCode: 'wrong' })));
        for (const answer of answers) expect(faultsOf(answer)).toEqual([WRONG]);
      }
      await using beside = await startBeside(server, {}, { clock: () => new Date(Date.now() + ahead) });
      const input = { challenge: await challenge(), totp: show() };
      const answer = await send(url(beside.url), COMPLETE, { variables: { input } });
      expect(codesOf(answer)).toEqual(['RATE_LIMITED']);
      expect(answer.errors?.[0]?.extensions.retryAfter).toBeGreaterThan(800);
      expect(answer.errors?.[0]?.extensions.retryAfter).toBeLessThanOrEqual(900);
      await server.database.prisma.attempt.updateMany({ data: { expire: Date.now() - 1 } });
      expect((await complete({ challenge: await challenge(), totp: show() })).errors).toBeUndefined();
    });

    test('a challenge ends after five minutes', async () => {
      const one = await challenge();
      advance(5 * MINUTE + 1_000);
      expect(faultsOf(await complete({ challenge: one, totp: show() }))).toEqual([ENDED]);
    });

    test('takes one factor: none and two are refused, and so is what is no challenge', async () => {
      const one = await challenge();
      for (const input of [{ challenge: one }, { challenge: one, totp: show(), backupCode: backupCodes[0] }]) {
        expect(faultsOf(await complete(input))).toEqual(['Give exactly one second factor']);
      }
      const claims = one.split('.')[1] ?? '';
      const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims}.`;
      for (const wrong of ['', 'x', person.token, none, `${one}x`]) {
        expect(faultsOf(await complete({ challenge: wrong, totp: show() }))).toEqual([ENDED]);
      }
      // Nor is it a token.
      expect((await ask('{ __typename }', {}, one)).errors?.[0]?.extensions.reason).toBe('invalid');
    });

    test('a challenge of one endpoint is none of the other', async () => {
      const other = door.kind === 'user' ? '/admin/graphql' : '/graphql';
      const input = { challenge: await challenge(), totp: show() };
      const answer = await send(server.url.replace('/graphql', other), COMPLETE, { variables: { input } });
      expect(faultsOf(answer)).toEqual([ENDED]);
    });

    test('can be completed beside an expired token', async () => {
      const old = person.token;
      advance(40 * 86_400_000);
      const input = { challenge: await challenge(), totp: show() };
      expect((await ask(COMPLETE, { input }, old)).errors).toBeUndefined();
    });
  });

  describe('two at the same moment, on two processes', () => {
    beforeEach(enrol);

    test.each(['totp', 'backupCode'] as const)('one %s completes one login', async (method) => {
      await using beside = await startBeside(server, {}, { clock: () => new Date(Date.now() + ahead) });
      const code = method === 'totp' ? show() : backupCodes[0];
      const challenges = [];
      for (let i = 0; i < 4; i++) challenges.push(await challenge());
      const answers = await Promise.all(
        challenges.map((one, index) =>
          send(url(index % 2 ? beside.url : server.url), COMPLETE, {
            variables: { input: { challenge: one, [method]: code } },
          }),
        ),
      );
      expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
      expect(answers.flatMap(faultsOf)).toEqual([WRONG, WRONG, WRONG]);
    });

    test('one challenge completes one login, with two right codes', async () => {
      await using beside = await startBeside(server, {}, { clock: () => new Date(Date.now() + ahead) });
      const one = await challenge();
      const answers = await Promise.all(
        backupCodes.slice(0, 4).map((backupCode, index) =>
          send(url(index % 2 ? beside.url : server.url), COMPLETE, {
            variables: { input: { challenge: one, backupCode } },
          }),
        ),
      );
      expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
      expect(answers.flatMap(faultsOf)).toEqual([ENDED, ENDED, ENDED]);
    });
  });

  describe('backup codes', () => {
    beforeEach(enrol);

    test('work once each, in any case, with blanks and without dashes', async () => {
      const [first = '', second = ''] = backupCodes;
      const written = ` ${first.toUpperCase().replaceAll('-', ' ')} `;
      expect((await complete({ challenge: await challenge(), backupCode: written })).errors).toBeUndefined();
      expect(faultsOf(await complete({ challenge: await challenge(), backupCode: first }))).toEqual([WRONG]);
      expect((await complete({ challenge: await challenge(), backupCode: second })).errors).toBeUndefined();
      expect((await ask('{ secondFactors { backupCodes } }')).data.secondFactors).toEqual({ backupCodes: 8 });
    });

    test('are not offered when none is left', async () => {
      await server.database.prisma.backupCode.deleteMany();
      expect((await login()).errors?.[0]?.extensions.methods).toEqual(['totp']);
    });

    test('are replaced as a whole', async () => {
      const { data } = await ask('mutation { newBackupCodes { codes } }');
      expect(faultsOf(await complete({ challenge: await challenge(), backupCode: backupCodes[0] }))).toEqual([WRONG]);
      const [backupCode] = data.newBackupCodes.codes;
      expect((await complete({ challenge: await challenge(), backupCode })).errors).toBeUndefined();
      expect(await mails()).toContain('Your account has new backup codes');
      expect(await events('replaceBackupCodes')).toHaveLength(1);
    });

    test('are of no use to another account that somebody gives the row of', async () => {
      const { prisma } = server.database;
      const before = await prisma.backupCode.findMany({ select: { hash: true } });
      const stolen = backupCodes[0];
      person = await door.newPerson();
      await enrol();
      const mine = await prisma.backupCode.findFirstOrThrow({
        where: { hash: { notIn: before.map(({ hash }) => hash) } },
      });
      const { userId, adminId } = mine;
      const hashes = before.map(({ hash }) => hash);
      await prisma.backupCode.updateMany({ where: { hash: { in: hashes } }, data: { userId, adminId } });
      expect(faultsOf(await complete({ challenge: await challenge(), backupCode: stolen }))).toEqual([WRONG]);
    });

    test('are none of another account’s', async () => {
      const stolen = backupCodes[0];
      person = await door.newPerson();
      await enrol();
      expect(faultsOf(await complete({ challenge: await challenge(), backupCode: stolen }))).toEqual([WRONG]);
    });
  });

  describe('what proves who somebody is again', () => {
    beforeEach(enrol);
    const STEP_UP = 'mutation ($input: StepUpInput!) { stepUp(input: $input) { until } }';

    test('is a code of the app, once, and no longer the password', async () => {
      advance(10 * MINUTE);
      const refused = await ask('mutation { newBackupCodes { codes } }');
      expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'STEP_UP_REQUIRED', methods: ['totp'] });
      expect(faultsOf(await ask(STEP_UP, { input: { password: PASSWORD } }))).toEqual([
        'This does not count here: use totp',
      ]);
      expect(faultsOf(await ask(STEP_UP, { input: { totp: '000000' } }))).toEqual([WRONG]);
      const totp = show();
      expect((await ask(STEP_UP, { input: { totp } })).errors).toBeUndefined();
      expect(faultsOf(await ask(STEP_UP, { input: { totp } }))).toEqual([WRONG]);
      expect((await ask('mutation { newBackupCodes { codes } }')).errors).toBeUndefined();
    });
  });

  describe('removing it', () => {
    beforeEach(enrol);

    test('makes a login what it was, and is mailed and recorded', async () => {
      const { data } = await ask('mutation { removeTotp { methods } }');
      expect(data.removeTotp).toEqual({ methods: [] });
      expect((await login()).errors).toBeUndefined();
      expect(await mails()).toContain('The second factor of your account was removed');
      expect(await events('removeFactor')).toHaveLength(1);
      expect(faultsOf(await ask('mutation { removeTotp { methods } }'))).toEqual([
        'There is no second factor. Set one up first.',
      ]);
    });
  });

  describe('what is stored', () => {
    beforeEach(enrol);

    test('is of no use without ENCRYPTION_KEY, nor in another row', async () => {
      const { prisma } = server.database;
      await using beside = await startBeside(
        server,
        { encryptionKeys: ['x'.repeat(48)] },
        { clock: () => new Date(Date.now() + ahead) },
      );
      for (const factor of [{ totp: show() }, { backupCode: backupCodes[0] }]) {
        const input = { challenge: await challenge(), ...factor };
        expect((await send(url(beside.url), COMPLETE, { variables: { input } })).errors).toHaveLength(1);
      }
      // Somebody who writes to the database gives an account the secret of another.
      const other = await door.newPerson();
      const [mine] = await prisma.totpSecret.findMany({ orderBy: { createdAt: 'desc' }, take: 1 });
      const owner = mine?.userId ? { userId: mine.userId } : { adminId: mine?.adminId ?? 0 };
      const code = show;
      person = other;
      await enrol();
      const where = { confirmed: true, NOT: owner, [door.kind === 'user' ? 'userId' : 'adminId']: { not: null } };
      const [theirs] = await prisma.totpSecret.findMany({ where, orderBy: { createdAt: 'desc' }, take: 1 });
      await prisma.totpSecret.update({
        where: { id: theirs?.id ?? '' },
        data: { sealed: mine?.sealed ?? new Uint8Array() },
      });
      expect(faultsOf(await complete({ challenge: await challenge(), totp: code() }))).toEqual([
        'Second factors cannot be checked now',
      ]);
    });

    test('is accepted with an older key of the list', async () => {
      const encryptionKeys = ['y'.repeat(48), ...(server.config.encryptionKeys ?? [])] as [string, ...string[]];
      await using beside = await startBeside(server, { encryptionKeys }, { clock: () => new Date(Date.now() + ahead) });
      for (const factor of [{ totp: show() }, { backupCode: backupCodes[0] }]) {
        const input = { challenge: await challenge(), ...factor };
        expect((await send(url(beside.url), COMPLETE, { variables: { input } })).errors).toBeUndefined();
      }
    });

    test('and what is logged, recorded and mailed has no secret, no code and no challenge', async () => {
      const { data } = await ask('mutation { startTotp { secret } }');
      const one = await challenge();
      const totp = show();
      await complete({ challenge: one, totp: '123123' });
      await complete({ challenge: one, totp });
      await complete({ challenge: await challenge(), backupCode: backupCodes[1] });
      await server.gatehouse.idle();
      const { prisma } = server.database;
      const rows = [
        await prisma.auditEntry.findMany(),
        await prisma.totpSecret.findMany(),
        await prisma.backupCode.findMany(),
      ];
      const text = JSON.stringify([server.log, server.mails, rows], (_key, value) =>
        typeof value === 'bigint'
          ? Number(value)
          : value instanceof Uint8Array
            ? Buffer.from(value).toString('latin1')
            : value,
      );
      for (const secret of [data.startTotp.secret, one, totp, '123123', ...backupCodes])
        expect(text).not.toContain(secret);
    });
  });
});

describe('a challenge ends with', () => {
  const door = DOORS[0] as Door;

  test.each([
    ['a new password', 'changePassword'],
    ['a block', 'block'],
    ['ended sessions', 'logoutEverywhere'],
  ])('%s', async (_name, how) => {
    const person = await door.newPerson();
    const { data } = await server.ask('mutation { startTotp { secret } }', { token: person.token });
    const show = authenticator(data.startTotp.secret);
    const variables = { code: show(Date.now() + ahead) };
    await server.ask('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', {
      token: person.token,
      variables,
    });
    const login = await server.ask(door.login, { variables: { email: person.email, password: PASSWORD } });
    if (how === 'logoutEverywhere') await server.ask('mutation { logoutEverywhere { ok } }', { token: person.token });
    if (how === 'changePassword') {
      const change = `mutation { changePassword(currentPassword: "${PASSWORD}", password: "another password", passwordConfirmation: "another password") { jwt } }`;
      expect((await server.ask(change, { token: person.token })).errors).toBeUndefined();
    }
    if (how === 'block') {
      await server.database.query('UPDATE "users" SET "blocked" = true WHERE "email" = $1', [person.email]);
    }
    advance(STEP);
    const input = { challenge: login.errors?.[0]?.extensions.challenge, totp: show(Date.now() + ahead) };
    expect(faultsOf(await server.ask(COMPLETE, { variables: { input } }))).toEqual([ENDED]);
  });
});

describe('every way in asks for it', () => {
  test('a reset by mail sets the password, ends the sessions, and then asks', async () => {
    for (const door of DOORS) {
      const person = await door.newPerson();
      const ask = door.kind === 'user' ? server.ask : server.askAdmin;
      const { data } = await ask('mutation { startTotp { secret } }', { token: person.token });
      const show = authenticator(data.startTotp.secret);
      const variables = { code: show(Date.now() + ahead) };
      await ask('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', { token: person.token, variables });
      await ask('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', {
        variables: { email: person.email },
      });
      await server.gatehouse.idle();
      const code = new URL(server.mails.findLast(({ to, link }) => to === person.email && link)?.link ?? '').hash.slice(
        6,
      );
      const reset = await ask(
        'mutation ($code: String!, $p: String!) { resetPassword(code: $code, password: $p, passwordConfirmation: $p) { jwt } }',
        { variables: { code, p: 'a new good password' } },
      );
      expect(codesOf(reset)).toEqual(['SECOND_FACTOR_REQUIRED']);
      expect((await ask('{ me { email } }', { token: person.token })).errors?.[0]?.extensions.reason).toBe('revoked');
      expect(faultsOf(await ask(door.login, { variables: { email: person.email, password: PASSWORD } }))).toEqual([
        'Invalid identifier or password',
      ]);
      advance(STEP);
      const input = { challenge: reset.errors?.[0]?.extensions.challenge, totp: show(Date.now() + ahead) };
      expect((await ask(COMPLETE, { variables: { input } })).data.completeLogin.jwt).toBeTypeOf('string');
    }
  });

  test('a login at Strapi’s path says the same in its own shape', async () => {
    const person = await (DOORS[0] as Door).newPerson();
    const { data } = await server.ask('mutation { startTotp { secret } }', { token: person.token });
    const variables = { code: authenticator(data.startTotp.secret)(Date.now() + ahead) };
    await server.ask('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', {
      token: person.token,
      variables,
    });
    const response = await fetch(server.url.replace('/graphql', '/api/auth/local'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: person.email, password: PASSWORD }),
    });
    const body = (await response.json()) as { readonly error: { readonly details: object } };
    expect(response.status).toBe(401);
    expect(body.error.details).toMatchObject({ challenge: expect.any(String), methods: ['totp', 'backupCode'] });
  });
});

test('without ENCRYPTION_KEY there is nothing to set up, and a clear error', async () => {
  const person = await (DOORS[0] as Door).newPerson();
  await using beside = await startBeside(
    server,
    { encryptionKeys: undefined },
    { clock: () => new Date(Date.now() + ahead) },
  );
  const answer = await send(beside.url, 'mutation { startTotp { secret } }', { token: person.token });
  expect(faultsOf(answer)).toEqual(['This server is not set up for second factors']);
});

describe('an administrator removes a lost one', () => {
  test('with a reason, which is recorded; the owner gets a mail, and every session ends', async () => {
    for (const door of DOORS) {
      const { person } = await enrolled(door);
      const admin = await server.adminToken();
      const { prisma } = server.database;
      const where = { email: person.email };
      const { documentId } =
        door.kind === 'user'
          ? await prisma.user.findUniqueOrThrow({ where, select: { documentId: true } })
          : await prisma.admin.findUniqueOrThrow({ where, select: { documentId: true } });
      const field = door.kind === 'user' ? 'resetUserSecondFactor' : 'resetAdminSecondFactor';
      const reset = (reason: string) =>
        server.askAdmin(
          `mutation ($id: ID!, $reason: String!) { ${field}(documentId: $id, reason: $reason) { email } }`,
          {
            token: admin,
            variables: { id: documentId, reason },
          },
        );
      expect(faultsOf(await reset(' '))).toEqual(['reason is a required field']);
      expect((await reset('The phone is lost')).errors).toBeUndefined();
      expect(faultsOf(await reset('The phone is lost'))).toEqual(['This account has no second factor']);
      const ask = door.kind === 'user' ? server.ask : server.askAdmin;
      expect((await ask('{ me { email } }', { token: person.token })).errors?.[0]?.extensions.reason).toBe('revoked');
      expect(
        (await ask(door.login, { variables: { email: person.email, password: PASSWORD } })).errors,
      ).toBeUndefined();
      await server.gatehouse.idle();
      expect(server.mails.filter(({ to }) => to === person.email).map(({ subject }) => subject)).toContain(
        'The second factor of your account was removed for you',
      );
      const event = `${door.kind}.resetFactor`;
      const [entry] = await prisma.auditEntry.findMany({ where: { event }, orderBy: { id: 'desc' }, take: 1 });
      expect(entry).toMatchObject({ outcome: 'done', after: { reason: 'The phone is lost' } });
    }
  });
});

describe('a role that requires one', () => {
  const required = async (type: string, requiresSecondFactor: boolean) => {
    const { documentId } = await server.database.prisma.role.findUniqueOrThrow({ where: { type } });
    const answer = await server.askAdmin(
      'mutation ($id: ID!, $required: Boolean!) { updateRole(documentId: $id, data: { requiresSecondFactor: $required }) { requiresSecondFactor version } }',
      { token: await server.adminToken(), variables: { id: documentId, required: requiresSecondFactor } },
    );
    expect(answer.data.updateRole).toMatchObject({ requiresSecondFactor });
  };

  test('leaves its users their own account until they have one, at once and in every process', async () => {
    const person = await (DOORS[0] as Door).newPerson();
    const { token } = person;
    const clock = () => new Date(Date.now() + ahead);
    await using beside = await startBeside(server, {}, { clock });
    const posts = '{ posts { title } }';
    expect((await send(beside.url, posts, { token })).errors).toBeUndefined();
    await required('authenticated', true);
    for (const url of [server.url, beside.url]) {
      const refused = await send(url, posts, { token });
      expect(refused.errors).toMatchObject([
        {
          message: 'Your role needs a second factor. Set one up first.',
          extensions: { code: 'FORBIDDEN', reason: 'secondFactorMissing', error: { details: { action: 'post.find' } } },
        },
      ]);
      expect(
        (await send(url, '{ me { email } sessions { amr } secondFactors { methods } }', { token })).errors,
      ).toBeUndefined();
      expect(codesOf(await send(url, '{ usersPermissionsUsers { username } }', { token }))).toEqual(['FORBIDDEN']);
    }
    const { data } = await server.ask('mutation { startTotp { secret } }', { token });
    const variables = { code: authenticator(data.startTotp.secret)(Date.now() + ahead) };
    await send(beside.url, 'mutation ($code: String!) { confirmTotp(code: $code) { codes } }', { token, variables });
    for (const url of [server.url, beside.url]) expect((await send(url, posts, { token })).errors).toBeUndefined();
    await server.ask('mutation { removeTotp { methods } }', { token });
    for (const url of [server.url, beside.url]) {
      expect(codesOf(await send(url, posts, { token }))).toEqual(['FORBIDDEN']);
    }
    await required('authenticated', false);
    for (const url of [server.url, beside.url]) expect((await send(url, posts, { token })).errors).toBeUndefined();
  });

  test('counts as an included one, too, and not for Public and programs', async () => {
    await required('authenticated', true);
    const premium = await server.tokenOf('premium'); // its role includes Authenticated
    expect(codesOf(await server.ask('{ posts { title } }', { token: premium }))).toEqual(['FORBIDDEN']);
    expect((await server.ask('{ posts { title } }')).errors).toBeUndefined();
    await required('authenticated', false);
  });
});

test('a setting requires one of administrators: until then they can only set one up', async () => {
  const admin = await (DOORS[1] as Door).newPerson();
  const set = (token: string, value: boolean) =>
    server.askAdmin(`mutation { updateSettings(data: { adminSecondFactor: ${value} }) { adminSecondFactor } }`, {
      token,
    });
  const { token } = admin;
  expect((await set(token, true)).data.updateSettings).toEqual({ adminSecondFactor: true });
  expect(faultsOf(await server.askAdmin('{ users { id } }', { token }))).toEqual([
    'Your role needs a second factor. Set one up first.',
  ]);
  expect(codesOf(await set(token, false))).toEqual(['FORBIDDEN']);
  expect((await server.askAdmin('{ me { email } secondFactors { methods } }', { token })).errors).toBeUndefined();
  const { data } = await server.askAdmin('mutation { startTotp { secret } }', { token });
  const variables = { code: authenticator(data.startTotp.secret)(Date.now() + ahead) };
  await server.askAdmin('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', { token, variables });
  expect((await server.askAdmin('{ users { id } }', { token })).errors).toBeUndefined();
  expect((await set(token, false)).errors).toBeUndefined();
});

/** Somebody with a second factor. */
async function enrolled(door: Door) {
  const person = await door.newPerson();
  const ask = door.kind === 'user' ? server.ask : server.askAdmin;
  const { data } = await ask('mutation { startTotp { secret } }', { token: person.token });
  const code = authenticator(data.startTotp.secret);
  const variables = { code: code(Date.now() + ahead) };
  await ask('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', { token: person.token, variables });
  return { person, code };
}
