import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { byKeyboard } from './hand.ts';
import { accessibilityFaults, usePanel, type Visit } from './panel.ts';

/* Content in the panel: every kind of column is entered, found, changed and deleted, by mouse and by keyboard alone. */

const panel = usePanel();
let token: string;
beforeAll(async () => {
  token = await panel.server.adminToken();
});

async function ask(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await panel.server.askAdmin(document, { token, variables });
  expect(errors).toBeUndefined();
  return data;
}

const POST = `query ($title: String!) { posts(filters: { title: { eq: $title } }) {
  documentId title slug content kind featured views rating premium publishedAt author { name } category { name } tags(sort: "name") { name }
} }`;
const postNamed = async (title: string) => (await ask(POST, { title })).posts[0];

const createPost = async (data: object): Promise<string> =>
  (await ask('mutation ($data: PostInput!) { createPost(data: $data) { documentId } }', { data })).createPost
    .documentId;

const HOSTILE = [
  '<img src=x onerror="document.title=\'owned\'">',
  '"><script>document.title="owned"</script>',
  '\u202eright to left مرحبا بالعالم',
  '👩‍👩‍👧‍👦 emoji 😀',
  '{{constructor.constructor("document.title=1")()}} ${1+1} javascript:alert(1)',
];

/** Chooses an option of a select. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** Chooses what a picker finds for a text. */
async function pick(page: Page, label: string, text: string): Promise<void> {
  const picker = page.getByRole('combobox', { name: label, exact: true });
  await picker.click();
  await picker.fill(text);
  await page.getByRole('option', { name: text, exact: true }).click();
}

async function filter(page: Page, field: string, fill: () => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await choose(page, 'Field', field);
  await fill();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

const rowsOf = (page: Page) => page.getByRole('table').locator('tbody').getByRole('row');

describe('a document with every kind of column', () => {
  let visit: Visit;
  beforeAll(async () => {
    visit = await panel.visitAs('ADMINISTRATOR', '/content/Post');
  });

  test('is created: what is missing is said at its field, and the rest is kept', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'New Post' }).click();
    await page.getByLabel('Slug').fill('not a slug');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('This is required.').waitFor();
    await page.getByLabel('Title').fill('Every kind');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('slug must be made of letters').waitFor();
    await page.getByLabel('Slug').fill('every-kind');
    await page.getByLabel('Content', { exact: true }).fill('First line\nSecond line');
    await choose(page, 'Kind', 'news');
    await choose(page, 'Featured', 'Yes');
    await choose(page, 'Premium', 'No');
    await page.getByLabel('Views').fill('12');
    await page.getByLabel('Rating').fill('4.25');
    await page.getByLabel('Published at').fill('2026-07-01T12:30');
    await pick(page, 'Author', 'Ada Moreau');
    await pick(page, 'Tags', 'api');
    await page.keyboard.press('Control+s');
    await page.getByRole('heading', { level: 1, name: 'Every kind' }).waitFor();
    expect(await postNamed('Every kind')).toMatchObject({
      ...{ slug: 'every-kind', content: 'First line\nSecond line', kind: 'news', featured: true, premium: false },
      // Berlin is two hours ahead in summer.
      ...{ views: 12, rating: 4.25, publishedAt: '2026-07-01T10:30:00.000Z' },
      ...{ author: { name: 'Ada Moreau' }, category: null, tags: [{ name: 'api' }] },
    });
  });

  test('is found by each of them', async () => {
    const { page } = visit;
    const value = (text: string) => () => page.getByLabel('Value').fill(text);
    await visit.page.getByRole('link', { name: 'Posts' }).last().click();
    await filter(page, 'Title', value('every'));
    await filter(page, 'Views', value('12'));
    await filter(page, 'Rating', async () => {
      await choose(page, 'Condition', 'is at least');
      await page.getByLabel('Value').fill('4.2');
    });
    await filter(page, 'Kind', () => page.getByRole('checkbox', { name: 'news' }).click());
    await filter(page, 'Featured', async () => {});
    await filter(page, 'Created at', async () => {});
    await filter(page, 'Author', () => pick(page, 'Values', 'Ada Moreau'));
    await filter(page, 'Category', () => choose(page, 'Condition', 'is empty'));
    await page.getByRole('button', { name: 'Change the filter: Created at was in the last 7 days' }).waitFor();
    await page.getByRole('link', { name: 'Every kind' }).waitFor();
    expect(await rowsOf(page).count()).toBe(1);
    // The filters stand in the address: somebody else sees the same.
    const address = page.url();
    expect(address).toContain('f.views.eq=12');
    await page.getByRole('button', { name: 'Change the filter: Views is 12' }).click();
    await page.getByLabel('Value').fill('13');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Every kind' }).waitFor();
    await page.getByRole('button', { name: /^Remove the filter: Views/ }).click();
    await page.waitForURL((url) => !url.search.includes('views'));
  });

  test('is changed: only what was changed is sent, and a taken slug is said at its field', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Every kind' }).click();
    await page.getByLabel('Rating').fill('');
    const taken = (await ask('{ posts(sort: "createdAt", pagination: { limit: 1 }) { slug } }')).posts[0].slug;
    await page.getByLabel('Slug').fill(taken);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.postData()?.includes('ContentUpdate')) sent.push(request.postData() ?? '');
    });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Another document has this value already.').waitFor();
    expect(await page.getByLabel('Rating').inputValue()).toBe('');
    await page.getByLabel('Slug').fill('every-kind-2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await postNamed('Every kind')).toMatchObject({ slug: 'every-kind-2', rating: null, views: 12 });
    expect(JSON.parse(sent.at(-1) ?? '{}').variables.data).toEqual({ slug: 'every-kind-2', rating: null });
    // Back in the list, its filters are as they were.
    await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Posts' }).click();
    await page.getByRole('button', { name: 'Change the filter: Title contains “every”' }).waitFor();
  });

  test('is deleted, after what hangs on it was said', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: /^Remove the filter: Rating/ }).click(); // it has none any more
    await page.getByRole('link', { name: 'Every kind' }).click();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByText('What hangs on it').or(page.getByText('Nothing else hangs')).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    expect(await postNamed('Every kind')).toBeUndefined();
  });
});

