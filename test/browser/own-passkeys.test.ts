import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { accessibilityFaults, logIn, settled, usePanel } from './panel.ts';
import { addAuthenticator } from './virtual-authenticator.ts';

/* Passkeys of an administrator, in the panel and by clicks. */

const MINUTE = 60_000;
const panel = usePanel({ hostname: 'localhost' });
/** As a server is in development that was told nothing. */
const byAddress = usePanel();

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const inDialog = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true });

async function logOut(page: Page): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${panel.origin}/admin/account`);
  await button(page, 'Log in with a passkey').waitFor();
}

async function requireFactor(adminSecondFactor: boolean): Promise<void> {
  const { database } = panel.server;
  await database.prisma.settings.update({ where: { id: 1 }, data: { adminSecondFactor } });
  await database.changes.catchUp();
}

/** The browser itself reports the refusals that ask for a proof. */
function withoutRefusals(faults: string[]): void {
  faults.splice(0, faults.length, ...faults.filter((fault) => !fault.includes('status of 403')));
}

test('one is added, renamed after a proof by itself, logs in, completes a log-in, and is removed', async () => {
  const { page, faults, email } = await panel.visitAs('ADMINISTRATOR', '/account');
  const authenticator = await addAuthenticator(page);
  await page.getByText('There is no passkey.').waitFor();
  await button(page, 'Add a passkey').click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill(' ');
  await inDialog(page, 'Add a passkey').click();
  await page.getByRole('dialog').getByText('name is a required field').waitFor();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Laptop');
  await inDialog(page, 'Add a passkey').click();
  await page.getByRole('row', { name: /Laptop.*On one device.*Not yet/ }).waitFor();
  expect(await authenticator.credentials()).toMatchObject([
    { rpId: 'localhost', userName: `${email} (administrator)` },
  ]);
  await button(page, 'Add a passkey').click();
  await inDialog(page, 'Add a passkey').click();
  await page.getByText('This device or password manager already has a passkey of your account.').waitFor();
  await inDialog(page, 'Cancel').click();

  panel.server.advance(11 * MINUTE); // what was proven counts no more
  await page.reload();
  await settled(page);
  await button(page, 'Rename the passkey Laptop').click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Old laptop');
  await inDialog(page, 'Save').click();
  await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  await inDialog(page, 'Use a passkey').click();
  await page.getByRole('row', { name: /Old laptop/ }).waitFor();
  withoutRefusals(faults);

  await logOut(page);
  await authenticator.setVerified(false);
  await button(page, 'Log in with a passkey').click();
  await page.getByText('No passkey was given. Try again, or use another way.').waitFor();
  await authenticator.setVerified(true);
  await button(page, 'Log in with a passkey').click();
  await page.getByText(`${email} · Full access`).waitFor();

  await requireFactor(true);
  await logOut(page);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(DEMO_PASSWORD);
  await button(page, 'Log in').click();
  await page.getByRole('heading', { name: 'Second factor' }).waitFor();
  await page.getByText('Your account also asks for your passkey.').waitFor();
  expect(await page.getByLabel('Code').count()).toBe(0);
  await button(page, 'Use a passkey').click();
  await page.getByText(`${email} · Full access`).waitFor();

  // Where one is required, the passkey is all that proves it.
  panel.server.advance(11 * MINUTE);
  await page.reload();
  await settled(page);
  await button(page, 'Remove the passkey Old laptop').click();
  await inDialog(page, 'Remove').click();
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await proof.getByText('Use your passkey to continue').waitFor();
  expect(await proof.getByRole('textbox').count()).toBe(0);
  await proof.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByText('There is no passkey.').waitFor();
  withoutRefusals(faults);
  await requireFactor(false);

  await logOut(page);
  await button(page, 'Log in with a passkey').click();
  await page.getByText('The passkey was not accepted. Start again.').waitFor();
});

test('a session that ended over a page is opened again with it, and what was typed stays', async () => {
  const { page, faults, email } = await panel.visitAs('ADMINISTRATOR', '/account');
  await addAuthenticator(page);
  await button(page, 'Add a passkey').click();
  await inDialog(page, 'Add a passkey').click();
  await page.getByRole('button', { name: /^Rename the passkey/ }).waitFor();
  await page.getByLabel('Name', { exact: true }).first().fill('Ada');
  await panel.server.database.prisma.adminSession.deleteMany({ where: { admin: { email } } });
  await button(page, 'Save').first().click();
  await page.getByRole('dialog', { name: 'Your session ended' }).waitFor();
  await inDialog(page, 'Use a passkey').click();
  await page.getByRole('dialog', { name: 'Your session ended' }).waitFor({ state: 'detached' });
  expect(await page.getByLabel('Name', { exact: true }).first().inputValue()).toBe('Ada');
  faults.splice(0, faults.length, ...faults.filter((fault) => !/status of 40[13]/.test(fault)));
});

test('where PUBLIC_URL is 127.0.0.1, there are none at that address, and they work at localhost', async () => {
  const { page: atAddress, email } = await byAddress.visitAs('ADMINISTRATOR', '/account');
  await atAddress.getByText('This browser has no passkeys here.', { exact: false }).waitFor();
  expect(await button(atAddress, 'Add a passkey').count()).toBe(0);
  const { page: guest } = await byAddress.visit('/');
  expect(await guest.getByRole('button', { name: 'passkey' }).count()).toBe(0);

  const context = await byAddress.browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await addAuthenticator(page);
  await page.goto(`${byAddress.origin.replace('127.0.0.1', 'localhost')}/admin/account`);
  await logIn(page, email);
  await button(page, 'Add a passkey').click();
  await inDialog(page, 'Add a passkey').click();
  await page.getByRole('row', { name: /On one device/ }).waitFor();
  await context.clearCookies();
  await page.reload();
  await button(page, 'Log in with a passkey').click();
  await page.getByText(`${email} · Full access`).waitFor();
  await page.reload(); // by the cookie
  await page.getByText(`${email} · Full access`).waitFor();
  await context.close();
});

test.each([
  { width: 1280, dark: false },
  { width: 390, dark: true },
])('its screens and dialogs have no faults of accessibility: %o', async (look) => {
  const { page, faults, email } = await panel.visitAs('ADMINISTRATOR', '/account', { ...look, withoutPolicy: true });
  await addAuthenticator(page);
  await button(page, 'Add a passkey').click();
  await page.getByRole('dialog').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await inDialog(page, 'Add a passkey').click();
  await page.getByRole('row', { name: /On one device/ }).waitFor();
  await page.getByRole('dialog', { name: 'Add a passkey' }).waitFor({ state: 'detached' });
  expect(await accessibilityFaults(page)).toEqual([]);
  panel.server.advance(11 * MINUTE);
  await page.reload();
  await settled(page);
  await page.getByRole('button', { name: /^Remove the passkey/ }).click();
  await inDialog(page, 'Remove').click();
  await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  await inDialog(page, 'Use a passkey').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  withoutRefusals(faults);
  await requireFactor(true);
  await logOut(page);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(DEMO_PASSWORD);
  await button(page, 'Log in').click();
  await button(page, 'Use a passkey').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await requireFactor(false);
});
