import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Lie, type LyingProvider, startLyingProvider } from '../support/lying-provider.ts';
import { startServer, type TestServer } from '../support/start.ts';
import { FRONT_END, visitor } from '../support/visit.ts';

let server: TestServer;
let provider: LyingProvider;

beforeAll(async () => {
  provider = await startLyingProvider();
  server = await startServer({
    config: {
      loginRedirects: [FRONT_END],
      loginProviders: [
        {
          name: 'company',
          label: null,
          issuer: provider.issuer,
          clientId: 'gatehouse',
          clientSecret: 'a secret that no answer holds',
          scopes: null,
          linking: 'verified',
          redirect: null,
        },
      ],
    },
  });
});
afterAll(async () => {
  await server?.close();
  await provider?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  server.log.length = 0;
});

let subjects = 0;
const honest = () => {
  subjects += 1;
  return { sub: `subject-${subjects}`, email: `person-${subjects}@company.test`, email_verified: true };
};

/** What the front end gets, and what the log says to administrators. */
async function loginWith(lie: Lie, subject: object = honest()) {
  provider.lie = { ...lie, claims: { ...subject, ...lie.claims } };
  const users = await server.database.prisma.user.count();
  const { url, text } = await visitor(server).open('http://gatehouse.test/connect/company');
  const reason = server.log.map((line) => JSON.parse(line)).find((line) => line.reason)?.reason as string | undefined;
  const made = (await server.database.prisma.user.count()) - users;
  expect(`${url} ${text} ${server.log.join('')}`).not.toContain('a secret that no answer holds');
  return { error: url.searchParams.get('error'), code: url.searchParams.get('code'), reason, made };
}

const hour = 3_600;
const now = () => Math.floor(Date.now() / 1_000);

test('one that says the truth logs in', async () => {
  expect(await loginWith({})).toMatchObject({ error: null, code: expect.any(String), made: 1 });
});

describe('an answer is refused', () => {
  const lies: Readonly<Record<string, [Lie, RegExp]>> = {
    'with another nonce': [{ claims: { nonce: 'another' } }, /nonce/],
    'without a nonce': [{ claims: { nonce: undefined } }, /nonce/],
    'of another issuer': [{ claims: { iss: 'https://accounts.google.com' } }, /claim/],
    'for another application': [{ claims: { aud: 'another' } }, /claim/],
    'for several applications, and given to another': [{ claims: { aud: ['gatehouse', 'b'], azp: 'b' } }, /./],
    'that is expired': [{ claims: { exp: now() - hour, iat: now() - 2 * hour } }, /clock/],
    'that is not valid yet': [{ claims: { nbf: now() + hour } }, /clock/],
    'of the future': [{ claims: { iat: now() + hour, exp: now() + 2 * hour } }, /clock/],
    'with a subject that is a number': [{ claims: { sub: 7 } }, /sub/],
    'without a subject': [{ claims: { sub: undefined } }, /sub/],
    'with an empty subject': [{ claims: { sub: '' } }, /sub/],
    'with a subject of 256 characters': [{ claims: { sub: 'a'.repeat(256) } }, /subject/],
    'with a NUL in the subject': [{ claims: { sub: 'a\0b' } }, /subject/],
    'that nobody signed': [{ idToken: async (claims) => new UnsecuredJWT(claims).encode() }, /./],
    'that its public key signed as a secret': [
      {
        idToken: (claims, _key, publicJwk) =>
          new SignJWT(claims)
            .setProtectedHeader({ alg: 'HS256', kid: 'one' })
            .sign(new TextEncoder().encode(JSON.stringify(publicJwk))),
      },
      /./,
    ],
    'that the client secret signed': [
      {
        idToken: (claims) =>
          new SignJWT(claims)
            .setProtectedHeader({ alg: 'HS256' })
            .sign(new TextEncoder().encode('a secret that no answer holds')),
      },
      /./,
    ],
    'that another key signed': [
      {
        idToken: async (claims) =>
          new SignJWT(claims)
            .setProtectedHeader({ alg: 'RS256', kid: 'one' })
            .sign((await generateKeyPair('RS256')).privateKey),
      },
      /./,
    ],
    'that is no token': [{ idToken: async () => 'not.a.token' }, /./],
    'that is huge': [{ token: (response) => void response.end(JSON.stringify({ a: 'b'.repeat(300_000) })) }, /256 KiB/],
    'that never ends': [
      {
        token: (response) => {
          response.writeHead(200, { 'Content-Type': 'application/json' });
          const timer = setInterval(() => response.write('x'.repeat(65_536)), 5);
          response.once('close', () => clearInterval(timer));
        },
      },
      /256 KiB/,
    ],
    'that leads elsewhere': [{ token: (response) => void response.writeHead(302, { Location: '/token' }).end() }, /./],
    'that is no JSON': [{ token: (response) => void response.end('<html>') }, /./],
    'with another state': [{ returned: { state: 'another' } }, /./],
    'from another issuer, by the address': [{ returned: { iss: 'https://evil.test' } }, /./],
  };
  test.each(Object.entries(lies))('%s', async (_name, [lie, reason]) => {
    const answer = await loginWith(lie);
    expect(answer).toMatchObject({ error: 'provider_answer', code: null, made: 0 });
    expect(answer.reason).toMatch(reason);
  });
});

