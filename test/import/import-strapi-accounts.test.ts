import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCommandOn } from '../support/command.ts';
import { startServer, type TestServer } from '../support/start.ts';
import { type ArchiveDescription, strapiArchive } from '../support/strapi-archive.ts';
import { PASSWORD, permission, role, roleOf, setting, tablesOf, user, withoutUsers } from './support.ts';

let server: TestServer;
let directory: string;
beforeAll(async () => {
  server = await startServer();
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-import-'));
});
afterAll(async () => {
  await server?.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => withoutUsers(server));

/** Runs the import of a made-up project. */
async function importOf(
  description: ArchiveDescription,
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly output: string }> {
  const file = join(directory, 'project.tar.gz');
  writeFileSync(file, strapiArchive(description));
  return runCommandOn(server, ['import', 'strapi', file, ...words]);
}

/** Users with the role Authenticated, who can log in. */
function withUsers(...users: readonly { readonly id: number }[]): ArchiveDescription {
  const login = permission(1, 2, 'plugin::users-permissions.auth.callback');
  return {
    entities: [role(1, 'authenticated'), role(2, 'public'), login.entity, ...users],
    links: [login.link, ...users.map(({ id }) => roleOf(id, 1))],
    configuration: [setting('advanced', { unique_email: true })],
  };
}

async function namesOf(): Promise<unknown[]> {
  return server.database.query('SELECT "id", "username", "email" FROM "users" ORDER BY "id"', []);
}

/** Whether the password of these projects lets in. */
async function logsIn(identifier: string): Promise<boolean> {
  const { data } = await server.ask('mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }', {
    variables: { input: { identifier, password: PASSWORD } },
  });
  return Boolean(data?.login?.jwt);
}

describe('names that cannot be kept', () => {
  interface Conflict {
    readonly users: readonly (readonly [username: string, email: string])[];
    /** What refuses the import. */
    readonly obstacle: string;
    /** The usernames of those who come without the others. */
    readonly skipped: readonly string[];
    /** The usernames of those who come with new ones. */
    readonly renamed: readonly string[];
  }
  const conflicts: readonly (readonly [what: string, conflict: Conflict])[] = [
    [
      'two usernames that differ only in case',
      {
        users: [
          ['Anna', 'one@example.com'],
          ['anna', 'two@example.com'],
        ],
        obstacle: 'User 2: user 1 has the same username, apart from case.',
        skipped: ['Anna'],
        renamed: ['Anna', 'anna-2'],
      },
    ],
    [
      'a new username is nobody else’s',
      {
        users: [
          ['Anna', 'one@example.com'],
          ['anna', 'two@example.com'],
          ['ANNA-2', 'three@example.com'],
        ],
        obstacle: 'User 2: user 1 has the same username, apart from case.',
        skipped: ['Anna', 'ANNA-2'],
        renamed: ['Anna', 'anna-3', 'ANNA-2'],
      },
    ],
    [
      'a username that is the e-mail of somebody else',
      {
        users: [
          ['two@example.com', 'one@example.com'],
          ['second', 'two@example.com'],
        ],
        obstacle: 'User 1: the username is the e-mail of user 2.',
        skipped: ['second'],
        renamed: ['two', 'second'],
      },
    ],
    [
      'a username that is an e-mail of nobody',
      {
        users: [
          ['nobody@example.com', 'one@example.com'],
          ['second', 'two@example.com'],
        ],
        obstacle: 'User 1: the username is an e-mail address, and not the one of the account.',
        skipped: ['second'],
        renamed: ['nobody', 'second'],
      },
    ],
    [
      'one e-mail of two users',
      {
        users: [
          ['first', 'one@example.com'],
          ['second', 'ONE@example.com'],
        ],
        obstacle: 'User 2: user 1 has the same e-mail.',
        skipped: ['first'],
        renamed: ['first'],
      },
    ],
    [
      'an e-mail that is none',
      {
        users: [
          ['first', 'one@example.com'],
          ['second', 'no address'],
        ],
        obstacle: 'User 2: the e-mail is not valid.',
        skipped: ['first'],
        renamed: ['first'],
      },
    ],
    [
      'a username that is too short',
      {
        users: [
          ['first', 'one@example.com'],
          ['x', 'two@example.com'],
        ],
        obstacle: 'User 2: the username is not valid.',
        skipped: ['first'],
        renamed: ['first', 'x-2'],
      },
    ],
    [
      'a username that nobody can read',
      {
        users: [
          ['first', 'one@example.com'],
          ['a\nb', 'two@example.com'],
        ],
        obstacle: 'User 2: the username is not valid.',
        skipped: ['first'],
        renamed: ['first', 'user-2'],
      },
    ],
  ];

  describe.each(conflicts)('%s', (_, { users, obstacle, skipped, renamed }) => {
    const project = withUsers(...users.map(([username, email], index) => user(index + 1, { username, email })));

    test('refuse the import by default, with ids and no name', async () => {
      const before = await tablesOf(server);
      const { code, output } = await importOf(project, '--accept-losses');
      expect(output).toContain(obstacle);
      expect(code).toBe(1);
      for (const [username, email] of users) {
        if (username.length > 3) expect(output).not.toContain(username);
        expect(output).not.toContain(email);
      }
      expect(await tablesOf(server)).toEqual(before);
    });

    test.each([
      ['skip', skipped],
      ['rename', renamed],
    ] as const)('with --on-conflict %s', async (what, names) => {
      const lossy = await importOf(project, '--on-conflict', what);
      expect(lossy.code, lossy.output).toBe(1);
      expect(lossy.output).toContain('Accept what would be lost with --accept-losses.');
      expect(await namesOf()).toEqual([]);
      const { code, output } = await importOf(project, '--on-conflict', what, '--accept-losses');
      expect(code, output).toBe(0);
      expect((await namesOf()).map((row) => (row as { username: string }).username)).toEqual(names);
      for (const name of names) expect(await logsIn(name), name).toBe(true);
    });
  });

  test('a username without its white space and an e-mail in another case are kept', async () => {
    const { code, output } = await importOf(withUsers(user(7, { username: ' Anna ', email: 'Anna@Example.com' })));
    expect(code, output).toBe(0);
    expect(output).toContain('1 username had white space around: it does not come.');
    expect(await namesOf()).toEqual([{ id: 7, username: 'Anna', email: 'anna@example.com' }]);
    expect(await logsIn('anna')).toBe(true);
  });
});

describe('users', () => {
  test.each<[what: string, password: string | null, provider: string, loss: RegExp | undefined]>([
    ['a hash of an unknown kind', '$5$rounds=5000$abc$def', 'local', /1 × passwords that .* need a reset: ids 1/],
    ['no password', null, 'local', /1 × passwords that .* need a reset: ids 1/],
    ['no password and a login provider', null, 'github', undefined],
  ])('with %s have none', async (_, password, provider, loss) => {
    const project = withUsers(user(1, { username: 'anna', email: 'anna@example.com', password, provider }));
    const { code, output } = await importOf(project);
    expect(code, output).toBe(loss ? 1 : 0);
    if (loss) {
      expect(output).toMatch(loss);
      await importOf(project, '--accept-losses');
    }
    const rows = await server.database.query('SELECT "passwordHash", "provider" FROM "users"', []);
    expect(rows).toEqual([{ passwordHash: 'none', provider }]);
    expect(await logsIn('anna')).toBe(false);
  });

  test('without a role come blocked, with the least role and the reason', async () => {
    const anna = user(1, { username: 'anna', email: 'anna@example.com' });
    const { output } = await importOf({ ...withUsers(anna), links: withUsers().links ?? [] }, '--accept-losses');
    expect(output).toContain('1 × users without a role, who come blocked: ids 1');
    const rows = await server.database.query(
      `SELECT "blocked", "blockReason", "type" FROM "users" JOIN "roles" ON "roles"."id" = "roleId"`,
      [],
    );
    expect(rows).toEqual([
      {
        blocked: true,
        blockReason: 'Has no role in Strapi. Give the user a role before you lift the block.',
        type: 'public',
      },
    ]);
    expect(await logsIn('anna')).toBe(false);
  });

  test('columns of the project’s own are losses with their numbers, and none of their values is printed', async () => {
    const anna = user(1, { username: 'anna', email: 'anna@example.com', shoeSize: 'forty-two', empty: null });
    const { code, output } = await importOf(withUsers(anna));
    expect(code).toBe(1);
    expect(output).toContain('1 × values of the column shoeSize of users');
    expect(output).not.toContain('forty-two');
    expect(output).not.toContain('empty');
  });

  test('keep their times and documentIds, but for one that would be read as an id', async () => {
    const documentId = 'abcdefghijklmnopqrstuvwx';
    const { output } = await importOf(
      withUsers(
        user(1, { username: 'anna', email: 'anna@example.com', documentId, createdAt: '2020-01-02T03:04:05.678Z' }),
        user(2, { username: 'bert', email: 'bert@example.com', documentId: '1' }),
      ),
      '--accept-losses',
    );
    expect(output).toMatch(/1 × documentIds of users .* ids 2/);
    const rows = await server.database.prisma.user.findMany({ orderBy: { id: 'asc' } });
    expect(rows[0]).toMatchObject({ documentId, createdAt: new Date('2020-01-02T03:04:05.678Z') });
    expect(rows[1]?.documentId).toMatch(/^[a-z][a-z0-9]{23}$/);
  });
});

describe('roles', () => {
  test('that change their ids with others keep what belongs to them', async () => {
    await importOf({
      entities: [
        role(4, 'authenticated', { name: 'Public' }),
        role(1, 'public', { name: 'Authenticated' }),
        role(2, 'guests', { name: 'Moderator' }),
        user(3, { username: 'anna', email: 'anna@example.com' }),
      ],
      links: [roleOf(3, 4)],
      configuration: [setting('advanced', { default_role: 'guests' })],
    });
    const roles = await server.database.query(
      `SELECT "id", "type", "name" FROM "roles" WHERE "type" IN ('authenticated', 'public', 'guests', 'moderator') ORDER BY "type"`,
      [],
    );
    expect(roles).toEqual([
      { id: 4, type: 'authenticated', name: 'Public' },
      { id: 2, type: 'guests', name: 'Moderator' },
      { id: expect.any(Number), type: 'moderator', name: 'Moderator 2' },
      { id: 1, type: 'public', name: 'Authenticated' },
    ]);
    const { defaultRoleId } = await server.database.prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
    expect(defaultRoleId).toBe(2);
    const { roleId } = await server.database.prisma.user.findUniqueOrThrow({ where: { id: 3 } });
    expect(roleId).toBe(4);
  });
});

describe('settings that are not valid here are losses, and stay as they are', () => {
  const UNSET = { resetPasswordUrl: null, confirmEmailUrl: null };
  beforeEach(async () => {
    const defaultRole = { connect: { type: 'authenticated' } };
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { ...UNSET, defaultRole } });
  });

  test.each<[name: string, value: unknown, loss: string]>([
    ['email_reset_password', 'javascript:alert(1)', 'the setting email_reset_password: it is not a URL of a page'],
    ['email_reset_password', '/reset', 'the setting email_reset_password: it is not a URL of a page'],
    [
      'email_confirmation_redirection',
      'https://user:secret@example.com/',
      'the setting email_confirmation_redirection: it is not a URL of a page',
    ],
    ['default_role', 'public', 'the setting default_role: it names Public, or a role that does not exist'],
    ['default_role', 'nobody', 'the setting default_role: it names Public, or a role that does not exist'],
    ['unique_email', false, 'the setting unique_email, which is off in Strapi: here every e-mail has one account'],
  ])('%s %j', async (name, value, loss) => {
    const project = { ...withUsers(), configuration: [setting('advanced', { [name]: value })] };
    const { code, output } = await importOf(project, '--plan');
    expect(output).toContain(`  1 × ${loss}`);
    expect(output).not.toContain('secret');
    expect(code).toBe(1);
    await importOf(project, '--accept-losses');
    const after = await server.database.prisma.settings.findUniqueOrThrow({
      where: { id: 1 },
      include: { defaultRole: true },
    });
    expect(after).toMatchObject({ ...UNSET, defaultRole: { type: 'authenticated' } });
  });
});