test('by keyboard alone a document is created, found, changed and deleted', async () => {
  const { page } = await panel.visitAs('ADMINISTRATOR', '/content/Tag');
  const { keyboard } = page;
  const hand = byKeyboard(page);
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await hand.press(page.getByRole('link', { name: 'New Tag' }));
  await page.getByRole('heading', { level: 1, name: 'New Tag' }).waitFor();
  await hand.fill(name, 'by-keyboard');
  await keyboard.press('Control+s');
  await page.getByRole('heading', { level: 1, name: 'by-keyboard' }).waitFor();
  await hand.fill(name, 'by-keyboard-changed');
  await keyboard.press('Control+s');
  await page.getByRole('heading', { level: 1, name: 'by-keyboard-changed' }).waitFor();
  // The palette finds it from anywhere.
  await keyboard.press('Control+k');
  await keyboard.type('by-keyboard');
  await page
    .getByRole('option', { name: /by-keyboard-changed.*Tag/ })
    .first()
    .waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Go to or search' }).waitFor({ state: 'detached' });
  await hand.menu(page.getByRole('button', { name: 'More', exact: true }), 'Delete');
  const question = page.getByRole('dialog', { name: 'Delete “by-keyboard-changed”?' });
  await hand.press(question.getByRole('button', { name: 'Delete', exact: true }));
  await page.getByRole('heading', { level: 1, name: 'Tags' }).waitFor();
  expect((await ask('{ tags(filters: { name: { startsWith: "by-keyboard" } }) { name } }')).tags).toEqual([]);
});

test('somebody else who saved meanwhile is not overwritten unasked', async () => {
  const documentId = await createPost({ title: 'Two at once', views: 1 });
  const { page } = await panel.visitAs('ADMINISTRATOR', `/content/Post/${documentId}`);
  await page.getByLabel('Title').fill('Mine');
  await ask('mutation ($id: ID!) { updatePost(documentId: $id, data: { title: "Theirs", views: 2 }) { documentId } }', {
    id: documentId,
  });
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed it meanwhile' });
  await dialog.getByRole('cell', { name: 'Theirs' }).waitFor();
  await dialog.getByRole('button', { name: 'Keep editing' }).click();
  expect(await page.getByLabel('Title').inputValue()).toBe('Mine');
  expect(await postNamed('Theirs')).toMatchObject({ views: 2 });
  await page.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Save mine' }).click();
  await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor();
  expect(await postNamed('Mine')).toMatchObject({ views: 2 });
});

