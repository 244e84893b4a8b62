import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Linking } from '../../src/accounts/providers/login-provider.ts';
import { NO_PASSWORD } from '../../src/accounts/public-password.ts';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.ts';
import { startServer, type TestServer } from '../support/start.ts';
import { FRONT_END, visitor } from '../support/visit.ts';

let server: TestServer;
let provider: LyingProvider;
const providerNamed = (name: string, linking: Linking) => ({
  name,
  label: null,
  issuer: provider.issuer,
  clientId: 'gatehouse',
  clientSecret: 'secret',
  scopes: null,
  linking,
  redirect: null,
});

beforeAll(async () => {
  provider = await startLyingProvider();
  server = await startServer({
    config: {
      loginRedirects: [FRONT_END],
      loginProviders: [providerNamed('company', 'verified'), providerNamed('other', 'never')],
    },
  });
});
afterAll(async () => {
  await server?.close();
  await provider?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await server.gatehouse.idle();
  server.mails.length = 0;
  await setSettings({ signUps: true, emailConfirmation: true });
});

const setSettings = (data: object) => server.database.prisma.settings.update({ where: { id: 1 }, data });

let people = 0;
const somebody = () => {
  people += 1;
  return { sub: `subject-${people}`, email: `person-${people}@company.test`, email_verified: true as unknown };
};
type Somebody = ReturnType<typeof somebody>;

/** What the front end gets of a login with a provider, and of its code. */
async function comeBack(person: object, name = 'company') {
  provider.lie = { claims: { ...person } };
  const { url } = await visitor(server).open(`http://gatehouse.test/connect/${name}`);
  const error = url.searchParams.get('error');
  if (error !== null) return { error };
  const { data, errors } = await server.ask(
    'mutation ($code: String!) { loginWithProvider(code: $code) { jwt user { username email confirmed } } }',
    { variables: { code: url.searchParams.get('code') } },
  );
  return { error: errors?.[0]?.message, ...data.loginWithProvider } as {
    error?: string;
    jwt?: string;
    user?: { username: string; email: string; confirmed: boolean };
  };
}

const PASSWORD = 'a good password';
async function registered({ email }: Pick<Somebody, 'email'>, username = `name-of-${email.split('@')[0]}`) {
  const input = { username, email, password: PASSWORD };
  const { data, text } = await server.ask(
    'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { id } } }',
    { variables: { input } },
  );
  if (!data.register) throw new Error(text);
  return data.register as { jwt: string | null; user: { id: string } };
}
async function confirmed(person: Pick<Somebody, 'email'>) {
  await registered(person);
  await server.gatehouse.idle();
  const code = server.mails.at(-1)?.link?.split('=').at(-1);
  const { data } = await server.ask(
    'mutation ($code: String!) { emailConfirmation(confirmation: $code) { jwt user { id } } }',
    { variables: { code } },
  );
  server.mails.length = 0;
  return data.emailConfirmation as { jwt: string; user: { id: string } };
}
async function login(identifier: string, password = PASSWORD) {
  const { data, errors } = await server.ask(
    'mutation ($identifier: String!, $password: String!) { login(input: { identifier: $identifier, password: $password }) { jwt } }',
    { variables: { identifier, password } },
  );
  return (data?.login?.jwt as string | undefined) ?? errors?.[0]?.message;
}
const userOf = ({ email }: Pick<Somebody, 'email'>) =>
  server.database.prisma.user.findUnique({ where: { email }, include: { identities: true } });
async function subjectsOfMails() {
  await server.gatehouse.idle();
  return server.mails.map(({ subject }) => subject);
}
const LINKED = 'Another way to log in to your account';

