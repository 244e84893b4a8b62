import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canonicalGrants } from '../src/administration/permission-row.ts';
import { formatPermissionsFile } from '../src/administration/permissions-file/format-file.ts';
import { parsePermissionsFile } from '../src/administration/permissions-file/parse-file.ts';
import type { Grant } from '../src/authorization/grants.ts';
import { runCommandOn } from './support/command.ts';
import { startServer, type TestServer } from './support/start.ts';

/** Grants in the permissions file: one line each, in words in the plan, and warnings of what stays open beside them. */

let server: TestServer;
let files: string;
let file: string;
beforeAll(async () => {
  server = await startServer();
  files = mkdtempSync(join(tmpdir(), 'gatehouse-permissions-'));
  file = join(files, 'permissions.yaml');
});
afterAll(async () => {
  await server?.close();
  rmSync(files, { recursive: true, force: true });
});
beforeEach(async () => {
  await run('permissions', 'pull', file);
});

async function run(...words: string[]): Promise<string> {
  const { code, output } = await runCommandOn(server, words);
  expect(code, output).toBe(0);
  return output;
}

async function refused(...words: string[]): Promise<string> {
  const { code, output } = await runCommandOn(server, words);
  expect(code, output).toBe(1);
  return output;
}

/** Changes lines of one role in the file. */
function edit(type: string, ...changes: readonly (readonly [line: string, now: string])[]): void {
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(`\n  ${type}:\n`);
  const end = text.slice(start + 1).search(/\n {2}\w+:\n/);
  const [before, role, after] =
    end < 0
      ? [text.slice(0, start), text.slice(start), '']
      : [text.slice(0, start), text.slice(start, start + 1 + end), text.slice(start + 1 + end)];
  let changed = role;
  for (const [line, now] of changes) {
    expect(changed).toContain(`      - ${line}\n`);
    changed = changed.replace(`      - ${line}\n`, now === '' ? '' : `      - ${now}\n`);
  }
  writeFileSync(file, `${before}${changed}${after}`);
}

/** Adds lines to one role. `tag.find` stands in each. */
function add(type: string, ...lines: string[]): void {
  edit(type, ['tag.find', ['tag.find', ...lines].join('\n      - ')]);
}

/** Those of the role, and of roles that include it. */
const users = (type: string) =>
  server.database.prisma.user.count({
    where: { role: { OR: [{ type }, { includes: { some: { included: { type } } } }] } },
  });

test('a plan says in words who gains what on which rows and fields, and apply does it', async () => {
  add('authenticated', 'post.update: [{ where: { owner: $user }, fields: [title, content] }]');
  const count = await users('authenticated');
  const plan = await run('permissions', 'plan', file);
  expect(plan.split('\n')[0]).toBe(
    `Authenticated gains post.update where owner is the user, fields content, title: WRITES, ${count === 1 ? '1 user' : `${count} users`}`,
  );
  expect(await refused('permissions', 'check', file)).toContain(plan);
  expect(await run('permissions', 'apply', file)).toBe(plan);
  expect(await run('permissions', 'apply', file)).toBe('Nothing to do: the roles are as the file says.');
  const { grants } = await server.database.prisma.permission.findFirstOrThrow({
    where: { role: { type: 'authenticated' }, action: 'post.update' },
  });
  expect(grants).toEqual([{ where: { owner: '$user' }, fields: ['title', 'content'] }]);
});

test('a pulled file has a restricted action in one line, the same twice, with its keys in order', async () => {
  await server.database.query(
    `UPDATE "permissions" SET "grants" = $1::jsonb WHERE "action" = 'post.update' AND "roleId" = (SELECT "id" FROM "roles" WHERE "type" = 'moderator')`,
    [
      JSON.stringify([
        {
          set: { views: 0 },
          check: { views: { lt: 5 } },
          fields: ['title', 'content'],
          where: { title: { ne: '$$' }, featured: { eq: true } },
        },
        { where: { kind: { in: ['news', 'article'] }, title: { eq: 'yes: "no", # 1' } } },
      ]),
    ],
  );
  await run('permissions', 'pull', file);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(
    '      - post.update: [{ where: { featured: { eq: true }, title: { ne: $$ } }, fields: [content, title], set: { views: 0 }, check: { views: { lt: 5 } } }, ' +
      '{ where: { kind: { in: [news, article] }, title: { eq: "yes: \\"no\\", # 1" } } }]\n',
  );
  expect(text).toContain('      - post.find\n');
  expect(await run('permissions', 'plan', file)).toBe('Nothing to do: the roles are as the file says.');
  expect(await run('permissions', 'apply', file)).toBe('Nothing to do: the roles are as the file says.');
  const again = join(files, 'again.yaml');
  await run('permissions', 'pull', again);
  expect(readFileSync(again, 'utf8')).toBe(text);
});

