import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLIENT, type OpenidProvider, startOpenidProvider } from '../support/openid-provider.ts';
import { usePanel } from './panel.ts';

/* A login provider is set up in the panel, tried, and used by a front end in a browser. */

const frontEnd = createServer();
await new Promise<void>((resolve) => frontEnd.listen(0, '127.0.0.1', resolve));
const front = `http://127.0.0.1:${(frontEnd.address() as AddressInfo).port}`;
const panel = usePanel({ config: { loginRedirects: [`${front}/login`], corsOrigins: [front] } });
let provider: OpenidProvider;

beforeAll(async () => {
  provider = await startOpenidProvider([`${panel.origin}/connect/our-company/callback`]);
  answerAsFrontEnd(frontEnd, panel.origin);
});
afterAll(async () => {
  await provider?.[Symbol.asyncDispose]();
  frontEnd.closeAllConnections();
  await new Promise((resolve) => frontEnd.close(resolve));
});

/** A page with a button for each provider, which shows who came back. */
function answerAsFrontEnd(server: Server, gatehouse: string): void {
  server.on('request', (_request, response) => {
    response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<!doctype html><title>App</title><body><script type="module">
      const ask = async (query, variables, token) => (await fetch('${gatehouse}/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: 'Bearer ' + token }) },
        body: JSON.stringify({ query, variables }),
      })).json();
      const say = (text) => { document.body.append(document.createElement('p')); document.body.lastChild.textContent = text; };
      const back = new URLSearchParams(location.search);
      if (back.has('code')) {
        history.replaceState(null, '', location.pathname);
        const { data } = await ask('mutation ($code: String!) { loginWithProvider(code: $code) { jwt } }', { code: back.get('code') });
        say('Hello ' + (await ask('{ me { email } }', {}, data.loginWithProvider.jwt)).data.me.email);
      } else if (back.has('error')) say('Error: ' + back.get('error'));
      for (const { label, url } of (await ask('{ loginProviders { label url } }')).data.loginProviders) {
        const link = document.createElement('a');
        link.textContent = 'Log in with ' + label;
        link.href = url;
        document.body.append(link);
      }
    </script>`);
  });
}

test('a provider is set up, tried with a wrong and a right secret, enabled, used and removed', async () => {
  provider.person = { sub: 'ada', email: 'ada@company.test', email_verified: true, preferred_username: 'ada' };
  const { page, context } = await panel.visitAs('ADMINISTRATOR', '/settings');
  const rowMenu = (entry: string) =>
    page
      .getByRole('button', { name: /Our company/ })
      .click()
      .then(() => page.getByRole('menuitem', { name: entry }).click());
  const edit = async (fields: Readonly<Record<string, string>>) => {
    const dialog = page.getByRole('dialog');
    for (const [label, value] of Object.entries(fields)) await dialog.getByRole('textbox', { name: label }).fill(value);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const tried = async () => {
    const opened = context.waitForEvent('page');
    await rowMenu('Try it');
    const tab = await opened;
    await tab.locator('h1').waitFor();
    const text = await tab.locator('main').innerText();
    await tab.close();
    return text;
  };

  await page.getByRole('button', { name: 'Set up a provider' }).click();
  await page.getByRole('dialog').getByRole('combobox').click();
  await page.getByRole('option', { name: 'Another one' }).click();
  await page.getByRole('textbox', { name: 'Name in addresses' }).fill('our-company');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText(`${panel.origin}/connect/our-company/callback`, { exact: true }).waitFor();
  await page.getByLabel('Client secret').fill('another secret');
  await edit({ 'Client ID': CLIENT.id, Issuer: provider.issuer });

  expect(await tried()).toMatch(/Our company does not work yet[\s\S]*refuses the client id or the client secret/);
  await rowMenu('Edit');
  await page.getByLabel('Client secret').fill(CLIENT.secret);
  await edit({});
  const works = await tried();
  expect(works).toMatch(/Our company works[\s\S]*ada@company\.test[\s\S]*Nobody was logged in|Nobody was logged in/);
  expect(await panel.server.database.prisma.user.count({ where: { email: 'ada@company.test' } })).toBe(0);

  // The users have browsers of their own.
  const user = await panel.browser.newContext();
  const app = await user.newPage();
  await app.goto(`${front}/login`);
  await app.waitForLoadState('networkidle');
  expect(await app.getByText('Log in with').count()).toBe(0);
  await rowMenu('Edit');
  await page.getByRole('switch', { name: 'Users can log in with it' }).click();
  await edit({});
  await app.reload();
  await app.getByText('Log in with Our company').click();
  await app.getByText('Hello ada@company.test').waitFor();
  expect(app.url()).toBe(`${front}/login`);
  expect(await user.cookies(panel.origin)).not.toContainEqual(expect.objectContaining({ name: 'gatehouse-flow' }));

  provider.person = undefined;
  await user.clearCookies();
  await app.getByText('Log in with Our company').click();
  await app.getByText('Error: access_denied').waitFor();

  await rowMenu('Delete');
  await page.getByRole('dialog').getByRole('textbox').fill('our-company');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Our company was removed').waitFor();
  await app.goto(`${front}/login`);
  await app.waitForLoadState('networkidle');
  expect(await app.getByText('Log in with').count()).toBe(0);
  await user.close();
});
