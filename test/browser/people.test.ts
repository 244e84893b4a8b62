import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { ensureFirstAdmin } from '../../src/start/first-admin.ts';
import { startMessage } from '../../src/start/start-message.ts';
import { logIn, settled, usePanel } from './panel.ts';

/* Administrators and users in the panel: who is logged in, and what administrators do to the accounts of others. */

const panel = usePanel();

const home = (page: Page) => page.getByRole('heading', { name: 'Home', level: 1 });
const entrance = (page: Page) => page.getByRole('heading', { name: 'Log in', level: 1 });

/** Ends every session of an administrator, as another one does. */
async function endSessionsOf(email: string): Promise<void> {
  const { prisma } = panel.server.database;
  const { documentId } = await prisma.admin.findUniqueOrThrow({ where: { email }, select: { documentId: true } });
  const { errors } = await panel.server.askAdmin(
    `mutation { endAdminSessions(documentId: "${documentId}") { documentId } }`,
    { token: await panel.server.adminToken() },
  );
  expect(errors).toBeUndefined();
}

/** The browser itself reports the refusal of a request whose session ended: that one is expected. */
function withoutRefusal(faults: string[]): void {
  const index = faults.findIndex((fault) => fault.includes('status of 401'));
  if (index >= 0) faults.splice(index, 1);
}

describe('a session', () => {
  test('stays when the page is loaded again, also in two tabs at once, and the address stays too', async () => {
    const { page, context } = await panel.visitAs('ADMINISTRATOR', '/administrators');
    const other = await context.newPage();
    await other.goto(`${panel.origin}/admin/`);
    await home(other).waitFor();
    await Promise.all([page.reload(), other.reload()]);
    await page.getByRole('button', { name: /^Your account/ }).waitFor();
    await home(other).waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin/administrators');
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    expect(kept).toEqual([0, 0, '']); // nothing that a script could read
  });

  test('begins in one tab for all, and ends in one tab for all', async () => {
    const { page, context } = await panel.visit('/');
    const other = await context.newPage();
    await other.goto(`${panel.origin}/admin/`);
    await entrance(other).waitFor();
    await logIn(page, await panel.administrator('ADMINISTRATOR'));
    await home(other).waitFor();
    await page.getByRole('button', { name: /^Your account/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await entrance(page).waitFor();
    await entrance(other).waitFor();
    await page.reload();
    await entrance(page).waitFor();
  });

  test('that ended asks for the password over the page, and what was asked for goes on', async () => {
    const { page, email, faults } = await panel.visitAs('ADMINISTRATOR');
    await endSessionsOf(email);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to or search' }).fill('reader@example');
    const dialog = page.getByRole('dialog', { name: 'Your session ended' });
    await dialog.waitFor();
    withoutRefusal(faults);
    await page.keyboard.press('Escape'); // it is no dialog that a stray key closes
    await dialog.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Password').fill(DEMO_PASSWORD);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('option', { name: /reader@example\.com/ }).waitFor();
  });

  test('begins by the keyboard alone', async () => {
    const email = await panel.administrator('READ_ONLY');
    const { page } = await panel.visit('/');
    await page.keyboard.type(email); // the first field has the focus
    await page.keyboard.press('Tab');
    await page.keyboard.type(DEMO_PASSWORD);
    await page.keyboard.press('Enter');
    await home(page).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // "Skip to content"
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });
});

test('somebody else who logs in in another tab takes over this one', async () => {
  const { page, context, email } = await panel.visitAs('ADMINISTRATOR');
  const second = await panel.administrator('READ_ONLY');
  const other = await context.newPage();
  await other.goto(`${panel.origin}/admin/`);
  await home(other).waitFor();
  await endSessionsOf(email);
  await other.keyboard.press('Control+k');
  await other.getByRole('combobox', { name: 'Go to or search' }).fill('anybody');
  await other.getByRole('button', { name: 'Log in as somebody else' }).click();
  await entrance(other).waitFor();
  await logIn(other, second);
  await page.getByRole('button', { name: `Your account: ${second}` }).waitFor();
});

test('the first administrator is created at the address that the start prints', async () => {
  const { server, origin } = panel;
  await server.database.prisma.admin.deleteMany();
  const config = { ...server.config, production: true };
  const firstAdmin = await ensureFirstAdmin(server.gatehouse.administration, config);
  const { prisma } = server.database;
  const message = await startMessage({ config, address: origin, prisma, demoUsers: [], demo: undefined, firstAdmin });
  const address = /http\S+welcome\S*/.exec(message)?.[0] ?? '';
  const { page } = await panel.visit(address.slice(`${origin}/admin`.length));
  await page.getByLabel('E-mail').fill('first@example.org');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Create the administrator' }).click();
  await page.getByRole('alert').first().waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe('first@example.org'); // nothing typed is lost
  await page.getByLabel('Password').fill('a password of the first');
  await page.getByRole('button', { name: 'Create the administrator' }).click();
  await home(page).waitFor();
  expect(page.url()).toBe(`${origin}/admin/`); // the code is not left in the history
  await page.reload();
  await settled(page);
  await home(page).waitFor();
});