describe('an identity that is not known', () => {
  test('with a verified address that nobody has: a confirmed account without a password', async () => {
    const person = somebody();
    const { user } = await comeBack(person);
    expect(user).toEqual({ username: person.email.split('@')[0], email: person.email, confirmed: true });
    expect(await userOf(person)).toMatchObject({ provider: 'company', emailVerifiedAt: expect.any(Date) });
    expect(await login(person.email, 'none')).toBe('Invalid identifier or password');
  });

  test('while sign-ups are off: no account', async () => {
    await setSettings({ signUps: false });
    const person = somebody();
    expect(await comeBack(person)).toEqual({ error: 'sign_ups_disabled' });
    expect(await userOf(person)).toBeNull();
  });

  test('with an address that is not verified, and nobody has: an account that has to be confirmed', async () => {
    const person = { ...somebody(), email_verified: 'true' };
    expect(await comeBack(person)).toEqual({ error: 'unconfirmed' });
    expect(await userOf(person)).toMatchObject({ confirmed: false, emailVerifiedAt: null });
    expect(await subjectsOfMails()).toEqual(['Confirm your e-mail address']);
  });

  test('with an address that is not verified, and somebody has: refused', async () => {
    const person = somebody();
    await confirmed(person);
    expect(await comeBack({ ...person, email_verified: false })).toEqual({ error: 'email_taken' });
    expect((await userOf(person))?.identities).toEqual([]);
  });

  test('with the confirmed address of an account, of a provider that links: linked, and told by mail', async () => {
    const person = somebody();
    const { jwt } = await confirmed(person);
    const back = await comeBack({ ...person, email: person.email.toUpperCase() });
    expect(back.user?.email).toBe(person.email);
    expect(await subjectsOfMails()).toEqual([LINKED]);
    expect((await userOf(person))?.identities).toHaveLength(1);
    // What was there stays: the password, and the sessions.
    expect(await login(person.email)).toMatch(/^ey/);
    expect((await server.ask('{ me { email } }', { token: jwt })).data.me.email).toBe(person.email);
  });

  test('with the confirmed address of an account, of a provider that does not link: refused', async () => {
    const person = somebody();
    await confirmed(person);
    expect(await comeBack(person, 'other')).toEqual({ error: 'not_linked' });
    expect((await userOf(person))?.identities).toEqual([]);
  });

  test('with the address of an account that counts as confirmed, and nobody has shown to read it: refused', async () => {
    await setSettings({ emailConfirmation: false });
    const person = somebody();
    const squatter = await registered(person);
    expect(squatter.jwt).toBeTruthy();
    expect(await comeBack(person)).toEqual({ error: 'not_linked' });
    // A password by mail shows it.
    await server.ask('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', {
      variables: { email: person.email },
    });
    await server.gatehouse.idle();
    const code = server.mails.at(-1)?.link?.split('=').at(-1);
    await server.ask(
      'mutation ($code: String!) { resetPassword(code: $code, password: "another password", passwordConfirmation: "another password") { jwt } }',
      { variables: { code } },
    );
    expect((await comeBack(person)).user?.email).toBe(person.email);
  });

  test('with the address of an account that is not confirmed: linked, and nothing is left of who waited there', async () => {
    const person = somebody();
    await registered(person, `squatter-${people}`);
    await server.gatehouse.idle();
    const mailed = server.mails.at(-1)?.link?.split('=').at(-1);
    const before = await userOf(person);
    // The squatter also came with an identity of their own.
    await server.database.prisma.identity.create({
      data: { provider: 'other', subject: `squatter-${people}`, userId: before?.id ?? 0 },
    });
    expect((await comeBack(person, 'other')).user).toMatchObject({ email: person.email, confirmed: true });
    const after = await userOf(person);
    expect(after?.identities.map(({ subject }) => subject)).toEqual([person.sub]);
    expect(after?.tokenVersion).toBeGreaterThan(before?.tokenVersion ?? 0);
    expect(await login(person.email)).toBe('Invalid identifier or password');
    const confirm = await server.ask('mutation ($code: String!) { emailConfirmation(confirmation: $code) { jwt } }', {
      variables: { code: mailed },
    });
    expect(confirm.errors?.[0]?.message).toBe('Invalid token');
  });
});