test('a plan says from what to what a restriction changes, and what is lost', async () => {
  add('public', 'tag.create: [{ fields: [name] }]');
  await run('permissions', 'apply', file);
  await run('permissions', 'pull', file);
  edit(
    'public',
    ['tag.create: [{ fields: [name] }]', 'tag.create: [{ set: { name: news } }]'],
    ['tag.find', 'tag.find: [{ where: { name: { startsWith: a } } }]'],
  );
  const plan = await run('permissions', 'plan', file);
  expect(plan).toContain('Public changes tag.create from fields name to set name to "news": WRITES, anonymous');
  expect(plan).toContain(
    'Public changes tag.find from all rows and fields to where name starts with "a": reads, anonymous',
  );
});

test('apply lets the file say that it is of the roles as they are now: its next change is applied, too', async () => {
  add('moderator', 'tag.update');
  writeFileSync(file, `# Kept\n${readFileSync(file, 'utf8')}`);
  const text = readFileSync(file, 'utf8');
  await run('permissions', 'apply', file);
  const renewed = readFileSync(file, 'utf8');
  expect(renewed).not.toBe(text);
  expect(renewed.replace(/^pulledFrom: .*$/m, '')).toBe(text.replace(/^pulledFrom: .*$/m, ''));
  edit('moderator', ['tag.update', '']);
  expect(await run('permissions', 'apply', file)).toContain('Moderator loses tag.update');
});

test('with --force it is applied over what was changed meanwhile, and the plan says what that is', async () => {
  add('moderator', 'tag.update');
  await run('permissions', 'grant', 'moderator', 'tag.delete');
  expect(await refused('permissions', 'plan', file)).toContain('or apply it with --force');
  const plan = await run('permissions', 'plan', file, '--force');
  expect(plan).toContain('Moderator loses tag.delete');
  expect(await run('permissions', 'apply', file, '--force')).toBe(plan);
  // What force does not change: an obstacle of the file itself.
  edit('moderator', ['tag.update', 'tag.fly']);
  expect(await refused('permissions', 'apply', file, '--force')).toContain('tag.fly of moderator is not an action');
  edit('moderator', ['tag.fly', '']);
  await run('permissions', 'apply', file, '--force');
});

test('grants are part of what apply compares: those that were set meanwhile are not overwritten', async () => {
  edit('editor', ['tag.find', 'tag.find: [{ where: { name: { eq: a } } }]']);
  await server.database.query(
    `UPDATE "permissions" SET "grants" = '[{"fields": ["name"]}]' WHERE "action" = 'category.find' AND "roleId" = (SELECT "id" FROM "roles" WHERE "type" = 'editor')`,
    [],
  );
  expect(await refused('permissions', 'apply', file)).toContain('the roles were changed since the file was pulled');
  const { grants } = await server.database.prisma.permission.findFirstOrThrow({
    where: { role: { type: 'editor' }, action: 'tag.find' },
  });
  expect(grants).toBeNull();
});

test.each<[what: string, line: string, obstacle: RegExp]>([
  [
    'an unknown column',
    'tag.update: [{ where: { colour: { eq: red } } }]',
    /roles\.editor\.permissions\.tag\.update\.0\.where\.colour: /,
  ],
  ['an unknown variable', 'tag.update: [{ where: { name: { eq: $me } } }]', /tag\.update\.0\.where\.name\.eq: \$me /],
  ['a key of another action', 'tag.delete: [{ fields: [name] }]', /tag\.delete\.0\.fields: fields means nothing/],
  ['an action of accounts', 'user.confirm: [{ fields: [name] }]', /user\.confirm of editor is not an action/],
])('%s cannot be applied, and the plan says where', async (_what, line, obstacle) => {
  add('editor', line);
  expect(await refused('permissions', 'plan', file)).toMatch(obstacle);
  expect(await refused('permissions', 'apply', file)).toMatch(/^Nothing was changed\./);
});

test.each<[what: string, line: string, message: string]>([
  ['no grant', 'tag.update: []', 'expected at least one grant'],
  [
    'eleven grants',
    `tag.update: [${Array.from({ length: 11 }, () => '{ fields: [name] }').join(', ')}]`,
    'expected at most 10 grants',
  ],
  ['a grant that is none', 'tag.update: [name]', 'expected a list of grants for tag.update'],
  ['two actions in one', '{ tag.update: [{}], tag.delete: [{}] }', 'expected one action'],
  ['no list', 'tag.update: { fields: [name] }', 'expected'],
  [
    'a name that is no data',
    'tag.update: [{ where: { __proto__: { name: { eq: a } } } }]',
    'must not have the name __proto__',
  ],
  ['such a name for a key', 'tag.update: [{ __proto__: {} }]', 'must not have the name __proto__'],
  ['a number without an end', 'tag.update: [{ where: { id: { lt: .inf } } }]', 'finite numbers'],
  ['the same action twice', 'post.find: [{ fields: [title] }]', 'expected each action once'],
])('%s is no permissions file', async (_what, line, message) => {
  add('editor', line);
  const output = await refused('permissions', 'plan', file);
  expect(output).toContain('The file cannot be understood');
  expect(output).toMatch(/roles\.editor\.permissions/);
  expect(output).toContain(message);
});

