import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mail } from '../src/mail/mailer.ts';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const PASSWORD = 'a good password';
const REGISTER = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { id } } }';
const LOGIN = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
const UPDATE = 'mutation ($data: UpdateMeInput!) { updateMe(data: $data) { username email confirmed role { type } } }';
const CONFIRM =
  'mutation ($confirmation: String!) { emailConfirmation(confirmation: $confirmation) { jwt user { email confirmed } } }';
const SEND = 'mutation ($email: String!) { sendEmailConfirmation(email: $email) { ok } }';
const FORGOT = 'mutation ($email: String!) { forgotPassword(email: $email) { ok } }';
const RESET = `mutation ($code: String!, $password: String!) {
  resetPassword(code: $code, password: $password, passwordConfirmation: $password) { jwt } }`;
const CHANGE = `mutation ($currentPassword: String!, $password: String!) {
  changePassword(currentPassword: $currentPassword, password: $password, passwordConfirmation: $password) { jwt } }`;

interface Person {
  readonly username: string;
  readonly email: string;
  readonly jwt: string;
}

let people = 0;
let person: Person;
async function newcomer(): Promise<Person> {
  const name = `dweller${++people}`;
  const input = { username: name, email: `${name}@example.com`, password: PASSWORD };
  const { data, text } = await server.ask(REGISTER, { variables: { input } });
  if (!data?.register) throw new Error(text);
  return { username: name, email: input.email, jwt: data.register.jwt };
}

beforeEach(async () => {
  person = await newcomer();
  await mailed();
});

function update(data: object, token = person.jwt) {
  return server.ask(UPDATE, { variables: { data }, token });
}

async function logsIn(identifier: string, password = PASSWORD): Promise<boolean> {
  const { data } = await server.ask(LOGIN, { variables: { input: { identifier, password } } });
  return Boolean(data.login);
}

/** The mails since they were last asked for, the one to each address. */
async function mailed(): Promise<Mail[]> {
  await server.gatehouse.idle();
  return server.mails.splice(0);
}

async function faultsOf(answer: ReturnType<typeof update>) {
  const { data, errors } = await answer;
  expect(data).toEqual({ updateMe: null });
  const [error] = errors ?? [];
  const faults = error?.extensions.error.details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return faults ?? `${error?.extensions.code}: ${error?.message}`;
}

function codeIn(mail: Mail | undefined): string {
  return mail?.link?.split('=').at(-1) ?? 'none';
}

function confirm(confirmation: string) {
  return server.ask(CONFIRM, { variables: { confirmation } });
}

function whoIs(token: string) {
  return server.ask('{ me { username email } }', { token }).then(({ data }) => data?.me);
}

