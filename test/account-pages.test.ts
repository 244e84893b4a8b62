import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountPageConfig } from '../src/http/pages/account-config.ts';
import { accountPages } from '../src/http/pages/account-pages.ts';
import { DOCUMENTS } from '../src/http/pages/documents.ts';
import type { PageLook } from '../src/http/pages/look.ts';
import { MAILED_DOCUMENTS } from '../src/http/pages/mailed-pages.ts';
import { createPages } from '../src/http/pages/pages.ts';
import { de } from '../src/http/pages/words/de.ts';
import { en } from '../src/http/pages/words/en.ts';
import { startBeside, startServer, type TestServer } from './support/start.ts';

/* The pages that the server has itself: their look, their words, their headers. In a browser: browser/account-pages.test.ts. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const MAILED = [
  '/reset-password',
  '/confirm-email',
  '/login-code',
  '/disown-login',
  '/accept-invitation',
  '/admin/reset-password',
];
const page = (path: string, language?: string, url = server.url) =>
  fetch(new URL(path, url), { headers: language === undefined ? {} : { 'accept-language': language } });

describe('the language of a page', () => {
  test.each<[accepted: string | undefined, language: string]>([
    [undefined, 'en'],
    ['de', 'de'],
    ['de-AT,en;q=0.5', 'de'],
    ['fr', 'en'],
    ['fr,de;q=0.4', 'de'],
    ['de;q=0', 'en'],
    ['*', 'en'],
    ['__proto__, constructor', 'en'],
  ])('asked for %s it is %s', async (accepted, language) => {
    const response = await page('/reset-password', accepted);
    const html = await response.text();
    const words = language === 'de' ? de : en;
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain(`<h1>${words.chooseTitle}</h1>`);
    expect(response.headers.get('content-language')).toBe(language);
    expect(response.headers.get('vary')).toContain('Accept-Language');
  });

  test('is that of every page, of one that refuses a login with a provider too', async () => {
    for (const path of [...MAILED, '/connect/nobody']) {
      const html = await (await page(path, 'de')).text();
      expect(html, path).toContain('<html lang="de">');
      expect(html, path).not.toMatch(/Once more|This login does not work|<p>There is no such/);
    }
  });

  test('no word is the same in two languages by mistake, and none lost a value', () => {
    const alike = Object.keys(en).filter((name) => en[name as keyof typeof en] === de[name as keyof typeof en]);
    expect(alike.filter((name) => !ALIKE.includes(name))).toEqual([]);
    const valuesOf = (text: string) => text.match(/\{\w+\}/g)?.toSorted() ?? [];
    for (const name of Object.keys(en) as (keyof typeof en)[]) {
      expect(valuesOf(de[name]), name).toEqual(valuesOf(en[name]));
    }
  });
});

/** What German calls by the same word. */
const ALIKE = ['providerName', 'code', 'passkeysTitle', 'passkeyName', 'wayCode', 'wayPasskey'];

