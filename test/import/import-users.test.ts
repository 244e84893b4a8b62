import { pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandOn } from '../support/command.ts';
import { startServer, type TestServer } from '../support/start.ts';

let server: TestServer;
let directory: string;
beforeAll(async () => {
  server = await startServer();
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-users-'));
});
afterAll(async () => {
  await server?.close();
  rmSync(directory, { recursive: true, force: true });
});

const LOGIN = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { user { username } } }';
const HASH = { hash: 'bcrypt', passwordHash: bcrypt.hashSync('an old password', 4) };
/** A text that no message may repeat. */
const SECRET = 'sensitive-value';

async function importText(content: string | Buffer, ...options: string[]) {
  const file = join(directory, 'users.jsonl');
  writeFileSync(file, content);
  return runCommandOn(server, ['import', 'users', file, ...options]);
}

const importLines = (lines: readonly object[], ...options: string[]) =>
  importText(lines.map((line) => JSON.stringify(line)).join('\n'), ...options);

async function loginAs(identifier: string, password: string): Promise<string | undefined> {
  const { data, errors } = await server.ask(LOGIN, { variables: { input: { identifier, password } } });
  return data?.login?.user.username ?? errors?.[0]?.message;
}

const users = () => server.database.prisma.user.count();
const entries = () => server.database.prisma.auditEntry.count({ where: { event: 'import.users' } });

describe('users of a file', () => {
  test('come beside those who are there, and log in with the old password', async () => {
    const before = await users();
    const lines = [
      { email: 'Ann@Example.org', username: 'ann', ...HASH, confirmed: true, roles: ['moderator', 'authenticated'] },
      { email: 'ben@example.org', ...HASH, createdAt: '2020-02-03T04:05:06Z' },
      { email: 'ben@example.net', ...HASH, blocked: true },
      { email: 'reader@example.org', identities: [{ provider: 'github', subject: '4711', emailVerified: true }] },
    ];
    const { code, output } = await importLines(lines);
    expect(output).toContain('Imported.');
    expect(code).toBe(0);
    expect(await users()).toBe(before + 4);
    expect(await entries()).toBe(1);
    expect(await loginAs('ann@example.org', 'an old password')).toBe('ann');
    expect(await loginAs('ann@example.org', 'another password')).toBe('Invalid identifier or password');
    expect(await loginAs('ben', 'an old password')).toBe('ben');
    expect(await loginAs('ben-2', 'an old password')).toBe('Your account has been blocked by an administrator');

    const { prisma } = server.database;
    const select = {
      username: true,
      confirmed: true,
      createdAt: true,
      role: { select: { type: true } },
      furtherRoles: { select: { role: { select: { type: true } } } },
      identities: { select: { provider: true, subject: true, emailVerified: true } },
    };
    const of = (email: string) => prisma.user.findUniqueOrThrow({ where: { email }, select });
    expect(await of('ann@example.org')).toMatchObject({
      confirmed: true,
      role: { type: 'moderator' },
      furtherRoles: [{ role: { type: 'authenticated' } }],
    });
    expect(await of('ben@example.org')).toMatchObject({
      confirmed: false,
      createdAt: new Date('2020-02-03T04:05:06Z'),
      role: { type: 'authenticated' },
    });
    // The username `reader` is one of the database.
    expect(await of('reader@example.org')).toMatchObject({
      username: 'reader-2',
      identities: [{ provider: 'github', subject: '4711', emailVerified: true }],
    });
  });

  test('are only planned with --plan', async () => {
    const [before, audited] = [await users(), await entries()];
    const { code, output } = await importLines([{ email: 'planned@example.org' }], '--plan');
    expect([code, output]).toEqual([0, expect.stringContaining('1 user of them without a password')]);
    expect([await users(), await entries()]).toEqual([before, audited]);
  });

  test('whose names are taken come by --on-conflict, and only where that is accepted', async () => {
    const lines = [
      { email: 'editor@example.com', username: 'somebody else' },
      { email: 'new-editor@example.org', username: 'EDITOR' },
      { email: 'fine@example.org', username: 'fine' },
    ];
    const before = await users();
    const { code, output } = await importLines(lines);
    expect(code).toBe(1);
    expect(output).toContain('Line 1: a user of the database has the same e-mail or username.');
    expect(output).toContain('Line 2: a user of the database has the same e-mail or username.');
    expect((await importLines(lines, '--on-conflict', 'rename')).code).toBe(1);
    expect(await users()).toBe(before);
    expect((await importLines(lines, '--on-conflict', 'rename', '--accept-losses')).code).toBe(0);
    expect(await users()).toBe(before + 2);
    const renamed = await server.database.prisma.user.findUniqueOrThrow({ where: { email: 'new-editor@example.org' } });
    expect(renamed.username).toBe('EDITOR-2');
  });
});

