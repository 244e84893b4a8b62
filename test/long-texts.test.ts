// Every text that a client sends has a length, and what looks at it takes time in proportion to it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { MailFailure } from '../src/mail/mailer.ts';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let editor: string;
let admin: string;
let role: string;
let user: string;
beforeAll(async () => {
  server = await startServer();
  editor = await server.tokenOf('editor');
  admin = await server.adminToken();
  const { prisma } = server.database;
  role = (await prisma.role.findUniqueOrThrow({ where: { type: 'moderator' } })).documentId;
  user = (await prisma.user.findUniqueOrThrow({ where: { email: 'reader@example.com' } })).documentId;
});
afterAll(() => server?.close());

/** Each is much longer than anything may be, and dear to whoever takes it apart, folds it or searches in it. */
const LONG: readonly [string, string][] = [
  ['what nearly is an e-mail, or a variable', 'a@{{'.repeat(200_000)],
  ['one character that stands for eighteen', '\uFDFA'.repeat(300_000)],
];

const TOO_MANY_BYTES = 'Password must be less than 73 bytes';
const atMost = (name: string, most: number) => `${name} must be at most ${most} characters`;
const NEW = `password: "a good password"`;

/** What is sent as `$s`, where its fault is, and in which words. */
describe.each<[mutation: string, path: string, message: string]>([
  ['login(input: { identifier: "editor", password: $s }) { jwt }', 'password', TOO_MANY_BYTES],
  [`register(input: { username: $s, email: "long@example.com", ${NEW} }) { jwt }`, 'username', atMost('username', 255)],
  [`register(input: { username: "long", email: $s, ${NEW} }) { jwt }`, 'email', 'email must be a valid email'],
  [
    'register(input: { username: "long", email: "long@example.com", password: $s }) { jwt }',
    'password',
    TOO_MANY_BYTES,
  ],
  [`resetPassword(code: "a", password: $s, passwordConfirmation: $s) { jwt }`, 'password', TOO_MANY_BYTES],
  ['forgotPassword(email: $s) { ok }', 'email', 'email must be a valid email'],
  ['sendEmailConfirmation(email: $s) { ok }', 'email', 'email must be a valid email'],
  ['updateMe(data: { username: $s }) { id }', 'username', atMost('username', 255)],
  [`updateMe(data: { email: $s, currentPassword: "${DEMO_PASSWORD}" }) { id }`, 'email', 'email must be a valid email'],
  ['updateMe(data: { email: "new@example.com", currentPassword: $s }) { id }', 'currentPassword', TOO_MANY_BYTES],
  [
    `changePassword(currentPassword: $s, ${NEW}, passwordConfirmation: "a good password") { jwt }`,
    'currentPassword',
    TOO_MANY_BYTES,
  ],
  [
    `changePassword(currentPassword: "${DEMO_PASSWORD}", password: $s, passwordConfirmation: $s) { jwt }`,
    'password',
    TOO_MANY_BYTES,
  ],
  ['createPost(data: { title: "a", slug: $s }) { id: documentId }', 'slug', atMost('slug', 255)],
])('/graphql: %s', (mutation, path, message) => {
  test.each(LONG)('%s', async (_what, s) => {
    const before = await counts();
    const { errors, data } = await server.ask(`mutation ($s: String!) { ${mutation} }`, {
      token: editor,
      variables: { s },
    });
    expect(Object.values(data ?? {})).toEqual([null]);
    expect(faultsOf(errors)).toContainEqual({ path: [path], message, name: 'ValidationError' });
    expect(await counts()).toEqual(before);
  });
});

describe.each<[mutation: string, path: string, message: string]>([
  ['login(email: "editor@example.com", password: $s) { jwt }', 'password', TOO_MANY_BYTES],
  [
    'createAdmin(data: { email: "a@example.com", name: $s, role: READ_ONLY }) { documentId }',
    'name',
    atMost('name', 100),
  ],
  ['createAdmin(data: { email: $s, role: READ_ONLY }) { documentId }', 'email', 'email must be a valid email'],
  ['createUser(data: { username: $s, email: "long@example.com" }) { id }', 'username', atMost('username', 255)],
  ['createUser(data: { username: "long", email: $s }) { id }', 'email', 'email must be a valid email'],
  [
    'createUser(data: { username: "long", email: "long@example.com", password: $s }) { id }',
    'password',
    TOO_MANY_BYTES,
  ],
  ['updateUser(documentId: "USER", data: { username: $s }) { id }', 'username', atMost('username', 255)],
  ['blockUser(documentId: "USER", reason: $s) { id }', 'reason', atMost('reason', 1_000)],
  ['createRole(data: { name: $s }) { id }', 'name', atMost('name', 100)],
  ['createRole(data: { name: "long", description: $s }) { id }', 'description', atMost('description', 1_000)],
  [
    'createRole(data: { name: "long", type: $s }) { id }',
    'type',
    'type must begin with a letter, and have lower-case letters, digits, _ and - only',
  ],
  ['updateRole(documentId: "ROLE", data: { name: $s }) { id }', 'name', atMost('name', 100)],
  ['createApiToken(data: { name: $s, kind: READ_ONLY, lifespan: DAYS_7 }) { secret }', 'name', atMost('name', 100)],
  [
    'createApiToken(data: { name: "long", description: $s, kind: READ_ONLY, lifespan: DAYS_7 }) { secret }',
    'description',
    atMost('description', 1_000),
  ],
  [
    'updateSettings(data: { resetPasswordUrl: $s }) { signUps }',
    'resetPasswordUrl',
    'resetPasswordUrl must be a valid URL',
  ],
  [
    'updateSettings(data: { confirmEmailUrl: $s }) { signUps }',
    'confirmEmailUrl',
    'confirmEmailUrl must be a valid URL',
  ],
  [
    'setMailTemplate(purpose: RESET_PASSWORD, words: { subject: $s, text: "{{link}}", html: "{{link}}" }) { subject }',
    'subject',
    atMost('subject', 255),
  ],
  [
    'setMailTemplate(purpose: RESET_PASSWORD, words: { subject: "a", text: $s, html: "{{link}}" }) { subject }',
    'text',
    atMost('text', 20_000),
  ],
  [
    'setMailTemplate(purpose: RESET_PASSWORD, words: { subject: "a", text: "{{link}}", html: $s }) { subject }',
    'html',
    atMost('html', 100_000),
  ],
])('/admin/graphql: %s', (mutation, path, message) => {
  test.each(LONG)('%s', async (_what, s) => {
    const before = await counts();
    const document = `mutation ($s: String!) { ${mutation.replace('USER', user).replace('ROLE', role)} }`;
    const { errors, data } = await server.askAdmin(document, { token: admin, variables: { s } });
    expect(Object.values(data ?? {})).toEqual([null]);
    expect(faultsOf(errors)).toContainEqual({ path: [path], message, name: 'ValidationError' });
    expect(await counts()).toEqual(before);
  });
});

