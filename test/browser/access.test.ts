import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { byKeyboard } from './hand.ts';
import { accessibilityFaults, settled, usePanel } from './panel.ts';

/* Roles, rules and API tokens: what an administrator clicks is what a client may do with its next request. */

const panel = usePanel();

const POSTS = '{ posts(pagination: { limit: -1 }) { documentId } }';

async function roleOf(type: string): Promise<string> {
  const { documentId } = await panel.server.database.prisma.role.findUniqueOrThrow({ where: { type } });
  return documentId;
}

async function permissionsOf(role: string): Promise<string[]> {
  const rows = await panel.server.database.prisma.permission.findMany({ where: { role: { documentId: role } } });
  return rows.map(({ action }) => action);
}

/** A role of its own for one test, made as an administrator's program makes it. */
async function newRole(name: string, permissions: readonly string[] = []): Promise<string> {
  const { data, errors } = await panel.server.askAdmin(
    'mutation ($data: CreateRoleInput!) { createRole(data: $data) { documentId } }',
    { token: await panel.server.adminToken(), variables: { data: { name, permissions } } },
  );
  expect(errors).toBeUndefined();
  return data.createRole.documentId;
}

/** A user with the demo password, whose only role it is. */
async function newUser(username: string, role: string): Promise<{ readonly id: number }> {
  const { errors } = await panel.server.askAdmin(
    'mutation ($data: CreateUserInput!) { createUser(data: $data) { documentId } }',
    {
      token: await panel.server.adminToken(),
      variables: { data: { username, email: `${username}@example.net`, password: DEMO_PASSWORD, role } },
    },
  );
  expect(errors).toBeUndefined();
  return panel.server.database.prisma.user.findFirstOrThrow({ where: { username } });
}

const box = (page: Page, name: string) => page.getByRole('checkbox', { name, exact: true });
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Role', exact: true });
const bar = (page: Page) => page.getByRole('region', { name: 'Unsaved changes' });
const save = async (page: Page) => {
  await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
  await bar(page).waitFor({ state: 'detached' });
};