describe('what an application sets', () => {
  const logos = mkdtempSync(join(tmpdir(), 'gatehouse-logos-'));
  afterAll(() => rmSync(logos, { recursive: true, force: true }));
  const logo = (name: string, content: string) => {
    const file = join(mkdtempSync(join(logos, 'logo-')), name);
    writeFileSync(file, content);
    return pathToFileURL(file);
  };

  test('its name, its logo, its colours and its words are in every page', async () => {
    await using beside = await startBeside(
      server,
      { port: 0 },
      {
        accountPages: {
          name: 'Corner <shop> & "friends"',
          logo: logo('logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
          look: {
            light: { accent: '#0a5c36' },
            dark: { accent: 'oklch(80% 0.1 150)' },
            radius: '0',
            font: 'Inter, Arial',
          },
          words: {
            fr: { chooseTitle: 'Choisir <un> mot de passe' },
            en: { onceMore: 'Again' },
            de: { onceMore: 'Und nochmal' },
          },
        },
      },
    );
    for (const path of [...MAILED, '/connect/nobody']) {
      const response = await page(path, 'fr', beside.url);
      const html = await response.text();
      expect(html, path).toContain('<span>Corner &lt;shop&gt; &amp; &quot;friends&quot;</span>');
      expect(html, path).toContain('<img src="data:image/svg+xml;base64,');
      expect(html, path).toContain('--accent: #0a5c36;');
      expect(html, path).toContain('--accent: oklch(80% 0.1 150);');
      expect(html, path).not.toContain('<script>alert');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain('img-src data:');
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
    }
    const french = await (await page('/reset-password', 'fr', beside.url)).text();
    expect(french).toContain('<html lang="fr">');
    expect(french).toContain('<h1>Choisir &lt;un&gt; mot de passe</h1>');
    expect(french).toContain('<label>Again '); // English takes the place of what is missing
    const german = await (await page('/reset-password', 'de', beside.url)).text();
    expect(german).toContain('<label>Und nochmal ');
    expect(german).toContain(`<h1>${de.chooseTitle}</h1>`);
  });

  test.each([
    [{ light: { accent: 'red; } body { background: url(https://example.org)' } }, 'light.accent'],
    [{ dark: { text: 'url(https://example.org)' } }, 'dark.text'],
    [{ light: { surface: 'var(--x)' } }, 'light.surface'],
    [{ light: { accent: '</style><script>' } }, 'light.accent'],
    [{ light: { acent: 'red' } }, 'light.acent'],
    [{ radius: 'calc(1px)' }, 'radius'],
    [{ font: 'x; color: red' }, 'font'],
    [{ font: '"x' }, 'font'],
  ])('what is no colour, size or font is refused at start: %o', (look, name) => {
    expect(() => createPages({ look: look as PageLook })).toThrow(`accountPages.look.${name}`);
  });

  test('so are words that no page has, languages that are none, and logos that are no images', () => {
    expect(() => createPages({ words: { en: { titel: 'x' } as object } })).toThrow('accountPages.words.en.titel');
    expect(() => createPages({ words: { 'x"><script>': {} } })).toThrow('the tag of a language');
    expect(() => createPages({ logo: logo('logo.html', '<p>') })).toThrow('accountPages.logo');
    expect(() => createPages({ logo: logo('logo.png', 'x'.repeat(70_000)) })).toThrow('64 KB');
    expect(() => createPages({ logo: new URL('https://example.org/logo.svg') })).toThrow('accountPages.logo');
    expect(() => createPages({ logo: new URL('file:///no/such/logo.svg') })).toThrow('cannot be read');
  });
});

describe('the pages below /account', () => {
  const PAGES = [
    '/account',
    '/account/login',
    '/account/register',
    '/account/forgot-password',
    '/account/sessions',
    '/account/passkeys',
    '/account/factors',
  ];
  /** What a page tells its script. */
  const configOf = async (path: string, url = server.url): Promise<AccountPageConfig> => {
    const html = await (await page(path, 'en', url)).text();
    const [, content = ''] = /<meta name="gatehouse" content="([^"]*)">/.exec(html) ?? [];
    return JSON.parse(
      content.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    );
  };
  const scriptIn = (html: string) => /<script type="module" src="([^"]+)"><\/script>/.exec(html)?.[1] ?? '';

  test('run the script of this server alone, and no text becomes HTML or a script', async () => {
    for (const path of PAGES) {
      const response = await page(path);
      expect(response.status, path).toBe(200);
      const { headers } = response;
      const policy = headers.get('content-security-policy')?.replace(/'sha256-[^']+'/, 'a hash') ?? '';
      expect(policy.split('; ').toSorted()).toEqual([
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        'img-src data:',
        "require-trusted-types-for 'script'",
        "script-src 'self'",
        'style-src a hash',
        "trusted-types 'none'",
      ]);
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('set-cookie')).toBeNull();
      expect(await response.text()).not.toMatch(/<script(?! type="module" src=)|\son\w+=|style="/);
    }
  });

  test('have a script that is kept as long as its address is the same', async () => {
    const address = scriptIn(await (await page('/account/login')).text());
    const { headers, status } = await page(address);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    const other = await page(address.replace(/v=.*/, 'v=older'));
    expect(other.headers.get('cache-control')).toBe('no-store');
    expect((await other.text()).length).toBeLessThan(60_000);
  });

  test('are read only, and there are no others', async () => {
    for (const path of PAGES) {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const response = await fetch(new URL(path, server.url), { method });
        expect(response.status, `${method} ${path}`).toBe(405);
        expect(response.headers.get('allow')).toBe('GET');
      }
      expect((await fetch(new URL(path, server.url), { method: 'HEAD' })).status).toBe(200);
    }
    for (const path of [
      '/account/other',
      '/account/login/x',
      '/account/assets/',
      '/account/assets/..%2f..%2fpackage.json',
      '/accounts',
    ])
      expect((await page(path)).status, path).toBe(404);
  });

  test('name what visitors can do, as the settings and their permissions are now', async () => {
    const { prisma } = server.database;
    expect(await configOf('/account/login')).toMatchObject({
      can: { register: true, forgotPassword: true, loginWithCode: false, loginWithPasskey: true, connect: true },
      cookie: false,
      hashes: null,
    });
    await prisma.settings.update({
      where: { id: 1 },
      data: { signUps: false, emailLoginCodes: true, sessionMode: 'refresh', refreshTokenInCookie: true },
    });
    await server.database.changes.catchUp();
    expect(await configOf('/account/login')).toMatchObject({
      can: { register: false, loginWithCode: true },
      cookie: true,
    });
    await prisma.settings.update({
      where: { id: 1 },
      data: { signUps: true, emailLoginCodes: false, sessionMode: 'plain', refreshTokenInCookie: false },
    });
    const where = { role: { type: 'public' }, action: 'auth.loginWithPasskey' };
    await prisma.permission.deleteMany({ where });
    await server.database.changes.catchUp();
    expect(await configOf('/account/login')).toMatchObject({ can: { register: true, loginWithPasskey: false } });
  });

  test('return to what LOGIN_REDIRECTS has, and to the account, and to nothing else', async () => {
    const publicUrl = 'https://example.com/auth';
    await using beside = await startBeside(server, {
      port: 0,
      publicUrl,
      loginRedirects: ['https://app.example.com/in'],
    });
    const returned = async (query: string) => (await configOf(`/account/login${query}`, beside.url)).returnTo;
    const to = (address: string) => returned(`?returnTo=${encodeURIComponent(address)}`);
    expect(await returned('')).toBe('https://app.example.com/in');
    expect(await to('https://app.example.com/in/here?x=1')).toBe('https://app.example.com/in/here?x=1');
    expect(await to(`${publicUrl}/account/passkeys`)).toBe(`${publicUrl}/account/passkeys`);
    for (const address of [
      '',
      'https://evil.example/in',
      'https://app.example.com/other',
      'https://app.example.com/in/../other',
      'https://app.example.com/in/%2e%2e/other',
      'https://app.example.com@evil.example/in',
      'https://app.example.com.evil.example/in',
      'http://app.example.com/in',
      '//evil.example',
      '/\\evil.example',
      '/account/login',
      'javascript:alert(1)//https://app.example.com/in',
      `${publicUrl}/connect/company`,
      'https://example.com/account',
    ]) {
      expect(await to(address), address).toBeNull();
    }
    expect(await returned('?returnTo=https://evil.example&returnTo=https://app.example.com/in')).toBeNull();
    expect((await configOf('/account/login?returnTo=https://evil.example')).returnTo).toBeNull();
    expect((await configOf('/account/login')).returnTo).toBeNull();
    expect(scriptIn(await (await page('/auth/account/login', 'en', beside.url)).text())).toMatch(
      /^\/auth\/account\/assets\//,
    );
  });

  test('work on a server that executes trusted documents only', async () => {
    await using only = await startBeside(server, { port: 0, persistedQueries: { mode: 'only', documents: new Map() } });
    const { hashes } = await configOf('/account/login', only.url);
    const sent = (sha256Hash = '') => ({
      query: DOCUMENTS.loginProviders,
      extensions: { persistedQuery: { version: 1, sha256Hash } },
    });
    const ask = async (body: object) =>
      (
        await fetch(only.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json();
    expect(await ask(sent(hashes?.loginProviders))).toEqual({ data: { loginProviders: [] } });
    expect((await ask({ query: '{ __typename }' })).errors[0].extensions.code).toBe('PERSISTED_QUERY_ONLY');
    await using off = await startBeside(server, {
      port: 0,
      accountPages: false,
      persistedQueries: { mode: 'only', documents: new Map() },
    });
    const { errors } = await (
      await fetch(off.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(sent(hashes?.loginProviders)),
      })
    ).json();
    expect(errors[0].extensions.code).toBe('PERSISTED_QUERY_ONLY');
  });

  test('those that mails lead to work there, too', async () => {
    await using only = await startBeside(server, { port: 0, persistedQueries: { mode: 'only', documents: new Map() } });
    for (const path of MAILED.filter((one) => one !== '/login-code' && !one.startsWith('/admin'))) {
      const html = await (await page(path, 'en', only.url)).text();
      const [, query = ''] = /query: ("[^"]*")/.exec(html) ?? []; // no mutation of theirs has a quote in it
      const [, sha256Hash = ''] = /sha256Hash: "([^"]+)"/.exec(html) ?? [];
      const variables = { code: 'x', confirmation: 'x', username: 'x', password: 'x', passwordConfirmation: 'x' };
      const body = { query: JSON.parse(query), variables, extensions: { persistedQuery: { version: 1, sha256Hash } } };
      const response = await fetch(only.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const { errors } = await response.json();
      expect(errors[0].extensions.code, path).toBe('BAD_USER_INPUT'); // executed: the code is none
    }
  });

  test('every document of theirs is valid on the schema of /graphql', () => {
    for (const text of [...Object.values(DOCUMENTS), ...MAILED_DOCUMENTS]) {
      expect(validate(server.gatehouse.schema, parse(text)), text).toEqual([]);
    }
  });

  test('ACCOUNT_PAGES=off leaves the pages that mails lead to', async () => {
    await using off = await startBeside(server, { port: 0, accountPages: false });
    for (const path of [...PAGES, '/account/assets/account.js'])
      expect((await page(path, 'en', off.url)).status, path).toBe(404);
    for (const path of MAILED) expect((await page(path, 'en', off.url)).status, path).toBe(200);
  });

  test('where they were not built, they say so', async () => {
    const pages = createPages();
    const routes = accountPages(pages, {
      publicUrl: 'http://localhost',
      redirects: [],
      passkeysOf: undefined,
      onlyTrusted: false,
      facts: async () => {
        throw new Error('nobody asks');
      },
      script: join(tmpdir(), 'there is no such script.js'),
    });
    const bare = createServer((request, response) => {
      void routes['GET /account/login']?.({ request, response, requestId: '', trace: undefined });
    });
    bare.listen(0, '127.0.0.1');
    await once(bare, 'listening');
    const { port } = bare.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/account/login`);
    bare.close();
    expect(response.status).toBe(503);
    expect(await response.text()).toContain(en.notBuilt);
  });
});

test('no page loads, frames or sends anything, and text of none becomes HTML in its script', async () => {
  for (const path of MAILED) {
    const { headers } = await page(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toContain("require-trusted-types-for 'script'");
    expect(policy, path).toContain("form-action 'none'");
    expect(policy, path).not.toMatch(/unsafe|https?:|\*|img-src/);
  }
});