describe('what is often wrong is said', () => {
  const refusal = (error: string): Lie => ({
    token: (response) =>
      void response
        .writeHead(400, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ error, error_description: '<script>alert(1)</script>' })),
  });
  test.each([
    ['a wrong secret', refusal('invalid_client'), 'provider_refused_client', /client id or the client secret/],
    ['another callback address', refusal('invalid_grant'), 'provider_refused_code', /callback address/],
    ['a provider with a problem', refusal('server_error'), 'provider_unreachable', /problem/],
    ['an error of its own', refusal('"<b>"'), 'provider_answer', /error \?|error "\?b\?"/],
    ['a provider that hangs up', { token: (response) => void response.destroy() }, 'provider_unreachable', /asked/],
  ] satisfies [string, Lie, string, RegExp][])('%s', async (_name, lie, error, reason) => {
    const answer = await loginWith(lie);
    expect(answer).toMatchObject({ error, code: null, made: 0 });
    expect(answer.reason).toMatch(reason);
    expect(answer.reason).not.toContain('<');
  });
});

describe('an e-mail counts as verified', () => {
  test.each([['true'], [1], ['yes'], [null], [undefined], [false], [{ true: true }]])('not by %j', async (verified) => {
    const person = { ...honest(), email_verified: verified };
    await loginWith({}, person);
    const user = await server.database.prisma.user.findUniqueOrThrow({ where: { email: person.email } });
    expect([user.confirmed, user.emailVerifiedAt]).toEqual([false, null]);
  });

  test.each([
    ['no text', 7],
    ['no address', 'somebody'],
    ['with a letter that folds to another', 'ſomebody@company.test'],
    ['with the Kelvin sign', 'person@example.com'.replace('e', '\u212A')],
    ['with a NUL', 'some\0body@company.test'],
    ['with a line break', 'some\nbody@company.test'],
    ['of 300 characters', `${'a'.repeat(300)}@company.test`],
  ])('and is stored only if an account could have it: %s', async (_name, email) => {
    expect(await loginWith({}, { ...honest(), email })).toMatchObject({ error: 'email_missing', made: 0 });
  });
});

test('a provider that is gone, or gives another issuer’s discovery document, is a page with 502', async () => {
  const begin = () => fetch(new URL('/connect/away', server.url), { redirect: 'manual' });
  const gone = await startLyingProvider();
  await server.database.prisma.loginProvider.create({
    data: { name: 'away', issuer: gone.issuer, clientId: 'gatehouse', enabled: true },
  });
  const token = await server.adminToken();
  const set = await server.askAdmin(
    'mutation { setLoginProvider(name: "away", data: { clientSecret: "a secret", enabled: true }) { problems } }',
    { token },
  );
  expect(set.data.setLoginProvider).toEqual({ problems: [] });
  gone.lie = { discovery: { issuer: 'https://accounts.google.com' } };
  expect((await begin()).status).toBe(502);
  gone.lie = {};
  expect((await begin()).status).toBe(302); // asked again
  // One that is disabled while somebody is there lets nobody in.
  const browser = visitor(server);
  const disable = 'mutation { setLoginProvider(name: "away", data: { enabled: false }) { enabled } }';
  gone.onAuthorize = () => server.askAdmin(disable, { token });
  const { url } = await browser.open('http://gatehouse.test/connect/away');
  expect(url.searchParams.get('error')).toBe('provider_unreachable');
  gone.onAuthorize = undefined;
  await server.askAdmin('mutation { setLoginProvider(name: "away", data: { enabled: true }) { enabled } }', { token });
  await gone[Symbol.asyncDispose]();
  await server.askAdmin('mutation { setLoginProvider(name: "away", data: { clientSecret: "another" }) { name } }', {
    token,
  });
  const response = await begin();
  expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('does not answer')]);
});