test('warnings say what stays open beside a restriction, and what has no index; they do not stand in the way', async () => {
  await server.database.query('UPDATE "permissions" SET "grants" = NULL', []);
  await run('permissions', 'pull', file);
  edit(
    'moderator',
    [
      'post.find',
      'post.find: [{ where: { owner: $user }, fields: [title, slug] }, { where: { featured: { eq: true } }, fields: [title] }]',
    ],
    ['author.findOne', 'author.findOne: [{ where: { name: { eq: Ada } } }]'],
  );
  const plan = (await run('permissions', 'plan', file)).split('\n').filter((line) => line.startsWith('Warning: '));
  expect(plan).toEqual([
    'Warning: Moderator: author.findOne is limited, and author.find allows more: a list with a filter shows the same document',
    'Warning: Moderator: Author.name leads no index: a rule on it looks at every row',
    'Warning: Moderator: post.find is limited, and post.findOne allows more: with its documentId a document can be read',
    'Warning: Moderator: Post.featured leads no index: a rule on it looks at every row',
    'Warning: Moderator: post.find reads slug in some rows only: a sort by it uses no index',
  ]);
  await server.database.query('CREATE INDEX authors_by_name ON "authors" ("name")', []);
  const indexed = await run('permissions', 'plan', file);
  expect(indexed).not.toContain('Author.name leads no index');
  await server.database.query('DROP INDEX authors_by_name', []);
  expect(await run('permissions', 'apply', file)).toContain('Moderator changes post.find');
  // What is not changed is not warned of each time.
  await run('permissions', 'pull', file);
  expect(await run('permissions', 'plan', file)).toBe('Nothing to do: the roles are as the file says.');
});

test('a grant that can no longer be read can stay: it is marked, and the rest can be applied', async () => {
  await server.database.query(
    `INSERT INTO "permissions" ("roleId", "action", "grants") SELECT "id", 'tag.update', '[{"where": {"colour": {"eq": "red"}}}]' FROM "roles" WHERE "type" = 'public'`,
    [],
  );
  await run('permissions', 'pull', file);
  expect(readFileSync(file, 'utf8')).toContain(
    '      - tag.update: [{ where: { colour: { eq: red } } }] # grant 1 cannot be read: it allows nothing\n',
  );
  edit('public', ['category.find', '']);
  expect(await run('permissions', 'apply', file)).toBe('Public loses category.find: reads, anonymous');
  expect(await refused('permissions', 'check', file)).toMatch(
    /A grant of the role public can no longer be read, and allows nothing: tag\.update\.0\.where\.colour: /,
  );
});

describe('any grants', () => {
  const name = fc.oneof(
    fc.constantFrom('title', 'where', 'fields', 'and', '$x', 'a b', 'yes', 'null', '1', '- x', '#'),
    fc.string({ minLength: 1 }),
  );
  const value = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(
        '$user',
        '$now-7d',
        'true',
        'null',
        '',
        ' a',
        '2026-11-22',
        '0x1f',
        '1e3',
        ':',
        '{',
        '~',
        'a: b',
        'a #b',
        "'",
        '"',
        '\n',
        'ä\u2028',
      ),
      fc.string(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(
        name.filter((key) => !/^(__proto__|constructor|prototype)$/.test(key)),
        tie('json'),
        { maxKeys: 3 },
      ),
    ),
  })).json;
  const condition = fc.dictionary(
    name.filter((key) => !/^(__proto__|constructor|prototype)$/.test(key)),
    value,
    { maxKeys: 3 },
  );
  const grant = fc.record(
    { where: condition, fields: fc.uniqueArray(name, { maxLength: 4 }), check: condition, set: condition },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Grant>;

  test('have the operator null, which is a word of YAML, too', () => {
    const text = `pulledFrom: x
roles:
  editor:
    name: Editor
    permissions:
      - post.find: [{ where: { publishedAt: { null: false } } }]
`;
    const [role] = parsePermissionsFile(text).roles;
    expect(JSON.stringify(role)).toContain('{"publishedAt":{"null":false}}');
  });

  test('are read from a file as they were written, and written again to the byte', () => {
    fc.assert(
      fc.property(fc.array(grant, { minLength: 1, maxLength: 10 }), (grants) => {
        const role = {
          id: 1,
          documentId: 'a',
          name: 'A',
          description: null,
          type: 'a',
          requiresSecondFactor: false,
          version: 1,
          actions: ['post.find'],
          includes: [],
        };
        const schema = { known: ['post.find'], rules: { isValid: () => true } };
        const text = formatPermissionsFile([{ ...role, permissions: [['post.find', grants]] }], schema);
        const { roles, pulledFrom } = parsePermissionsFile(text);
        const permissions = roles[0]?.permissions ?? [];
        expect(permissions).toHaveLength(1);
        expect(canonicalGrants(permissions[0]?.[1] ?? null)).toBe(canonicalGrants(grants));
        const again = formatPermissionsFile([{ ...role, permissions }], schema);
        expect(again).toBe(text);
        expect(parsePermissionsFile(again).pulledFrom).toBe(pulledFrom);
        expect(text.match(/^ {6}- /gm)).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
