import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Grant } from '../src/authorization/grants.ts';
import { restrict as restrictIn } from './support/restrict.ts';
import { startServer, type TestServer } from './support/start.ts';

/** What the grants of a permission let somebody read, through the front door. */

let server: TestServer;
let reader: { readonly id: number; readonly documentId: string };
let editor: { readonly id: number; readonly documentId: string };
beforeAll(async () => {
  server = await startServer({ config: { authRateLimit: 1_000 } });
  const { prisma } = server.database;
  await prisma.post.deleteMany();
  const user = (username: string) =>
    prisma.user.findFirstOrThrow({ where: { username }, select: { id: true, documentId: true } });
  [reader, editor] = [await user('reader'), await user('editor')];
  const author = await prisma.author.findFirstOrThrow();
  const posts = [
    { title: 'mine', views: 3, content: 'secret c', ownerId: reader.id, featured: false },
    { title: 'mine too', views: 1, content: 'secret a', ownerId: reader.id, featured: true },
    { title: 'theirs', views: 2, content: 'secret b', ownerId: editor.id, featured: true },
    { title: 'hidden', views: 4, content: 'secret d', ownerId: editor.id, featured: false },
    { title: 'unowned', views: 5, content: null, ownerId: null, featured: false },
  ];
  for (const post of posts) await prisma.post.create({ data: { ...post, authorId: author.id } });
});
afterAll(() => server?.close());

const restrict = (...rule: [role: string, action: string, grants: readonly Grant[] | null | undefined]) =>
  restrictIn(server.database, ...rule);

beforeEach(async () => {
  for (const role of ['public', 'authenticated']) {
    for (const action of ['post.find', 'post.findOne', 'author.find']) await restrict(role, action, null);
    await restrict(role, 'user.find', undefined);
  }
});

async function titles(username: string | undefined, args = '') {
  const token = username && (await server.tokenOf(username));
  const { data, errors } = await server.ask(`{ posts(sort: "title"${args}) { title } }`, { token });
  expect(errors).toBeUndefined();
  return data.posts.map(({ title }: { title: string }) => title);
}

const OWN: Grant = { where: { owner: '$user' } };

