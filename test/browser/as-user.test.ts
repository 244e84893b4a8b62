import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { restrict } from '../support/restrict.ts';
import { accessibilityFaults, usePanel } from './panel.ts';

/* What a user sees, as an administrator looks at it: the rows and columns of the user's roles, and nothing that changes one. */

const panel = usePanel();

const rowsOf = (page: Page) => page.getByRole('table').locator('tbody').getByRole('row');
const reader = () => panel.server.database.prisma.user.findFirstOrThrow({ where: { username: 'reader' } });

test('from the menu of a user: the rows and columns of the user, without a way to change or to see more', async () => {
  const { database } = panel.server;
  const { id } = await reader();
  await database.prisma.post.create({ data: { title: 'Seen by the reader', slug: 'seen', ownerId: id, views: 7 } });
  const fields = ['title', 'kind', 'createdAt'];
  await restrict(database, 'authenticated', 'post.find', [{ where: { owner: '$user' }, fields }]);
  const { page } = await panel.visitAs('ADMINISTRATOR', '/users?search=reader', { withoutPolicy: true });
  await page.getByRole('button', { name: 'Actions for reader' }).click();
  await page.getByRole('menuitem', { name: 'See content as this user' }).click();
  await page.getByText('You see what reader sees.').waitFor();
  await page.getByRole('combobox', { name: 'Content type' }).click();
  await page.getByRole('option', { name: 'Posts' }).click();
  await page.getByRole('cell', { name: 'Seen by the reader' }).waitFor();
  expect(await rowsOf(page).count()).toBe(1);
  expect(await rowsOf(page).getByText('not visible').count()).toBeGreaterThan(0);
  expect(await rowsOf(page).getByRole('link').count()).toBe(0);
  expect(await rowsOf(page).getByRole('checkbox').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'New Post' }).count()).toBe(0);
  expect(await accessibilityFaults(page)).toEqual([]);

  // A search stays with the user, and an export has what is shown.
  await page.getByRole('searchbox').fill('nothing of this name');
  await page.getByText('Nothing matches').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('cell', { name: 'Seen by the reader' }).waitFor();
  expect(new URL(page.url()).searchParams.get('as')).toBe((await reader()).documentId);
  await page.getByRole('button', { name: 'More' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export this page as JSON' }).click(),
  ]);
  const [exported, ...more] = JSON.parse(await readFile(await file.path(), 'utf8'));
  expect(more).toEqual([]);
  expect(exported).toMatchObject({ title: 'Seen by the reader', kind: 'article' });
  for (const hidden of ['views', 'featured', 'updatedAt', 'author']) expect(exported).not.toHaveProperty(hidden);
});

test('what the user may not see at all is not taken for nothing', async () => {
  await restrict(panel.server.database, 'authenticated', 'tag.find', undefined);
  const { documentId } = await reader();
  const { page, open } = await panel.visitAs('ADMINISTRATOR', `/content/Tag?as=${documentId}`);
  await page.getByRole('heading', { name: 'reader may not see any Tags' }).waitFor();
  await restrict(panel.server.database, 'authenticated', 'tag.find', [{ where: { name: { eq: 'no such tag' } } }]);
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('heading', { name: 'reader finds no Tags' }).waitFor();
  await open(`/users/${documentId}`);
  await page.getByRole('button', { name: 'Actions for reader' }).click();
  await page.getByRole('menuitem', { name: 'See content as this user' }).waitFor();
});

test('a read-only administrator sees the list as their own', async () => {
  const { page } = await panel.visitAs('READ_ONLY', `/content/Tag?as=${(await reader()).documentId}`);
  await page.getByRole('table').waitFor();
  expect(await page.getByText('You see what').count()).toBe(0);
});
