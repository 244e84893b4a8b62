import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { club, clubTables } from '../support/club.ts';
import { accessibilityFaults, settled, usePanel } from './panel.ts';

/* Fields of users that are the application's own, in the panel. */

vi.setConfig({ testTimeout: 120_000 }); // each is a visit with many steps
const panel = usePanel({ app: club, tables: clubTables });

const PICTURES = process.env['PANEL_SCREENSHOTS'];
async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `user-fields-${name}.png`), fullPage: true });
}

const stored = async (username: string) => {
  const sql =
    'SELECT "documentId", "firstName", "points", "level"::text AS "level", "staff_remark" FROM "users" WHERE "username" = $1';
  return (await panel.server.database.query(sql, [username]))[0];
};

test('a new user is given them, with what is wrong at its field', async () => {
  const { page } = await panel.visitAs('ADMINISTRATOR', '/users/new', { withoutPolicy: true });
  await page.getByLabel('Username').fill('grace');
  await page.getByRole('textbox', { name: 'E-mail' }).fill('grace@example.com');
  await page.getByLabel('Points').fill('5000');
  await page.getByRole('button', { name: 'Create a user' }).click();
  await page.getByText('Points').first().waitFor();
  expect(await stored('grace')).toBeUndefined();
  await page.getByLabel('First name').fill('Grace');
  await page.getByLabel('Points').fill('50');
  await page.getByLabel('Phone').fill('+1555');
  await page.getByText('No two users can have the same.').waitFor();
  await settled(page);
  await picture(page, 'new');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create a user' }).click();
  await page.getByRole('heading', { name: 'grace', level: 1 }).waitFor();
  expect(await stored('grace')).toMatchObject({ firstName: 'Grace', points: 50, level: 'basic' });
});

test('the page of a user shows and changes them, without what is hidden, and the activity has the change', async () => {
  await panel.server.database.query(
    `UPDATE "users" SET "firstName" = 'Ada', "taxNumber" = 'hidden 1', "looks" = '{"dark":true}' WHERE "username" = 'reader'`,
    [],
  );
  const { documentId } = (await stored('reader')) as { documentId: string };
  const { page, open } = await panel.visitAs('ADMINISTRATOR', `/users/${documentId}`, { withoutPolicy: true });
  const details = page.getByRole('region', { name: 'Further details' });
  const first = page.getByLabel('First name');
  await first.waitFor();
  expect(await first.inputValue()).toBe('Ada');
  expect(await page.content()).not.toContain('hidden 1');
  await first.fill('Augusta');
  await page.getByLabel('Points').fill('12');
  await page.getByLabel('Remark').fill('pays late');
  await settled(page);
  await picture(page, 'user');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel('Points').press('Enter');
  await expect
    .poll(() => stored('reader'))
    .toMatchObject({ firstName: 'Augusta', points: 12, staff_remark: 'pays late' });
  await open(`/users/${documentId}/activity`);
  await page.getByText('changed a user').first().waitFor();
  await picture(page, 'activity');
  expect(details).toBeDefined();
});

test('who only reads sees them, and has no form', async () => {
  const { documentId } = (await stored('editor')) as { documentId: string };
  await panel.server.database.query(`UPDATE "users" SET "firstName" = 'Edda' WHERE "username" = 'editor'`, []);
  const { page } = await panel.visitAs('READ_ONLY', `/users/${documentId}`);
  await page.getByText('Edda').waitFor();
  expect(await page.getByLabel('First name').count()).toBe(0);
});
