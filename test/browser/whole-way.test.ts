import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ensureFirstAdmin } from '../../src/start/first-admin.ts';
import { startMessage } from '../../src/start/start-message.ts';
import { byKeyboard, byMouse, type Hand } from './hand.ts';
import { settled, usePanel } from './panel.ts';

/* The whole way in one go, as in production: from the code that the start prints to the end of the session. */

const panel = usePanel({ empty: true, config: { production: true } });
const PASSWORD = 'a password of the whole way';

/** The address of the welcome page, from what the start prints. */
async function printedAddress(): Promise<string> {
  const { server, origin } = panel;
  const { config, database, gatehouse } = server;
  await database.prisma.admin.deleteMany();
  const firstAdmin = await ensureFirstAdmin(gatehouse.administration, config);
  const message = await startMessage({
    ...{ config, address: origin, prisma: database.prisma, demoUsers: [], demo: undefined, firstAdmin },
  });
  return /http\S+welcome\S*/.exec(message)?.[0]?.slice(`${origin}/admin`.length) ?? '';
}

/** What a client of the user, or of a token, gets. */
async function postsFor(token: string): Promise<unknown> {
  const { data, errors } = await panel.server.ask('{ posts { title } }', { token });
  return errors?.[0]?.extensions.code ?? data.posts;
}

async function tokenOf(identifier: string): Promise<string> {
  const login = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
  const { data, errors } = await panel.server.ask(login, { variables: { input: { identifier, password: PASSWORD } } });
  expect(errors).toBeUndefined();
  return data.login.jwt;
}

