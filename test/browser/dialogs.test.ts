import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { addressesOf } from './addresses.ts';
import { accessibilityFaults, settled, usePanel } from './panel.ts';

/* What opens over a screen, or comes to it later: what axe finds there, light and dark, on a desktop and on a phone. */

const panel = usePanel();

/** The texts of an open dialog that reach beyond it, where nothing in it scrolls. */
function wideTextsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const dialog = document.querySelector('[role="dialog"]');
    if (!dialog) return [];
    const { right } = dialog.getBoundingClientRect();
    const scrolls = (element: Element) => {
      for (let one = element; one !== dialog && one.parentElement; one = one.parentElement)
        if (/auto|scroll/.test(getComputedStyle(one).overflowX)) return true;
      return false;
    };
    return [...dialog.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > right + 1 && !scrolls(element))
      .map((element) => element.textContent.slice(0, 60));
  });
}

/** What axe finds now, in each look, and what is wider than its dialog. */
async function faultsOf(page: Page, what: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 860 });
    found.push(...(await wideTextsOf(page)).map((text) => `${what}, ${width} px: ${text} is wider than the dialog`));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const faults = await accessibilityFaults(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
      found.push(...faults.map((fault) => `${what}, ${width} px, ${colorScheme}: ${fault}`));
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 860 });
  return found;
}

test('who else has a form open, and who is changing it', async () => {
  const { documentId } = await panel.server.database.prisma.user.findFirstOrThrow({ where: { username: 'reader' } });
  const first = await panel.visitAs('ADMINISTRATOR', `/users/${documentId}`, { withoutPolicy: true });
  const second = await panel.visitAs('ADMINISTRATOR', `/users/${documentId}`, { withoutPolicy: true });
  await second.page.getByText(`${first.email} has this open too.`).waitFor();
  expect(await faultsOf(second.page, 'open')).toEqual([]);
  await second.page.getByLabel('Username').fill('reader-to-be');
  const { prisma } = panel.server.database;
  await expect.poll(() => prisma.openForm.count({ where: { changed: true } })).toBe(1);
  await first.page.reload();
  await settled(first.page);
  await first.page.getByText(`${second.email} is changing this at the moment.`).waitFor();
  expect(await faultsOf(first.page, 'changing')).toEqual([]);
});

test('what an included role brings', async () => {
  const { data } = await panel.server.askAdmin('mutation { createRole(data: { name: "Including" }) { documentId } }', {
    token: await panel.server.adminToken(),
  });
  const path = `/roles/${data.createRole.documentId}/settings`;
  const { page } = await panel.visitAs('ADMINISTRATOR', path, { withoutPolicy: true });
  await page.getByLabel('Includes').fill('Authent');
  await page.getByRole('option', { name: /Authenticated/ }).click();
  await page.getByRole('heading', { name: 'Including' }).click(); // the list closes
  const preview = page.getByRole('region', { name: 'What changes by it' });
  await preview.getByText('Including gains tag.find: reads, 0 users').waitFor();
  expect(await faultsOf(page, 'preview')).toEqual([]);
});

/** An entry of a menu. */
const entry = (trigger: RegExp, name: string) => async (page: Page) => {
  await page.getByRole('button', { name: trigger }).first().click();
  await page.getByRole('menuitem', { name }).click();
};
const button = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click();

/** By the name of an address: what opens there. */
const DIALOGS: readonly (readonly [string, string, (page: Page) => Promise<void>])[] = [
  ['home', 'the palette', (page) => page.keyboard.press('Control+k')],
  ['home', 'the documentation', entry(/^Your account/, 'Documentation')],
  ['roles', 'a new role', button('Create a role')],
  ['role-settings', 'the end of a role', button('Delete Editor')],
  ['users', 'columns of users', button('Columns')],
  ['users', 'a view of users', entry(/^Views$/, 'Save this view')],
  ['user', 'a block', entry(/^Actions for/, 'Block')],
  ['user', 'the end of a user', entry(/^Actions for/, 'Delete')],
  ['user', 'acting as a user', entry(/^Actions for/, 'Act as this user')],
  ['content', 'a view of content', entry(/^Views$/, 'Save this view …')],
  ['document', 'the end of a document', entry(/^More$/, 'Delete')],
  ['new-document', 'a drawer', button('New Author …')],
  ['token', 'a new secret', button('New secret')],
  ['token', 'a revocation', button('Revoke')],
  ['settings', 'a new login provider', button('Set up a provider')],
  [
    'settings',
    'a login provider',
    async (page) => {
      await button('Set up a provider')(page);
      await button('Next')(page);
      await page.getByText('Addresses to register at the provider').waitFor();
    },
  ],
  ['administrators', 'a new administrator', button('Create an administrator')],
];

test('every dialog and drawer', async () => {
  const addresses = await addressesOf(panel.server);
  const { page, open } = await panel.visitAs('ADMINISTRATOR', '/', { withoutPolicy: true });
  const found: string[] = [];
  for (const [name, what, show] of DIALOGS) {
    await open(addresses.find((address) => address.name === name)?.path ?? '');
    await show(page);
    await page.getByRole('dialog').waitFor();
    await settled(page);
    found.push(...(await faultsOf(page, what)));
  }
  expect(found).toEqual([]);
});
