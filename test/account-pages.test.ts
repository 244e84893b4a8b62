import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageLook } from '../src/http/pages/look.ts';
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
const ALIKE = ['providerName'];

describe('what an application sets', () => {
  const logo = (name: string, content: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-logo-')), name);
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
