import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLIENT, type OpenidProvider, startOpenidProvider } from '../support/openid-provider.ts';
import { startServer, type TestServer } from '../support/start.ts';
import { FRONT_END, visitor } from '../support/visit.ts';

let server: TestServer;
let provider: OpenidProvider;
const PUBLIC = 'http://gatehouse.test';

beforeAll(async () => {
  provider = await startOpenidProvider([
    `${PUBLIC}/connect/company/callback`,
    `${PUBLIC}/api/connect/company/callback`,
  ]);
  server = await startServer({
    config: {
      loginRedirects: [`${FRONT_END}/login`],
      loginProviders: [
        {
          name: 'company',
          label: 'Our company',
          issuer: provider.issuer,
          clientId: CLIENT.id,
          clientSecret: CLIENT.secret,
          scopes: null,
          linking: null,
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
  server.mails.length = 0;
});

let people = 0;
function somebody(more: object = {}) {
  people += 1;
  const name = `person-${people}`;
  return {
    sub: `subject-${people}`,
    email: `${name}@company.test`,
    email_verified: true,
    preferred_username: name,
    ...more,
  };
}

const LOGIN = `mutation ($code: String!, $verifier: String) {
  loginWithProvider(code: $code, verifier: $verifier) { jwt user { username email confirmed } } }`;

async function codeOf(parameters = '', browser = visitor(server)): Promise<string> {
  const { url, text } = await browser.open(`${PUBLIC}/connect/company${parameters}`);
  const code = url.searchParams.get('code');
  if (code === null) throw new Error(`${url} ${text}`);
  return code;
}

const redeem = (code: string, verifier?: string) => server.ask(LOGIN, { variables: { code, verifier } });
const messageOf = ({ errors }: Awaited<ReturnType<typeof redeem>>) => errors?.[0]?.message;

describe('a login with a provider', () => {
  test('makes an account, and finds it again', async () => {
    provider.person = somebody();
    const { data } = await redeem(await codeOf());
    const { email, preferred_username: username } = provider.person;
    expect(data.loginWithProvider.user).toEqual({ username, email, confirmed: true });
    const me = await server.ask('{ me { email } }', { token: data.loginWithProvider.jwt });
    expect(me.data.me).toEqual({ email });
    // Another address and another name there: the same person here.
    provider.person = { ...provider.person, email: 'moved@company.test', preferred_username: 'renamed' };
    const again = await redeem(await codeOf());
    expect(again.data.loginWithProvider.user).toEqual({ username, email, confirmed: true });
  });

  test('brings a code that works once, and no token', async () => {
    provider.person = somebody();
    const { url } = await visitor(server).open(`${PUBLIC}/connect/company`);
    expect(url.href).toMatch(/^https:\/\/app\.example\.com\/login\?code=[\w-]{43}$/);
    const code = url.searchParams.get('code') ?? '';
    const [one, other] = await Promise.all([redeem(code), redeem(code)]);
    expect([one, other].map(messageOf).sort()).toEqual(['Invalid code', undefined]);
    expect(messageOf(await redeem(code))).toBe('Invalid code');
  });

  test('brings a code that works for a minute', async () => {
    provider.person = somebody();
    const code = await codeOf();
    server.advance(60_001);
    expect(messageOf(await redeem(code))).toBe('Invalid code');
  });

  test('brings a code that dies with the sessions of the user', async () => {
    provider.person = somebody();
    const first = await redeem(await codeOf());
    const code = await codeOf();
    await server.ask('mutation { logoutEverywhere { ok } }', { token: first.data.loginWithProvider.jwt });
    expect(messageOf(await redeem(code))).toBe('Invalid code');
  });

  test('keeps what the front end asked for', async () => {
    provider.person = somebody();
    const redirect = encodeURIComponent(`${FRONT_END}/login/back?step=2&code=theirs`);
    const { url } = await visitor(server).open(`${PUBLIC}/connect/company?redirect=${redirect}`);
    expect(url.pathname).toBe('/login/back');
    expect(url.searchParams.get('step')).toBe('2');
    expect(url.searchParams.getAll('code')).toHaveLength(1);
    expect(url.searchParams.get('code')).not.toBe('theirs');
  });

  test('is bound to the verifier of the front end that began it', async () => {
    provider.person = somebody();
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const begin = () => codeOf(`?code_challenge=${challenge}&code_challenge_method=S256`);
    expect((await redeem(await begin(), verifier)).data.loginWithProvider.jwt).toBeTruthy();
    const code = await begin();
    expect(messageOf(await redeem(code))).toBe('Invalid code');
    expect(messageOf(await redeem(code, verifier))).toBe('Invalid code'); // the wrong one burnt it
    expect(messageOf(await redeem(await begin(), 'another'))).toBe('Invalid code');
    expect(messageOf(await redeem(await codeOf(), verifier))).toBe('Invalid code');
  });

  test('is bound to the browser that began it', async () => {
    provider.person = somebody();
    const browser = visitor(server);
    const [[name, flow] = ['', '']] = await beganIn(browser);
    const { url, text } = await visitor(server).open(await returnOf(browser));
    expect([url.pathname, text.includes('did not begin in this browser')]).toEqual(['/connect/company/callback', true]);
    const thief = visitor(server);
    thief.cookies.set(name, `${flow.slice(0, -4)}AAAA`);
    expect((await thief.open(await returnOf(browser))).response?.status).toBe(400);
  });

  test('serves one callback', async () => {
    provider.person = somebody();
    const browser = visitor(server);
    await beganIn(browser);
    const kept = new Map(browser.cookies);
    const back = await returnOf(browser);
    expect((await browser.open(back)).url.searchParams.get('code')).toBeTruthy();
    expect(browser.cookies.size).toBe(0);
    for (const [name, value] of kept) browser.cookies.set(name, value);
    expect((await browser.open(back)).url.searchParams.get('error')).toBe('provider_refused_code');
  });

  test('that is cancelled tells the front end', async () => {
    provider.person = undefined;
    const { url } = await visitor(server).open(`${PUBLIC}/connect/company`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The login was cancelled at the provider',
    });
  });

  test('at Strapi’s paths answers as Strapi', async () => {
    provider.person = somebody();
    const callback = encodeURIComponent(`${FRONT_END}/login`);
    const { url } = await visitor(server).open(`${PUBLIC}/api/connect/company?callback=${callback}`);
    const address = new URL(`/api/auth/company/callback?code=${url.searchParams.get('code')}`, server.url);
    const answer = await fetch(address);
    const body = await answer.json();
    expect(body.user).toMatchObject({ email: provider.person['email'], provider: 'company' });
    expect(body.jwt).toBeTruthy();
    const again = await (await fetch(address)).json();
    expect(again).toMatchObject({ data: null, error: { status: 400, message: 'Invalid code' } });
  });

  test('at Strapi’s paths leaves no cookie: a link of somebody else would log in as them', async () => {
    provider.person = somebody();
    const code = await codeOf();
    const { settings } = server.database.prisma;
    await settings.update({ where: { id: 1 }, data: { sessionMode: 'refresh', refreshTokenInCookie: true } });
    await server.database.changes.catchUp();
    const answer = await fetch(new URL(`/api/auth/company/callback?code=${code}`, server.url));
    await settings.update({ where: { id: 1 }, data: { sessionMode: 'plain', refreshTokenInCookie: false } });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []]);
    expect((await redeem(code)).data.loginWithProvider.jwt).toBeTruthy();
  });

  test('is told to be elsewhere to who asks `login`', async () => {
    const login = (name: string) =>
      server.ask(`mutation { login(input: { identifier: "a", password: "b", provider: "${name}" }) { jwt } }`);
    expect(messageOf(await login('company'))).toBe(`Log in with company at ${PUBLIC}/connect/company`);
    expect(messageOf(await login('other'))).toBe('This provider is disabled');
  });

  test('is offered by name', async () => {
    const { data } = await server.ask('{ loginProviders { name label url } }');
    expect(data.loginProviders).toEqual([{ name: 'company', label: 'Our company', url: `${PUBLIC}/connect/company` }]);
  });
});

/** Goes to the provider, and not back: the cookies that the server set. */
async function beganIn(browser: ReturnType<typeof visitor>): Promise<[string, string][]> {
  const response = await fetch(new URL('/connect/company', server.url), { redirect: 'manual' });
  const [cookie = ''] = response.headers.getSetCookie();
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax$/);
  browser.cookies.set(name, value);
  went = response.headers.get('location') ?? '';
  return [[name, value]];
}
let went = '';

/** The address at which the provider sends a browser back. */
async function returnOf(browser: ReturnType<typeof visitor>): Promise<string> {
  const jar = new Map<string, string>();
  for (let url = went; ; ) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    url = new URL(response.headers.get('location') ?? '', url).href;
    if (url.startsWith(PUBLIC)) return url;
    expect(browser).toBeDefined();
  }
}

