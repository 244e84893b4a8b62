import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { AUDIT_EVENTS } from '../../src/audit/events.ts';
import { usePanel } from './panel.ts';

/* Home, the audit log, settings and mail templates, as an administrator uses them. */

const panel = usePanel({ config: { seedDemo: true } });
const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

async function setTemplate(page: Page, part: 'Subject' | 'Text' | 'HTML', text: string) {
  await page.getByRole('textbox', { name: part }).fill(text);
}

describe('mail templates', () => {
  test('a mail is changed with variables, looked at before it is saved, and read as a test mail', async () => {
    const { page, email } = await panel.visitAs('ADMINISTRATOR', '/mails');
    await page.getByRole('link', { name: 'Confirm an address' }).click();
    await setTemplate(page, 'Subject', 'Welcome to the club');
    const text = page.getByRole('textbox', { name: 'Text' });
    await text.fill('Open  now.');
    await text.evaluate((field) => (field as HTMLTextAreaElement).setSelectionRange(5, 5));
    await page.getByRole('button', { name: 'Insert {{link}}' }).click();
    await expect.poll(() => text.inputValue()).toBe('Open {{link}} now.');
    await setTemplate(
      page,
      'HTML',
      '<body style="color: rgb(1, 2, 3)"><p>Open <a href="{{link}}">this</a>.</p></body>',
    );

    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText('Welcome to the club').waitFor();
    await preview.getByText(/^Open http:\/\/127\.0\.0\.1:\d+\/#code=an-example-that-opens-nothing now\.$/).waitFor();
    await page.frameLocator('iframe').getByText('Open this.').waitFor();
    // Asked from the page: what a test runs in the frame itself is blocked there like a script of the mail.
    const colour = page.locator('iframe').evaluate((frame) => {
      const text = (frame as HTMLIFrameElement).contentDocument?.querySelector('p');
      return text && getComputedStyle(text).color;
    });
    expect(await colour).toBe('rgb(1, 2, 3)');
    expect((await panel.server.askAdmin('{ entrance { needsCode } }')).errors).toBeUndefined();

    await page.keyboard.press('Control+s');
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Send a test mail' }).click();
    await page.getByText(`The test mail was sent to ${email}.`).waitFor();
    const sent = panel.server.mails.at(-1);
    expect(sent).toMatchObject({ to: email, subject: 'Welcome to the club' });
    expect(sent?.text).toMatch(/^Open http.* now\.$/);

    await page.getByRole('button', { name: 'Restore the built-in words' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore the built-in words' }).click();
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Subject' }).inputValue())
      .toBe('Confirm your e-mail address');
  });

  test('what is wrong stands at its field, and nothing typed is lost', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/mails/RESET_PASSWORD');
    await setTemplate(page, 'Text', 'No link here, {{nobody}}');
    await page.getByText('The preview is of the words before that.').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const text = page.getByRole('textbox', { name: 'Text' });
    await expect.poll(() => text.getAttribute('aria-invalid')).toBe('true');
    const fault = page.getByRole('alert').filter({ hasText: 'text must have {{link}} or {{code}}' });
    await fault.first().waitFor();
    expect(await text.inputValue()).toBe('No link here, {{nobody}}');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    expect(await text.inputValue()).toContain('{{link}}');
  });

  test('somebody else who saved meanwhile is not overwritten unasked', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/mails/LOGIN_CODE');
    const subject = page.getByRole('textbox', { name: 'Subject' });
    await subject.fill('Mine');
    const token = await panel.server.adminToken();
    const words = { subject: 'Theirs', text: '{{code}}', html: '<p>{{code}}</p>' };
    const set =
      'mutation ($words: MailTemplateInput!) { setMailTemplate(purpose: LOGIN_CODE, words: $words) { subject } }';
    expect((await panel.server.askAdmin(set, { token, variables: { words } })).errors).toBeUndefined();
    const kept = async () =>
      (await panel.server.database.prisma.mailTemplate.findUniqueOrThrow({ where: { purpose: 'loginCode' } })).subject;
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody else changed this mail meanwhile.').waitFor();
    const theirs = page.getByRole('region', { name: 'Subject, as it is saved now' });
    await theirs.getByText('Theirs', { exact: true }).waitFor();
    expect([await subject.inputValue(), await kept()]).toEqual(['Mine', 'Theirs']);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await theirs.waitFor({ state: 'detached' });
    await expect.poll(kept).toBe('Mine');
    await subject.fill('Mine again'); // what was saved here is no change of somebody else
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(kept).toBe('Mine again');
  });

  test('hostile HTML runs nothing and asks nobody', async () => {
    const { page, faults } = await panel.visitAs('ADMINISTRATOR', '/mails/EMAIL_CHANGED');
    await setTemplate(page, 'Subject', HOSTILE);
    await setTemplate(page, 'Text', HOSTILE);
    await setTemplate(
      page,
      'HTML',
      `<base href="http://evil.test/"><meta http-equiv="refresh" content="0;url=http://evil.test/">
       <link rel="stylesheet" href="http://evil.test/a.css"><p onclick="top.broken = 1">Here</p>${HOSTILE}
       <img src="http://evil.test/p.png" alt="logo"><a href="javascript:top.broken = 2">run</a>
       <iframe src="http://evil.test/"></iframe><form action="http://evil.test/"><button>Send</button></form>`,
    );
    const mail = page.frameLocator('iframe');
    await mail.getByText('[image: logo]').waitFor();
    await mail.getByText('Here').click();
    await mail.getByText('run').click();
    await mail.getByRole('button', { name: 'Send' }).click();
    expect(await mail.locator('script, iframe, form, base, meta, link, [onclick], [onerror]').count()).toBe(0);
    await page.getByRole('region', { name: 'Preview' }).getByText(HOSTILE).first().waitFor();
    expect(await page.evaluate(() => (globalThis as { readonly broken?: number }).broken)).toBeUndefined();
    // The browser says that it blocked what is in the mail, which is what it has to do. Nothing else may be said.
    const blocked = /^error: Blocked script execution in 'http:\/\/127\.0\.0\.1:\d+\/admin\/mail-frame'/;
    const others = faults.filter((fault) => !blocked.test(fault));
    faults.splice(0, faults.length, ...others);
    expect(others).toEqual([]);
    await page.getByRole('button', { name: 'Discard changes' }).click();
  });
});

describe('settings', () => {
  test('what a change does is said before it is saved, and clients see it at once', async () => {
    const register = () =>
      panel.server.ask(
        'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { user { username } } }',
        { variables: { input: { username: 'newcomer', email: 'newcomer@example.org', password: 'correct horse 7' } } },
      );
    const { page } = await panel.visitAs('ADMINISTRATOR', '/settings');
    await page.getByRole('switch', { name: 'New users can register' }).click();
    await page.getByLabel('Logged out when idle for', { exact: true }).fill('1,5');
    await page.getByRole('combobox', { name: 'Logged out when idle for: unit' }).click();
    await page.getByRole('option', { name: 'hours' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Nobody can register any more.').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    const token = await panel.server.adminToken();
    const stored = await panel.server.askAdmin('{ settings { signUps adminIdleSessionLifespan } }', { token });
    expect(stored.data.settings).toEqual({ signUps: false, adminIdleSessionLifespan: 5_400 });
    expect((await register()).errors?.[0]?.message).toBe('Register action is currently disabled');

    await page.getByRole('switch', { name: 'New users can register' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await register()).errors).toBeUndefined();
  });

  test('faults stand at their fields, in the words of the page', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/settings');
    await page.getByLabel('Shortest password of a user').fill('3');
    await page.getByLabel('Accept a used refresh token again for', { exact: true }).fill('often');
    await page.getByLabel('Page for confirming an address').fill('javascript:alert(1)');
    await page.keyboard.press('Control+s');
    await page.getByText('Enter a number.').waitFor();
    await page.getByLabel('Accept a used refresh token again for', { exact: true }).fill('300');
    await page.keyboard.press('Control+s');
    await page.getByText('“Shortest password of a user” must be from 8 to 64').waitFor();
    await page.getByText('“Accept a used refresh token again for” must be from 0 seconds to 1 minute').waitFor();
    await page.getByText('“Page for confirming an address” must be a valid URL').waitFor();
    expect(await page.getByLabel('Shortest password of a user').inputValue()).toBe('3');
    await page.getByRole('button', { name: 'Discard changes' }).click();
  });

  test('somebody who may only look sees them, and can change nothing', async () => {
    const { page } = await panel.visitAs('READ_ONLY', '/settings');
    await page.getByText('your account is read-only').waitFor();
    expect(await page.getByLabel('Shortest password of a user').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
  });
});

describe('the audit log', () => {
  async function block(reason: string, userAgent: string): Promise<string> {
    const token = await panel.server.adminToken();
    const { data } = await panel.server.askAdmin('{ users(sort: "createdAt") { documentId username } }', { token });
    const { documentId, username } = data.users[0];
    for (const document of [
      'mutation ($id: ID!, $reason: String) { blockUser(documentId: $id, reason: $reason) { documentId } }',
      'mutation ($id: ID!) { unblockUser(documentId: $id) { documentId } }',
    ]) {
      const variables = { id: documentId, ...(document.includes('reason') && { reason }) };
      await panel.server.askAdmin(document, { token, variables, headers: { 'user-agent': userAgent } });
    }
    return username;
  }

  test('entries are found by filters in the address, and show what changed as text', async () => {
    const username = await block(HOSTILE, HOSTILE);
    const { page } = await panel.visitAs('ADMINISTRATOR', '/audit');
    await page.getByRole('combobox', { name: 'Event' }).click();
    await page.getByRole('option', { name: 'blocked a user' }).click();
    await page.waitForURL(/event=user\.block/);
    await page.getByRole('cell', { name: HOSTILE }).first().waitFor();
    await page.getByRole('link', { name: 'blocked a user' }).first().click();
    const entry = page.getByRole('dialog');
    await entry.getByText(HOSTILE, { exact: true }).first().waitFor();
    expect(await entry.locator('ins').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('true'), expect.stringContaining(HOSTILE)]),
    );
    expect(await entry.locator('del').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('false'), expect.stringContaining('nothing')]),
    );
    expect(await entry.getByRole('link', { name: username }).getAttribute('href')).toMatch(/\/admin\/users\/\w+/);
    await page.keyboard.press('Escape');
    await entry.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('cell', { name: HOSTILE }).first().waitFor();
  });

  test('who did something and what it was done to are found by typing', async () => {
    const username = await block('found', 'test');
    // Others, as many as a picker shows before something is typed; what is typed comes in one piece, as if it were pasted.
    const token = await panel.server.adminToken();
    for (let index = 0; index < 6; index += 1) {
      const name = `a${index}`;
      const { errors } = await panel.server.askAdmin(
        `mutation { createUser(data: { username: "aa${name}", email: "${name}@example.net" }) { documentId }
           createAdmin(data: { email: "${name}@example.net", role: READ_ONLY }) { documentId } }`,
        { token },
      );
      expect(errors).toBeUndefined();
    }
    const { page, email } = await panel.visitAs('ADMINISTRATOR', '/audit');
    await page.getByRole('combobox', { name: 'By whom' }).fill(email.slice(0, 12));
    await page.getByRole('option', { name: `${email} Administrator`, exact: true }).click();
    await page.waitForURL(/actor=\w+/);
    await expect.poll(() => page.getByRole('row').count()).toBe(2); // the list before has such cells, too
    await page.getByRole('cell', { name: 'logged in as an administrator' }).waitFor();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.waitForURL((url) => !url.searchParams.has('actor'));
    await page.getByRole('combobox', { name: 'On whom or what' }).fill(username);
    await page.getByRole('option', { name: `${username} User,` }).waitFor();
  });

  test('new entries are announced instead of moving the list, and arrow keys go through entries', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/audit');
    const first = page.getByRole('row').nth(1);
    const before = await first.innerText();
    await block('again', 'test');
    await page.reload();
    const announced = page.getByText(/^\d+ newer entries$/);
    await announced.waitFor();
    expect(await first.innerText()).toBe(before);
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('row').filter({ hasText: 'lifted a block' }).first().waitFor();

    await page.getByRole('link', { name: 'lifted a block' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('user.unblock').waitFor();
    const idOf = () => Number(new URL(page.url()).searchParams.get('entry'));
    const id = idOf();
    await page.keyboard.press('ArrowDown');
    await dialog.getByText('user.block', { exact: true }).waitFor();
    expect(idOf()).toBe(id - 1);
    await page.keyboard.press('ArrowUp');
    await dialog.getByText('user.unblock').waitFor();
    expect(idOf()).toBe(id);
  });

  test('an entry has an address of its own, from which one goes on', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/audit/2');
    const dialog = page.getByRole('dialog', { name: 'Entry 2' });
    await dialog.waitFor();
    await page.getByRole('button', { name: 'Newer entry' }).click();
    await page.getByRole('dialog', { name: 'Entry 3' }).waitFor();
  });

  test('the chain of hashes is verified', async () => {
    const { page } = await panel.visitAs('READ_ONLY', '/audit');
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText(/^The chain is intact: \d+ entries were verified\.$/).waitFor();
  });

  test('has words for every event', async () => {
    const { en } = await import('../../panel/words/en/audit.ts').then(({ audit }) => ({ en: audit.events }));
    const { de } = await import('../../panel/words/de/audit.ts').then(({ audit }) => ({ de: audit.events }));
    expect(Object.keys(en)).toEqual(expect.arrayContaining(Object.keys(AUDIT_EVENTS)));
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  });
});

