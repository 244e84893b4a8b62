import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureFirstAdmin } from '../../src/start/first-admin.ts';
import { logIn, settled, usePanel } from './panel.ts';

/* What one person is used to, whatever the screen: what was chosen stays, and the way back leads to where one was. */

const panel = usePanel({ config: { seedDemo: true } });
let token: string;
beforeAll(async () => {
  token = await panel.server.adminToken();
});

async function ask(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await panel.server.askAdmin(document, { token, variables });
  expect(errors).toBeUndefined();
  return data;
}

const reader = () => panel.server.database.prisma.user.findFirstOrThrow({ where: { username: 'reader' } });
const keptOf = async (email: string) =>
  (await panel.server.database.prisma.admin.findUniqueOrThrow({ where: { email } })).preferences as Record<
    string,
    unknown
  > | null;
const navigation = (page: Page) => page.getByRole('navigation', { name: 'Navigation' });

describe('what an administrator chose', () => {
  test('is not lost where the first screen is there before the server has said what it is', async () => {
    const { page, email, open } = await panel.visitAs('ADMINISTRATOR', '/users');
    const views = [{ title: 'Blocked', to: '/users?blocked=yes' }];
    const stored = { theme: 'dark', folded: ['system'], views, columns: { users: ['email', 'username'] } };
    await panel.server.database.prisma.admin.update({ where: { email }, data: { preferences: stored } });
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/admin/graphql', async (route) => {
      if (route.request().postData()?.includes('query Preferences')) await held;
      await route.continue();
    });
    const { documentId } = await reader();
    await page.goto(`${panel.origin}/admin/users/${documentId}`);
    await page.getByRole('heading', { level: 1, name: 'reader' }).waitFor();
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByRole('heading', { level: 2, name: 'Sessions', exact: true }).waitFor();
    const kept = page.waitForResponse((response) => response.request().postData()?.includes('SetPreferences') === true);
    answer();
    await kept;
    expect(await keptOf(email)).toMatchObject({
      ...stored,
      recent: [{ title: 'reader', to: `/users/${documentId}`, kind: 'user' }],
    });
    await open('/');
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  });

  test('is the look, the language and what is folded, and is there again in another browser', async () => {
    const { page, email } = await panel.visitAs('ADMINISTRATOR', '/');
    const saved = () =>
      page.waitForResponse((response) => response.request().postData()?.includes('SetPreferences') === true);
    const menu = page.getByRole('button', { name: /^Your account/ });
    await navigation(page).getByRole('button', { name: 'System' }).click();
    await navigation(page).getByRole('link', { name: 'Audit log' }).waitFor({ state: 'hidden' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await menu.click();
    const kept = saved();
    await page.getByRole('menuitem', { name: 'Deutsch' }).click();
    await page
      .getByRole('heading', { level: 1, name: 'Übersicht' })
      .or(page.getByRole('link', { name: 'Rollen' }))
      .first()
      .waitFor();
    await kept;
    const other = await panel.visit('/');
    await logIn(other.page, email);
    await other.page.getByRole('link', { name: 'Rollen' }).first().waitFor();
    expect(
      await other.page.evaluate(() => [document.documentElement.dataset['theme'], document.documentElement.lang]),
    ).toEqual(['dark', 'de']);
    expect(await other.page.getByRole('button', { name: 'System' }).getAttribute('aria-expanded')).toBe('false');
  });

  test('is opened again from home and from the palette, the newest first', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', `/users/${(await reader()).documentId}`);
    await navigation(page).getByRole('link', { name: 'Roles' }).click();
    await page.getByRole('link', { name: 'Editor', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Editor' }).waitFor();
    await navigation(page).getByRole('link', { name: 'Home' }).click();
    const recent = page.getByRole('region', { name: 'Recently opened' }).getByRole('link');
    await expect.poll(() => recent.allInnerTexts()).toEqual(['Editor', 'reader']);
    await page.keyboard.press('Control+k');
    expect(await page.getByRole('option').first().textContent()).toMatch(/^Editor/);
    await page.getByRole('option', { name: /^reader/ }).click();
    await page.getByRole('heading', { level: 1, name: 'reader' }).waitFor();
  });
});

describe('a list', () => {
  test('begins with page 1 after another search, and is as it was left after something in it was opened or deleted', async () => {
    for (let index = 0; index < 24; index += 1) {
      const data = { username: `place${index}`, email: `place${index}@example.net` };
      await ask('mutation ($data: CreateUserInput!) { createUser(data: $data) { documentId } }', { data });
    }
    const { page } = await panel.visitAs('ADMINISTRATOR', '/users?pageSize=10&page=2');
    await page.getByRole('searchbox', { name: 'Search username or e-mail' }).fill('place');
    await page.waitForURL(/search=place/);
    expect(new URL(page.url()).searchParams.get('page')).toBeNull();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Page 2 of 3').waitFor();
    const here = page.url();
    const first = page
      .getByRole('table')
      .getByRole('link', { name: /^place/ })
      .first();
    const name = (await first.textContent()) ?? '';
    await first.click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('link', { name: 'Permissions' }).click();
    await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Users' }).click();
    await page.getByText('Page 2 of 3').waitFor();
    expect(page.url()).toBe(here);
    await first.click();
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Page 2 of 3').waitFor();
    expect(page.url()).toBe(here);
  });

  test('of content is scrolled to where it was left', async () => {
    for (let index = 0; index < 60; index += 1)
      await ask('mutation ($data: TagInput!) { createTag(data: $data) { documentId } }', {
        data: { name: `scrolled ${String(index).padStart(2, '0')}` },
      });
    const { page } = await panel.visitAs('ADMINISTRATOR', '/content/Tag?search=scrolled&pageSize=100&sort=name:asc');
    await page.getByRole('link', { name: 'scrolled 55', exact: true }).scrollIntoViewIfNeeded();
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(500);
    const before = await page.evaluate(() => scrollY);
    await page.getByRole('link', { name: 'scrolled 55', exact: true }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('scrolled 55 changed');
    await page.keyboard.press('Control+s');
    await page.getByRole('heading', { level: 1, name: 'scrolled 55 changed' }).waitFor();
    await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Tags' }).click();
    await page.getByRole('link', { name: 'scrolled 55 changed', exact: true }).waitFor();
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(before);
  });

  test('shows all relations of a row that was found through one, and one looks at a relation without leaving', async () => {
    const { createAuthor: author } = await ask('mutation { createAuthor(data: { name: "Peeked at" }) { documentId } }');
    const tags = await Promise.all(
      ['one of two', 'two of two'].map(async (name) => {
        const { createTag } = await ask(
          'mutation ($name: String) { createTag(data: { name: $name }) { documentId } }',
          { name },
        );
        return createTag.documentId as string;
      }),
    );
    await ask('mutation ($data: PostInput!) { createPost(data: $data) { documentId } }', {
      data: { title: 'Related', author: author.documentId, tags },
    });
    const { page } = await panel.visitAs('ADMINISTRATOR', `/content/Post?f.tags.in=${tags[0]}`);
    await page.getByRole('button', { name: 'Columns' }).click();
    for (const name of ['Author', 'Tags']) await page.getByRole('checkbox', { name }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    const row = page.getByRole('row', { name: /Related/ });
    await row.getByRole('link', { name: /^Tags: 2/ }).waitFor();
    await row.getByRole('button', { name: 'Preview Peeked at' }).click();
    const peek = page.getByRole('dialog', { name: 'Peeked at' });
    await peek.getByText('Peeked at').nth(1).waitFor();
    await peek.getByRole('link', { name: 'Open page' }).click();
    await page.getByRole('heading', { level: 1, name: 'Peeked at' }).waitFor();
  });

  test('is shown as a request, which a program sends and gets the same rows', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/content/Category?search=e');
    const shown = await page.getByRole('table').locator('tbody').getByRole('row').count();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'GraphQL and curl' }).click();
    const dialog = page.getByRole('dialog');
    const of = (title: string) => dialog.getByRole('region', { name: title }).locator('pre').textContent();
    const { data, errors } = await panel.server.ask((await of('GraphQL document')) ?? '', {
      token: await panel.server.tokenOf('editor'),
      variables: JSON.parse((await of('Variables')) ?? ''),
    });
    expect(errors).toBeUndefined();
    expect(data.list.nodes).toHaveLength(shown);
    expect(await of('curl')).toContain(`curl '${panel.origin}/graphql'`);
  });
});