describe('where a login may return to', () => {
  const refused = [
    'https://app.example.com/loginx',
    'https://app.example.com/',
    'https://app.example.com/LOGIN',
    'https://app.example.com.evil.test/login',
    'https://app.example.com@evil.test/login',
    'https://app.example.com:8443/login',
    'http://app.example.com/login',
    '//app.example.com/login',
    '/login',
    'https://app.example.com/login/../admin',
    'https://app.example.com/login/%2e%2e/admin',
    'https://app.example.com/login%2f..%2fadmin',
    'https://app.example.com/login\\..\\admin',
    'https:\\\\app.example.com/login',
    'https://app.example.com/login#fragment',
    'https://app.example.com/login\r\nSet-Cookie: a=b',
    'https://app.example.com\t/login',
    'https://аpp.example.com/login', // a Cyrillic letter
    'javascript:alert(1)',
    'data:text/html,hi',
    '',
    `https://app.example.com/login/${'a'.repeat(1_000)}`,
  ];
  test.each(refused)('is not %j', async (redirect) => {
    const address = new URL(`/connect/company?redirect=${encodeURIComponent(redirect)}`, server.url);
    const response = await fetch(address, { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await response.text()).toContain('This login does not work');
  });

  test.each(['https://app.example.com/login', 'https://app.example.com/login/', 'https://app.example.com/login/a?b=c'])(
    'is %j',
    async (redirect) => {
      const address = new URL(`/connect/company?redirect=${encodeURIComponent(redirect)}`, server.url);
      expect((await fetch(address, { redirect: 'manual' })).status).toBe(302);
    },
  );

  test('is nothing that a search for open redirects finds', async () => {
    const parts = [
      'https:',
      '//',
      '\\',
      'app.example.com',
      'evil.test',
      '/login',
      '@',
      '#',
      '?',
      '%2f',
      '%5c',
      '..',
      ':',
      '\t',
    ];
    for (let i = 0; i < 300; i++) {
      const text = Array.from({ length: 6 }, () => parts[Math.floor(Math.random() * parts.length)]).join('');
      const response = await fetch(new URL(`/connect/company?redirect=${encodeURIComponent(text)}`, server.url), {
        redirect: 'manual',
      });
      if (response.status !== 302) continue;
      const url = new URL(text);
      expect([url.origin, url.pathname === '/login' || url.pathname.startsWith('/login/')], text).toEqual([
        FRONT_END,
        true,
      ]);
    }
  });
});

describe('paths that are none', () => {
  test.each([
    ['/connect/nobody', 404],
    ['/connect/company/callback/more', 404],
    ['/connect/company/other', 404],
    ['/connect/%00', 404],
    ['/connect/', 404],
    ['/connect/company?code_challenge=short', 400],
    ['/connect/company?code_challenge_method=plain', 400],
    ['/connect/company/callback', 400],
    ['/connect/company?ticket=none', 400],
  ])('%s is %i', async (path, status) => {
    const response = await fetch(new URL(path, server.url), { redirect: 'manual' });
    expect(response.status).toBe(status);
  });

  test('HEAD begins and ends nothing', async () => {
    const response = await fetch(new URL('/connect/company', server.url), { method: 'HEAD', redirect: 'manual' });
    expect(response.status).toBe(405);
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});
