import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandIn, reasonOf } from '../src/command-line/run.ts';
import { outputOf } from './support/output.ts';
import { createPlace, type Place, startProcess } from './support/process.ts';
import { send, startServer, type TestServer } from './support/start.ts';

/** `npm run gatehouse -- …`. */

let server: TestServer;
let files: string;
beforeAll(async () => {
  server = await startServer();
  files = mkdtempSync(join(tmpdir(), 'gatehouse-files-'));
});
afterAll(async () => {
  await server?.close();
  rmSync(files, { recursive: true, force: true });
});

/** A command, with a password for when it asks for one, as the script runs it. */
async function run(words: readonly string[], password = ''): Promise<{ code: number; output: string }> {
  const { gatehouse, database } = server;
  try {
    const output = await commandIn(words).run({ gatehouse, database, askPassword: async () => password });
    return { code: 0, output };
  } catch (error) {
    const output = reasonOf(error);
    if (output === undefined) throw error;
    return { code: 1, output };
  }
}

async function done(...words: string[]): Promise<string> {
  const { code, output } = await run(words);
  expect(code, output).toBe(0);
  return output;
}

async function refused(...words: string[]): Promise<string> {
  const { code, output } = await run(words);
  expect(code, output).toBe(1);
  return output;
}

const login = (password: string) =>
  server.askAdmin('mutation ($p: String!) { login(email: "root@example.com", password: $p) { jwt admin { role } } }', {
    variables: { p: password },
  });