describe('the keyboard', () => {
  test('has a key for the search of a list, which is silent while one types; Escape clears it, then leaves', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/users');
    const search = page.getByRole('searchbox', { name: 'Search username or e-mail' });
    const hasFocus = () => search.evaluate((element) => element === document.activeElement);
    await page.keyboard.press('/');
    expect(await hasFocus()).toBe(true);
    await page.keyboard.type('a/b');
    expect(await search.inputValue()).toBe('a/b');
    await page.keyboard.press('Escape');
    expect([await search.inputValue(), await hasFocus()]).toEqual(['', true]);
    await page.keyboard.press('Escape');
    expect(await hasFocus()).toBe(false);
  });

  test('opens a palette without what somebody may not do', async () => {
    for (const [role, offered] of [
      ['ADMINISTRATOR', 1],
      ['READ_ONLY', 0],
    ] as const) {
      const { page } = await panel.visitAs(role, '/');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('new tag');
      await page.getByRole('option', { name: 'New Tag' }).or(page.getByText('Nothing found')).first().waitFor();
      expect(await page.getByRole('option', { name: 'New Tag' }).count(), role).toBe(offered);
    }
  });
});

test('what is typed in a drawer is lost by no way out of it: not by its button, not by the back button', async () => {
  const { page, open } = await panel.visitAs('ADMINISTRATOR', '/content/Post');
  await open('/content/Post');
  await page.getByRole('link', { name: 'New Post' }).click();
  await page.getByRole('button', { name: 'New Author …' }).click();
  const drawer = page.getByRole('dialog', { name: 'New Author' });
  const name = drawer.getByLabel('Name');
  await name.fill('Typed in a drawer');
  await drawer.getByRole('button', { name: 'Cancel' }).click();
  await drawer.getByRole('button', { name: 'Keep editing' }).click();
  expect(await name.inputValue()).toBe('Typed in a drawer');
  await page.goBack();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay here' }).click();
  expect(await name.inputValue()).toBe('Typed in a drawer');
  await drawer.getByRole('button', { name: 'Cancel' }).click();
  await drawer.getByRole('button', { name: 'Discard changes' }).click();
  await drawer.waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 1, name: 'New Post' }).waitFor();
});