test('an account that nobody has a way in to is linked: an invitation, or an import', async () => {
  const person = somebody();
  await server.database.prisma.user.create({
    data: {
      username: `invited-${people}`,
      email: person.email,
      passwordHash: NO_PASSWORD,
      confirmed: true,
      roleId: 1,
      identifiers: { create: [{ key: person.email }, { key: `invited-${people}` }] },
    },
  });
  expect((await comeBack(person, 'other')).error).toBe('not_linked');
  expect((await comeBack(person)).user?.username).toBe(`invited-${people}`);
});

describe('an identity that is known', () => {
  test('of a blocked user: no code', async () => {
    const person = somebody();
    await comeBack(person);
    await server.database.prisma.user.update({ where: { email: person.email }, data: { blocked: true } });
    expect(await comeBack(person)).toEqual({ error: 'blocked' });
  });

  test('counts, whoever else has the address by now', async () => {
    const person = somebody();
    await comeBack(person);
    const other = somebody();
    await confirmed(other);
    expect((await comeBack({ ...person, email: other.email })).user?.email).toBe(person.email);
  });

  test('of another provider is another identity', async () => {
    const person = somebody();
    await comeBack(person);
    expect(await comeBack({ ...person, email: somebody().email }, 'other')).toMatchObject({
      user: { confirmed: true },
    });
    expect((await userOf(person))?.identities).toHaveLength(1);
  });
});

test('two that come back at once are one account', async () => {
  for (let round = 0; round < 5; round++) {
    const person = somebody();
    const both = await Promise.all([comeBack(person), comeBack(person), comeBack(person)]);
    expect(both.map(({ user }) => user?.email)).toEqual([person.email, person.email, person.email]);
    expect(await server.database.prisma.identity.count({ where: { subject: person.sub } })).toBe(1);
  }
});

test('a name that somebody has gets a number', async () => {
  const person = { ...somebody(), preferred_username: 'editor' };
  const { user } = await comeBack(person);
  expect(user?.username).toMatch(/^editor-\d{2}$/);
  const odd = { ...somebody(), preferred_username: 'somebody@else.test' };
  expect((await comeBack(odd)).user?.username).toBe(odd.email.split('@')[0]);
});

const START = `mutation ($provider: String!) { linkProvider(provider: $provider) { url } }`;
const COMPLETE = 'mutation ($code: String!) { completeLink(code: $code) { id provider label email } }';
const IDENTITIES = '{ identities { id provider label email } }';

async function codeOfLink(token: string, person: object, name = 'other') {
  const start = await server.ask(START, { token, variables: { provider: name } });
  if (!start.data.linkProvider) throw new Error(start.text);
  provider.lie = { claims: { ...person } };
  const { url } = await visitor(server).open(start.data.linkProvider.url);
  return url.searchParams.get('code') ?? url.href;
}

