import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { faultsOfTemplate } from '../src/mail/templates.ts';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: { production: true } }); // which answers to any Host
});
afterAll(() => server?.close());
beforeEach(() => server.database.prisma.mailTemplate.deleteMany());

/** The mail that a forgotten password is answered with, in these words. */
async function resetMail(
  words: { subject?: string; text?: string; html?: string },
  headers: Record<string, string> = {},
) {
  const { prisma } = server.database;
  const template = { subject: 'Reset', text: '{{link}}', html: '<a href="{{link}}">{{link}}</a>', ...words };
  await prisma.mailTemplate.create({ data: { purpose: 'resetPassword', ...template } });
  server.mails.length = 0;
  await server.ask('mutation { forgotPassword(email: "editor@example.com") { ok } }', { headers });
  await server.gatehouse.idle();
  const [mail] = server.mails;
  if (!mail?.link) throw new Error('no mail');
  return { ...mail, link: mail.link };
}

test('a mail has the words of the settings, and its variables stand for their values', async () => {
  const { subject, text, html, link } = await resetMail({
    subject: 'New password for {{email}}',
    text: 'Go to {{link}} or type {{code}} at {{url}}.',
    html: '<p>{{email}}: <a href="{{link}}">go</a></p>',
  });
  expect(subject).toBe('New password for editor@example.com');
  expect(text).toBe(`Go to ${link} or type ${link.split('=')[1]} at http://gatehouse.test.`);
  expect(html).toBe(`<p>editor@example.com: <a href="${link}">go</a></p>`);
});

describe('template injection: nothing in a template is run', () => {
  const secret = () => server.config.jwtSecrets[0];

  test.each([
    ['ERB and EJS', '<%= 7 * 7 %> <%= process.env.HOME %>'],
    ['template literals', '$' + '{7 * 7} $' + '{process.exit(1)}'],
    ['Twig and Jinja', '{% for x in [1,2] %}x{% endfor %} {# comment #}'],
    ['Pug and Velocity', '#{7 * 7} $!{x} #set($x = 7)'],
    ['one brace', '{link} {7*7}'],
    ['brackets', '[[7*7]] }} ]]'],
  ])('%s', async (_what, words) => {
    const { text, html, link } = await resetMail({ text: `${words} {{link}}`, html: `${words} {{link}}` });
    expect(text).toBe(`${words} ${link}`);
    expect(html).toBe(`${words} ${link}`);
  });

  test.each([
    '{{constructor}}',
    '{{constructor.constructor("return process.env")()}}',
    '{{#with "s"}}{{lookup . "constructor"}}{{/with}}',
    '{{7*7}}',
    '{{ link }}',
    '{{__proto__}}',
    '{{toString}}',
    '{{jwtSecret}}',
    '{{newEmail}}',
    '{{{link}}}',
  ])('%s is no variable: the built-in mail is sent, and the log says so', async (words) => {
    server.log.length = 0;
    const { text, link } = await resetMail({ text: `${words} {{link}}` });
    expect(text).toContain('asked for a new password');
    expect(text).toContain(link);
    expect(text).not.toContain(secret());
    expect(server.log.some((line) => line.includes('a mail template is not valid'))).toBe(true);
  });

  test('a value that looks like a variable, or like HTML, stays text', async () => {
    const { prisma } = server.database;
    const email = '{{link}}<b>&"@example.com';
    await prisma.user.update({ where: { email: 'moderator@example.com' }, data: { email } });
    await prisma.mailTemplate.create({
      data: {
        purpose: 'passwordChanged',
        subject: 'For {{email}}',
        text: '{{email}}',
        html: '<p title="{{email}}">{{email}}</p>',
      },
    });
    const token = await server.tokenOf('moderator');
    server.mails.length = 0;
    const change =
      'changePassword(currentPassword: "gatehouse-demo", password: "another password", passwordConfirmation: "another password") { jwt }';
    expect((await server.ask(`mutation { ${change} }`, { token })).errors).toBeUndefined();
    await server.gatehouse.idle();
    const as = '{{link}}&lt;b&gt;&amp;&quot;@example.com';
    expect(server.mails).toMatchObject([
      { to: email, subject: `For ${email}`, text: email, html: `<p title="${as}">${as}</p>` },
    ]);
  });
});

test.each([
  [{ text: 'no link at all' }, 'text must have {{link}} or {{code}}'],
  [{ html: '<p>no link at all</p>' }, 'html must have {{link}} or {{code}}'],
  [{ subject: 'Two\r\nBcc: everybody@example.com' }, 'subject must be one line'],
  [{ subject: 'Your code is {{code}}' }, 'subject must have neither {{link}} nor {{code}}'],
  [{ subject: ' ' }, 'subject is a required field'],
  [
    { text: '{{link}} {{newEmail}}' },
    'text has a variable that this mail does not have: it has {{link}}, {{code}}, {{email}}, {{url}}',
  ],
])('%o is refused before it is kept, and never used', async (words, message) => {
  const whole = { subject: 'Reset', text: '{{link}}', html: '{{link}}', ...words };
  expect(faultsOfTemplate('resetPassword', whole).map((fault) => fault.message)).toEqual([message]);
  const { subject, text } = await resetMail(words);
  expect(subject).toBe('Choose a new password');
  expect(text).toContain('asked for a new password');
});

test('reset link poisoned through Host: no header of a request is in the mail', async () => {
  const evil = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-server': 'evil.example',
    'x-original-host': 'evil.example',
    forwarded: 'host=evil.example;proto=https',
    origin: 'https://evil.example',
    referer: 'https://evil.example/',
    'user-agent': 'evil.example',
  };
  const mail = await resetMail({ text: '{{link}} {{url}}' }, evil);
  expect(JSON.stringify(mail)).not.toContain('evil');
  expect(mail.link).toMatch(/^http:\/\/gatehouse\.test\/reset-password#code=/);
});
