import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { de } from '../../src/http/pages/words/de.ts';
import { authenticator } from '../support/authenticator.ts';
import { CLIENT, type OpenidProvider, startOpenidProvider } from '../support/openid-provider.ts';
import { startServer, type TestServer } from '../support/start.ts';
import { launch, noTraffic, type Watched, watchedPage } from './chromium.ts';
import { accessibilityFaults, freePort } from './panel.ts';

/* The pages below /account, as people use them: by their labels and buttons. */

let server: TestServer;
let origin: string;
let browser: Browser;
let provider: OpenidProvider;

/** A front end elsewhere, and one that is not allowed. */
const frontEnd = createServer((_request, response) => void response.end('<!doctype html><title>App</title>the app'));
await new Promise<void>((resolve) => frontEnd.listen(0, '127.0.0.1', resolve));
const app = `http://127.0.0.1:${(frontEnd.address() as AddressInfo).port}`;

beforeAll(async () => {
  const port = await freePort();
  // Browsers have passkeys on localhost, and not on an address.
  origin = `http://localhost:${port}`;
  provider = await startOpenidProvider([`${origin}/connect/company/callback`]);
  server = await startServer({
    config: {
      port,
      publicUrl: origin,
      loginRedirects: [`${app}/welcome`],
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
  await settings({ sessionMode: 'refresh', refreshTokenInCookie: true, emailLoginCodes: true });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await provider?.[Symbol.asyncDispose]();
  frontEnd.close();
});

type Settings = Parameters<TestServer['database']['prisma']['settings']['update']>[0]['data'];

async function settings(data: Settings): Promise<void> {
  await server.database.prisma.settings.update({ where: { id: 1 }, data });
  await server.database.changes.catchUp();
}

interface Look {
  readonly width?: number;
  readonly dark?: boolean;
  readonly locale?: string;
  readonly withoutPolicy?: boolean;
  /** Elsewhere a page may go to in this visit. */
  readonly leaves?: boolean;
}

const contexts: { readonly context: BrowserContext; readonly watched: Watched; readonly leaves: boolean }[] = [];

/** Opens a page of the account in a browser of its own. */
async function visit(path: string, look: Look = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1280, height: 860 },
    colorScheme: look.dark ? 'dark' : 'light',
    locale: look.locale ?? 'en-GB',
    timezoneId: 'Europe/Berlin',
    bypassCSP: look.withoutPolicy ?? false,
  });
  context.setDefaultTimeout(30_000);
  const watched = await watchedPage(context, origin);
  contexts.push({ context, watched, leaves: look.leaves ?? false });
  await open(watched.page, path);
  return watched.page;
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${origin}${path}`);
  await noTraffic(page);
}

afterEach(async () => {
  const ended = contexts.splice(0);
  for (const { context } of ended) await context.close();
  const faults = ended.flatMap(({ watched, leaves }) => (leaves ? [] : watched.faults));
  // The browser reports refusals that the page shows itself.
  expect(faults.filter((fault) => !/status of (401|403|404|429)/.test(fault))).toEqual([]);
});

/** How far the clock of the server was moved, in milliseconds. */
let ahead = 0;
function advance(milliseconds: number): void {
  server.advance(milliseconds);
  ahead += milliseconds;
}

let people = 0;
/** A new user with the demo password. */
async function person(): Promise<{ readonly username: string; readonly email: string }> {
  people += 1;
  const username = `visitor${people}`;
  const email = `${username}@example.org`;
  const input = { username, email, password: 'a good password' };
  const { text, errors } = await server.ask(
    'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }',
    { variables: { input } },
  );
  if (errors) throw new Error(text);
  return { username, email };
}

const PASSWORD = 'a good password';

async function logIn(page: Page, identifier: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail or username').fill(identifier);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const alert = (page: Page) => page.getByRole('alert').filter({ visible: true }).allTextContents();

/** Whether an element has the focus, as its text or its label. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return at instanceof HTMLInputElement ? (at.labels?.[0]?.textContent ?? '') : (at?.textContent ?? '');
  });

describe('logging in', () => {
  test('leads to the sessions, which outlive a reload, with nothing in the storage of the browser', async () => {
    const { username } = await person();
    const page = await visit('/account/login?returnTo=nowhere');
    await heading(page, 'Log in');
    expect(await focused(page)).toBe('E-mail or username');
    await logIn(page, username);
    await heading(page, 'Sessions');
    expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).toBe('[{},{}]');
    expect(await page.evaluate(() => document.cookie)).toBe('');
    await page.reload();
    await heading(page, 'Sessions');
    await page.getByText('This session').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    await open(page, '/account/sessions');
    await heading(page, 'Log in');
    await page.getByText('Log in to go on.').waitFor();
    // Logged in here, one is where one wanted to be.
    await logIn(page, username);
    await heading(page, 'Sessions');
  });

  test('a wrong password and an unknown name are answered alike, with the focus at what is said', async () => {
    const { username } = await person();
    const page = await visit('/account/login');
    const said: string[] = [];
    for (const [name, password] of [
      [username, 'a wrong password'],
      ['nobody-of-this-name', 'a wrong password'],
    ] as const) {
      await logIn(page, name, password);
      await page.getByText('Invalid identifier or password').waitFor();
      said.push(...(await alert(page)));
      expect(await focused(page)).toBe('Invalid identifier or password');
    }
    expect(said).toHaveLength(2);
    expect(new Set(said).size).toBe(1);
    await page.getByLabel('E-mail or username').fill('');
    await page.getByLabel('Password').fill('');
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByText('identifier is a required field').waitFor();
    expect(await focused(page)).toBe('E-mail or username');
  });

  test('fields tell password managers what they are for', async () => {
    const page = await visit('/account/login');
    const of = (label: string) => page.getByLabel(label).getAttribute('autocomplete');
    expect(await of('E-mail or username')).toBe('username');
    expect(await of('Password')).toBe('current-password');
    await page.getByRole('link', { name: 'Create an account' }).click();
    expect(await of('Username')).toBe('username');
    expect(await of('Password')).toBe('new-password');
  });

  test('by a code in a mail, with the same answer for addresses without an account', async () => {
    const { email } = await person();
    const page = await visit('/account/login');
    for (const address of ['nobody@example.org', email]) {
      await open(page, '/account/login?returnTo=none');
      await page.getByRole('button', { name: 'Log in with a code by mail' }).click();
      await page.getByLabel('E-mail').fill(address);
      server.mails.length = 0;
      await page.getByRole('button', { name: 'Send me a code' }).click();
      await page.getByText('If there is an account with this address').waitFor();
    }
    await server.gatehouse.idle();
    const [mail] = server.mails;
    const code = /\b\d{4} ?\d{4}\b/.exec(mail?.text ?? '')?.[0] ?? '';
    expect(await page.getByLabel('Code').getAttribute('autocomplete')).toBe('one-time-code');
    await page.getByLabel('Code').fill('00000000');
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByText('Invalid code').waitFor();
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await heading(page, 'Sessions');
    await page.getByText('code by mail').waitFor();
  });

  test('with a provider comes back to this page, and goes on from there', async () => {
    provider.person = { sub: 'eve', email: 'eve@company.test', email_verified: true, preferred_username: 'eve' };
    const page = await visit(`/account/login?returnTo=${origin}/account/passkeys`, { leaves: true });
    await page.getByRole('link', { name: 'Continue with Our company' }).click();
    await heading(page, 'Passkeys');
    expect(page.url()).toBe(`${origin}/account/passkeys`);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    // A code that this browser did not ask for is not exchanged: it would be somebody else's account.
    const other = await visit('/account/login?code=stolen&error_description=Pay%20here');
    await other.getByText('This login did not begin in this browser').waitFor();
    expect(other.url()).toBe(`${origin}/account/login`);
    provider.person = undefined;
    await other.context().clearCookies();
    const cancelled = await visit('/account/login', { leaves: true });
    await cancelled.getByRole('link', { name: 'Continue with Our company' }).click();
    await cancelled.getByText('The login was cancelled at the provider').waitFor();
  });
});

describe('after a login', () => {
  test('the page that is named is opened if LOGIN_REDIRECTS has it, and the first of them if none is named', async () => {
    const { username } = await person();
    for (const [query, end] of [
      ['', `${app}/welcome`],
      [`?returnTo=${encodeURIComponent(`${app}/welcome/back?x=1`)}`, `${app}/welcome/back?x=1`],
      [`?returnTo=${encodeURIComponent(`${origin}/account/factors`)}`, `${origin}/account/factors`],
    ] as const) {
      const page = await visit(`/account/login${query}`, { leaves: true });
      await logIn(page, username);
      await page.waitForURL(end);
    }
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'APP.evil.example/welcome',
    'APP@evil.example/welcome',
    'APP/welcomed',
    'APP/welcome/../elsewhere',
    'APP/welcome/%2e%2e/elsewhere',
    'APP/',
    'ORIGIN/accounts',
    'ORIGIN/connect/company',
    'ORIGIN@evil.example/account',
    '"><script>alert(1)</script>',
  ])('%s is not returned to', async (asked) => {
    const { username } = await person();
    const to = asked.replace('APP', app).replace('ORIGIN', origin);
    const page = await visit(`/account/login?returnTo=${encodeURIComponent(to)}`);
    await logIn(page, username);
    await heading(page, 'Sessions');
    expect(page.url()).toBe(`${origin}/account/sessions`);
  });

  test('without the cookie, the session is in the page only, and ends with it', async () => {
    const { username } = await person();
    for (const data of [
      { refreshTokenInCookie: false },
      { sessionMode: 'plain' },
    ] as const satisfies readonly Settings[]) {
      await settings(data);
      try {
        const page = await visit('/account/login');
        await logIn(page, username);
        await heading(page, 'Sessions');
        await page.getByRole('link', { name: 'Passkeys' }).click();
        await heading(page, 'Passkeys');
        await page.goBack();
        await heading(page, 'Sessions');
        expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).toBe('[{},{}]');
        expect(await page.context().cookies()).toEqual([]);
        await page.reload();
        await heading(page, 'Log in');
      } finally {
        await settings({ sessionMode: 'refresh', refreshTokenInCookie: true });
      }
    }
  });
});

test('an account is made, its faults stand at their fields, and a lost password is asked for', async () => {
  const { email } = await person();
  const page = await visit('/account/register?returnTo=none');
  const fill = async (username: string, address: string, password: string) => {
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('E-mail').fill(address);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
  };
  await fill('ab', 'no address', 'short');
  await page.getByText('username must be at least 3 characters').waitFor();
  await page.getByText('email must be a valid email').waitFor();
  expect(await focused(page)).toBe('Username');
  expect(await page.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true');
  await fill('newcomer', email, PASSWORD);
  await page.getByText('Email or Username are already taken').waitFor();
  await fill('newcomer', 'newcomer@example.org', PASSWORD);
  await heading(page, 'Sessions');
  await page.getByRole('button', { name: 'Log out' }).click();

  await settings({ emailConfirmation: true });
  await open(page, '/account/register');
  await fill('unconfirmed', 'unconfirmed@example.org', PASSWORD);
  await page.getByText('Almost done.').waitFor();
  await settings({ emailConfirmation: false, signUps: false });
  await open(page, '/account/register');
  await page.getByText('New accounts are not possible here.').waitFor();
  await open(page, '/account/login');
  expect(await page.getByRole('link', { name: 'Create an account' }).count()).toBe(0);
  await settings({ signUps: true });

  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  const asked: string[] = [];
  for (const address of ['nobody@example.org', email]) {
    await open(page, '/account/forgot-password');
    await page.getByLabel('E-mail').fill(address);
    server.mails.length = 0;
    await page.getByRole('button', { name: 'Send the link' }).click();
    asked.push(...(await page.getByRole('status').filter({ visible: true }).allTextContents()));
  }
  expect(new Set(asked).size).toBe(1);
  await server.gatehouse.idle();
  expect(server.mails.map(({ to }) => to)).toEqual([email]);
});

test('sessions of other devices are shown as text, and ended one by one or all together', async () => {
  const { username } = await person();
  const hostile = '<img src=x onerror="document.title=\'owned\'"> {time} & "quotes"';
  const agents = [hostile, 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', ''];
  for (const agent of agents) {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': agent },
      body: JSON.stringify({
        query: 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }',
        variables: { input: { identifier: username, password: PASSWORD } },
      }),
    });
    expect(response.status).toBe(200);
  }
  const page = await visit('/account/sessions');
  await logIn(page, username);
  await heading(page, 'Sessions');
  const rows = page.getByRole('listitem').filter({ hasText: 'Begun' });
  const own = 2; // of the registration, and of this page
  await expect.poll(() => rows.count()).toBe(agents.length + own);
  await page.getByText(hostile).waitFor();
  expect(await page.locator('#page img').count()).toBe(0);
  await page.getByText('Firefox on Linux').waitFor();
  expect(await rows.filter({ hasText: 'Firefox' }).textContent()).toMatch(/from 127\.0\.0\.1|from ::1/);
  expect(await rows.filter({ hasText: 'Firefox' }).textContent()).toContain('password');

  await page.getByRole('button', { name: 'End the session: Firefox on Linux' }).click();
  await page.getByText('The session has ended.').waitFor();
  expect(await rows.count()).toBe(agents.length + own - 1);
  await page.getByRole('button', { name: 'End all other sessions' }).click();
  await page.getByText('All other sessions have ended.').waitFor();
  expect(await rows.count()).toBe(1);
  await page.getByText('There are no other sessions.').waitFor();
  const users = await server.database.prisma.session.count({ where: { user: { username } } });
  expect(users).toBe(1);
  expect(await page.title()).not.toContain('owned');
});

test('a session that was ended elsewhere leads to the log-in form, at the same address', async () => {
  const { username } = await person();
  const page = await visit('/account/sessions');
  await logIn(page, username);
  await heading(page, 'Sessions');
  await server.database.prisma.session.deleteMany({ where: { user: { username } } });
  await server.database.changes.catchUp();
  await page.getByRole('link', { name: 'Second factor' }).click();
  await page.getByText('Log in to go on.').waitFor();
  await logIn(page, username);
  await heading(page, 'Second factor');
});

test('an app is set up, asked for at the next log-in and before an act, and removed', async () => {
  const { username } = await person();
  const page = await visit('/account/factors');
  await logIn(page, username);
  await page.getByRole('button', { name: 'Set up an app' }).click();
  await page.getByRole('img', { name: 'QR code of the secret below' }).waitFor();
  const drawn = await page
    .getByRole('img')
    .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth));
  expect(drawn).toBeGreaterThan(0);
  const codeOf = authenticator(((await page.locator('code').textContent()) ?? '').replaceAll(' ', ''));
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Confirm the app' }).click();
  await page.getByText('The code is not correct').waitFor();
  await page.getByLabel('Code').fill(codeOf(Date.now() + ahead));
  await page.getByRole('button', { name: 'Confirm the app' }).click();
  await heading(page, 'Your backup codes');
  const backup = await page.getByRole('listitem').allInnerTexts();
  expect(backup).toHaveLength(10);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('Backup codes left: 10').waitFor();

  const next = await visit('/account/factors');
  await logIn(next, username);
  await heading(next, 'Second factor');
  await next.getByLabel('Code').fill('000000');
  await next.getByRole('button', { name: 'Log in', exact: true }).click();
  await next.getByText('The code is not correct').waitFor();
  await next.getByRole('button', { name: 'Use a backup code' }).click();
  await next.getByLabel('Backup code').fill(backup[0] ?? '');
  await next.getByRole('button', { name: 'Log in', exact: true }).click();
  await next.getByText('Backup codes left: 9').waitFor();

  advance(11 * 60_000); // the log-in proves nothing any more
  const dialog = next.getByRole('dialog', { name: 'Confirm that it is you' });
  await next.getByRole('button', { name: 'Remove the app' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await next.getByText('Nothing was changed.').waitFor();
  await next.getByRole('button', { name: 'Remove the app' }).click();
  await dialog.getByLabel('Code').fill(codeOf(Date.now() + ahead));
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await next.getByText('There is no app yet.').waitFor();
});

test('a passkey is added, renamed, logs in alone, proves who one is, and is removed', async () => {
  const { username } = await person();
  const page = await visit('/account/passkeys');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await logIn(page, username);
  await page.getByText('You have no passkey yet.').waitFor();
  const hostile = '<b onclick=alert(1)>My & phone</b>';
  await page.getByRole('textbox', { name: 'Name' }).fill(hostile);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('The passkey was added.').waitFor();
  await page.getByText(hostile).waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill('Again');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('This device has a passkey of this account already.').waitFor();
  await page.getByRole('button', { name: `Rename: ${hostile}` }).click();
  await page.getByRole('listitem').getByRole('textbox', { name: 'Name' }).fill('Phone');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The passkey has its new name.').waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();

  await open(page, '/account/login?returnTo=none');
  await page.getByRole('button', { name: 'Log in with a passkey' }).click();
  await heading(page, 'Sessions');
  await page.getByText(/· passkey/).waitFor();
  advance(11 * 60_000);
  await page.getByRole('link', { name: 'Passkeys' }).click();
  await page.getByRole('button', { name: 'Remove: Phone' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await dialog.getByLabel('Password').fill('a wrong password');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.getByText('The password is not correct').waitFor();
  await dialog.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByText('The passkey was removed.').waitFor();
  await page.getByText('You have no passkey yet.').waitFor();
});

test('everything can be done by the keyboard alone', async () => {
  const { username } = await person();
  const page = await visit('/account/login?returnTo=none');
  await page.keyboard.type(username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await heading(page, 'Sessions');
  expect(await focused(page)).toBe('Sessions');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await heading(page, 'Passkeys');
});

test('the pages speak German to a German browser, in what the server says, too', async () => {
  const page = await visit('/account/login', { locale: 'de-AT' });
  await heading(page, de.loginTitle);
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await page.getByLabel(de.identifier).fill('nobody');
  await page.getByLabel(de.password).fill('a wrong password');
  await page.getByRole('button', { name: de.loginButton, exact: true }).click();
  await page.getByText(de.messageWrongLogin).waitFor();
  await page.getByRole('link', { name: de.registerLink }).click();
  await heading(page, de.registerTitle);
});

describe.each([
  { width: 1280, dark: false },
  { width: 1280, dark: true },
  { width: 390, dark: false },
  { width: 390, dark: true },
  // Of 1280 pixels at 200 %: half of them, and a phone at 200 %.
  { width: 195, dark: false },
])('at $width pixels, dark: $dark', (look) => {
  test('axe finds nothing, and nothing is wider than the page', async () => {
    const { username } = await person();
    const page = await visit('/account/login', { ...look, withoutPolicy: true });
    const check = async (name: string) => {
      await noTraffic(page);
      const folder = process.env['ACCOUNT_SCREENSHOTS'];
      if (folder)
        await page.screenshot({
          path: `${folder}/${name}-${look.width}-${look.dark ? 'dark' : 'light'}.png`,
          fullPage: true,
        });
      expect(await accessibilityFaults(page), name).toEqual([]);
      const excess = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(excess, name).toBeLessThanOrEqual(0);
    };
    await check('login');
    await logIn(page, 'nobody', 'a wrong password');
    await page.getByText('Invalid identifier or password').waitFor();
    await check('refused');
    for (const path of ['register', 'forgot-password']) {
      await open(page, `/account/${path}`);
      await check(path);
    }
    for (const path of [
      '/reset-password',
      '/confirm-email',
      '/login-code#code=12345678',
      '/accept-invitation',
      '/connect/nobody',
    ]) {
      await open(page, path);
      await check(path.slice(1).replace(/\W/g, '-'));
    }
    await open(page, '/account/sessions');
    await logIn(page, username);
    await heading(page, 'Sessions');
    await check('sessions');
    await open(page, '/account/passkeys');
    await heading(page, 'Passkeys');
    await check('passkeys');
    await open(page, '/account/factors');
    await heading(page, 'Second factor');
    await check('factors');
    await page.getByRole('button', { name: 'Set up an app' }).click();
    const codeOf = authenticator(((await page.locator('code').textContent()) ?? '').replaceAll(' ', ''));
    await check('set-up');
    await page.getByLabel('Code').fill(codeOf(Date.now() + ahead));
    await page.getByRole('button', { name: 'Confirm the app' }).click();
    await heading(page, 'Your backup codes');
    await check('codes');
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('Backup codes left: 10').waitFor();
    advance(11 * 60_000);
    await page.getByRole('button', { name: 'New backup codes' }).click();
    await page.getByRole('dialog').waitFor();
    await check('step-up');
  });
});