describe.each<[endpoint: 'ask' | 'askAdmin', query: string, path: string, message: string]>([
  [
    'ask',
    'posts(filters: { title: { contains: $s } }) { title }',
    'filters.title.contains',
    'A text in filters must be at most 1000 characters',
  ],
  ['ask', 'posts(sort: [$s]) { title }', 'sort', 'sort takes at most 10 keys'],
  ['askAdmin', 'users(search: $s) { id }', 'search', atMost('search', 200)],
  ['askAdmin', 'auditEntries(filters: { search: $s }) { nodes { id } }', 'filters.search', atMost('search', 200)],
  ['askAdmin', 'auditEntries(filters: { event: $s }) { nodes { id } }', 'filters.event', atMost('event', 200)],
  [
    'askAdmin',
    'auditEntries(filters: { targetKind: $s }) { nodes { id } }',
    'filters.targetKind',
    atMost('targetKind', 200),
  ],
])('what is looked for: %s %s', (endpoint, query, path, message) => {
  test.each(LONG)('%s', async (_what, s) => {
    server.statements.length = 0;
    const { errors } = await server[endpoint](`query ($s: String) { ${query} }`, {
      token: endpoint === 'ask' ? editor : admin,
      variables: { s },
    });
    expect(faultsOf(errors)).toContainEqual({ path: path.split('.'), message, name: 'ValidationError' });
    expect(
      server.statements.filter((sql) => /"(posts|AuditEntry|audit_entries|users)"/.test(sql) && sql.includes('LIKE')),
    ).toEqual([]);
  });
});

test.each(LONG)('an identifier of %s logs nobody in', async (_what, identifier) => {
  const { errors } = await server.ask(
    'mutation ($s: String!) { login(input: { identifier: $s, password: "a" }) { jwt } }',
    {
      variables: { s: identifier },
    },
  );
  expect(errors?.[0]?.message).toBe('Invalid identifier or password');
});

describe('the words of a mail', () => {
  const set = (html: string) =>
    server.askAdmin(
      'mutation ($html: String!) { setMailTemplate(purpose: RESET_PASSWORD, words: { subject: "a", text: "{{link}}", html: $html }) { html } }',
      { token: admin, variables: { html } },
    );

  test.each([
    ['the beginning of a variable, many times', '{{'.repeat(49_000)],
    ['one beginning, and many names', `{{${'a'.repeat(98_000)}`],
    ['many ends', '}}'.repeat(49_000)],
  ])('as long as they may be, of %s, are looked at', async (_what, words) => {
    const { errors, data } = await set(`{{link}} ${words}`);
    expect(errors).toBeUndefined();
    expect(data.setMailTemplate.html).toBe(`{{link}} ${words}`);
    const mailed = await server.ask('mutation { forgotPassword(email: "reader@example.com") { ok } }');
    expect(mailed.errors).toBeUndefined();
    await server.gatehouse.idle();
    expect(server.mails.at(-1)?.html).toContain(words);
  });

  test('a variable may stand in them a hundred times', async () => {
    expect((await set('{{link}}'.repeat(100))).errors).toBeUndefined();
    const { errors } = await set('{{link}}'.repeat(101));
    expect(faultsOf(errors)).toEqual([
      { path: ['html'], message: 'html must have at most 100 variables', name: 'ValidationError' },
    ]);
  });

  test('of many variables that there are not, one fault is told', async () => {
    const { errors } = await set(`{{link}} ${'{{x}}'.repeat(50)}`);
    expect(faultsOf(errors)).toHaveLength(1);
  });
});

test('of what a mail server says, no address and no more than a page goes into an error', () => {
  const { message } = new MailFailure(new Error(`550 ${'x'.repeat(500_000)} <somebody@example.com>`));
  expect(message.length).toBeLessThan(1_100);
  expect(new MailFailure(new Error('550 <somebody@example.com> unknown')).message).not.toContain('example');
});

function faultsOf(errors: Awaited<ReturnType<TestServer['ask']>>['errors']) {
  return errors?.[0]?.extensions.error.details.errors;
}

async function counts() {
  const { prisma } = server.database;
  const settings = await prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
  const blocked = await prisma.user.count({ where: { blocked: true } });
  return [
    settings,
    blocked,
    await prisma.user.count(),
    await prisma.admin.count(),
    await prisma.role.count(),
    await prisma.apiToken.count(),
    await prisma.mailTemplate.count(),
    await prisma.post.count(),
  ];
}
