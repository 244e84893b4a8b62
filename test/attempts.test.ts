import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { clientAddress } from '../src/http/client-address.ts';
import { createPlace, type Place, type ServerProcess, startProcess } from './support/process.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

const LIMIT = 10;
const MINUTES = 60_000;
const LOGIN = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
const TOO_MANY = 'Too many requests, please try again later.';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: { authRateLimit: LIMIT, trustedProxies: 1 } });
});
afterAll(() => server?.close());
beforeEach(async () => {
  // Only the date: everything else of time goes on.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  await server.database.prisma.attempt.deleteMany();
});
afterEach(() => void vi.useRealTimers());

/** As it comes through the one proxy that is trusted. */
function from(address: string, document: string, variables: Record<string, unknown> = {}, url = server.url) {
  return send(url, document, { variables, headers: { 'x-forwarded-for': address } });
}

function login(address: string, identifier: string, password = 'not the password', url = server.url) {
  return from(address, LOGIN, { input: { identifier, password } }, url);
}

async function messagesOf(answers: readonly Promise<Answer>[]) {
  const messages = (await Promise.all(answers)).flatMap(({ errors }) => errors?.map(({ message }) => message) ?? []);
  return Object.fromEntries(
    Map.groupBy(messages, (message) => message)
      .entries()
      .map(([m, all]) => [m, all.length]),
  );
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('a hundred guesses at one account', () => {
  const GUESSED = { 'Invalid identifier or password': LIMIT, [TOO_MANY]: 100 - LIMIT };
  const attempt = `login(input: { identifier: "editor", password: "not the password" }) { jwt }`;

  test('in one request, under aliases', async () => {
    const document = `mutation { ${times(100, (index) => `a${index}: ${attempt}`).join(' ')} }`;
    expect(await messagesOf([from('192.0.2.1', document)])).toEqual(GUESSED);
  });

  test('in one request, through fragments', async () => {
    const document = `mutation { ${times(10, (index) => `...F${index}`).join(' ')} } ${times(
      10,
      (index) =>
        `fragment F${index} on Mutation { ${times(10, (inner) => `a${index}_${inner}: ${attempt}`).join(' ')} }`,
    ).join(' ')}`;
    expect(await messagesOf([from('192.0.2.1', document)])).toEqual(GUESSED);
  });

  test('at once', async () => {
    expect(await messagesOf(times(100, () => login('192.0.2.1', 'editor')))).toEqual(GUESSED);
  });

  test('at once, at two servers on one database', async () => {
    await using other = await startBeside(server);
    const urls = [server.url, other.url];
    const guesses = times(100, (index) => login('192.0.2.1', 'editor', undefined, urls[index % 2]));
    expect(await messagesOf(guesses)).toEqual(GUESSED);
  });

  test.each([
    [
      'another case',
      (index: number) =>
        [...'editor@example.com'].map((c, i) => ((index >> (i % 7)) & 1 ? c.toUpperCase() : c)).join(''),
    ],
    ['characters that nobody sees', (index: number) => `edi${'\u200b'.repeat(index % 5)}tor${' '.repeat(index % 7)}`],
    ['wide letters', (index: number) => (index % 2 ? 'ｅｄｉｔｏｒ' : 'editor')],
  ])('are counted together when the identifier is written in %s', async (_what, spelling) => {
    expect(await messagesOf(times(100, (index) => login('192.0.2.1', spelling(index))))).toEqual(GUESSED);
  });

  test('are counted by the network, where an address of IPv6 is one of many', async () => {
    const guesses = times(100, (index) => login(`2001:db8:1:2:${index.toString(16)}::${index + 1}`, 'editor'));
    expect(await messagesOf(guesses)).toEqual(GUESSED);
    expect((await login('2001:db8:1:3::1', 'editor')).errors?.[0]?.message).toBe('Invalid identifier or password');
  });

  test('lock its owner out from where they came, and from nowhere else', async () => {
    await Promise.all(times(100, () => login('192.0.2.1', 'editor')));
    expect((await login('192.0.2.1', 'editor', DEMO_PASSWORD)).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect((await login('192.0.2.2', 'editor', DEMO_PASSWORD)).data.login.jwt).toEqual(expect.any(String));
    expect((await login('192.0.2.1', 'reader', DEMO_PASSWORD)).data.login.jwt).toEqual(expect.any(String));
  });

  test('are forgotten after a minute', async () => {
    await Promise.all(times(LIMIT, () => login('192.0.2.1', 'editor')));
    vi.setSystemTime(Date.now() + 0.9 * MINUTES);
    expect((await login('192.0.2.1', 'editor', DEMO_PASSWORD)).errors?.[0]?.message).toBe(TOO_MANY);
    vi.setSystemTime(Date.now() + 0.2 * MINUTES);
    expect((await login('192.0.2.1', 'editor', DEMO_PASSWORD)).data.login.jwt).toEqual(expect.any(String));
  });

  test('outlive a restart', async () => {
    await Promise.all(times(LIMIT, () => login('192.0.2.1', 'editor')));
    await using other = await startBeside(server);
    expect((await login('192.0.2.1', 'editor', DEMO_PASSWORD, other.url)).errors?.[0]?.message).toBe(TOO_MANY);
  });
});

test('guesses at many accounts have a ceiling for the address, which leaves others in peace', async () => {
  const guesses = times(15 * LIMIT, (index) => login('192.0.2.1', `somebody ${index}`));
  expect(await messagesOf(guesses)).toEqual({
    'Invalid identifier or password': 10 * LIMIT,
    [TOO_MANY]: 5 * LIMIT,
  });
  expect((await login('192.0.2.1', 'reader', DEMO_PASSWORD)).errors?.[0]?.message).toBe(TOO_MANY);
  expect((await login('192.0.2.2', 'reader', DEMO_PASSWORD)).data.login.jwt).toEqual(expect.any(String));
});

test('guesses at an administrator are counted together, whatever blanks are around the address', async () => {
  const admin = 'mutation ($email: String!) { login(email: $email, password: "not the password") { jwt } }';
  const url = server.url.replace('/graphql', '/admin/graphql');
  const guess = (index: number) =>
    from('192.0.2.1', admin, { email: `${' '.repeat(980 + index)}admin@example.com` }, url);
  expect(await messagesOf(times(2 * LIMIT, guess))).toEqual({
    'Invalid identifier or password': LIMIT,
    [TOO_MANY]: LIMIT,
  });
});

test('the answer says when to come back, in the error and in the head', async () => {
  await Promise.all(times(LIMIT, () => login('192.0.2.1', 'editor')));
  vi.setSystemTime(Date.now() + MINUTES / 2);
  const { errors, status, headers } = await login('192.0.2.1', 'editor');
  expect(errors?.[0]).toMatchObject({
    message: TOO_MANY,
    path: ['login'],
    extensions: { code: 'RATE_LIMITED', error: { name: 'RateLimitError', message: TOO_MANY, details: {} } },
  });
  const retryAfter = errors?.[0]?.extensions.retryAfter;
  expect(retryAfter).toBeGreaterThan(25);
  expect(retryAfter).toBeLessThanOrEqual(30);
  expect(status).toBe(200);
  expect(headers.get('retry-after')).toBe(String(retryAfter));

  const strict = await send(server.url, LOGIN, {
    variables: { input: { identifier: 'editor', password: 'x' } },
    headers: { 'x-forwarded-for': '192.0.2.1', accept: 'application/graphql-response+json' },
  });
  expect(strict.status).toBe(429);
  expect(strict.headers.get('retry-after')).toBe(String(retryAfter));
});

describe('what else is counted', () => {
  const password = 'password: "a good password", passwordConfirmation: "a good password"';
  test.each([
    ['resetPassword', 100, (index: number) => `resetPassword(code: "${index}", ${password}) { jwt }`],
    ['resetPassword', 10, () => `resetPassword(code: "the same", ${password}) { jwt }`],
    [
      'register',
      10,
      (index: number) =>
        `register(input: { username: "r${index} at once", email: "r${index}@example.com", password: "short" }) { jwt }`,
    ],
    ['forgotPassword', 10, (index: number) => `forgotPassword(email: "f${index}@example.com") { ok }`],
    ['sendEmailConfirmation', 10, (index: number) => `sendEmailConfirmation(email: "s${index}@example.com") { ok }`],
    ['emailConfirmation', 10, (index: number) => `emailConfirmation(confirmation: "${index}") { jwt }`],
  ])('%s: %i from one address in a minute', async (_name, most, attempt) => {
    const document = (start: number) => `mutation { ${times(50, (i) => `a${i}: ${attempt(start + i)}`).join(' ')} }`;
    const answers = await Promise.all([0, 50, 100].map((start) => from('192.0.2.1', document(start))));
    const refused = answers.flatMap(({ errors }) => errors ?? []).filter(({ message }) => message === TOO_MANY);
    expect(refused).toHaveLength(150 - most);
    const elsewhere = await from('192.0.2.2', `mutation { ${attempt(1_000)} }`);
    expect(elsewhere.errors?.map(({ message }) => message) ?? []).not.toContain(TOO_MANY);
  });

  test('changePassword: guesses at the current one, by who holds a token', async () => {
    const token = (await login('192.0.2.7', 'moderator', DEMO_PASSWORD)).data.login.jwt;
    const document = `mutation { ${times(30, (i) => `a${i}: changePassword(currentPassword: "guess ${i}", ${password}) { jwt }`).join(' ')} }`;
    const { errors } = await send(server.url, document, { token, headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(errors?.filter(({ message }) => message === TOO_MANY)).toHaveLength(30 - LIMIT);
  });

  test('updateMe: guesses at the current password, by who holds a token', async () => {
    const token = (await login('192.0.2.7', 'moderator', DEMO_PASSWORD)).data.login.jwt;
    const document = `mutation { ${times(30, (i) => `a${i}: updateMe(data: { email: "new@example.com", currentPassword: "guess ${i}" }) { email }`).join(' ')} }`;
    const { errors } = await send(server.url, document, { token, headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(errors?.filter(({ message }) => message === TOO_MANY)).toHaveLength(30 - LIMIT);
  });

  test('updateMe: whether a username is taken, by who holds a token', async () => {
    const token = (await login('192.0.2.7', 'moderator', DEMO_PASSWORD)).data.login.jwt;
    const rename = (username: string, i: number) => `a${i}: updateMe(data: { username: "${username}" }) { id }`;
    const ask = (names: readonly string[]) =>
      send(server.url, `mutation { ${names.map(rename).join(' ')} }`, {
        token,
        headers: { 'x-forwarded-for': '192.0.2.1' },
      });
    // Taken or free, it is an answer.
    const { errors } = await ask(times(30, (i) => (i % 2 ? 'editor' : `free name ${i}`)));
    expect(errors?.filter(({ message }) => message === TOO_MANY)).toHaveLength(30 - LIMIT);
    expect(errors?.filter(({ message }) => message === 'Email or Username are already taken')).toHaveLength(LIMIT / 2);
    // To say what one is called already asks for nothing.
    await server.database.prisma.attempt.deleteMany();
    expect((await ask(['moderator'])).errors).toBeUndefined();
    expect((await ask(times(30, () => 'moderator'))).errors).toBeUndefined();
  });

  test('updateUsersPermissionsUser: who is there, by who may not list users', async () => {
    const { prisma } = server.database;
    const may = async (...actions: string[]) => {
      const role = { name: actions.join(), type: actions.join('_').replaceAll('.', '_').toLowerCase() };
      const { id } = await prisma.role.create({
        data: { ...role, permissions: { create: actions.map((action) => ({ action })) } },
      });
      await prisma.user.update({ where: { email: 'moderator@example.com' }, data: { roleId: id } });
      return (await login('192.0.2.7', 'moderator', DEMO_PASSWORD)).data.login.jwt as string;
    };
    const id = (await prisma.user.findUniqueOrThrow({ where: { email: 'moderator@example.com' } })).documentId;
    const tries = async (token: string) => {
      await prisma.attempt.deleteMany();
      const update = `updateUsersPermissionsUser(id: "${id}", data: { email: "editor@example.com" })`;
      const fields = times(30, (i) => `a${i}: ${update} { data { documentId } }`);
      const { errors } = await send(server.url, `mutation { ${fields.join(' ')} }`, {
        token,
        headers: { 'x-forwarded-for': '192.0.2.1' },
      });
      return Object.groupBy(errors ?? [], ({ message }) => message);
    };
    const blind = await tries(await may('user.update', 'auth.login', 'role.find'));
    expect(blind['Email already taken']).toHaveLength(LIMIT);
    expect(blind[TOO_MANY]).toHaveLength(30 - LIMIT);
    // Whoever may list the users is told nothing new.
    const seeing = await tries(await may('user.update', 'auth.login', 'role.find', 'user.find'));
    expect(seeing['Email already taken']).toHaveLength(30);
  });

  test('rate limit evaded by path: there is one path to it', async () => {
    const body = JSON.stringify({
      query: 'mutation { login(input: { identifier: "editor", password: "x" }) { jwt } }',
    });
    const statuses = new Set<number>();
    const texts: string[] = [];
    for (const path of [
      '/graphql',
      '/graphql?again',
      '/graphql/',
      '//graphql',
      '/GRAPHQL',
      '/graphql/login',
      '/graphql%2f',
      '/./graphql',
    ]) {
      for (let index = 0; index < 5; index++) {
        const headers = { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1' };
        const response = await fetch(new URL(server.url).origin + path, { method: 'POST', headers, body });
        statuses.add(response.status);
        texts.push(await response.text());
      }
    }
    expect([...statuses].sort()).toEqual([200, 404]);
    expect(texts.filter((text) => text.includes('Invalid identifier or password'))).toHaveLength(LIMIT);
  });

  test('mails to one recipient: five an hour, from wherever they were asked for, and the answer does not tell', async () => {
    server.mails.length = 0;
    for (let index = 0; index < 8; index++) {
      const document = 'mutation { forgotPassword(email: "Editor@Example.com") { ok } }';
      expect((await from(`192.0.2.${index + 1}`, document)).data).toEqual({ forgotPassword: { ok: true } });
      await server.gatehouse.idle();
    }
    expect(server.mails).toHaveLength(5);
    vi.setSystemTime(Date.now() + 61 * MINUTES);
    await from('192.0.2.1', 'mutation { forgotPassword(email: "editor@example.com") { ok } }');
    await server.gatehouse.idle();
    expect(server.mails).toHaveLength(6);
  });
});

describe('the address of a client', () => {
  const request = (remoteAddress: string, forwarded?: string) =>
    ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;
  test.each([
    ['no proxy is trusted', 0, '192.0.2.9', '203.0.113.1', '192.0.2.9'],
    ['one proxy wrote whom it saw', 1, '10.0.0.1', '203.0.113.1', '203.0.113.1'],
    ['what the client wrote itself stands further left', 1, '10.0.0.1', '198.51.100.7, 203.0.113.1', '203.0.113.1'],
    ['two proxies', 2, '10.0.0.1', '198.51.100.7, 203.0.113.1, 10.0.0.2', '203.0.113.1'],
    ['the inner one was asked directly', 2, '10.0.0.1', '203.0.113.1', '203.0.113.1'],
    ['nothing was forwarded', 1, '10.0.0.1', undefined, '10.0.0.1'],
    ['what was forwarded is no address', 1, '10.0.0.1', 'unknown', '10.0.0.1'],
    ['what was forwarded further out is no address', 2, '10.0.0.1', 'evil, 203.0.113.1', '203.0.113.1'],
    ['with a port', 1, '10.0.0.1', '203.0.113.1:51324', '203.0.113.1'],
    ['IPv6 in brackets', 1, '10.0.0.1', '[2001:db8::1]:443', '2001:db8::1'],
    ['IPv4 over IPv6', 0, '::ffff:192.0.2.9', undefined, '192.0.2.9'],
    ['IPv4 over IPv6, in hexadecimal', 1, '10.0.0.1', '::FFFF:C000:209', '192.0.2.9'],
    ['IPv4 over IPv6, with zeros', 1, '10.0.0.1', '0:0:0:0:0:ffff:192.0.2.9', '192.0.2.9'],
    ['IPv6 in its long form', 1, '10.0.0.1', '2001:DB8:0:0:0:0:0:0007', '2001:db8::7'],
    ['a zone, which is the proxy’s own business', 1, '10.0.0.1', 'fe80::1%eth0', 'fe80::1'],
    ['a zone that is longer than an address', 1, '10.0.0.1', `fe80::1%${'x'.repeat(9_000)}`, 'fe80::1'],
    ['a zone of the connection itself', 0, 'fe80::1%eth0', undefined, 'fe80::1'],
    ['a zone and a port', 1, '10.0.0.1', '[fe80::1%eth0]:443', 'fe80::1'],
    ['an entry left empty', 1, '10.0.0.1', '203.0.113.1, ', '10.0.0.1'],
    ['an entry left empty further in', 2, '10.0.0.1', '203.0.113.1,,10.0.0.2', '10.0.0.2'],
    ['an address in a form that only some can read', 1, '10.0.0.1', '0x7f.1', '10.0.0.1'],
    ['a number too large', 1, '10.0.0.1', '203.0.113.256', '10.0.0.1'],
    ['a name', 1, '10.0.0.1', 'localhost', '10.0.0.1'],
    ['a text of 9,000 characters', 1, '10.0.0.1', '1'.repeat(9_000), '10.0.0.1'],
    ['the inner proxy is not known', 2, '10.0.0.1', '203.0.113.1, unknown', '10.0.0.1'],
  ])('%s', (_what, proxies, remote, forwarded, address) => {
    expect(clientAddress(request(remote, forwarded), proxies)).toBe(address);
  });

  test.each([
    ['a zone', 'fe80::1%eth0'],
    ['a zone as in a URL', 'fe80::1%25eth0'],
    ['IPv4 over IPv6', '::ffff:c000:209'],
    ['no address of any machine', '::'],
    ['only commas', ', ,'],
    ['a zone of 9,000 characters', `fe80::1%${'x'.repeat(9_000)}`],
    ['9,000 digits', '1'.repeat(9_000)],
    ['words', 'not an address'],
    ['half an address', '[::1'],
  ])('is counted, whatever the proxy wrote: %s', async (_what, address) => {
    expect(await messagesOf(times(LIMIT + 2, () => login(address, 'editor')))).toEqual({
      'Invalid identifier or password': LIMIT,
      [TOO_MANY]: 2,
    });
    expect((await login(address, 'editor@example.com', DEMO_PASSWORD)).data.login.jwt).toBeDefined();
  });

  test('of IPv6 counts with all of its network, and not with those of another', async () => {
    await messagesOf(times(LIMIT, (index) => login(`2001:db8:0:7::${index.toString(16)}`, 'editor')));
    const one = [login('2001:0DB8:0:0007:ffff::1', 'editor'), login('2001:db8:0:8::1', 'editor')];
    expect(await messagesOf(one)).toEqual({ [TOO_MANY]: 1, 'Invalid identifier or password': 1 });
  });

  test('is not what a client says, where no proxy is trusted', async () => {
    const untrusting = await startServer({ config: { authRateLimit: LIMIT } });
    try {
      const guesses = times(100, (index) => login(`192.0.2.${index}`, 'editor', undefined, untrusting.url));
      expect(await messagesOf(guesses)).toMatchObject({ [TOO_MANY]: 100 - LIMIT });
      expect(untrusting.log.filter((line) => line.includes('TRUST_PROXY is 0'))).toHaveLength(1);
    } finally {
      await untrusting.close();
    }
  });
});

test('when attempts cannot be counted, nobody gets in', async () => {
  await server.database.query('ALTER TABLE attempts RENAME TO elsewhere', []);
  try {
    const { data, errors } = await login('192.0.2.1', 'editor', DEMO_PASSWORD);
    expect(data).toEqual({ login: null });
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  } finally {
    await server.database.query('ALTER TABLE elsewhere RENAME TO attempts', []);
  }
});

// A directory belongs to one process: only a server has room for two.
if (inject('databaseKind') === 'server') describe('two processes', twoProcesses);

function twoProcesses() {
  let place: Place;
  const servers: ServerProcess[] = [];
  afterAll(async () => {
    await Promise.all(servers.map((process) => process.stop()));
    await place?.remove();
  });

  test('count together', async () => {
    vi.useRealTimers();
    place = await createPlace({ used: true });
    const environment = { ...place.environment, PORT: '0', AUTH_RATE_LIMIT: String(LIMIT) };
    for (let index = 0; index < 2; index++) servers.push(await startProcess(environment));
    const guesses = times(100, (index) => login('', 'editor', undefined, servers[index % 2]?.url));
    // A minute may pass in the middle: then there are as many once more, and not one above.
    const { 'Invalid identifier or password': guessed = 0 } = await messagesOf(guesses);
    expect([LIMIT, 2 * LIMIT]).toContain(guessed);
  });
}