describe('a user who is logged in', () => {
  test('links a provider, whatever its address, and logs in with it from then on', async () => {
    const { jwt: token } = await confirmed(somebody());
    const there = { sub: `there-${people}`, email: 'private@elsewhere.test', email_verified: false };
    const code = await codeOfLink(token, there);
    expect(await comeBack(there, 'other')).toEqual({ error: 'unconfirmed' }); // not yet linked: an account of its own
    await server.database.prisma.user.delete({ where: { email: there.email } });
    const { data } = await server.ask(COMPLETE, { token, variables: { code } });
    expect(data.completeLink).toMatchObject({ provider: 'other', label: 'Other', email: there.email });
    expect(await subjectsOfMails()).toContain(LINKED);
    const me = await server.ask('{ me { email } }', { token });
    expect((await comeBack(there, 'other')).user?.email).toBe(me.data.me.email);
    expect((await server.ask(IDENTITIES, { token })).data.identities).toEqual([data.completeLink]);
  });

  test('is the only one who can redeem the code', async () => {
    const owner = somebody();
    const { jwt: token } = await confirmed(owner);
    const { jwt: other } = await confirmed(somebody());
    const there = somebody();
    const tries: [string | undefined, string][] = [
      [other, 'another user'],
      [(await login(owner.email)) as string, 'another session of the user'],
      [undefined, 'nobody'],
    ];
    for (const [by, who] of tries) {
      const code = await codeOfLink(token, there);
      const { errors } = await server.ask(COMPLETE, { token: by, variables: { code } });
      expect(errors?.[0]?.message, who).toBe(by ? 'Invalid code' : 'Forbidden access');
    }
    const code = await codeOfLink(token, there);
    const asLogin = await server.ask('mutation ($code: String!) { loginWithProvider(code: $code) { jwt } }', {
      variables: { code },
    });
    expect(asLogin.errors?.[0]?.message).toBe('Invalid code');
    expect(await server.database.prisma.identity.count({ where: { subject: there.sub } })).toBe(0);
  });

  test('cannot take the identity of another user', async () => {
    const theirs = somebody();
    await comeBack(theirs, 'other');
    const { jwt: token } = await confirmed(somebody());
    const code = await codeOfLink(token, theirs);
    const { errors } = await server.ask(COMPLETE, { token, variables: { code } });
    expect(errors?.[0]?.message).toBe('This identity is linked to another account');
  });

  test('unlinks a provider, and keeps the last way in, also of two at once', async () => {
    const person = somebody();
    const { jwt: token = '' } = await comeBack(person);
    const [first] = (await server.ask(IDENTITIES, { token })).data.identities;
    const unlink = (id: string) =>
      server.ask('mutation ($id: ID!) { unlinkProvider(id: $id) { id } }', { token, variables: { id } });
    expect((await unlink(first.id)).errors?.[0]?.message).toMatch(/only way to log in/);
    const code = await codeOfLink(token, somebody());
    const { data } = await server.ask(COMPLETE, { token, variables: { code } });
    await server.gatehouse.idle();
    server.mails.length = 0;
    const both = await Promise.all([unlink(first.id), unlink(data.completeLink.id)]);
    expect(both.map(({ errors }) => errors?.length ?? 0).sort()).toEqual([0, 1]);
    expect(await subjectsOfMails()).toEqual(['One way less to log in to your account']);
    const left = (await server.ask(IDENTITIES, { token })).data.identities;
    expect(left).toHaveLength(1);
    expect((await userOf(person))?.provider).toBe(left[0].provider);
    for (const id of ['', 'x', 'W10', Buffer.from('["company","nobody"]').toString('base64url')]) {
      expect((await unlink(id)).errors?.[0]?.message, id).toBe('Identity not found');
    }
  });

  test('with a password by mail is `local`, and may unlink the last provider', async () => {
    const person = somebody();
    await comeBack(person);
    await server.ask('mutation ($email: String!) { forgotPassword(email: $email) { ok } }', {
      variables: { email: person.email },
    });
    await server.gatehouse.idle();
    const code = server.mails.at(-1)?.link?.split('=').at(-1);
    const { data } = await server.ask(
      `mutation ($code: String!) { resetPassword(code: $code, password: "${PASSWORD}", passwordConfirmation: "${PASSWORD}") { jwt } }`,
      { variables: { code } },
    );
    expect((await userOf(person))?.provider).toBe('local');
    const token = data.resetPassword.jwt;
    const [identity] = (await server.ask(IDENTITIES, { token })).data.identities;
    const unlinked = await server.ask('mutation ($id: ID!) { unlinkProvider(id: $id) { id } }', {
      token,
      variables: { id: identity.id },
    });
    expect(unlinked.data.unlinkProvider).toEqual({ id: identity.id });
  });
});
