import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rootFieldsOf } from './support/root-fields.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

/** Sensitive acts on the own account need a proof of who the user is that is ten minutes old at most. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const MINUTE = 60_000;
const PASSWORD = 'a good password';

let token: string;
let username: string;
let people = 0;
beforeEach(async () => {
  ({ token, username } = await newUser());
});

async function newUser(roleId?: number): Promise<{ token: string; username: string }> {
  const username = `prover${++people}`;
  const input = { username, email: `${username}@example.com`, password: PASSWORD };
  const register = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }';
  const { data } = await server.ask(register, { variables: { input } });
  if (roleId !== undefined)
    await server.database.prisma.user.update({ where: { email: input.email }, data: { roleId } });
  return { token: data.register.jwt, username };
}

const STEP_UP = 'mutation ($password: String!) { stepUp(input: { password: $password }) { until } }';
const LOGOUT = 'mutation { logoutEverywhere { ok } }';
const EMAIL =
  'mutation ($email: String, $password: String) { updateMe(data: { email: $email, currentPassword: $password }) { id } }';
const stepUp = (password = PASSWORD, jwt = token) => server.ask(STEP_UP, { token: jwt, variables: { password } });
const ask = (document: string, variables: Record<string, unknown> = {}, jwt = token) =>
  server.ask(document, { token: jwt, variables });
const codesOf = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions.code);
const faultsOf = ({ errors }: Answer) => (errors ?? []).map(({ message }) => message);

/** Runs it when no login counts as a proof any more. */
async function later<T>(work: () => Promise<T>, milliseconds = 10 * MINUTE): Promise<T> {
  server.advance(milliseconds);
  try {
    return await work();
  } finally {
    server.advance(-milliseconds);
  }
}

describe('every field of the schema', () => {
  /** Those that are sensitive whatever is sent. */
  const SENSITIVE = [
    'addPasskey',
    'confirmTotp',
    'deleteMe',
    'exportMe',
    'linkProvider',
    'logoutEverywhere',
    'newBackupCodes',
    'removePasskey',
    'removeTotp',
    'renamePasskey',
    'startTotp',
    'unlinkProvider',
  ];

  test('is refused without a proof if it is sensitive, and only then, and nothing is written', async () => {
    const fields = rootFieldsOf(server.gatehouse.schema);
    const actions = [...new Set(fields.map(({ action }) => action))];
    const { id } = await server.database.prisma.role.create({
      data: {
        ...{ name: 'Everything to prove', type: 'everything-to-prove' },
        permissions: { create: actions.map((action) => ({ action })) },
      },
    });
    const refused: string[] = [];
    for (const { name, document } of fields) {
      const { token: jwt } = await newUser(id); // some of them end it
      await later(async () => {
        await server.gatehouse.idle();
        server.statements.length = 0;
        const answer = await server.ask(document, {
          token: jwt,
          headers: { accept: 'application/graphql-response+json' },
        });
        if (!codesOf(answer).includes('STEP_UP_REQUIRED')) return;
        refused.push(name);
        expect([answer.status, answer.data]).toEqual([403, { [name]: null }]);
        expect(answer.errors).toMatchObject([{ path: [name], extensions: { methods: ['password'] } }]);
        await server.gatehouse.idle();
        const writes = server.statements.filter((sql) => /^\s*(insert|update|delete)/i.test(sql));
        expect(writes.filter((sql) => !sql.includes('"lastUsedAt"'))).toEqual([]);
      });
    }
    expect(refused.sort()).toEqual(SENSITIVE);
  });
});

describe('a proof', () => {
  test('is a login, for ten minutes', async () => {
    await later(async () => expect(codesOf(await ask(LOGOUT))).toEqual(['STEP_UP_REQUIRED']));
    await later(async () => expect(codesOf(await ask(LOGOUT))).toEqual([]), 10 * MINUTE - 2_000);
  });

  test('is the password given again, for ten minutes, for this session only, and in every process at once', async () => {
    const { data } = await server.ask(
      `mutation { login(input: { identifier: "${username}", password: "${PASSWORD}" }) { jwt } }`,
    );
    await later(async () => {
      const clock = () => new Date(Date.now() + 10 * MINUTE);
      await using beside = await startBeside(server, {}, { clock });
      expect(codesOf(await send(beside.url, LOGOUT, { token }))).toEqual(['STEP_UP_REQUIRED']);
      const proven = await stepUp();
      expect(Date.parse(proven.data.stepUp.until) - Date.now()).toBeGreaterThan(19 * MINUTE);
      expect(codesOf(await ask(LOGOUT, {}, data.login.jwt))).toEqual(['STEP_UP_REQUIRED']);
      await later(async () => expect(codesOf(await ask(LOGOUT))).toEqual(['STEP_UP_REQUIRED']));
      expect(codesOf(await send(beside.url, LOGOUT, { token }))).toEqual([]);
    });
  });

  test('is not renewed by a refresh', async () => {
    const { prisma } = server.database;
    await prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'refresh', accessTokenLifespan: 3_600 } });
    const { data } = await server.ask(
      `mutation { login(input: { identifier: "${username}", password: "${PASSWORD}" }) { refreshToken } }`,
    );
    await later(async () => {
      const refreshed = await server.ask('mutation ($t: String!) { refresh(refreshToken: $t) { jwt } }', {
        variables: { t: data.login.refreshToken },
      });
      expect(codesOf(await ask(LOGOUT, {}, refreshed.data.refresh.jwt))).toEqual(['STEP_UP_REQUIRED']);
    });
    await prisma.settings.update({ where: { id: 1 }, data: { sessionMode: 'plain', accessTokenLifespan: 900 } });
  });

  test('costs requests no statement more', async () => {
    await ask('{ me { id } }');
    await server.gatehouse.idle();
    server.statements.length = 0;
    await ask('{ me { id } }');
    expect(server.statements).toEqual([]);
  });
});