describe('another username', () => {
  test('is had at once, and the old one is free', async () => {
    const username = `${person.username} the second`;
    expect((await update({ username: ` ${username} ` })).data.updateMe).toEqual({
      username,
      email: person.email,
      confirmed: true,
      role: { type: 'authenticated' },
    });
    expect(await logsIn(username.toUpperCase())).toBe(true);
    expect(await logsIn(person.email)).toBe(true);
    expect(await logsIn(person.username)).toBe(false);
    const next = { username: person.username, email: `next-${person.email}`, password: PASSWORD };
    expect((await server.ask(REGISTER, { variables: { input: next } })).errors).toBeUndefined();
    expect(await mailed()).toEqual([]);
  });

  test('in another case is the same one', async () => {
    expect((await update({ username: person.username.toUpperCase() })).data.updateMe.username).toBe(
      person.username.toUpperCase(),
    );
    expect(await logsIn(person.username)).toBe(true);
  });

  test('may be the own e-mail, and leaves it an identifier', async () => {
    await update({ username: person.email });
    await update({ username: `${person.username} again` });
    expect(await logsIn(person.email)).toBe(true);
  });

  test('is nobody else’s username or e-mail, in any case or spelling, and nothing changes', async () => {
    const other = await newcomer();
    for (const username of [other.username, other.username.toUpperCase(), `${other.username}\u200b`]) {
      expect(await faultsOf(update({ username }))).toBe('APPLICATION_ERROR: Email or Username are already taken');
    }
    expect(await faultsOf(update({ username: other.email }))).toEqual([
      'username: username must not be an e-mail address, unless it is the one of the account',
    ]);
    expect(await whoIs(person.jwt)).toEqual({ username: person.username, email: person.email });
    expect(await logsIn(person.username)).toBe(true);
    expect(await logsIn(other.username)).toBe(true);
  });

  test('that many want at the same moment is had by one', async () => {
    const all = [person, await newcomer(), await newcomer(), await newcomer()];
    const username = `wanted ${people}`;
    const answers = await Promise.all(all.map(({ jwt }) => update({ username }, jwt)));
    expect(answers.filter(({ data }) => data.updateMe !== null)).toHaveLength(1);
    for (const [index, { data }] of answers.entries()) {
      const expected = data.updateMe ? username : all[index]?.username;
      expect((await whoIs(all[index]?.jwt ?? ''))?.username).toBe(expected);
      expect(await logsIn(expected ?? '')).toBe(true);
    }
  });

  test.each([
    [{ username: 'x' }, ['username: username must be at least 3 characters']],
    [{ username: ' ' }, ['username: username is a required field']],
    [
      { username: 'x', email: 'no' },
      [
        'username: username must be at least 3 characters',
        'email: email must be a valid email',
        'currentPassword: currentPassword is a required field',
      ],
    ],
  ])('%o: every fault at once', async (data, faults) => {
    expect(await faultsOf(update(data))).toEqual(faults);
  });

  test.each([{}, { currentPassword: null }])('%o changes nothing', async (data) => {
    expect((await update(data)).data.updateMe).toMatchObject({ username: person.username, email: person.email });
  });
});

