import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCommands, createProgram } from '../../src/command-line/program.ts';
import { runCommand } from '../../src/command-line/run-command.ts';
import type { Database } from '../../src/database/open.ts';
import { openDatabase } from '../blog/open-database.ts';
import { runCommandOn } from '../support/command.ts';
import { outputOf } from '../support/output.ts';
import { createPlace, type Place, startProcess } from '../support/process.ts';
import { send, startServer, type TestServer } from '../support/start.ts';

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

/** Runs a command, with a password for when it asks for one. */
async function run(
  words: readonly string[],
  password = '',
  confirm?: (question: string) => Promise<boolean>,
): Promise<{ code: number; output: string }> {
  return runCommandOn(server, words, { password, ...(confirm && { confirm }) });
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

test.each<[words: string[], line: RegExp]>([
  [
    ['user', 'role', 'editor', 'public', '--frob=hunter2'],
    /^Unknown option '--frob'\n\nUsage: npm run gatehouse -- user role /,
  ],
  [['user', 'role', 'editor', 'public', '--by'], /^Option '--by <what>' argument missing\n\nUsage: /],
  [
    ['user', 'role', 'editor', 'public', '--by', 'hunter2'],
    /^Option '--by <what>' is invalid\. Allowed choices are email, /,
  ],
  [['user', 'block', 'editor', '--until', 'hunter2'], /^Option '--until <time>' is invalid\. Expected a time such as /],
  [
    ['admin', 'create', 'me@example.com', 'hunter2'],
    /^Too many arguments for 'create'\. Expected 1 argument\.\n\nUsage: /,
  ],
  [['permissions', 'plan', tmpdir()], /^The file \S+ cannot be read \(EISDIR\)$/],
  [['permissions', 'pull', '/nowhere/at/all'], /^The file \/nowhere\/at\/all cannot be written \(ENOENT\)$/],
])('%j is refused in words, and nothing is repeated that was given', async (words, line) => {
  const output = await refused(...words);
  expect(output).toMatch(line);
  expect(output).not.toContain('hunter2');
});

describe('as a process', () => {
  let place: Place;
  beforeAll(async () => {
    place = await createPlace({ used: true });
  });
  afterAll(() => place.remove());

  async function spawned(input: string, ...words: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, ['dist/command-line/main.js', ...words], {
      env: { PATH: process.env['PATH'], ...place.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const output = outputOf(child);
    child.stdin.end(input);
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, output: output() };
  }

  /** What the server of this place left, while it does not run. */
  async function inside<T>(look: (database: Database) => Promise<T>): Promise<T> {
    const url = place.environment['DATABASE_URL'];
    const database = await openDatabase(
      url === undefined ? { kind: 'embedded', directory: place.dataDir } : { kind: 'server', url },
    );
    try {
      return await look(database);
    } finally {
      await database.close();
    }
  }

  test('it reads a password from standard input, and ends with a code that scripts understand', async () => {
    const nowhere = spawn(process.execPath, ['dist/command-line/main.js', 'audit', 'verify'], {
      env: {
        PATH: process.env['PATH'],
        ...place.environment,
        DATABASE_URL: 'postgresql://somebody:hunter2@127.0.0.1:1/x',
      },
    });
    const said = outputOf(nowhere);
    expect(await once(nowhere, 'close')).toEqual([1, null]);
    expect(said()).toBe('The database of DATABASE_URL cannot be used: connect ECONNREFUSED 127.0.0.1:1\n');

    const usage = await spawned('', 'admin', 'explode');
    expect(usage.code).toBe(1);
    expect(usage.output).toMatch(/^Unknown command 'explode'\n\nUsage: npm run gatehouse -- admin /);
    const made = await spawned('a password of root\n', 'admin', 'create', 'root@example.com');
    expect(made.output).toContain('root@example.com is an administrator now.');
    expect(made.code).toBe(0);
    const short = await spawned('short\n', 'admin', 'create', 'other@example.com');
    expect([short.code, short.output]).toEqual([1, 'password must be at least 8 characters\n']);
    const help = await spawned('');
    expect([help.code, help.output]).toEqual([0, expect.stringMatching(/^Usage: npm run gatehouse -- /)]);
    const none = await spawned('', 'admin', 'reset-password', 'root@example.com');
    expect([none.code, none.output]).toEqual([1, 'There is no password: type it, or write it to standard input\n']);

    // Of a version that took any username, and made keys in another way.
    const squatter = await inside(async ({ prisma }) => {
      const email = 'squatter@example.com';
      const username = 'newhire@corp.example';
      const identifiers = { create: [email, username].map((key) => ({ key })) };
      const role = { connect: { type: 'authenticated' } };
      return prisma.user.create({ data: { email, username, passwordHash: 'none', role, identifiers } });
    });

    const server = await startProcess(place.environment);
    expect(server.output()).not.toContain('Demo administrator'); // there is one already
    const { data } = await send(
      server.url.replace(/graphql$/, 'admin/graphql'),
      'mutation { login(email: "root@example.com", password: "a password of root") { jwt } }',
    );
    expect(data.login.jwt).toBeTypeOf('string');
    await server.stop();
    // The start made the keys anew, and says which usernames somebody should look at.
    const [line, ...more] = server
      .output()
      .split('\n')
      .filter((one) => one.includes('usernameDisputed'));
    expect(line).toMatch(/usernames with the form of an e-mail/);
    expect(more).toEqual([]);
    expect(server.output()).toContain(squatter.documentId);
    expect(await inside(({ prisma }) => prisma.identifier.count({ where: { rule: 0 } }))).toBe(0);
  });
});

describe('help', () => {
  test.each([[[]], [['--help']], [['-h']]])('of everything, for %j', async (words) => {
    const output = await done(...words);
    expect(output).toMatch(/^Usage: npm run gatehouse -- \[options\] \[command\]\n/);
    for (const group of ['admin', 'token', 'user', 'role', 'permissions', 'audit', 'complete']) {
      expect(output).toMatch(new RegExp(`^ {2}${group} `, 'm'));
    }
  });

  test('of a group and of a command', async () => {
    expect(await done('user')).toMatch(/^ {2}block .*<user>/m);
    expect(await done('user', '--help')).toBe(await done('user'));
    const help = await done('user', 'block', '--help');
    expect(help).toMatch(/^Usage: npm run gatehouse -- user block \[options\] <user>\n/);
    for (const option of ['--by <what>', '--reason <text>', '--until <time>']) expect(help).toContain(option);
  });

  test('opens nothing', async () => {
    const open = async () => {
      throw new Error('opened');
    };
    let output = '';
    const print = (text: string) => {
      output += text;
    };
    const terminal = { open, verify: open, askPassword: async () => '', confirm: undefined, print, printError: print };
    expect(await runCommand(['user', '--help'], terminal)).toBe(0);
    expect(await runCommand(['user', 'blok'], terminal)).toBe(1);
    expect(output).toContain('Did you mean block?');
    await expect(runCommand(['user', 'unblock', 'reader'], terminal)).rejects.toThrow('opened');
  });

  test('is in docs/command-line.md: every command with its arguments and options', () => {
    const page = readFileSync('docs/command-line.md', 'utf8');
    const program = createProgram(async () => {}, {
      print() {},
      printError() {},
      verify: () => Promise.reject(new Error('not asked for')),
    });
    const commands = allCommands(program).filter(({ commands }) => commands.length === 0);
    expect(commands.length).toBeGreaterThan(15);
    for (const command of commands) {
      const group = command.parent === program ? '' : `${command.parent?.name()} `;
      const usage = command.usage().replace('[options] ', '').replace('[options]', '');
      const line = page
        .split('\n')
        .find((one) => one.startsWith(`| \`${`${group}${command.name()} ${usage}`.trim()}\``));
      expect(line, `${group}${command.name()} ${usage}`).toBeDefined();
      for (const { long } of command.options) expect(line).toContain(`\`${long}`);
    }
  });
});

describe('completion', () => {
  const complete = (...words: string[]) =>
    execFileSync(process.execPath, ['dist/command-line/main.js', 'complete', ...words], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], DATABASE_URL: 'postgresql://somebody@127.0.0.1:1/x' },
    });

  test('knows commands, options and what they take, and opens nothing', () => {
    expect(complete('--', 'user', 'b')).toMatch(/^block\tBlock a user/);
    expect(complete('--', 'user', 'block', '--re')).toMatch(/^--reason\t/);
    expect(complete('--', 'user', 'role', 'reader', '--by', '')).toMatch(/^email\t\nusername\t\nid\t\n/);
  });

  test('has a script for each shell', () => {
    execFileSync('bash', ['-n'], { input: complete('bash') });
    for (const shell of ['zsh', 'fish', 'powershell']) expect(complete(shell)).toContain('gatehouse');
  });
});

