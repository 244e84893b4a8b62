import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { createPlace, type Place, runToEnd, type ServerProcess, startProcess } from '../support/process.ts';
import { send } from '../support/start.ts';

// Each command is a process that opens the database: some seconds on a slow machine, and a test runs several.

let place: Place;
let server: ServerProcess | undefined;
beforeAll(async () => {
  place = await createPlace({ hasCluster: true });
});
afterEach(async () => {
  await server?.stop('SIGKILL');
  server = undefined;
});
afterAll(() => place.remove());

const permissions = (...words: string[]) =>
  runToEnd(place.environment, ['dist/command-line/main.js', 'permissions', ...words]);

/** The actions with a yes in the column of each role. */
function rolesIn(output: string): Record<string, string[]> {
  const [heads = [], ...rows] = output
    .slice(output.indexOf('action '))
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  const having = (column: number) => rows.filter((row) => row[column] === 'yes').map(([action = '']) => action);
  return Object.fromEntries(heads.map((role, column) => [role, having(column)] as const).slice(1));
}

test('before the first start, the roles are those that the server starts with', async () => {
  const { code, output } = await permissions('list');
  expect(code, output).toBe(0);
  expect(output).toContain('editor@example.com'); // the demo users were made here, so this is who has to tell
  const roles = rolesIn(output);
  expect(Object.keys(roles)).toEqual(['authenticated', 'public', 'editor', 'moderator', 'author', 'premium-user']);
  expect(roles['public']).toContain('post.find');
  expect(roles['public']).not.toContain('post.create');
  expect(roles['editor']).toContain('post.create');

  server = await startProcess(place.environment);
  expect((await send(server.url, '{ posts { title } }')).data.posts).toHaveLength(10);
});

test('what is granted may be done, and what is revoked may not', async () => {
  const create = 'mutation { createTag(data: { name: "granted" }) { name } }';
  const granted = await permissions('grant', 'public', 'tag.create', 'tag.update', 'tag.find');
  expect(granted.code, granted.output).toBe(0);
  expect(granted.output).toMatch(/Public has these actions now: .*tag\.create/);
  server = await startProcess(place.environment);
  expect((await send(server.url, create)).data).toEqual({ createTag: { name: 'granted' } });
  await server.stop();

  const revoked = await permissions('revoke', 'public', 'tag.create', 'tag.update', 'tag.delete');
  expect(revoked.code, revoked.output).toBe(0);
  expect(revoked.output).toMatch(/Public has these actions now: .*tag\.find, tag\.findOne$/m);
  server = await startProcess(place.environment);
  expect((await send(server.url, create)).errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
});

test('what is not there is refused by name, and nothing is changed', async () => {
  const refusals = [
    [['grant', 'publik', 'post.create'], 'There is no role publik. Roles: authenticated, public,'],
    [['grant', 'public', 'a.b', 'post.create', 'post.cre4te'], 'a.b, post.cre4te are not actions'],
    [['revoke', 'public', 'post.find', 'post.cre4te'], 'post.cre4te is not an action'],
    [['grant', 'public'], 'Usage:'],
    [['give', 'public', 'post.create'], 'Usage:'],
  ] as const;
  const before = await permissions('list');
  for (const [words, message] of refusals) {
    const { code, output } = await permissions(...words);
    expect(output).toContain(message);
    expect(output).not.toMatch(/ at .*\.ts:/);
    expect(code).toBe(1);
  }
  expect(rolesIn((await permissions('list')).output)).toEqual(rolesIn(before.output));
});

if (inject('databaseKind') === 'embedded') {
  test('while a server has the data directory, it says so and stops', async () => {
    server = await startProcess(place.environment);
    const { code, output } = await permissions('grant', 'public', 'post.create');
    expect(code).toBe(1);
    expect(output).toContain(`in use by another Gatehouse (process ${server.child.pid})`);
    expect(output).not.toMatch(/ at .*\.ts:/);
  });
} else {
  test('a server that runs on the same database takes it up at once', async () => {
    server = await startProcess(place.environment);
    const create = 'mutation { createCategory(data: { name: "New", slug: "new" }) { name } }';
    expect((await send(server.url, create)).data).toEqual({ createCategory: null });
    expect((await permissions('grant', 'public', 'category.create')).code).toBe(0);
    expect((await send(server.url, create)).data).toEqual({ createCategory: { name: 'New' } });
  });
}