test('nor is somebody who saves at the very moment, which only the database sees', async () => {
  const documentId = await createPost({ title: 'At one moment', views: 1 });
  const { page } = await panel.visitAs('ADMINISTRATOR', `/content/Post/${documentId}`);
  await page.getByLabel('Title').fill('Mine of the moment');
  const other = 'mutation ($id: ID!) { updatePost(documentId: $id, data: { views: 3 }) { documentId } }';
  let isFirst = true;
  await page.route('**/admin/graphql', async (route) => {
    // The page has asked whether somebody saved, and found nobody.
    if (isFirst && route.request().postData()?.includes('ContentUpdate')) {
      isFirst = false;
      await ask(other, { id: documentId });
    }
    await route.continue();
  });
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed it meanwhile' });
  await dialog.getByRole('rowheader', { name: 'Views' }).or(dialog.getByText('Views')).first().waitFor();
  expect(await postNamed('Mine of the moment')).toBeUndefined();
  await dialog.getByRole('button', { name: 'Save mine' }).click();
  await page.getByRole('heading', { level: 1, name: 'Mine of the moment' }).waitFor();
  expect(await postNamed('Mine of the moment')).toMatchObject({ views: 3 });
});

test('what is not saved is not lost by a click', async () => {
  const documentId = await createPost({ title: 'Not lost' });
  const { page } = await panel.visitAs('ADMINISTRATOR', `/content/Post/${documentId}`);
  await page.getByLabel('Title').fill('Typed');
  await page.getByRole('link', { name: 'Authors' }).click();
  await page.getByRole('button', { name: 'Stay here' }).click();
  expect(await page.getByLabel('Title').inputValue()).toBe('Typed');
  await page.getByRole('button', { name: 'Discard changes' }).click();
  expect(await page.getByLabel('Title').inputValue()).toBe('Not lost');
});

test('all that match are deleted in one go, and nothing else', async () => {
  for (let index = 0; index < 31; index++) await createPost({ title: `Bulk ${index}` });
  const { posts_connection: before } = await ask('{ posts_connection { pageInfo { total } } }');
  const { page } = await panel.visitAs('ADMINISTRATOR', '/content/Post?search=Bulk');
  await page.getByRole('checkbox', { name: 'Select this page' }).click();
  await page.getByText('25 selected').waitFor();
  await page.getByRole('button', { name: 'Select all 31 that match' }).click();
  await page.getByRole('button', { name: 'Delete …' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('31');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('31 were deleted.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  const { posts_connection: after } = await ask('{ posts_connection { pageInfo { total } } }');
  expect(after.pageInfo.total).toBe(before.pageInfo.total - 31);
});

test('columns are chosen, ordered and kept; a view is saved and opened', async () => {
  const { page, open } = await panel.visitAs('ADMINISTRATOR', '/content/Post?sort=views:desc');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Slug' }).click();
  await page.getByRole('checkbox', { name: 'Author' }).click();
  await page.getByRole('button', { name: 'Move Author up' }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  const titles = ['Title', 'Kind', 'Featured', 'Views', 'Author', 'Updated at'];
  await page.getByRole('columnheader', { name: 'Author' }).waitFor();
  const shown = async () =>
    (await page.getByRole('columnheader').allInnerTexts()).map((text) => text.trim()).slice(1, -1);
  expect(await shown()).toEqual(titles);
  await page.getByRole('button', { name: 'Views' }).first().click();
  await page.getByRole('menuitem', { name: 'Save this view' }).click();
  await page.getByLabel('Name of the view').fill('Most read');
  const kept = page.waitForResponse((response) => response.request().postData()?.includes('Most read') === true);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await kept; // preferences are sent after a pause
  await open('/content/Post');
  await page.getByRole('columnheader', { name: 'Author' }).waitFor();
  expect(await shown()).toEqual(titles);
  await page.getByRole('toolbar').or(page.locator('.toolbar')).getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Most read' }).click();
  await page.waitForURL(/sort=views/);
});

test('one walks through a list from document to document', async () => {
  const { page } = await panel.visitAs('ADMINISTRATOR', '/content/Post?pageSize=10&sort=title:asc');
  const all = (await ask('{ posts(sort: "title", pagination: { limit: 12 }) { title } }')).posts;
  await rowsOf(page).nth(8).getByRole('link').first().click();
  for (const { title } of all.slice(8, 12)) {
    await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
    await page.keyboard.press('ArrowDown');
  }
});

test('hostile text is shown as text, in every column', async () => {
  for (const [index, text] of HOSTILE.entries()) {
    const { createAuthor } = await ask(
      'mutation ($name: String) { createAuthor(data: { name: $name, bio: $name }) { documentId } }',
      {
        name: text,
      },
    );
    await createPost({
      title: text,
      slug: `hostile-${index}`,
      content: text.repeat(200),
      author: createAuthor.documentId,
    });
  }
  await createPost({ title: 'x'.repeat(255), slug: 'x'.repeat(255), content: 'w'.repeat(10_000) });
  const { page, open, faults } = await panel.visitAs('ADMINISTRATOR', '/content/Post');
  await page.getByRole('button', { name: 'Columns' }).click();
  for (const name of ['Content', 'Author']) await page.getByRole('checkbox', { name }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('<img src=x onerror').first().waitFor();
  const isAsText = async (where: string) => {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 860 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, `${where} on ${width}`).toBeLessThanOrEqual(0);
    }
    expect(await page.title()).not.toBe('owned');
  };
  await isAsText('the list');
  await open('/content/Author');
  await isAsText('the authors');
  for (const [index, text] of HOSTILE.entries()) {
    const { posts } = await ask('query ($slug: String) { posts(filters: { slug: { eq: $slug } }) { documentId } }', {
      slug: `hostile-${index}`,
    });
    await open(`/content/Post/${posts[0].documentId}`);
    expect(await page.getByRole('textbox', { name: 'Title', exact: true }).inputValue()).toBe(text);
    await isAsText(text);
  }
  expect(faults).toEqual([]);
});

test('the target of a relation is created in a drawer, and is chosen then; what was typed in both stays', async () => {
  const { page } = await panel.visitAs('ADMINISTRATOR', '/content/Post/new');
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill('By somebody new');
  await page.getByRole('button', { name: 'New Author …' }).click();
  const drawer = page.getByRole('dialog', { name: 'New Author' });
  await drawer.getByRole('button', { name: 'Create and choose' }).click();
  await drawer.getByText('This is required.').waitFor();
  await drawer.getByLabel('Name').fill('Ada New');
  await page.keyboard.press('Escape'); // asks, because something was typed
  await drawer.getByRole('button', { name: 'Keep editing' }).click();
  expect(await drawer.getByLabel('Name').inputValue()).toBe('Ada New');
  await page.keyboard.press('Control+s'); // saves the drawer only
  await drawer.waitFor({ state: 'detached' });
  expect(await page.getByRole('combobox', { name: 'Author', exact: true }).inputValue()).toBe('Ada New');
  expect(await postNamed('By somebody new')).toBeUndefined();
  await page.getByRole('button', { name: 'New Tag …' }).click();
  const tag = page.getByRole('dialog', { name: 'New Tag' });
  await tag.getByLabel('Name').fill('brand new');
  await page.keyboard.press('Enter');
  await tag.waitFor({ state: 'detached' });
  await page.getByLabel('Slug').fill('by-somebody-new');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'By somebody new' }).waitFor();
  expect(await postNamed('By somebody new')).toMatchObject({
    author: { name: 'Ada New' },
    tags: [{ name: 'brand new' }],
  });
});

test('a single type is created by saving it, and its document is then changed', async () => {
  await panel.server.askAdmin('mutation { deleteSiteSetting { documentId } }', { token });
  const { page } = await panel.visitAs('ADMINISTRATOR', '/content/SiteSetting');
  await page.getByText('It does not exist yet.').waitFor();
  await page.getByLabel('Site name').fill('Our site');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'About this document' }).waitFor();
  await page.getByLabel('Tagline').fill('Open');
  await page.keyboard.press('Control+s');
  await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
  expect((await ask('{ siteSetting { siteName tagline } }')).siteSetting).toEqual({
    siteName: 'Our site',
    tagline: 'Open',
  });
});