test('a word that is nearly a command or an option is answered with the one that was meant', async () => {
  expect(await refused('usr')).toMatch(/^Unknown command 'usr'\n\(Did you mean user\?\)\n/);
  expect(await refused('user', 'block', 'reader', '--reson', 'x')).toMatch(
    /^Unknown option '--reson'\n\(Did you mean --reason\?\)\n/,
  );
  expect(await refused('user', 'block')).toMatch(/^Missing required argument 'user'\n\nUsage: /);
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
    'Allowed choices are administrator, read-only.',
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
  expect(await refused('token', 'create', 'other', '--days', '5')).toContain('Allowed choices are 7, 30, 90.');
  const list = await done('token', 'list');
  expect(list).toMatch(/importer +CUSTOM +gatehouse_/);
  expect(list).not.toContain(secret);
  await done('user', 'block', 'reader@example.com', '--reason', 'lost the phone', '--until', '2100-01-01T00:00:00Z');
  expect(await refused('user', 'block', 'nobody')).toBe('There is no user nobody');
  expect(await refused('user', 'block', 'editor', '--until', 'tomorrow')).toContain('Expected a time such as');
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
  expect(await done('role', 'list')).toMatch(
    /^authenticated +Authenticated +\d+ +\d+ +\d+ +-\npublic +Public +\d+ +0 +\d+ +-/m,
  );
});