describe('a new e-mail', () => {
  const email = () => `new-${username}@example.com`;
  const mailsTo = (address: string) => server.mails.filter(({ to }) => to === address);

  test('needs a proof, or the current password, which is one by itself', async () => {
    await later(async () => {
      expect(codesOf(await ask(EMAIL, { email: email() }))).toEqual(['STEP_UP_REQUIRED']);
      expect(codesOf(await ask(EMAIL, { email: `${username}@EXAMPLE.com` }))).toEqual([]); // it is that
      expect(codesOf(await ask(EMAIL, { email: email(), password: 'a guess' }))).toEqual(['BAD_USER_INPUT']);
      await server.gatehouse.idle();
      expect(mailsTo(email())).toEqual([]);
      expect(codesOf(await ask(EMAIL, { email: email(), password: PASSWORD }))).toEqual([]);
      await server.gatehouse.idle();
      expect(mailsTo(email())).toHaveLength(1);
    });
  });

  test('needs more than the login, where a password proves it: whoever finds an open session has that', async () => {
    expect(faultsOf(await ask(EMAIL, { email: email() }))).toEqual(['currentPassword is a required field']);
    await stepUp();
    expect(faultsOf(await ask(EMAIL, { email: email() }))).toEqual([]);
  });
});

describe('what cannot prove it', () => {
  test('is a wrong password, which is named at its field, and audited without what was sent', async () => {
    await later(async () => {
      const answer = await stepUp('a wrong password');
      expect(answer.errors?.[0]).toMatchObject({
        message: 'The password is not correct',
        extensions: { code: 'BAD_USER_INPUT', error: { details: { errors: [{ path: ['password'] }] } } },
      });
      expect(codesOf(await ask(LOGOUT))).toEqual(['STEP_UP_REQUIRED']);
    });
    const entries = await server.database.prisma.auditEntry.findMany({
      where: { event: 'user.stepUp', targetName: username },
    });
    expect(entries).toMatchObject([{ outcome: 'refused', actorName: username, after: null }]);
    expect(JSON.stringify([entries.map(({ id: _id, ...entry }) => entry), server.log])).not.toContain('wrong password');
  });

  test('is nothing, is two proofs, and is a guess too many', async () => {
    const none = await ask('mutation { stepUp(input: {}) { until } }');
    expect(faultsOf(none)).toEqual(['Give exactly one proof']);
    await using careful = await startBeside(server, { authRateLimit: 3 });
    const answers: Answer[] = [];
    for (const password of ['wrong', 'wrong', PASSWORD, PASSWORD]) {
      answers.push(await send(careful.url, STEP_UP, { token, variables: { password } }));
    }
    expect(answers.map(codesOf)).toEqual([['BAD_USER_INPUT'], ['BAD_USER_INPUT'], [], ['RATE_LIMITED']]);
  });

  test('is a program, an administrator who acts as the user, and who has no password', async () => {
    const admin = await server.adminToken();
    const created = await server.askAdmin(
      'mutation { createApiToken(data: { name: "program", kind: FULL_ACCESS, lifespan: UNLIMITED }) { secret } }',
      { token: admin },
    );
    expect(codesOf(await stepUp(PASSWORD, created.data.createApiToken.secret))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask(LOGOUT, {}, created.data.createApiToken.secret))).toEqual(['FORBIDDEN']);
    const where = { email: `${username}@example.com` };
    const { documentId } = await server.database.prisma.user.findUniqueOrThrow({ where, select: { documentId: true } });
    const acting = await server.askAdmin(
      `mutation { impersonateUser(documentId: "${documentId}", reason: "to see what the user sees") { jwt } }`,
      { token: admin },
    );
    const { jwt } = acting.data.impersonateUser;
    expect(codesOf(await stepUp(PASSWORD, jwt))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask(LOGOUT, {}, jwt))).toEqual(['FORBIDDEN']);
    const sessions = await server.database.prisma.session.findMany({ where: { impersonatedById: { not: null } } });
    expect(sessions).toMatchObject([{ provenAt: null, amr: [] }]);
    await server.database.prisma.user.update({ where, data: { passwordHash: 'none' }, select: { id: true } });
    expect(codesOf(await stepUp())).toEqual(['BAD_USER_INPUT']);
  });

  test('is no reason to be locked out: who has neither a password nor a factor gets a code by mail, which works once', async () => {
    const SEND = 'mutation { sendStepUpCode { ok } }';
    const BY_CODE = 'mutation ($code: String!) { stepUp(input: { code: $code }) { until } }';
    const where = { email: `${username}@example.com` };
    expect(faultsOf(await ask(SEND))).toEqual(['A mailed code does not count here: use password']);
    await server.database.prisma.user.update({ where, data: { passwordHash: 'none' }, select: { id: true } });
    await later(async () => {
      const refused = await ask(LOGOUT);
      expect(refused.errors).toMatchObject([{ extensions: { code: 'STEP_UP_REQUIRED', methods: ['code'] } }]);
      expect((await ask(SEND)).data).toEqual({ sendStepUpCode: { ok: true } });
      await server.gatehouse.idle();
      const mail = server.mails.findLast(({ to }) => to === where.email);
      expect([mail?.subject, mail?.link]).toEqual(['Your code to confirm a change', undefined]);
      const code = /\b\d{8}\b/.exec(mail?.text ?? '')?.[0] ?? '';
      for (let i = 0; i < 2; i++) expect(codesOf(await ask(BY_CODE, { code: 'wrong' }))).toEqual(['BAD_USER_INPUT']);
      const other = await newUser();
      await server.database.prisma.user.update({
        where: { email: `${other.username}@example.com` },
        data: { passwordHash: 'none' },
        select: { id: true },
      });
      expect(codesOf(await ask(BY_CODE, { code }, other.token))).toEqual(['BAD_USER_INPUT']);
      expect(codesOf(await ask(BY_CODE, { code }))).toEqual([]);
      expect(codesOf(await ask(BY_CODE, { code }))).toEqual(['BAD_USER_INPUT']);
      expect(codesOf(await ask(LOGOUT))).toEqual([]);
      const log = JSON.stringify(
        await server.database.prisma.auditEntry.findMany({ where: { event: 'user.stepUp' } }),
        (_key, value) => (typeof value === 'bigint' ? Number(value) : value),
      );
      expect(log).not.toContain(code);
    });
  });

  test('is a mailed code after five tries', async () => {
    const where = { email: `${username}@example.com` };
    await server.database.prisma.user.update({ where, data: { passwordHash: 'none' }, select: { id: true } });
    await ask('mutation { sendStepUpCode { ok } }');
    await server.gatehouse.idle();
    const code = /\b\d{8}\b/.exec(server.mails.findLast(({ to }) => to === where.email)?.text ?? '')?.[0] ?? '';
    const BY_CODE = 'mutation ($code: String!) { stepUp(input: { code: $code }) { until } }';
    for (let i = 0; i < 5; i++) await ask(BY_CODE, { code: 'wrong' });
    expect(codesOf(await ask(BY_CODE, { code }))).toEqual(['BAD_USER_INPUT']);
  });
});