describe('mails', () => {
  const mail = (object: string, message: string) => ({
    ...withUsers(),
    configuration: [setting('email', { reset_password: { options: { object, message } } }), setting('advanced', {})],
  });
  const words = () => server.database.prisma.mailTemplate.findUnique({ where: { purpose: 'resetPassword' } });
  beforeEach(() => server.database.query('DELETE FROM "mail_templates"', []));

  test('come with the link, and a text that is made of their HTML', async () => {
    const html = '<p>Hello &amp; welcome.</p><p><a class="x" href="<%= URL %>?code=<%= TOKEN %>">Choose</a></p>';
    const { code, output } = await importOf(mail('Choose', html));
    expect(code, output).toBe(0);
    expect(await words()).toMatchObject({
      subject: 'Choose',
      html: '<p>Hello &amp; welcome.</p><p><a class="x" href="{{link}}">Choose</a></p>',
      text: 'Hello & welcome.\n\nChoose {{link}}',
    });
  });

  test.each<[what: string, message: string, why: string]>([
    ['a variable', '<%= USER.username %> <%= URL %>?code=<%= TOKEN %>', 'USER.username has no counterpart'],
    ['code', '<% for (;;) {} %> <%= URL %>?code=<%= TOKEN %>', '<% … %> has no counterpart'],
    ['our own braces', '{{code}} <%= URL %>?code=<%= TOKEN %>', '{{ or }} has no counterpart'],
    ['no link', 'Hello', 'it is not valid here'],
  ])('with %s that is not possible here keep only their subject', async (_, message, why) => {
    const { code, output } = await importOf(mail('Choose', message));
    expect(output).toContain(`the message of the mail reset_password: ${why}.`);
    expect(code).toBe(1);
    await importOf(mail('Choose', message), '--accept-losses');
    const after = await words();
    expect(after?.subject).toBe('Choose');
    expect(after?.html).toContain('Somebody, we hope you, asked for a new password');
  });
});

test('that a project lets nobody log in with a password is a loss', async () => {
  const project = { ...withUsers(), configuration: [setting('grant', { email: { enabled: false } })] };
  const { code, output } = await importOf(project);
  expect(output).toContain('the setting that nobody logs in with a password');
  expect(code).toBe(1);
});