describe('the matrix of a role', () => {
  test('a tick is listed in words, saved as one, and counts for the next request of a client', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${await roleOf('authenticated')}`);
    const token = await panel.server.tokenOf('reader');
    const create = 'mutation { createCategory(data: { name: "By a reader", slug: "by-a-reader" }) { name } }';
    expect((await panel.server.ask(create, { token })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    await box(page, 'Category: Create').click();
    await bar(page)
      .getByText(/gains category\.create: WRITES, \d+ users?/)
      .waitFor();
    // Nothing is done before it is saved.
    expect((await panel.server.ask(create, { token })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    await page.keyboard.press('Control+s');
    await bar(page).waitFor({ state: 'detached' });
    expect((await panel.server.ask(create, { token })).data?.createCategory?.name).toBe('By a reader');
  });

  test('a change that is taken back is none, and leaving with one asks', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${await newRole('Leaver')}`);
    await box(page, 'Tag: Find').click();
    await box(page, 'Tag: Find').click();
    await bar(page).waitFor({ state: 'detached' });
    await box(page, 'Tag: Find').click();
    await tabs(page).getByRole('link', { name: 'Settings' }).click(); // a tab of the same role asks nothing
    await bar(page).waitFor();
    await page.getByRole('link', { name: 'Users', exact: true }).first().click();
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Stay here' }).click();
    await bar(page).getByRole('button', { name: 'Discard changes' }).click();
    await bar(page).waitFor({ state: 'detached' });
  });

  test('all of a row leaves rules as they are, and all of a column is for the types shown', async () => {
    const role = await newRole('Ticker', ['post.find']);
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${role}`);
    await box(page, 'All of Tag').click();
    await page.getByRole('searchbox', { name: 'Search types and actions' }).fill('category');
    await box(page, 'Post: Find').waitFor({ state: 'detached' });
    await box(page, 'Delete for all types shown').click();
    await save(page);
    const held = await permissionsOf(role);
    expect(held.filter((action) => action.startsWith('tag.')).sort()).toEqual(
      ['create', 'delete', 'find', 'findOne', 'update'].map((verb) => `tag.${verb}`),
    );
    expect(held.filter((action) => action.endsWith('.delete')).sort()).toEqual(['category.delete', 'tag.delete']);
  });

  test('who else has an action is told at the focus, and described for who hears the page', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${await newRole('Curious')}`);
    await box(page, 'Post: Find').focus();
    const tip = page.getByRole('tooltip').filter({ hasText: 'post.find' });
    await tip.getByText(/Also: .*Authenticated/).waitFor();
    expect(await box(page, 'Post: Find').getAttribute('aria-describedby')).toBe(await tip.getAttribute('id'));
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'detached' });
  });

  test('what a role has by inclusion is shown, and cannot be taken away there', async () => {
    const role = await newRole('Including');
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${role}/settings`);
    await page.getByLabel('Includes').fill('Authent');
    await page.getByRole('option', { name: /Authenticated/ }).click();
    await page.getByRole('heading', { name: 'Including' }).click(); // the list closes
    await page
      .getByRole('region', { name: 'What changes by it' })
      .getByText('Including gains tag.find: reads, 0 users')
      .waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await tabs(page).getByRole('link', { name: 'Permissions' }).click();
    await page.getByRole('link', { name: 'Tag: Find: From Authenticated. Edit' }).waitFor();
    expect(await box(page, 'Tag: Find').getAttribute('aria-disabled')).toBe('true');
    await box(page, 'Tag: Find').click({ force: true });
    expect(await bar(page).count()).toBe(0);
  });

  test('when somebody else changed the role meanwhile, both stand side by side, and one chooses', async () => {
    const role = await newRole('Contested', ['tag.find']);
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${role}`);
    await box(page, 'Tag: Find').click();
    await box(page, 'Tag: Update').click();
    const { version } = await panel.server.database.prisma.role.findUniqueOrThrow({ where: { documentId: role } });
    const { errors } = await panel.server.askAdmin(
      `mutation ($role: ID!, $version: Int!) {
        setPermissions(role: $role, version: $version, add: ["tag.create"],
          grants: [{ action: "tag.find", grants: [{ where: { name: { eq: "news" } } }] }]) { version }
      }`,
      { token: await panel.server.adminToken(), variables: { role, version } },
    );
    expect(errors).toBeUndefined();
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    const conflict = page.getByRole('alert', { name: 'Somebody else changed this role meanwhile' });
    const row = conflict.getByRole('row', { name: /tag\.find/ });
    await row.getByText('where name is "news"').waitFor();
    await row.getByRole('radio').first().check(); // theirs
    await conflict.getByRole('button', { name: 'Continue with this' }).click();
    await save(page);
    expect((await permissionsOf(role)).filter((action) => action.startsWith('tag.')).sort()).toEqual([
      'tag.create',
      'tag.find',
      'tag.update',
    ]);
  });

  test('a read-only administrator sees everything, and changes nothing', async () => {
    const { page } = await panel.visitAs('READ_ONLY', `/roles/${await roleOf('authenticated')}`);
    await page.getByText('your account is read-only').waitFor();
    expect(await box(page, 'Post: Find').getAttribute('aria-disabled')).toBe('true');
    await box(page, 'Post: Find').click({ force: true });
    expect(await bar(page).count()).toBe(0);
  });
});

