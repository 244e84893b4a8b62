import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mail } from '../src/mail/mailer.ts';
import { type Answer, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: { trustedProxies: 1 } });
});
afterAll(() => server?.close());
beforeEach(async () => {
  await setSettings({ newDeviceMail: true, sessionMode: 'plain' });
  await server.gatehouse.idle();
  server.mails.length = 0;
});

const setSettings = (data: object) => server.database.prisma.settings.update({ where: { id: 1 }, data });
const DAY = 86_400_000;
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const LATER_FIREFOX = FIREFOX.replaceAll('140.0', '151.0');
const SAFARI = 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile Safari/604.1';
const HOME = '198.51.100.7';

interface From {
  readonly userAgent?: string;
  readonly address?: string;
}
const headersOf = ({ userAgent = FIREFOX, address = HOME }: From) => ({
  'user-agent': userAgent,
  'x-forwarded-for': address,
});
const LOGIN = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
const login = ({ email, password }: { email: string; password: string }, from: From = {}) =>
  server.ask(LOGIN, { variables: { input: { identifier: email, password } }, headers: headersOf(from) });
const DISOWN = 'mutation ($code: String!) { disownLogin(code: $code) { ok } }';
const disown = (code: string) => server.ask(DISOWN, { variables: { code } });
const messageOf = ({ errors }: Answer) => errors?.[0]?.message;

const NEW = 'A login from a new device';
let people = 0;
/** Somebody who registered at home. */
async function somebody() {
  people += 1;
  const person = { username: `seen-${people}`, email: `seen-${people}@example.com`, password: 'a good password' };
  const register = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }';
  const { data } = await server.ask(register, { variables: { input: person }, headers: headersOf({}) });
  expect(await subjects()).not.toContain(NEW); // the first device is theirs
  server.mails.length = 0;
  return { ...person, token: data.register.jwt as string };
}
async function subjects() {
  await server.gatehouse.idle();
  return server.mails.map(({ subject }) => subject);
}

describe('a login', () => {
  test.each<[string, From, boolean]>([
    ['from the same device', {}, false],
    ['from a newer version of the browser', { userAgent: LATER_FIREFOX }, false],
    ['with another browser', { userAgent: SAFARI }, true],
    ['from another network', { address: '203.0.113.9' }, true],
    ['from a program that is not known', { userAgent: 'Buy pills at https://evil.example' }, true],
  ])('%s', async (_what, from, isNew) => {
    const person = await somebody();
    expect((await login(person, from)).data.login.jwt).toBeTruthy();
    expect(await subjects()).toEqual(isNew ? [NEW] : []);
    // Once.
    await login(person, from);
    expect(await subjects()).toEqual(isNew ? [NEW] : []);
  });

  test('is described in the mail, without words that a client chose', async () => {
    const person = await somebody();
    await login(person, { userAgent: SAFARI, address: '203.0.113.9' });
    await subjects();
    await login(person, { userAgent: 'Buy pills at https://evil.example' });
    await subjects();
    const [known, unknown] = server.mails;
    expect(known?.to).toBe(person.email);
    for (const words of ['Safari, iPhone', '203.0.113.9', new Date().toISOString().slice(0, 10)])
      expect(known?.text).toContain(words);
    expect(unknown?.text).toContain('a program that is not known');
    expect(JSON.stringify(server.mails)).not.toContain('evil');
  });

  test('of two at once from one new device, on two servers, is told once', async () => {
    const person = await somebody();
    // Each server sends the mails that it wrote.
    const send = async (mail: Mail) => void server.mails.push(mail);
    const other = await startBeside(server, { trustedProxies: 1 }, { mailer: { send, close: () => {} } });
    const body = JSON.stringify({
      query: LOGIN,
      variables: { input: { identifier: person.email, password: person.password } },
    });
    const headers = { ...headersOf({ userAgent: SAFARI }), 'content-type': 'application/json' };
    await Promise.all([server.url, other.url, server.url].map((url) => fetch(url, { method: 'POST', headers, body })));
    await server.gatehouse.idle();
    await other[Symbol.asyncDispose](); // and it waits for what it sends
    const waiting = await server.database.prisma.outboxEntry.count({ where: { kind: 'newDevice' } });
    expect(waiting + server.mails.length).toBe(1);
  });

  test('after half a year of absence is from a new device', async () => {
    const person = await somebody();
    await login(person, { userAgent: SAFARI });
    server.advance(100 * DAY);
    await login(person);
    server.advance(100 * DAY);
    await server.gatehouse.cleanUp();
    await subjects();
    server.mails.length = 0;
    await login(person, { userAgent: SAFARI });
    expect(await subjects()).toEqual([NEW]);
    server.advance(-200 * DAY);
  });

  test('is not told while the setting is off, nor when it was refused', async () => {
    const person = await somebody();
    await login({ ...person, password: 'a wrong password' }, { userAgent: SAFARI });
    await setSettings({ newDeviceMail: false });
    await login(person, { userAgent: SAFARI });
    expect(await subjects()).toEqual([]);
  });
});