test('a session says how it was begun, to its user and to administrators', async () => {
  const SESSIONS = '{ sessions { amr } }';
  expect((await ask(SESSIONS)).data.sessions).toEqual([{ amr: ['pwd'] }]);
  await server.ask('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', {
    variables: { email: `${username}@example.com` },
  });
  await server.gatehouse.idle();
  const code = new URL(server.mails.findLast(({ to }) => to === `${username}@example.com`)?.link ?? '').hash.slice(6);
  const reset = await server.ask(
    'mutation ($c: String!, $p: String!) { resetPassword(code: $c, password: $p, passwordConfirmation: $p) { jwt } }',
    { variables: { c: code, p: PASSWORD } },
  );
  token = reset.data.resetPassword.jwt;
  expect((await ask(SESSIONS)).data.sessions).toEqual([{ amr: ['mail'] }]);
  const changed = await ask(
    'mutation ($o: String!, $p: String!) { changePassword(currentPassword: $o, password: $p, passwordConfirmation: $p) { jwt } }',
    { o: PASSWORD, p: 'another good password' },
  );
  token = changed.data.changePassword.jwt;
  expect((await ask(SESSIONS)).data.sessions).toEqual([{ amr: ['mail', 'pwd'] }]);
  const { data } = await server.askAdmin(
    `{ users(filters: { username: { eq: "${username}" } }) { sessions { amr } } }`,
    { token: await server.adminToken() },
  );
  expect(data.users).toEqual([{ sessions: [{ amr: ['mail', 'pwd'] }] }]);
});