describe('the editor of rules', () => {
  test('a rule is built, tried as a user, saved, and counts for the next request', async () => {
    const { prisma } = panel.server.database;
    const role = await newRole('Owner', ['post.find', 'post.findOne']);
    const { id } = await newUser('owner', role);
    const own = await prisma.post.create({ data: { title: 'Written by the owner', ownerId: id } });
    const token = await panel.server.tokenOf('owner');
    expect((await panel.server.ask(POSTS, { token })).data.posts.length).toBeGreaterThan(1);
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${role}`);
    await page.getByRole('link', { name: /^Post: Find: All/ }).click();
    await page.getByRole('radio', { name: /Only by rules/ }).check();
    await page.getByText('where owner is the user').first().waitFor();
    // The other door to the same rows is closed with it.
    expect(await page.getByRole('checkbox', { name: 'The same for post.findOne' }).isChecked()).toBe(true);
    await page.getByLabel('User', { exact: true }).fill('owner');
    await page.getByRole('option', { name: /owner/ }).click();
    await page.getByText(/^1 of \d+ documents$/).waitFor();
    await page.getByRole('link', { name: 'Written by the owner' }).waitFor();
    await save(page);
    const { data } = await panel.server.ask(POSTS, { token });
    expect(data.posts).toEqual([{ documentId: own.documentId }]);
  });

  test('JSON and builder are two views of the same; what is no JSON says where, and loses nothing', async () => {
    const role = await newRole('Typist');
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${role}/post.update`);
    await page.getByRole('radio', { name: /Only by rules/ }).check();
    const json = page.getByLabel('The same as JSON');
    await json.fill('[\n  { "where": { "views": { "gt" 5 } } }\n]');
    await page.getByText('This is no JSON: look at line 2, column').waitFor();
    await json.fill('[\n  { "where": { "views": { "gt": 5 } }, "fields": ["title"] }\n]');
    await page.getByRole('textbox', { name: 'Value for views' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Value for views' }).inputValue()).toBe('5');
    await page.getByRole('textbox', { name: 'Value for views' }).fill('many');
    await page.getByText('where.views.gt: views takes a value of type Int').waitFor();
    await page.getByRole('textbox', { name: 'Value for views' }).fill('7');
    await page.getByRole('checkbox', { name: 'content' }).click();
    expect(JSON.parse(await json.inputValue())).toEqual([
      { where: { views: { gt: 7 } }, fields: ['title', 'content'] },
    ]);
    await page.getByText('where views is more than 7, fields content, title').first().waitFor();
    await save(page);
    const [kept] = await panel.server.database.prisma.permission.findMany({
      where: { action: 'post.update', role: { documentId: role } },
    });
    expect(kept?.grants).toEqual([{ where: { views: { gt: 7 } }, fields: ['title', 'content'] }]);
  });

  test('the rules of one action are copied to another role, where they fit, and said not to fit where they do not', async () => {
    const giver = await newRole('Giver');
    const taker = await newRole('Taker');
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${giver}/post.update`);
    await page.getByRole('radio', { name: /Only by rules/ }).check();
    await page.getByText('where owner is the user').first().waitFor();
    await save(page);
    await page.getByRole('button', { name: 'Copy the rules' }).click();

    await page.getByRole('link', { name: 'Roles', exact: true }).first().click();
    await page.getByRole('link', { name: 'Taker' }).first().click();
    await page.getByRole('link', { name: /^Tag: Delete: No/ }).click();
    await page.getByText('They do not fit here: owner cannot be used in them.').waitFor();
    const insert = page.getByRole('button', { name: 'Insert the rules of Giver for post.update' });
    expect(await insert.isDisabled()).toBe(true);
    await page.goBack();
    await page.getByRole('link', { name: /^Post: Delete: No/ }).click();
    await insert.click();
    await page.getByText('where owner is the user').first().waitFor();
    await save(page);
    const kept = await panel.server.database.prisma.permission.findMany({
      where: { action: { in: ['post.delete', 'tag.delete'] }, role: { documentId: taker } },
      select: { action: true, grants: true },
    });
    expect(kept).toEqual([{ action: 'post.delete', grants: [{ where: { owner: '$user' } }] }]);
  });

  test('by keyboard alone: open a cell, choose a rule, save, and be back at the cell', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${await newRole('Keys')}`);
    await page.getByRole('link', { name: /^Post: Delete: No/ }).focus();
    await page.keyboard.press('Enter');
    const none = page.getByRole('radio', { name: /^No/ });
    await none.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.getByText('where owner is the user').first().waitFor();
    await page.keyboard.press('Control+s');
    await bar(page).waitFor({ state: 'detached' });
    await page.goBack();
    const cell = page.getByRole('link', { name: 'Post: Delete: where owner is the user. Edit' });
    await cell.waitFor();
    await expect.poll(() => cell.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('hostile text in a rule is shown as text', async () => {
    const { page } = await panel.visitAs(
      'ADMINISTRATOR',
      `/roles/${await newRole('<img src=x onerror=alert(1)>')}/post.find`,
    );
    await page.getByRole('radio', { name: /Only by rules/ }).check();
    await page.getByLabel('The same as JSON').fill('[{ "where": { "title": { "eq": "<script>alert(1)</script>" } } }]');
    await page.getByText('where title is "<script>alert(1)</script>"').first().waitFor();
  });
});

describe('copying to other roles', () => {
  const dialog = (page: Page) => page.getByRole('dialog', { name: /to other roles$/ });
  const part = (page: Page, role: string) =>
    dialog(page).getByRole('region', { name: `What changes for ${role}`, exact: true });

  test('the rules of an action go to several roles at once, by keyboard, and not where they do not fit', async () => {
    const { prisma } = panel.server.database;
    const source = await newRole('Origin', ['post.delete']);
    await prisma.permission.updateMany({
      where: { action: 'post.delete', role: { documentId: source } },
      data: { grants: [{ where: { owner: '$user' } }] },
    });
    const first = await newRole('First Target', ['tag.find']);
    const second = await newRole('Second Target', ['post.delete']);
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${source}/post.delete`);
    const hand = byKeyboard(page);
    await hand.press(page.getByRole('button', { name: 'Copy to other roles' }));
    const picker = dialog(page).getByRole('combobox', { name: 'To these roles' });
    for (const name of ['First Target', 'Second Target', 'Public']) await hand.pick(picker, name);
    await page.keyboard.press('Escape');
    await part(page, 'First Target')
      .getByText(/First Target gains post\.delete where owner is the user: WRITES, 0 users/)
      .waitFor();
    await part(page, 'Second Target')
      .getByText(/post\.delete/)
      .waitFor();
    await part(page, 'Public').getByText('This cannot be saved.').waitFor();
    const save = (name: string) => dialog(page).getByRole('button', { name, exact: true });
    expect(await save('Save 3 roles').isDisabled()).toBe(true);
    await picker.focus();
    await page.keyboard.press('Backspace'); // the last one that was chosen
    await save('Save 2 roles').waitFor();
    // Somebody else changes one of them before it is saved.
    await panel.server.askAdmin(
      `mutation ($role: ID!, $version: Int!) { setPermissions(role: $role, version: $version, add: ["tag.create"]) { version } }`,
      {
        token: await panel.server.adminToken(),
        variables: {
          role: second,
          version: (await prisma.role.findUniqueOrThrow({ where: { documentId: second } })).version,
        },
      },
    );
    const grantsOf = async (role: string) =>
      (
        await prisma.permission.findMany({
          where: { role: { documentId: role }, action: { in: ['post.delete', 'tag.create', 'tag.find'] } },
          orderBy: { action: 'asc' },
        })
      ).map(({ action, grants }) => [action, grants]);
    await hand.save(save('Save 2 roles'));
    await dialog(page).getByText('Copied to First Target').waitFor();
    await part(page, 'Second Target').getByText('This role was not saved.').waitFor();
    const owned = [{ where: { owner: '$user' } }];
    expect(await grantsOf(first)).toEqual([
      ['post.delete', owned],
      ['tag.find', null],
    ]);
    expect(await grantsOf(second)).toEqual([
      ['post.delete', null],
      ['tag.create', null],
    ]);
    await hand.save(save('Save 1 role'));
    await dialog(page).waitFor({ state: 'detached' });
    expect(await grantsOf(second)).toEqual([
      ['post.delete', owned],
      ['tag.create', null],
    ]);
    expect((await permissionsOf(await roleOf('public'))).includes('post.delete')).toBe(false);
  });

  test('all permissions of a role go to others, which keep what they have or lose it, and it is said which', async () => {
    const source = await newRole('Whole', ['tag.find', 'tag.create']);
    const target = await newRole('Partial', ['tag.find', 'category.delete']);
    const { page } = await panel.visitAs('ADMINISTRATOR', `/roles/${source}`, { withoutPolicy: true });
    const copy = page.getByRole('button', { name: 'Copy to other roles' });
    await box(page, 'Tag: Update').click();
    await page.getByText('Save or discard your changes first.').waitFor();
    expect(await copy.isDisabled()).toBe(true);
    await bar(page).getByRole('button', { name: 'Discard changes' }).click();
    await copy.click();
    await dialog(page).getByRole('combobox', { name: 'To these roles' }).fill('Partial');
    await page.getByRole('option', { name: /Partial/ }).click();
    await page.keyboard.press('Escape');
    await part(page, 'Partial')
      .getByText(/Partial gains tag\.create: WRITES, 0 users/)
      .waitFor();
    expect(await part(page, 'Partial').getByText('category.delete').count()).toBe(0);
    await dialog(page)
      .getByRole('checkbox', { name: /^Take away what Whole does not have/ })
      .click();
    await part(page, 'Partial')
      .getByText(/Partial loses category\.delete/)
      .waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    await dialog(page).getByRole('button', { name: 'Save 1 role' }).click();
    await page.getByText('Copied to Partial').waitFor();
    const held = (await permissionsOf(target)).sort();
    expect(held).toEqual((await permissionsOf(source)).sort());
    expect(held.filter((action) => /^(tag|category)/.test(action))).toEqual(['tag.create', 'tag.find']);
  });
});

describe('a role', () => {
  test('is created as a copy, and deleted by typing its name, with a role for its users', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/roles');
    await page.getByRole('button', { name: 'Create a role' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a role' });
    await dialog.getByLabel('Name').fill('Copied');
    await dialog.getByLabel('Copy of').fill('Edit');
    await page.getByRole('option', { name: /Editor/ }).click();
    await dialog.getByRole('button', { name: 'Create a role' }).click();
    await page.getByRole('heading', { name: 'Copied', level: 1 }).waitFor();
    const role = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect((await permissionsOf(role)).sort()).toEqual((await permissionsOf(await roleOf('editor'))).sort());
    await tabs(page).getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Delete Copied' }).click();
    const question = page.getByRole('dialog', { name: 'Delete Copied?' });
    expect(await question.getByRole('button', { name: 'Delete the role' }).isDisabled()).toBe(true);
    await question.getByLabel('Type “Copied” to confirm').fill('Copied');
    await question.getByRole('button', { name: 'Delete the role' }).click();
    await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
    expect(await panel.server.database.prisma.role.count({ where: { name: 'Copied' } })).toBe(0);
  });
});

describe('an API token', () => {
  test('that somebody else changed meanwhile is not overwritten unasked', async () => {
    const { data } = await panel.server.askAdmin(
      `mutation { createApiToken(data: { name: "Contested token", kind: READ_ONLY, lifespan: DAYS_7 }) { token { documentId } } }`,
      { token: await panel.server.adminToken() },
    );
    const { documentId } = data.createApiToken.token;
    const { page } = await panel.visitAs('ADMINISTRATOR', `/tokens/${documentId}`);
    await page.getByLabel('Description').fill('Mine');
    const update = 'mutation ($id: ID!) { updateApiToken(documentId: $id, data: { description: "Theirs" }) { name } }';
    await panel.server.askAdmin(update, { token: await panel.server.adminToken(), variables: { id: documentId } });
    const kept = () => panel.server.database.prisma.apiToken.findUnique({ where: { documentId } });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody else changed this token meanwhile.').waitFor();
    expect((await kept())?.description).toBe('Theirs');
    expect(await page.getByLabel('Description').inputValue()).toBe('Mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect((await kept())?.description).toBe('Mine');
  });

  test('is made with a rule, shown once, used, and revoked', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/tokens/new');
    await page.getByLabel('Name').fill('Newsletter');
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Custom' }).click();
    await page.getByRole('link', { name: /^Category: Find: No/ }).click();
    await page.getByRole('radio', { name: /Only by rules/ }).check();
    await page.getByLabel('The same as JSON').fill('[{ "where": { "slug": { "eq": "news" } } }]');
    await page.getByRole('button', { name: 'Create a token' }).click();
    const dialog = page.getByRole('dialog', { name: 'The secret of Newsletter' });
    const token = await dialog.getByLabel('Secret', { exact: true }).inputValue();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByText('Begins with').waitFor();
    expect(await page.content()).not.toContain(token);
    const ask = () => panel.server.ask('{ categories { slug } }', { token });
    await panel.server.database.prisma.category.createMany({
      data: [
        { name: 'News', slug: 'news' },
        { name: 'Old', slug: 'old-news' },
      ],
      skipDuplicates: true,
    });
    expect((await ask()).data.categories).toEqual([{ slug: 'news' }]);
    await page.reload();
    await settled(page);
    await page.getByRole('button', { name: 'Revoke' }).click();
    const question = page.getByRole('dialog', { name: 'Revoke Newsletter?' });
    const typed = question.getByRole('textbox');
    if (await typed.count()) await typed.fill('Newsletter');
    await question.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Newsletter was revoked').waitFor();
    expect((await ask()).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});