test.each([
  ['by mouse', byMouse],
  ['by keyboard', byKeyboard],
] as const)('from the printed code to the log-out: %s', async (way, handOf) => {
  const { page } = await panel.visit(await printedAddress());
  const hand = handOf(page);
  const name = way.replaceAll(' ', '-');
  const button = (label: string, within: Page | Locator = page) =>
    within.getByRole('button', { name: label, exact: true });
  const field = (label: string) => page.getByRole('textbox', { name: label, exact: true });
  const heading = (title: string) => page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();

  // The first administrator.
  await hand.fill(page.getByLabel('E-mail'), `${name}@example.org`);
  await hand.fill(page.getByLabel('Password'), PASSWORD);
  await hand.press(button('Create the administrator'));
  await heading('Home');

  // A role with a rule.
  await hand.go('Roles');
  await heading('Roles');
  await hand.press(button('Create a role'));
  await hand.fill(field('Name'), `Role ${name}`);
  await hand.press(button('Create a role', page.getByRole('dialog')));
  await heading(`Role ${name}`);
  await hand.press(page.getByRole('link', { name: /^Post: Find: No/ }));
  await hand.radio(page.getByRole('radio', { name: /^No/ }), 2);
  await hand.fill(page.getByLabel('The same as JSON'), `[{ "where": { "slug": { "eq": "post-${name}" } } }]`);
  await page.getByText(`where slug is "post-${name}"`).first().waitFor();
  const bar = page.getByRole('region', { name: 'Unsaved changes' });
  await hand.save(button('Save', bar));
  await bar.waitFor({ state: 'detached' });

  // A user in it, whose client can log in and finds nothing yet.
  await hand.go('Users');
  await heading('Users');
  await hand.press(page.getByRole('link', { name: 'Create a user' }));
  await hand.fill(field('Username'), name);
  await hand.fill(field('E-mail'), `${name}@example.net`);
  await hand.pick(page.getByRole('combobox', { name: 'Main role' }), `Role ${name}`);
  await hand.choose(page.getByRole('combobox', { name: 'Password' }), 'Set it here');
  await hand.fill(page.getByLabel('New password'), PASSWORD);
  await hand.press(button('Create a user'));
  await heading(name);
  const client = await tokenOf(name);
  expect(await postsFor(client)).toEqual([]);

  // Content with every kind of column: the client sees each change with its next request.
  await createPost(page, hand, name);
  await heading(`Post ${name}`);
  expect(await postsFor(client)).toEqual([{ title: `Post ${name}` }]);
  const { prisma } = panel.server.database;
  expect(await prisma.post.findFirst({ where: { title: `Post ${name}` }, include: { tags: true } })).toMatchObject({
    ...{ slug: `post-${name}`, kind: 'news', featured: true, premium: false, views: 12, rating: 4.25 },
    ...{ content: 'Some text', publishedAt: new Date('2026-07-07T10:30:00Z'), tags: [{ name: 'api' }] },
  });
  await hand.go('Posts');
  await heading('Posts');
  await hand.fill(page.getByRole('searchbox'), `Post ${name}`);
  await page.waitForURL(/search=/);
  await hand.press(page.getByRole('link', { name: `Post ${name}`, exact: true }));
  await hand.fill(field('Title'), `Post ${name} again`);
  await hand.save(button('Save'));
  await heading(`Post ${name} again`);
  expect(await postsFor(client)).toEqual([{ title: `Post ${name} again` }]);
  await hand.menu(button('More'), 'Delete');
  await page.getByRole('dialog').getByText('hangs on it').waitFor();
  await hand.press(button('Delete …', page.getByRole('dialog')).or(button('Delete', page.getByRole('dialog'))));
  await heading('Posts');
  expect(await postsFor(client)).toEqual([]);

  // An API token, made, used, revoked.
  await hand.go('API tokens');
  await heading('API tokens');
  await hand.press(page.getByRole('link', { name: 'Create a token' }).first());
  await hand.fill(field('Name'), `Token ${name}`);
  await hand.press(button('Create a token'));
  const made = page.getByRole('dialog', { name: `The secret of Token ${name}` });
  const secret = await made.getByLabel('Secret', { exact: true }).inputValue();
  expect(await postsFor(secret)).toEqual(expect.arrayContaining([{ title: expect.any(String) }]));
  await hand.press(button('I have copied it', made));
  await heading(`Token ${name}`);
  await hand.press(button('Revoke'));
  const question = page.getByRole('dialog', { name: `Revoke Token ${name}?` });
  await hand.fill(question.getByRole('textbox'), `Token ${name}`);
  await hand.press(button('Revoke', question));
  await page.getByText(`Token ${name} was revoked`).waitFor();
  expect(await postsFor(secret)).toBe('UNAUTHENTICATED');

  // A mail in other words, sent to oneself.
  await hand.go('Mail templates');
  await heading('Mail templates');
  await hand.press(page.getByRole('link', { name: 'Confirm an address' }));
  await hand.fill(field('Subject'), `Welcome ${name}`);
  await hand.save(button('Save'));
  await expect.poll(() => prisma.mailTemplate.count({ where: { subject: `Welcome ${name}` } })).toBe(1);
  await hand.press(button('Send a test mail'));
  await page.getByText(`The test mail was sent to ${name}@example.org.`).waitFor();
  expect(panel.server.mails.at(-1)).toMatchObject({ to: `${name}@example.org`, subject: `Welcome ${name}` });

  // Acting as the user.
  await hand.go('Users');
  await heading('Users');
  await hand.fill(page.getByRole('searchbox'), name);
  await page.waitForURL(/search=/);
  await hand.press(page.getByRole('link', { name, exact: true }));
  await heading(name);
  await hand.menu(button(`Actions for ${name}`), 'Act as this user');
  const begin = page.getByRole('dialog', { name: `Act as ${name}` });
  await hand.fill(begin.getByLabel('Reason'), 'The whole way');
  await hand.press(button('Act as this user', begin));
  const begun = page.getByRole('dialog', { name: `You act as ${name}` });
  const acting = (await begun.locator('code').textContent())?.trim() ?? '';
  expect(await postsFor(acting)).toEqual([]);
  await hand.press(button('Close', begun).last());
  const banner = page.getByRole('region', { name: 'As whom you act' });
  await hand.press(button('End it', banner));
  await banner.waitFor({ state: 'detached' });
  expect(await postsFor(acting)).toBe('UNAUTHENTICATED');
  expect(await postsFor(client)).toEqual([]); // the session of the user goes on

  // The end.
  await hand.menu(page.getByRole('button', { name: /^Your account/ }), 'Log out');
  await button('Log in').waitFor();
  await page.reload();
  await settled(page);
  await button('Log in').waitFor();
});

async function createPost(page: Page, hand: Hand, name: string): Promise<void> {
  const field = (label: string) => page.getByRole('textbox', { name: label, exact: true });
  const box = (label: string) => page.getByRole('combobox', { name: label, exact: true });
  await hand.go('Posts');
  await page.getByRole('heading', { level: 1, name: 'Posts' }).waitFor();
  await hand.press(page.getByRole('link', { name: 'New Post' }));
  await hand.fill(field('Title'), `Post ${name}`);
  await hand.fill(field('Slug'), `post-${name}`);
  await hand.fill(field('Content'), 'Some text');
  await hand.choose(box('Kind'), 'news');
  await hand.choose(box('Featured'), 'Yes');
  await hand.choose(box('Premium'), 'No');
  await hand.fill(field('Views'), '12');
  await hand.fill(field('Rating'), '4.25');
  await hand.date(page.getByLabel('Published at'), '2026-07-07T12:30');
  await hand.pick(box('Tags'), 'api');
  await hand.save(page.getByRole('button', { name: 'Create', exact: true }));
}