describe('“this was not me”', () => {
  async function seenElsewhere() {
    const person = await somebody();
    const { data } = await login(person, { userAgent: SAFARI });
    await server.gatehouse.idle();
    const code = server.mails.at(-1)?.link?.split('code=').at(-1) ?? 'no code';
    server.mails.length = 0;
    return { person, code, stolen: data.login.jwt as string };
  }

  test('ends all sessions and the password, and mails a link for another', async () => {
    const { person, code, stolen } = await seenElsewhere();
    expect((await disown(code)).data.disownLogin).toEqual({ ok: true });
    for (const token of [stolen, person.token])
      expect((await server.ask('{ me { email } }', { token })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(messageOf(await login(person))).toBe('Invalid identifier or password');
    expect(await subjects()).toEqual(['Choose a new password']);
    const reset = server.mails[0]?.link?.split('code=').at(-1);
    const { data } = await server.ask(
      'mutation ($code: String!) { resetPassword(code: $code, password: "another password", passwordConfirmation: "another password") { jwt } }',
      { variables: { code: reset }, headers: headersOf({}) },
    );
    expect(data.resetPassword.jwt).toBeTruthy();
    expect((await login({ ...person, password: 'another password' })).data.login.jwt).toBeTruthy();
  });

  test('removes what the other one added, and leaves what the owner had', async () => {
    const person = await somebody();
    const { prisma } = server.database;
    const { id: userId } = await prisma.user.findUniqueOrThrow({ where: { email: person.email } });
    const add = async (name: string, createdAt: Date) => {
      const blank = { publicKey: new Uint8Array(1), backupEligible: false, backedUp: false, aaguid: 'none' };
      await prisma.passkey.create({ data: { ...blank, id: name, credentialId: name, name, userId, createdAt } });
      await prisma.identity.create({ data: { provider: 'company', subject: name, userId, createdAt } });
    };
    const [now, before] = [Date.now(), Date.now() - 8 * DAY];
    await add(`${person.username} own`, new Date(before));
    await login(person, { userAgent: SAFARI });
    await server.gatehouse.idle();
    const code = server.mails.at(-1)?.link?.split('code=').at(-1) ?? 'no code';
    await add(`${person.username} other`, new Date(now));
    const sealed = new Uint8Array(1);
    await prisma.totpSecret.create({ data: { id: `${userId}`, userId, confirmed: true, sealed } });
    const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'editor' } });
    const invitation = {
      email: 'a-friend@example.com',
      hash: 'x',
      invitedBy: person.username,
      inviterId: userId,
      roleId,
    };
    await prisma.invitation.create({ data: { ...invitation, expiresAt: new Date(now + DAY) } });
    expect((await disown(code)).errors).toBeUndefined();
    expect(await prisma.invitation.count({ where: { inviterId: userId } })).toBe(0);
    expect(await prisma.passkey.findMany({ where: { userId } })).toMatchObject([{ name: `${person.username} own` }]);
    expect(await prisma.identity.findMany({ where: { userId } })).toMatchObject([
      { subject: `${person.username} own` },
    ]);
    expect(await prisma.totpSecret.count({ where: { userId } })).toBe(0);
  });

  test('works once, with one message for every other code', async () => {
    const { code } = await seenElsewhere();
    const answers = await Promise.all([disown(code), disown(code), disown(code)]);
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    for (const wrong of [code, 'x'.repeat(43)]) expect(messageOf(await disown(wrong))).toBe('Incorrect code provided');
    expect(server.log.join('')).not.toContain(code);
  });

  test('ends after a week', async () => {
    const { code } = await seenElsewhere();
    server.advance(7 * DAY + 1_000);
    expect(messageOf(await disown(code))).toBe('Incorrect code provided');
    server.advance(-7 * DAY - 1_000);
  });

  const thief = { userAgent: SAFARI, address: '203.0.113.9' };
  const CHANGE =
    'mutation { changePassword(currentPassword: "a good password", password: "a thief’s password", passwordConfirmation: "a thief’s password") { jwt } }';
  const codeIn = (mail: Mail | undefined) => mail?.link?.split('code=').at(-1) ?? 'no code';
  /** The other one moves the account to an address of theirs. */
  async function moved({ person, stolen }: { person: { username: string }; stolen: string }) {
    const email = `thief-of-${person.username}@example.com`;
    const update =
      'mutation ($email: String!) { updateMe(data: { email: $email, currentPassword: "a good password" }) { email } }';
    const { errors } = await server.ask(update, { token: stolen, variables: { email } });
    expect(errors).toBeUndefined();
    await server.gatehouse.idle();
    const confirmation = server.mails
      .find(({ to }) => to === email)
      ?.link?.split('=')
      .at(-1);
    const confirm =
      'mutation ($confirmation: String!) { emailConfirmation(confirmation: $confirmation) { user { email } } }';
    const { data } = await server.ask(confirm, { variables: { confirmation } });
    expect(data.emailConfirmation.user.email).toBe(email);
    await server.gatehouse.idle();
    server.mails.length = 0;
    return email;
  }
  const rowOf = (username: string) => server.database.prisma.user.findFirstOrThrow({ where: { username } });

  test('works after the other one changed the password', async () => {
    const { code, stolen } = await seenElsewhere();
    const { data } = await server.ask(CHANGE, { token: stolen, headers: headersOf(thief) });
    expect(data.changePassword.jwt).toBeTruthy();
    expect((await disown(code)).errors).toBeUndefined();
    const { errors } = await server.ask('{ me { email } }', { token: data.changePassword.jwt });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('works for each of several logins', async () => {
    const { person, code } = await seenElsewhere();
    await login(person, thief);
    await server.gatehouse.idle();
    expect((await disown(code)).errors).toBeUndefined();
    // It also was about the later one.
    expect(messageOf(await disown(codeIn(server.mails.find(({ subject }) => subject === NEW))))).toBe(
      'Incorrect code provided',
    );
  });

  test('brings the address back, and the mail for another password goes there', async () => {
    const seen = await seenElsewhere();
    const other = await moved(seen);
    // They get such a mail themselves, and use it first.
    await login({ ...seen.person, email: other }, { userAgent: 'Opera' });
    await server.gatehouse.idle();
    const theirs = codeIn(server.mails.find(({ to, subject }) => to === other && subject === NEW));
    expect((await disown(theirs)).errors).toBeUndefined();
    await server.gatehouse.idle();
    server.mails.length = 0;
    expect((await disown(seen.code)).errors).toBeUndefined();
    await server.gatehouse.idle();
    expect(server.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [seen.person.email, 'Choose a new password'],
    ]);
    const { documentId, email, emailVerifiedAt } = await rowOf(seen.person.username);
    expect([email, emailVerifiedAt]).toEqual([seen.person.email, expect.any(Date)]);
    server.mails.length = 0;
    await server.ask('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', {
      variables: { email: other },
    });
    expect(await subjects()).toEqual([]);
    const where = { targetId: documentId, event: 'user.disownLogin' };
    const [, event] = await server.database.prisma.auditEntry.findMany({ where, orderBy: { id: 'asc' } });
    expect([event?.before, event?.after]).toEqual([{ email: other }, { email: seen.person.email }]);
  });

  test('closes the account where its address is another account’s now', async () => {
    const seen = await seenElsewhere();
    const other = await moved(seen);
    const register = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }';
    const squatter = { username: `squatter of ${seen.person.username}`, email: seen.person.email };
    const input = { ...squatter, password: 'a good password' };
    expect((await server.ask(register, { variables: { input } })).errors).toBeUndefined();
    expect((await disown(seen.code)).errors).toBeUndefined();
    expect(await rowOf(seen.person.username)).toMatchObject({ email: other, blocked: true });
    await server.ask('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', {
      variables: { email: other },
    });
    expect(await subjects()).toEqual([]);
  });

  test('keeps an account that the other one asked to delete', async () => {
    const { person, code } = await seenElsewhere();
    const { id } = await rowOf(person.username);
    await server.database.prisma.user.update({ where: { id }, data: { deletesAt: new Date(Date.now() + DAY) } });
    expect((await disown(code)).errors).toBeUndefined();
    expect((await rowOf(person.username)).deletesAt).toBeNull();
  });

  test('makes the device of the other one a new one again', async () => {
    const { person, code } = await seenElsewhere();
    await disown(code);
    await server.gatehouse.idle();
    const reset = codeIn(server.mails[0]);
    await server.ask(
      'mutation ($code: String!) { resetPassword(code: $code, password: "another password", passwordConfirmation: "another password") { jwt } }',
      { variables: { code: reset }, headers: headersOf({}) },
    );
    await subjects();
    server.mails.length = 0;
    await login({ ...person, password: 'another password' }, { userAgent: SAFARI });
    expect(await subjects()).toEqual([NEW]);
  });

  test('is mailed five times an hour at most', async () => {
    const person = await somebody();
    for (let number = 1; number <= 7; number += 1) await login(person, { address: `203.0.${number}.1` });
    expect(await subjects()).toEqual([NEW, NEW, NEW, NEW, NEW]);
  });

  test('opens nothing: the code of such a mail is no code for a password', async () => {
    const { code } = await seenElsewhere();
    const reset = await server.ask(
      'mutation ($code: String!) { resetPassword(code: $code, password: "another password", passwordConfirmation: "another password") { jwt } }',
      { variables: { code } },
    );
    expect(messageOf(reset)).toBe('Incorrect code provided');
  });

  test('has a page with a button', async () => {
    const response = await fetch(server.url.replace('/graphql', '/disown-login'));
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining('<button>End all sessions'),
    ]);
  });
});