describe('home', () => {
  test('names what needs attention with the way to mend it, and has its numbers as text', async () => {
    const { page } = await panel.visitAs('ADMINISTRATOR', '/');
    await page.getByText('There is no mail server (SMTP_URL): mails are sent to nobody.').waitFor();
    await page.getByRole('link', { name: 'See the mails' }).click();
    await page.getByRole('heading', { level: 1, name: 'Mail templates' }).waitFor();
    await page.goBack();
    const chart = page.getByRole('region', { name: 'Log-ins', exact: true });
    await chart.getByRole('img', { name: /^Log-ins by day: \d+ log-ins, \d+ refused log-ins in all$/ }).waitFor();
    await chart.getByText('As a table').click();
    expect(await chart.getByRole('row').count()).toBe(15);
  });
});

test('the account menu leads to the playground and says where the documentation is', async () => {
  const { page, context } = await panel.visitAs('ADMINISTRATOR', '/');
  const menu = page.getByRole('button', { name: /^Your account: / });
  await menu.click();
  const opened = context.waitForEvent('page');
  await page.getByRole('menuitem', { name: 'Playground' }).click();
  expect((await opened).url()).toBe(`${panel.origin}/graphql`);
  await menu.click();
  await page.getByRole('menuitem', { name: 'Documentation' }).click();
  await page.getByRole('dialog', { name: 'Documentation' }).getByText('In the folder docs').waitFor();
});