describe('a user', () => {
  const roleOf = async (email: string) =>
    (await server.database.prisma.user.findUniqueOrThrow({ where: { email }, include: { role: true } })).role.type;
  /** Of a version that took any username. */
  async function older(username: string, email: string, key?: string) {
    return server.database.prisma.user.create({
      data: {
        username,
        email,
        passwordHash: 'none',
        usernameDisputed: true,
        role: { connect: { type: 'authenticated' } },
        identifiers: { create: [email, ...(key === undefined ? [] : [key])].map((one) => ({ key: one, rule: 1 })) },
      },
    });
  }

  test('is named whole when it was found: username, e-mail and documentId', async () => {
    const { documentId } = await server.database.prisma.user.findUniqueOrThrow({
      where: { email: 'reader@example.com' },
    });
    const told = `reader (reader@example.com, ${documentId}) has the role Editor now.`;
    for (const words of [
      ['reader'],
      ['READER@example.com'],
      ['reader', '--by', 'username'],
      ['reader@example.com', '--by', 'email'],
      [documentId, '--by', 'id'],
    ]) {
      const [reference = '', ...options] = words;
      expect(await done('user', 'role', reference, 'editor', ...options), reference).toBe(told);
    }
    await done('user', 'role', 'reader', 'authenticated');
    for (const [reference, by] of [
      ['reader', 'email'],
      ['reader', 'id'],
      ['reader@example.com', 'username'],
      ['reader@example.com', 'id'],
      [documentId, 'email'],
      [documentId, 'username'],
    ] as const) {
      expect(await refused('user', 'role', reference, 'editor', '--by', by)).toMatch(/^There is no user with the /);
    }
    expect(await refused('user', 'role', documentId, 'editor')).toBe(`There is no user ${documentId}`);
    expect(await refused('user', 'role', 'reader', 'editor', '--by', 'name')).toContain(
      'Allowed choices are email, username, id.',
    );
    expect(await roleOf('reader@example.com')).toBe('authenticated');
  });

  test('on a terminal is asked about, and a no changes nothing', async () => {
    const { documentId } = await server.database.prisma.user.findUniqueOrThrow({
      where: { email: 'reader@example.com' },
    });
    const questions: string[] = [];
    const answering = (yes: boolean) => async (question: string) => {
      questions.push(question);
      return yes;
    };
    const words = ['user', 'role', 'reader', 'editor'];
    expect(await run(words, '', answering(false))).toEqual({ code: 1, output: 'Nothing was changed.' });
    expect(questions).toEqual([`Found reader (reader@example.com, ${documentId}). Is this the user?`]);
    expect(await roleOf('reader@example.com')).toBe('authenticated');
    expect((await run([...words, '--by', 'username'], '', answering(false))).code).toBe(0);
    expect(questions).toHaveLength(1);
    expect((await run(['user', 'role', 'reader', 'authenticated'], '', answering(true))).code).toBe(0);
    expect(await roleOf('reader@example.com')).toBe('authenticated');
  });

  test('whose username is somebody’s e-mail is not taken for them', async () => {
    const squatter = await older('newhire@corp.example', 'squatter@example.com', 'newhire@corp.example');
    const told = `There is no user with the e-mail newhire@corp.example. It is the username of another one, with the e-mail squatter@example.com: if you mean that one, --by id ${squatter.documentId}`;
    for (const options of [[], ['--by', 'email'], ['--by', 'username']]) {
      expect(await refused('user', 'role', 'newhire@corp.example', 'editor', ...options)).toBe(told);
    }
    const yes = async () => true;
    expect((await run(['user', 'role', 'newhire@corp.example', 'editor'], '', yes)).output).toBe(told);
    expect(await roleOf('squatter@example.com')).toBe('authenticated');
    expect(await done('user', 'role', squatter.documentId, 'editor', '--by', 'id')).toBe(
      `newhire@corp.example (squatter@example.com, ${squatter.documentId}) has the role Editor now.`,
    );
  });

  test('whose username is another one’s, too, has to be named by e-mail or id', async () => {
    const first = await older('twin', 'first@example.com', 'twin');
    const second = await older('tw\u200bin', 'second@example.com');
    const told = `Several users have the username twin:\nfirst@example.com, --by id ${first.documentId}\nsecond@example.com, --by id ${second.documentId}`;
    expect(await refused('user', 'role', 'twin', 'editor')).toBe(told);
    expect(await refused('user', 'role', 'twin', 'editor', '--by', 'username')).toBe(told);
    expect([await roleOf('first@example.com'), await roleOf('second@example.com')]).toEqual([
      'authenticated',
      'authenticated',
    ]);
    // What nobody sees is shown.
    expect(await done('user', 'role', 'second@example.com', 'editor')).toContain('tw\\u{200b}in (second@example.com');
  });
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
      /^ {2}public:\n {4}name: Public\n {4}description: .*\n {4}permissions:\n {6}- auth\.acceptInvitation\n {6}- auth\.completeLogin\n/m,
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
      // Without its tag this is a list, and with it YAML makes a Map, which has no keys to check.
      [
        'pulledFrom: x\nroles: { public: { name: P, permissions: [post.find: [!!omap [where: { premium: { eq: false } }]]] } }',
        'roles.public.permissions.0',
      ],
    ] as const;
    for (const [text, message] of broken) {
      writeFileSync(file('broken.yaml'), text);
      expect(await refused('permissions', 'plan', file('broken.yaml'))).toContain(message);
    }
    expect(await refused('permissions', 'plan', unknown)).toContain(
      'author.fly of public is not an action of this schema',
    );
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
  expect(await refused('audit', 'verify', '--head', `1:${'0'.repeat(64)}`)).toContain('rewritten');
  expect(await refused('audit', 'verify', '--head', 'nonsense')).toContain('Expected the number and the hash');
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