describe('another e-mail', () => {
  const newEmail = () => `new-${person.email}`;
  const ask = () => update({ email: newEmail(), currentPassword: PASSWORD });

  test('is mailed for confirmation, the old address is told, and until then nothing changes', async () => {
    expect((await ask()).data.updateMe.email).toBe(person.email);
    const mails = await mailed();
    expect(mails.map(({ to }) => to).sort()).toEqual([newEmail(), person.email].sort());
    const toOld = mails.find(({ to }) => to === person.email);
    const toNew = mails.find(({ to }) => to === newEmail());
    expect(toOld?.text).toContain(newEmail());
    expect(toOld?.link).toBeUndefined();
    expect(`${toOld?.text}${toOld?.html}`).not.toContain(codeIn(toNew));
    expect(await logsIn(newEmail())).toBe(false);

    const { data } = await confirm(codeIn(toNew));
    expect(data.emailConfirmation).toEqual({ jwt: null, user: { email: newEmail(), confirmed: true } });
    expect(await whoIs(person.jwt)).toEqual({ username: person.username, email: newEmail() });
    expect(await logsIn(newEmail())).toBe(true);
    expect(await logsIn(person.username)).toBe(true);
    expect(await logsIn(person.email)).toBe(false);
    const [notice, ...more] = await mailed();
    expect(notice).toMatchObject({ to: person.email, subject: 'Your e-mail address was changed' });
    expect(more).toEqual([]);
    const free = { username: `heir of ${person.username}`, email: person.email, password: PASSWORD };
    expect((await server.ask(REGISTER, { variables: { input: free } })).errors).toBeUndefined();
  });

  test('needs the current password', async () => {
    const email = newEmail();
    expect(await faultsOf(update({ email }))).toEqual(['currentPassword: currentPassword is a required field']);
    expect(await faultsOf(update({ email, currentPassword: 'a guess' }))).toEqual([
      'currentPassword: The provided current password is invalid',
    ]);
    expect(await faultsOf(update({ email, currentPassword: 'x'.repeat(73) }))).toEqual([
      'currentPassword: Password must be less than 73 bytes',
    ]);
    expect(await mailed()).toEqual([]);
    expect(await server.database.prisma.mailedCode.count({ where: { newEmail: email } })).toBe(0);
  });

  test('and a wrong password with a good username: nothing is written', async () => {
    await faultsOf(update({ username: 'somebody new', email: newEmail(), currentPassword: 'a guess' }));
    expect((await whoIs(person.jwt))?.username).toBe(person.username);
  });

  test('that is the same after all needs nothing', async () => {
    expect((await update({ email: ` ${person.email.toUpperCase()}` })).data.updateMe.email).toBe(person.email);
    expect(await mailed()).toEqual([]);
  });

  test('of somebody else is answered the same, and gets no mail', async () => {
    const other = await newcomer();
    await mailed();
    const answer = await update({ email: other.email, currentPassword: PASSWORD });
    const usual = await ask();
    expect(answer.text.replaceAll(other.email, '')).toBe(usual.text.replaceAll(newEmail(), ''));
    expect((await mailed()).map(({ to }) => to)).not.toContain(other.email);
  });

  test('that somebody took in the meantime is not had, and the code is not used up', async () => {
    await ask();
    const code = codeIn((await mailed()).find(({ to }) => to === newEmail()));
    const thief = { username: `thief of ${person.username}`, email: newEmail(), password: PASSWORD };
    expect((await server.ask(REGISTER, { variables: { input: thief } })).errors).toBeUndefined();
    const { data, errors } = await confirm(code);
    expect(data).toEqual({ emailConfirmation: null });
    expect(errors?.[0]?.message).toBe('Email or Username are already taken');
    expect((await whoIs(person.jwt))?.email).toBe(person.email);
    expect(await logsIn(person.email)).toBe(true);
  });

  test('a code works once, also for two at the same moment, and a newer one ends it', async () => {
    await ask();
    const older = codeIn((await mailed()).find(({ to }) => to === newEmail()));
    await ask();
    const newer = codeIn((await mailed()).find(({ to }) => to === newEmail()));
    expect((await confirm(older)).errors?.[0]?.message).toBe('Invalid token');
    const both = await Promise.all([confirm(newer), confirm(newer)]);
    // The other one says that it is so: nothing was done a second time.
    const confirmed = { jwt: null, user: { email: newEmail(), confirmed: true } };
    expect(both.map(({ data }) => data.emailConfirmation)).toEqual([confirmed, confirmed]);
    expect((await confirm(newer)).data.emailConfirmation).toEqual(confirmed);
    const target = {
      targetId: (await server.database.prisma.user.findUniqueOrThrow({ where: { email: newEmail() } })).documentId,
    };
    expect(await server.database.prisma.auditEntry.count({ where: { event: 'user.changeEmail', ...target } })).toBe(1);
    // Not of whoever has the address no more.
    await server.database.prisma.user.update({ where: { email: newEmail() }, data: { email: person.email } });
    expect((await confirm(newer)).errors?.[0]?.message).toBe('Invalid token');
  });

  test('a code lives a day, and only its hash is kept', async () => {
    await ask();
    const code = codeIn((await mailed()).find(({ to }) => to === newEmail()));
    expect(JSON.stringify(await server.database.prisma.mailedCode.findMany())).not.toContain(code);
    server.advance(24 * 3_600_000 + 1);
    expect((await confirm(code)).errors?.[0]?.message).toBe('Invalid token');
    server.advance(-24 * 3_600_000 - 1);
    expect((await confirm(code)).errors).toBeUndefined();
  });

  test.each([
    [
      'a change of password',
      () =>
        server.ask(CHANGE, {
          token: person.jwt,
          variables: { currentPassword: PASSWORD, password: 'another password' },
        }),
    ],
    [
      'a reset',
      async () => {
        await server.ask(FORGOT, { variables: { email: person.email } });
        const code = codeIn((await mailed()).at(-1));
        return server.ask(RESET, { variables: { code, password: 'another password' } });
      },
    ],
  ])('that was asked for before %s is not had: it may have been somebody else who asked', async (_what, defend) => {
    await ask();
    const code = codeIn((await mailed()).find(({ to }) => to === newEmail()));
    expect((await defend()).errors).toBeUndefined();
    expect((await confirm(code)).errors?.[0]?.message).toBe('Invalid token');
  });

  test('ends the reset codes that were mailed to the old address', async () => {
    await ask();
    const code = codeIn((await mailed()).find(({ to }) => to === newEmail()));
    await server.ask(FORGOT, { variables: { email: person.email } });
    const reset = codeIn((await mailed()).at(-1));
    await confirm(code);
    const { errors } = await server.ask(RESET, { variables: { code: reset, password: 'another password' } });
    expect(errors?.[0]?.message).toBe('Incorrect code provided');
  });
});