describe('rows', () => {
  test('of the user: the same statement for everybody', async () => {
    await restrict('authenticated', 'post.find', [{ where: { or: [{ owner: '$user' }, { featured: { eq: true } }] } }]);
    const token = await server.tokenOf('reader');
    await titles('reader');
    server.statements.length = 0;
    expect(await titles('reader')).toEqual(['mine', 'mine too', 'theirs']);
    expect(token).toBeDefined();
    const lists = server.statements.filter((sql) => sql.includes('"posts"'));
    expect(lists).toHaveLength(1);
  });

  test('who has no value for a variable has nothing by its grant, not even what is nobody’s', async () => {
    await restrict('public', 'post.find', [OWN]);
    const refused = await server.ask('{ posts { title } }');
    expect(refused.data.posts).toBeNull();
    expect(refused.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    await restrict('public', 'post.find', [
      { where: { not: { owner: '$user' } } },
      { where: { featured: { eq: true } } },
    ]);
    expect(await titles(undefined)).toEqual(['mine too', 'theirs']);
  });

  test('a grant that does not read allows nothing', async () => {
    await restrict('authenticated', 'post.find', [{ where: { gone: { eq: 1 } } }]);
    const { errors } = await server.ask('{ posts { title } }', { token: await server.tokenOf('reader') });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    await restrict('authenticated', 'post.find', [
      { where: { gone: { eq: 1 } } },
      { where: { title: { eq: 'mine' } } },
    ]);
    expect(await titles('reader')).toEqual(['mine']);
  });

  test('the time is the server’s', async () => {
    const { prisma } = server.database;
    const { id } = await prisma.post.findFirstOrThrow({ where: { title: 'mine' } });
    await prisma.post.update({ where: { id }, data: { publishedAt: new Date(Date.now() + 3_600_000) } });
    await restrict('public', 'post.find', [{ where: { publishedAt: { lte: '$now' } } }]);
    expect(await titles(undefined)).toEqual([]);
    server.advance(2 * 3_600_000);
    expect(await titles(undefined)).toEqual(['mine']);
    await prisma.post.update({ where: { id }, data: { publishedAt: null } });
  });
});

describe('columns', () => {
  const NO_CONTENT = ['title', 'views', 'owner', 'author'];

  test('one that no grant shows does not exist: in answers, filters and sort keys', async () => {
    await restrict('public', 'post.find', [{ fields: ['title'] }]);
    const { data, errors } = await server.ask('{ posts { title content } posts_connection { nodes { content } } }');
    expect(data.posts).toHaveLength(5);
    expect(data.posts[0].content).toBeNull();
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['posts.0.content', 'FORBIDDEN'],
      ['posts_connection.nodes.0.content', 'FORBIDDEN'],
    ]);
    const unknown = await server.ask('{ posts(sort: "nothing") { title } }');
    const hidden = await server.ask('{ posts(sort: "content") { title } }');
    expect(hidden.text).toBe(unknown.text.replaceAll('nothing', 'content'));
    const filtered = await server.ask('{ posts(filters: { content: { eq: "x" } }) { title } }');
    expect(filtered.errors?.[0]?.message).toBe('Invalid key content');
    const related = await server.ask('{ posts { author { name } } }');
    expect(related.errors?.map(({ path }) => path?.join('.'))).toEqual(['posts.0.author']);
  });

  test('one that some grants show is null in other rows, and is sorted, filtered and counted as that', async () => {
    await restrict('authenticated', 'post.find', [{ fields: NO_CONTENT }, OWN]);
    const token = await server.tokenOf('reader');
    const ask = async (args: string) => {
      const { data, errors } = await server.ask(`{ posts(${args}) { title content } }`, { token });
      expect(errors).toBeUndefined();
      return data.posts.map(({ title, content }: { title: string; content: string }) => [title, content]);
    };
    expect(await ask('sort: "title"')).toEqual([
      ['hidden', null],
      ['mine', 'secret c'],
      ['mine too', 'secret a'],
      ['theirs', null],
      ['unowned', null],
    ]);
    expect(await ask('sort: ["content:desc", "title"]')).toEqual([
      ['hidden', null],
      ['theirs', null],
      ['unowned', null],
      ['mine', 'secret c'],
      ['mine too', 'secret a'],
    ]);
    expect(await ask('filters: { content: { contains: "secret" } }, sort: "title"')).toEqual([
      ['mine', 'secret c'],
      ['mine too', 'secret a'],
    ]);
    expect((await ask('filters: { content: { null: true } }')).length).toBe(3);
    expect(await ask('filters: { content: { gte: "secret b" } }')).toEqual([['mine', 'secret c']]);
  });

  test('a relation that some grants show has no rows elsewhere', async () => {
    await restrict('authenticated', 'post.find', [{ fields: ['title', 'views'] }, OWN]);
    const token = await server.tokenOf('reader');
    const { data, errors } = await server.ask(
      '{ posts(sort: "title") { title author { posts(sort: "title") { title content } } } none: posts(filters: { author: null }, sort: "title") { title } sorted: posts(sort: ["author.name", "title"]) { title } }',
      { token },
    );
    expect(errors).toBeUndefined();
    expect(data.posts.map(({ author }: { author: object | null }) => author !== null)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(data.none.map(({ title }: { title: string }) => title)).toEqual(['hidden', 'theirs', 'unowned']);
    expect(data.sorted.map(({ title }: { title: string }) => title)).toEqual([
      'mine',
      'mine too',
      'hidden',
      'theirs',
      'unowned',
    ]);
  });

  test('a user is a public profile, or oneself', async () => {
    await restrict('authenticated', 'user.find', [
      { fields: ['username'] },
      { where: { id: { eq: '$user.id' } }, fields: ['username', 'confirmed'] },
    ]);
    const token = await server.tokenOf('reader');
    const { data, errors } = await server.ask('{ posts(sort: "title") { owner { username } } }', { token });
    expect(errors).toBeUndefined();
    expect(data.posts.map(({ owner }: { owner: { username: string } | null }) => owner?.username)).toEqual([
      'editor',
      'reader',
      'reader',
      'editor',
      undefined,
    ]);
    const email = await server.ask('{ posts { owner { email } } }', { token });
    expect(email.text).not.toContain('@');
    // A column that is never null takes its row with it, so that each row says it.
    expect(new Set(email.errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['FORBIDDEN']));
    expect(email.errors?.[0]?.path).toEqual(['posts', 0, 'owner', 'email']);
    for (const sort of ['owner.email', 'owner.passwordHash']) {
      const sorted = await server.ask(`{ posts(sort: "${sort}") { title } }`, { token });
      expect(sorted.errors?.[0]?.message).toBe(`Invalid key ${sort.split('.')[1]} at ${sort}`);
    }
    const own = await server.ask(
      `{ posts(filters: { owner: { documentId: { eq: "${reader.documentId}" } } }, sort: "title") { title } }`,
      { token },
    );
    expect(own.data.posts).toEqual([{ title: 'mine' }, { title: 'mine too' }]);
  });

  test('the answer of a write on a user shows that user, whatever its viewer can find', async () => {
    await restrict('editor', 'user.update', null);
    await restrict('editor', 'user.find', [{ where: { id: { eq: '$user.id' } }, fields: ['username'] }]);
    const token = await server.tokenOf('editor');
    const { data, errors } = await server.ask(
      `mutation { updateUsersPermissionsUser(id: "${reader.id}", data: { confirmed: true }) { data { username email } } }`,
      { token },
    );
    expect(errors).toBeUndefined();
    expect(data.updateUsersPermissionsUser.data).toEqual({ username: 'reader', email: 'reader@example.com' });
    // What a taken name tells, only who finds everybody knows already: for others it is counted.
    const { prisma } = server.database;
    await prisma.attempt.deleteMany();
    const taken = `mutation { updateUsersPermissionsUser(id: "${reader.id}", data: { username: "editor" }) { data { username } } }`;
    await server.ask(taken, { token });
    expect(await prisma.attempt.count()).toBeGreaterThan(0);
    await prisma.attempt.deleteMany();
    await restrict('editor', 'user.find', null);
    await server.ask(taken, { token });
    expect(await prisma.attempt.count()).toBe(0);
    for (const action of ['user.find', 'user.update']) await restrict('editor', action, undefined);
  });

  test('a mutation whose answer selects one that no grant shows writes nothing', async () => {
    await restrict('authenticated', 'post.create', [{ fields: ['title'] }]);
    await restrict('authenticated', 'post.find', [{ fields: ['title'] }]);
    await restrict('authenticated', 'post.findOne', [{ fields: ['title'] }]);
    const token = await server.tokenOf('reader');
    const { errors } = await server.ask('mutation { createPost(data: { title: "new" }) { title content } }', { token });
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['createPost.content', 'FORBIDDEN'],
    ]);
    expect(await server.database.prisma.post.count({ where: { title: 'new' } })).toBe(0);
    await restrict('authenticated', 'post.create', null);
  });
});