test('somebody who can only read sees documents and no act that changes one', async () => {
  const documentId = await createPost({ title: 'Only read' });
  const { page, open } = await panel.visitAs('READ_ONLY', '/content/Post?search=Only');
  await page.getByText('your account is read-only').waitFor();
  await page.getByRole('link', { name: 'Only read' }).waitFor();
  for (const name of [/New/, /Delete/])
    expect(await page.getByRole('button', { name }).or(page.getByRole('link', { name })).count()).toBe(0);
  expect(await page.getByRole('checkbox').count()).toBe(0);
  await open(`/content/Post/${documentId}`);
  await page.getByText('your account is read-only').waitFor();
  expect(await page.getByRole('textbox').count()).toBe(0);
  await page.getByRole('button', { name: 'More' }).click();
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Copy the documentId']);
});

test('axe finds nothing on the dialogs of a table and on a form with faults', async () => {
  const { page, open } = await panel.visitAs('ADMINISTRATOR', '/content/Tag?f.name.containsi=a', {
    withoutPolicy: true,
  });
  const faults: string[] = [];
  for (const button of ['Filter', 'Columns']) {
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('dialog').waitFor();
    faults.push(...(await accessibilityFaults(page)));
    await page.keyboard.press('Escape');
  }
  await open('/content/Tag/new');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('This is required.').waitFor();
  faults.push(...(await accessibilityFaults(page)));
  expect(faults).toEqual([]);
});