describe('as a process', () => {
  let place: Place;
  beforeAll(async () => {
    place = await createPlace();
  });
  afterAll(() => place.remove());

  async function spawned(input: string, ...words: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, ['scripts/gatehouse.ts', ...words], {
      env: { PATH: process.env['PATH'], ...place.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const output = outputOf(child);
    child.stdin.end(input);
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, output: output() };
  }

  test('it reads a password from standard input, and ends with a code that scripts understand', async () => {
    const usage = await spawned('', 'admin', 'explode');
    expect(usage.code).toBe(1);
    expect(usage.output).toMatch(/^Usage:\n {2}npm run gatehouse -- admin create/);
    const made = await spawned('a password of root\n', 'admin', 'create', 'root@example.com');
    expect(made.output).toContain('root@example.com is an administrator now.');
    expect(made.code).toBe(0);
    const short = await spawned('short\n', 'admin', 'create', 'other@example.com');
    expect([short.code, short.output]).toEqual([1, 'password must be at least 8 characters\n']);
    const none = await spawned('', 'admin', 'reset-password', 'root@example.com');
    expect([none.code, none.output]).toEqual([1, 'No password: type it, or write it to standard input\n']);

    const server = await startProcess(place.environment);
    expect(server.output()).not.toContain('Demo administrator'); // there is one already
    const { data } = await send(
      server.url.replace(/graphql$/, 'admin/graphql'),
      'mutation { login(email: "root@example.com", password: "a password of root") { jwt } }',
    );
    expect(data.login.jwt).toBeTypeOf('string');
    await server.stop();
  });
});

test('without words, or with wrong ones, it tells how it is asked', async () => {
  const output = await refused();
  for (const command of [
    'admin create',
    'token revoke',
    'user block',
    'permissions plan',
    'role list',
    'audit verify',
  ]) {
    expect(output).toContain(`npm run gatehouse -- ${command}`);
  }
  expect(await refused('user', 'block')).toContain('Usage:\n  npm run gatehouse -- user block IDENTIFIER');
  expect(await refused('user', 'block', 'reader', '--because', 'x')).toContain('Usage:');
});

test('makes an administrator, and gives another password', async () => {
  const made = await run(['admin', 'create', 'root@example.com', '--name', 'Root'], 'a password of root');
  expect(made).toEqual({ code: 0, output: 'root@example.com is an administrator now.' });
  expect((await run(['admin', 'create', 'ROOT@example.com'], 'a password of root')).output).toBe(
    'Email is already taken',
  );
  expect((await run(['admin', 'create', 'her@example.com', '--role', 'read-only'], 'a password of hers')).code).toBe(0);
  expect(await refused('admin', 'create', 'x@example.com', '--role', 'king')).toContain(
    '--role takes administrator or read-only',
  );
  expect(await done('admin', 'list')).toMatch(
    /root@example\.com +Root +ADMINISTRATOR\nher@example\.com +her@example\.com +READ_ONLY/,
  );
  expect((await login('a password of root')).data.login.admin.role).toBe('ADMINISTRATOR');
  expect((await run(['admin', 'reset-password', 'root@example.com'], 'a password of his')).code).toBe(0);
  expect((await run(['admin', 'reset-password', 'nobody@example.com'], 'a password of his')).output).toContain(
    'not found',
  );
  expect((await login('a password of root')).data.login).toBeNull();
  expect((await login('a password of his')).data.login.jwt).toBeTypeOf('string');
});

test('makes and revokes API tokens, and blocks users', async () => {
  const secret = (
    await done('token', 'create', 'importer', '--kind', 'custom', '--actions', 'post.find, post.create', '--days', '30')
  ).trim();
  expect(secret).toMatch(/^gatehouse_\w{49}$/);
  expect(await refused('token', 'create', 'importer')).toContain('must be unique');
  expect(await refused('token', 'create', 'other', '--kind', 'custom', '--actions', 'post.fly')).toContain('no action');
  expect(await refused('token', 'create', 'other', '--days', '5')).toContain('--days takes 7, 30, 90');
  const list = await done('token', 'list');
  expect(list).toMatch(/importer +CUSTOM +gatehouse_/);
  expect(list).not.toContain(secret);
  await done('user', 'block', 'reader@example.com', '--reason', 'lost the phone', '--until', '2100-01-01T00:00:00Z');
  expect(await refused('user', 'block', 'nobody')).toBe('There is no user nobody');
  expect(await refused('user', 'block', 'editor', '--until', 'tomorrow')).toContain('--until takes');
  const login = 'mutation { login(input: { identifier: "reader", password: "gatehouse-demo" }) { jwt } }';
  expect(
    (await server.ask('mutation { createPost(data: { title: "Imported" }) { title } }', { token: secret })).data
      .createPost.title,
  ).toBe('Imported');
  expect((await server.ask(login)).errors?.[0]?.message).toContain('blocked');
  await done('token', 'revoke', 'importer');
  expect(await refused('token', 'revoke', 'exporter')).toContain('not found');
  await done('user', 'unblock', 'reader');
  expect((await server.ask('{ posts { title } }', { token: secret })).errors?.[0]?.extensions.reason).toBe('revoked');
  expect((await server.ask(login)).data.login.jwt).toBeTypeOf('string');
  expect(await done('role', 'list')).toMatch(/public +Public +\d+ +0 +\d+\nauthenticated +Authenticated +\d+ +1 +\d+/);
});

describe('permissions as a file', () => {
  const file = (name: string) => join(files, name);
  const edited = (name: string, ...changes: [string | RegExp, string][]) => {
    let text = readFileSync(file('pulled.yaml'), 'utf8');
    for (const [from, to] of changes) {
      expect(text).toMatch(from);
      text = text.replace(from, to);
    }
    writeFileSync(file(name), text);
    return file(name);
  };

  test('are pulled the same twice, one line an action, and nothing is to be done then', async () => {
    await done('permissions', 'pull', file('pulled.yaml'));
    await done('permissions', 'pull', file('again.yaml'));
    const text = readFileSync(file('pulled.yaml'), 'utf8');
    expect(readFileSync(file('again.yaml'), 'utf8')).toBe(text);
    expect(text).toMatch(
      /^ {2}public:\n {4}name: Public\n {4}description: .*\n {4}permissions:\n {6}- auth\.emailConfirmation\n {6}- auth\.forgotPassword\n/m,
    );
    expect(await done('permissions', 'plan', file('pulled.yaml'))).toBe(
      'Nothing to do: the roles are as the file says.',
    );
    expect(await done('permissions', 'check', file('pulled.yaml'))).toContain('as the file says');
  });

  test('say in words what they would change and for how many, and change it once', async () => {
    const changed = edited(
      'changed.yaml',
      [/ {2}public:[\s\S]*?- author\.find\n/, '$&      - author.create\n'],
      [/ {2}moderator:[\s\S]*?(?= {6}- post\.delete)/, '$&#'],
      [/ {4}name: Editor\n/, '    name: Chief editor\n'],
      [/\nroles:\n/, '\nroles:\n  guest:\n    name: Guest\n    permissions:\n      - post.find\n'],
    );
    const plan = await done('permissions', 'plan', changed);
    expect(plan.trim().split('\n').sort()).toEqual([
      'Editor (editor) is renamed to Chief editor',
      'Guest gains post.find: reads, 0 users',
      'Moderator loses post.delete: WRITES, 1 user',
      'New role Guest (guest)',
      'Public gains author.create: WRITES, anonymous',
    ]);
    expect(await refused('permissions', 'check', changed)).toContain('Public gains author.create: WRITES, anonymous');
    expect(await done('permissions', 'apply', changed)).toBe(plan);
    expect(await done('permissions', 'apply', changed)).toBe('Nothing to do: the roles are as the file says.');
    expect(await done('permissions', 'check', changed)).toContain('as the file says');
    const { data } = await server.ask('mutation { createAuthor(data: { name: "By anybody" }) { name } }');
    expect(data.createAuthor.name).toBe('By anybody');
  });

  test('are not applied to roles that were changed since, and nothing is changed then', async () => {
    const outdated = edited('outdated.yaml', [/ {2}public:[\s\S]*?- author\.find\n/, '$&      - author.delete\n']);
    const before = await done('permissions', 'list');
    expect(await refused('permissions', 'apply', outdated)).toContain(
      'the roles were changed since the file was pulled',
    );
    expect(await done('permissions', 'list')).toBe(before);
  });

  test('name what they do not know, and drop nothing', async () => {
    await done('permissions', 'pull', file('pulled.yaml'));
    const unknown = edited('unknown.yaml', [/ {2}public:[\s\S]*?- author\.find\n/, '$&      - author.fly\n']);
    expect(await refused('permissions', 'apply', unknown)).toContain(
      'author.fly of public is not an action of this schema',
    );
    const gone = edited('gone.yaml', [/ {2}editor:\n[\s\S]*?(?= {2}guest:)/, ''], [/ {2}public:\n[\s\S]*$/, '']);
    const why = await refused('permissions', 'apply', gone);
    expect(why).toContain('editor has users');
    expect(why).toContain('public always exists');
    const broken = [
      ['- not: [a, file', 'not YAML'],
      ['roles: {}', 'pulledFrom: '],
      ['pulledFrom: x\nroles: { public: { name: P, permissions: [post.find], actions: [] } }', 'roles.public'],
      ['pulledFrom: x\nroles: { public: { name: "", permissions: [post.find, post.find] } }', 'each action once'],
    ] as const;
    for (const [text, message] of broken) {
      writeFileSync(file('broken.yaml'), text);
      expect(await refused('permissions', 'plan', file('broken.yaml'))).toContain(message);
    }
    expect(await refused('permissions', 'plan', file('nowhere.yaml'))).toContain('There is no file');
    expect(existsSync(file('nowhere.yaml'))).toBe(false);
  });

  test('keep an action whose content type went away, and may take it', async () => {
    const data = { role: { connect: { type: 'public' } }, action: 'movie.find' };
    await server.database.prisma.permission.create({ data });
    await done('permissions', 'pull', file('pulled.yaml'));
    expect(readFileSync(file('pulled.yaml'), 'utf8')).toContain('      - movie.find # not in the schema');
    const added = edited('added.yaml', [/ {2}public:[\s\S]*?- author\.find\n/, '$&      - tag.create\n']);
    expect(await done('permissions', 'apply', added)).toContain('Public gains tag.create');
    expect(await done('permissions', 'list')).toContain('movie.find (not in the schema)');
    await done('permissions', 'pull', file('pulled.yaml'));
    const taken = edited('taken.yaml', [/ {6}- movie\.find.*\n/, '']);
    expect(await done('permissions', 'apply', taken)).toBe('Public loses movie.find: not in the schema, anonymous');
  });
});

test('all of it is in the audit log, by the command line, and the log is as written', async () => {
  const output = await done('audit', 'verify');
  const head = /ends with (\d+:[\da-f]{64})/.exec(output)?.[1] ?? '';
  expect(output).toMatch(/^\d+ entries are as written\./);
  await done('token', 'create', 'later');
  expect(await done('audit', 'verify', '--head', head)).toContain('as written');
  expect(await refused('audit', 'verify', '--head', `1:${'0'.repeat(64)}`)).toContain('written anew');
  expect(await refused('audit', 'verify', '--head', 'nonsense')).toContain('--head takes');
  const { data } = await server.askAdmin(
    '{ auditEntries(filters: { actorKind: COMMAND_LINE }, pagination: { limit: 100 }) { nodes { event actorName } } }',
    { token: await server.adminToken() },
  );
  const events = data.auditEntries.nodes.map(({ event }: { event: string }) => event);
  for (const event of [
    'admin.create',
    'admin.setPassword',
    'apiToken.create',
    'apiToken.revoke',
    'user.block',
    'user.unblock',
    'role.create',
    'role.setPermissions',
  ]) {
    expect(events).toContain(event);
  }
  expect(data.auditEntries.nodes[0].actorName).toBeTypeOf('string');
});
