import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { ensureFirstAdmin } from '../../src/start/first-admin.ts';
import { startMessage } from '../../src/start/start-message.ts';
import { noTraffic } from './chromium.ts';
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
function withoutRefusal(faults: string[], status: 401 | 403 = 401): void {
  const others = faults.filter((fault) => !fault.includes(`status of ${status}`));
  faults.splice(0, faults.length, ...others);
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

  test('that ended is not asked with while the dialog is open, and what is watched goes on after the log-in', async () => {
    const { page, email, faults, open } = await panel.visitAs('ADMINISTRATOR', '/', { ownBrowser: true });
    await page.clock.install();
    const asked: string[] = [];
    page.on('request', (request) => {
      asked.push(/(?:query|mutation) (\w+)/.exec(request.postData() ?? '')?.[1] ?? request.url());
    });
    for (const [path, watches] of [
      [`/users/${await newUser('watched')}`, 'KeepFormOpen'],
      ['/audit', 'CountAuditEntries'],
    ] as const) {
      await open(path);
      await endSessionsOf(email);
      await page.clock.fastForward(60_000);
      const dialog = page.getByRole('dialog', { name: 'Your session ended' });
      await dialog.waitFor();
      await noTraffic(page);
      withoutRefusal(faults);
      asked.length = 0;
      for (let look = 0; look < 3; look += 1) await page.clock.fastForward(60_000);
      await noTraffic(page);
      expect(asked).toEqual([]);
      await dialog.getByLabel('Password').fill(DEMO_PASSWORD);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      await page.clock.fastForward(60_000);
      await expect.poll(() => asked).toContain(watches);
    }
  });

  test('is not kept by a page that nobody touches, whatever it watches', async () => {
    const { page, open } = await panel.visitAs('ADMINISTRATOR', '/', { ownBrowser: true });
    await page.clock.install();
    for (const path of [`/users/${await newUser('untouched')}`, '/audit']) {
      await open(path);
      await page.clock.fastForward(3_600_000); // what was touched last is renewed once
      await noTraffic(page);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.postData() ?? request.url()));
      for (let hour = 0; hour < 3; hour += 1) await page.clock.fastForward(3_600_000);
      await noTraffic(page);
      expect(asked, path).toEqual([]);
    }
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
  const { page, context, email, faults } = await panel.visitAs('ADMINISTRATOR');
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
  withoutRefusal(faults);
});

/** A new user, whose password is the demo one. */
async function newUser(name: string): Promise<string> {
  const { data } = await panel.server.askAdmin(
    'mutation ($data: CreateUserInput!) { createUser(data: $data) { documentId } }',
    {
      token: await panel.server.adminToken(),
      variables: { data: { username: name, email: `${name}@example.net`, password: DEMO_PASSWORD } },
    },
  );
  return data.createUser.documentId;
}