test('who is no person has no account to change, even with the right to', async () => {
  const { prisma } = server.database;
  await prisma.permission.create({ data: { action: 'user.updateMe', role: { connect: { type: 'public' } } } });
  const { data, errors } = await server.ask(UPDATE, { variables: { data: { username: 'nobody' } } });
  expect(data).toEqual({ updateMe: null });
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  await prisma.permission.deleteMany({ where: { action: 'user.updateMe', role: { type: 'public' } } });
});

describe('sendEmailConfirmation', () => {
  const confirmation = (emailConfirmation: boolean) =>
    server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation } });
  beforeEach(() => confirmation(true));
  afterEach(() => confirmation(false));

  const send = (email: string) => server.ask(SEND, { variables: { email } });
  const set = (data: object) => server.database.prisma.user.update({ where: { email: person.email }, data });

  test('mails a new code, which ends the older one', async () => {
    await set({ confirmed: false });
    await send(person.email.toUpperCase());
    const [older] = await mailed();
    await send(person.email);
    const [newer] = await mailed();
    expect(newer).toMatchObject({ to: person.email, subject: 'Confirm your e-mail address' });
    expect((await confirm(codeIn(older))).errors?.[0]?.message).toBe('Invalid token');
    const { data } = await confirm(codeIn(newer));
    expect(data.emailConfirmation).toEqual({ jwt: expect.any(String), user: { email: person.email, confirmed: true } });
  });

  test.each([
    ['nobody has', async () => 'nobody@example.com'],
    ['was confirmed', async () => person.email],
    ['is of a blocked account', async () => (await set({ confirmed: false, blocked: true })).email],
    [
      'does not have to be confirmed',
      () => confirmation(false).then(async () => (await set({ confirmed: false })).email),
    ],
  ])('an address that %s gets no mail, and the answer does not tell', async (_what, address) => {
    const email = await address();
    expect((await send(email)).data).toEqual({ sendEmailConfirmation: { ok: true } });
    expect(await mailed()).toEqual([]);
  });

  test('an address that is none is a fault of its field', async () => {
    const { errors } = await send('no');
    expect(errors?.[0]?.extensions.error.details.errors).toEqual([
      { path: ['email'], message: 'email must be a valid email', name: 'ValidationError' },
    ]);
  });
});

describe('the owner is told by mail', () => {
  const PASSWORD_CHANGED = { subject: 'Your password was changed' };

  test('of a change of password', async () => {
    await server.ask(CHANGE, {
      token: person.jwt,
      variables: { currentPassword: PASSWORD, password: 'another password' },
    });
    expect(await mailed()).toMatchObject([{ to: person.email, ...PASSWORD_CHANGED }]);
  });

  test('of a reset', async () => {
    await server.ask(FORGOT, { variables: { email: person.email } });
    const code = codeIn((await mailed())[0]);
    await server.ask(RESET, { variables: { code, password: 'another password' } });
    expect(await mailed()).toMatchObject([{ to: person.email, ...PASSWORD_CHANGED }]);
  });

  test('of neither when it was refused', async () => {
    await server.ask(CHANGE, {
      token: person.jwt,
      variables: { currentPassword: 'a guess', password: 'another password' },
    });
    await server.ask(RESET, { variables: { code: 'a guess', password: 'another password' } });
    expect(await mailed()).toEqual([]);
  });
});