describe('a file with faults', () => {
  const line = (change: object) => JSON.stringify({ email: 'faulty@example.org', ...change });

  test.each<[string, string | Buffer, string]>([
    ['no JSON', `{"email": "${SECRET}`, 'Line 1: not JSON.'],
    ['no object', `["${SECRET}"]`, 'Line 1: not an object.'],
    ['an unknown key', line({ [SECRET]: 1 }), 'Line 1: a key that is not known. Known are email, username'],
    ['no e-mail', '{"username":"somebody"}', 'Line 1: email is missing or not valid.'],
    ['an invalid e-mail', line({ email: SECRET }), 'Line 1: the e-mail is not valid.'],
    ['an invalid username', line({ username: 'x' }), 'Line 1: the username is not valid.'],
    ['a text for a truth', line({ confirmed: SECRET }), 'Line 1: confirmed is missing or not valid.'],
    ['a hash without its kind', line({ passwordHash: SECRET }), 'Line 1: hash is missing: the kind of passwordHash.'],
    ['an unknown kind', line({ passwordHash: SECRET, hash: 'md5' }), 'Line 1: hash is missing or not valid.'],
    ['a kind without a hash', line({ hash: 'bcrypt' }), 'Line 1: passwordHash is missing.'],
    [
      'a hash of another kind',
      line({ passwordHash: SECRET, hash: 'bcrypt' }),
      'Line 1: passwordHash is none of the kind bcrypt',
    ],
    [
      'a hash that costs too much',
      line({
        hash: 'argon2',
        passwordHash: '$argon2id$v=19$m=4194304,t=9,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
      }),
      'Line 1: passwordHash is none of the kind argon2, or would cost too much to compare.',
    ],
    ['an unknown role', line({ roles: [SECRET] }), 'Line 1: roles has a type that no role here has.'],
    ['a time to come', line({ createdAt: '2999-01-01T00:00:00Z' }), 'Line 1: createdAt is not in the past.'],
    ['a NUL character', line({ username: 'nul\0character' }), 'Line 1: a text that cannot be stored.'],
    [
      'half a character',
      `{"email":"faulty@example.org","username":"half\\ud83d"}`,
      'Line 1: a text that cannot be stored.',
    ],
    ['other bytes than UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'Line 1: not UTF-8.'],
    ['a long line', `${line({})}\n{"email":"${'x'.repeat(70_000)}"}\n${line({})}`, 'Line 2: longer than 64 KB.'],
    [
      'two with one e-mail',
      `${line({})}\n\n${line({ email: 'FAULTY@example.org' })}`,
      'Line 3: line 1 has the same e-mail.',
    ],
    [
      'two with one identity',
      ['a', 'b']
        .map((name) => line({ email: `${name}@example.org`, identities: [{ provider: 'x', subject: SECRET }] }))
        .join('\n'),
      'Line 2: identities has one that another user has.',
    ],
    ['nobody', '\n\n', 'The file has no users.'],
  ])('imports nothing, and says where: %s', async (_what, content, fault) => {
    const [before, audited] = [await users(), await entries()];
    const { code, output } = await importText(content);
    expect(output).toContain(fault);
    expect(code).toBe(1);
    expect(output).not.toContain(SECRET);
    expect([await users(), await entries()]).toEqual([before, audited]);
  });

  test('names twenty faults, and counts the others', async () => {
    const { output } = await importText(Array.from({ length: 30 }, () => '{}').join('\n'));
    expect(output.match(/Line \d+: email is missing/g)).toHaveLength(20);
    expect(output).toContain('10 more lines have faults.');
  });

  test('that is not there is said so', async () => {
    const { code, output } = await runCommandOn(server, ['import', 'users', join(directory, 'nothing.jsonl')]);
    expect([code, output]).toEqual([1, expect.stringContaining('The file cannot be read (ENOENT).')]);
  });
});

describe('the kinds of hashes', () => {
  test.each<[string, object]>([
    [
      'passlib’s PBKDF2',
      { hash: 'pbkdf2', passwordHash: `$pbkdf2-sha256$1000$${ab64('salt1234')}$${ab64(pbkdf2('sha256'))}` },
    ],
    [
      'a PHC string',
      { hash: 'pbkdf2', passwordHash: `$pbkdf2-sha512$i=1000$${plain('salt1234')}$${plain(pbkdf2('sha512'))}` },
    ],
    [
      'Keycloak’s',
      {
        hash: 'pbkdf2',
        passwordHash: pbkdf2('sha512').toString('base64'),
        salt: Buffer.from('salt1234').toString('base64'),
        digest: 'sha512',
        iterations: 1000,
      },
    ],
    [
      'Django’s',
      { hash: 'pbkdf2-django', passwordHash: `pbkdf2_sha256$1000$salt1234$${pbkdf2('sha256').toString('base64')}` },
    ],
    ['ASP.NET Core Identity’s', { hash: 'pbkdf2-aspnet', passwordHash: aspNet() }],
    ['PHP’s bcrypt', { hash: 'bcrypt', passwordHash: bcrypt.hashSync('an old password', 4).replace('$2b$', '$2y$') }],
  ])('%s lets its user in', async (what, hash) => {
    const email = `${[...what].map((letter) => letter.codePointAt(0)).join('')}@kinds.example`;
    const { code, output } = await importLines([{ email, username: what, ...hash }]);
    expect(code, output).toBe(0);
    expect(await loginAs(email, 'an old password')).toBe(what);
    expect(await loginAs(email, 'another old password')).toBe('Invalid identifier or password');
  });
});

function pbkdf2(digest: string): Buffer {
  return pbkdf2Sync('an old password', 'salt1234', 1_000, 32, digest);
}

function plain(bytes: Uint8Array | string): string {
  return (typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes)).toString('base64').replaceAll('=', '');
}

function ab64(bytes: Uint8Array | string): string {
  return plain(bytes).replaceAll('+', '.');
}

function aspNet(): string {
  const head = Buffer.alloc(13);
  head[0] = 1;
  head.writeUInt32BE(2, 1);
  head.writeUInt32BE(1_000, 5);
  head.writeUInt32BE(8, 9);
  return Buffer.concat([head, Buffer.from('salt1234'), pbkdf2('sha512')]).toString('base64');
}