describe('a user', () => {
  test('who is blocked sees it with the next request, and the page says why and until when', async () => {
    const id = await newUser('vera');
    const token = await panel.server.tokenOf('vera');
    expect((await panel.server.ask('{ me { username } }', { token })).data.me).toEqual({ username: 'vera' });
    const { page } = await panel.visitAs('ADMINISTRATOR', `/users/${id}`);
    await page.getByRole('button', { name: 'Actions for vera' }).click();
    await page.getByRole('menuitem', { name: 'Block', exact: true }).click();
    await page.getByLabel('Reason').fill('<b>spam</b>');
    await page.getByRole('combobox', { name: 'The block ends' }).click();
    await page.getByRole('option', { name: 'After 1 week' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
    await page.getByText('Reason: <b>spam</b>').waitFor();
    await page.getByText('This user is blocked until').waitFor();
    const refused = await panel.server.ask('{ me { username } }', { token });
    expect(refused.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    await page.getByRole('button', { name: 'Actions for vera' }).click();
    await page.getByRole('menuitem', { name: 'Unblock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click();
    await page.getByText('This user is blocked until').waitFor({ state: 'detached' });
    expect(await panel.server.tokenOf('vera')).toBeTruthy();
  });

  test('is created, changed with a fault at its field, and found by filters that stand in the address', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/users/new');
    await page.getByLabel('Username').fill('reader');
    await page.getByLabel('E-mail').fill('nora@example.net');
    await page.getByRole('combobox', { name: 'Main role' }).fill('Edit');
    await page.getByRole('option', { name: /Editor/ }).click();
    await page.getByRole('combobox', { name: 'Password' }).click();
    await page.getByRole('option', { name: 'Set it here' }).click();
    await page.getByLabel('New password').fill(DEMO_PASSWORD);
    await page.getByRole('button', { name: 'Create a user' }).click();
    await page.getByRole('alert').first().waitFor(); // there is a "reader"
    expect(await page.getByLabel('E-mail').inputValue()).toBe('nora@example.net');
    await page.getByLabel('Username').fill('nora');
    await page.getByRole('button', { name: 'Create a user' }).click();
    await page.getByRole('heading', { name: 'nora', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Permissions' }).click();
    await page.getByText('post.delete').waitFor();
    await page.goto(`${panel.origin}/admin/users`);
    await page.getByRole('searchbox', { name: 'Search username or e-mail' }).fill('nora');
    await page.waitForURL(/search=nora/);
    await expect.poll(() => page.getByRole('row').count()).toBe(2); // the heads, and nora
    await page.getByRole('link', { name: 'nora', exact: true }).waitFor();
    await page.reload();
    await expect.poll(() => page.getByRole('row').count()).toBe(2); // the heads, and nora
    await page.getByRole('link', { name: 'nora', exact: true }).waitFor();
  });

  test('is invited, and the invitation is revoked', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/users');
    await page.getByRole('link', { name: 'Invitations' }).click();
    await page.getByText('No invitation waits').waitFor();
    await page.getByLabel('E-mail').fill('reader@example.com');
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByText('There is an account with this e-mail').waitFor();
    await page.getByLabel('E-mail').fill('welcome@example.net');
    await page.getByRole('combobox', { name: 'Role' }).fill('Edit');
    await page.getByRole('option', { name: /Editor/ }).click();
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    const row = page.getByRole('row', { name: /welcome@example.net/ });
    await row.getByText('Editor').waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe('');
    await row.getByRole('button', { name: 'Revoke the invitation of welcome@example.net' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await panel.server.database.prisma.invitation.count()).toBe(0);
  });

  test('who lost the second factor gets rid of it, for a reason', async () => {
    const id = await newUser('lost');
    const { prisma } = panel.server.database;
    const { id: userId } = await prisma.user.findUniqueOrThrow({ where: { documentId: id } });
    await prisma.totpSecret.create({ data: { id: 'lost', userId, confirmed: true, sealed: new Uint8Array(1) } });
    const { page } = await panel.visitAs('ADMINISTRATOR', `/users/${id}`);
    await page.getByRole('button', { name: 'Actions for lost' }).click();
    await page.getByRole('menuitem', { name: 'Remove the second factor' }).click();
    const dialog = page.getByRole('dialog');
    const button = dialog.getByRole('button', { name: 'Remove the second factor' });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('They called, and I know their voice');
    await button.click();
    await page.getByText('lost has no second factor any more').waitFor();
    expect(await prisma.totpSecret.count({ where: { userId } })).toBe(0);
  });

  test('is deleted only after the name is typed', async () => {
    const id = await newUser('gone');
    const { page } = await panel.visitAs('ADMINISTRATOR', `/users/${id}`);
    await page.getByRole('button', { name: 'Actions for gone' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete gone' });
    await dialog.getByText('No content refers to this user.').waitFor();
    const button = dialog.getByRole('button', { name: 'Delete', exact: true });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('gone');
    await button.click();
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    expect(await panel.server.database.prisma.user.count({ where: { username: 'gone' } })).toBe(0);
  });

  test('of many is one of those that get a role, whatever page they are on', async () => {
    for (let index = 0; index < 13; index += 1) await newUser(`many${index}`);
    const { page } = await panel.visitAs('ADMINISTRATOR', '/users?search=many&pageSize=10');
    await page.getByRole('checkbox', { name: 'Select this page' }).click();
    await page.getByText('10 selected').waitFor(); // the page is one act
    await page.getByRole('button', { name: 'Select all 13 users that match' }).click(); // all that match another
    await page.getByRole('button', { name: 'Actions for the selected users' }).click();
    await page.getByRole('menuitem', { name: 'Add a role' }).click();
    await page.getByRole('combobox', { name: 'Role' }).last().fill('Moder');
    await page.getByRole('option', { name: /Moderator/ }).click();
    await page.getByRole('button', { name: 'Add the role' }).click();
    await page.getByText('Done for 13 of 13 users.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    const having = {
      username: { startsWith: 'many' },
      furtherRoles: { some: { role: { name: 'Moderator' } } },
      role: { type: 'authenticated' }, // the main one stays
    };
    expect(await panel.server.database.prisma.user.count({ where: having })).toBe(13);
  });

  test('whose form is half typed when the session ends is saved after the password, with nothing lost', async () => {
    const id = await newUser('half');
    const { page, email, faults } = await panel.visitAs('ADMINISTRATOR', `/users/${id}`);
    await page.getByLabel('Username').fill('whole');
    await endSessionsOf(email);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Your session ended' });
    await dialog.getByLabel('Password').fill(DEMO_PASSWORD);
    await dialog.getByRole('button', { name: 'Log in', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    // What the page keeps by itself may have met the end of the session first: then nothing has been sent yet.
    await page
      .getByRole('button', { name: 'Save' })
      .click({ timeout: 3_000 })
      .catch(() => {});
    await page.getByRole('heading', { name: 'whole', level: 1 }).waitFor();
    withoutRefusal(faults);
    const { username } = await panel.server.database.prisma.user.findUniqueOrThrow({ where: { documentId: id } });
    expect(username).toBe('whole');
  });

  test('that another administrator is changing says so, by name, where it is opened', async () => {
    const { prisma } = panel.server.database;
    const { documentId } = await prisma.user.findFirstOrThrow({ where: { username: 'reader' } });
    const form = `/users/${documentId}`;
    const first = await panel.visitAs('ADMINISTRATOR', `/users/${documentId}`);
    await first.page.getByLabel('Username').fill('reader-to-be');
    await expect.poll(() => prisma.openForm.count({ where: { form, changed: true } })).toBe(1);
    const second = await panel.visitAs('ADMINISTRATOR', `/users/${documentId}`);
    await second.page.getByText(`${first.email} is changing this at the moment.`).waitFor();
    expect(await first.page.getByText(`${first.email} is changing`).count()).toBe(0);
    await first.page.getByRole('button', { name: 'Discard changes' }).click();
    await first.page.getByText(`${second.email} has this open too.`).waitFor();
    // Who leaves is not named any more.
    await second.page.getByRole('link', { name: 'Roles', exact: true }).click();
    await expect.poll(() => prisma.openForm.count({ where: { form } })).toBe(1);
  });

  test('changed by two administrators at once keeps what each of them changed', async () => {
    const id = await newUser('both');
    const one = await panel.visitAs('ADMINISTRATOR', `/users/${id}`);
    const other = await panel.visitAs('ADMINISTRATOR', `/users/${id}`);
    await one.page.getByLabel('Username').fill('both-renamed');
    await other.page.getByLabel('E-mail').fill('both-moved@example.net');
    await one.page.getByRole('button', { name: 'Save' }).click();
    await one.page.getByRole('heading', { name: 'both-renamed', level: 1 }).waitFor();
    await other.page.getByRole('button', { name: 'Save' }).click();
    await other.page.getByText('Saved').first().waitFor();
    const user = await panel.server.database.prisma.user.findUniqueOrThrow({ where: { documentId: id } });
    expect(user).toMatchObject({ username: 'both-renamed', email: 'both-moved@example.net' });
  });

  test('is acted as, with a reason and a token that is shown once, until somebody ends it', async () => {
    const id = await newUser('acted');
    const { page } = await panel.visitAs('ADMINISTRATOR', `/users/${id}`);
    await page.getByRole('button', { name: 'Actions for acted' }).click();
    await page.getByRole('menuitem', { name: 'Act as this user' }).click();
    const dialog = page.getByRole('dialog', { name: 'Act as acted' });
    await dialog.getByLabel('Reason').fill('The list of posts is empty');
    await dialog.getByRole('button', { name: 'Act as this user' }).click();
    const begun = page.getByRole('dialog', { name: 'You act as acted' });
    const token = (await begun.locator('code').innerText()).trim();
    const me = () => panel.server.ask('{ me { username } }', { token });
    expect((await me()).data.me).toEqual({ username: 'acted' });
    await begun.getByRole('button', { name: 'Close' }).click();
    const banner = page.getByRole('region', { name: 'As whom you act' });
    await banner.getByText(/You act as/).waitFor();
    expect(await page.content()).not.toContain(token);
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByText(/By the administrator/).waitFor();
    // Another tab shows it as well, and ends it; this one learns of it when somebody looks at it again.
    const tab = await page.context().newPage();
    await tab.goto(`${panel.origin}/admin/tokens`);
    const there = tab.getByRole('region', { name: 'As whom you act' });
    await there.getByText(/You act as acted/).waitFor();
    await there.getByRole('button', { name: 'End it' }).click();
    await there.waitFor({ state: 'detached' });
    await tab.close();
    await banner.waitFor();
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await banner.waitFor({ state: 'detached' });
    expect((await me()).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

test('the palette has what is typed right after Ctrl-K, and gives the focus back', async () => {
  const { page } = await panel.visitAs('READ_ONLY', '/administrators');
  const before = page.getByRole('searchbox', { name: 'Search e-mail or name' });
  await before.focus();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('audit'); // without waiting for its field
  const field = page.getByRole('combobox', { name: 'Go to or search' });
  expect(await field.inputValue()).toBe('audit');
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  await expect.poll(() => before.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await before.inputValue()).toBe('');
});

describe('an administrator', () => {
  test('is created after the password where the last proof is old, and with full access is never the last to go', async () => {
    // The newest first: other tests have made more than one page of them.
    const { page, email, faults } = await panel.visitAs('ADMINISTRATOR', '/administrators?sort=createdAt:desc');
    panel.server.advance(11 * 60_000);
    await page.getByRole('button', { name: 'Create an administrator' }).click();
    await page.getByRole('textbox', { name: 'E-mail' }).fill('colleague@example.org');
    await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
    const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await proof.getByLabel('Password').fill(DEMO_PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'colleague@example.org' }).first().waitFor();
    withoutRefusal(faults); // the token had ended, and was renewed
    withoutRefusal(faults, 403); // the last proof was too old
    await panel.server.database.prisma.admin.deleteMany({ where: { email: { not: email } } });
    await page.reload();
    await page.getByText('The last one with full access', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: `Actions for ${email}` }).click();
    expect(await page.getByRole('menuitem', { name: /^Delete/ }).getAttribute('aria-disabled')).toBe('true');
  });

  test('changes the own password, which ends the other sessions and not this one', async () => {
    const { page, email } = await panel.visitAs('READ_ONLY', '/account');
    const second = await panel.visit('/');
    await logIn(second.page, email);
    await page.reload();
    await page.getByText('This one').waitFor();
    await page.getByLabel('Current password').fill(DEMO_PASSWORD);
    await page.getByLabel('New password', { exact: true }).fill('another password of mine');
    await page.getByLabel('New password again').fill('another password of mine');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText(/Your password is changed/).waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2); // the heads, and this session
    await page.reload();
    await page.getByText('This one').waitFor();
    await second.page.reload();
    await entrance(second.page).waitFor();
    withoutRefusal(second.faults);
  });
});

test('who may only read sees users and can change none', async () => {
  const { page } = await panel.visitAs('READ_ONLY', '/users?search=reader');
  await page.getByText('You can read this, and not change it', { exact: false }).waitFor();
  expect(await page.getByRole('checkbox').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Create a user' }).count()).toBe(0);
  await page.getByRole('link', { name: 'reader', exact: true }).click();
  await page.getByRole('heading', { name: 'Account' }).waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Actions for/ }).count()).toBe(0);
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