test('the zone is named where dates are, and a search says which key leads to it', async () => {
  const { page, open } = await panel.visitAs('ADMINISTRATOR', '/content/Post');
  await page.getByText('Times are in Europe/Berlin.').waitFor();
  expect(await page.getByRole('searchbox').getAttribute('title')).toMatch(/ \(\/\)$/);
  await open(`/users/${(await reader()).documentId}`);
  await page.getByText('Times are in Europe/Berlin.').waitFor();
  const { createApiToken } = await ask(
    'mutation { createApiToken(data: { name: "Zoned", kind: READ_ONLY, lifespan: DAYS_7 }) { token { documentId } } }',
  );
  for (const path of ['/tokens', `/tokens/${createApiToken.token.documentId}`]) {
    await open(path);
    await page.getByText('Times are in Europe/Berlin.').waitFor();
  }
});

test('an identifier is copied over plain HTTP too, where the browser has no clipboard for scripts', async () => {
  const { page } = await panel.visitAs('ADMINISTRATOR', '/content/Tag');
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.reload();
  await settled(page);
  const { tags } = await ask('{ tags(sort: "name", pagination: { limit: 1 }) { documentId name } }');
  await page.goto(`${panel.origin}/admin/content/Tag/${tags[0].documentId}`);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Copy the documentId' }).click();
  await page.getByText('Copied', { exact: true }).waitFor();
  await page.goto(`${panel.origin}/admin/content/Tag`);
  const search = page.getByRole('searchbox');
  await search.focus();
  await page.keyboard.press('Control+v');
  await expect.poll(() => search.inputValue()).toBe(tags[0].documentId);
});

test('in development one click logs in the demo administrator', async () => {
  await panel.server.database.prisma.admin.deleteMany();
  const { gatehouse, config } = panel.server;
  expect((await ensureFirstAdmin(gatehouse.administration, config)).kind).toBe('demo');
  const { page } = await panel.visit('/roles');
  await page.getByRole('button', { name: 'Log in as admin@example.com' }).click();
  await page.getByRole('heading', { level: 1, name: 'Roles' }).waitFor();
});
