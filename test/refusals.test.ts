import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let editor: string;
beforeAll(async () => {
  server = await startServer();
  editor = await server.tokenOf('editor');
});
afterAll(() => server?.close());

/** Takes actions away from a role until the test is over. */
async function without(type: string, ...actions: string[]) {
  const role = await server.database.prisma.role.findUniqueOrThrow({ where: { type } });
  await server.database.prisma.permission.deleteMany({ where: { roleId: role.id, action: { in: actions } } });
  restore.push(async () => {
    await server.database.prisma.permission.createMany({
      data: actions.map((action) => ({ action, roleId: role.id })),
    });
  });
}
const restore: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const give of restore.splice(0)) await give();
});

async function aPost(): Promise<string> {
  const { documentId } = await server.database.prisma.post.findFirstOrThrow({ orderBy: { id: 'asc' } });
  return documentId;
}

function refusals(errors: Awaited<ReturnType<TestServer['ask']>>['errors']) {
  return errors?.map(
    ({ path, extensions }) => `${path?.join('.')}: ${extensions.code} ${extensions.error.details.action}`,
  );
}

describe('a query', () => {
  test('one refused root field leaves its neighbours', async () => {
    const { data, errors } = await server.ask(
      '{ me { id } posts(pagination: { limit: 1 }) { title } again: me { id } }',
    );
    expect(data).toEqual({ me: null, posts: [{ title: 'A role for every reader' }], again: null });
    expect(refusals(errors)).toEqual(['me: FORBIDDEN user.me', 'again: FORBIDDEN user.me']);
  });

  test('a refused relation is null, with one error for all its rows, and nothing of it is loaded', async () => {
    await without('public', 'author.find');
    server.statements.length = 0;
    const { data, errors } = await server.ask('{ posts { title author { name } category { name } } }');
    expect(data.posts).toHaveLength(10);
    for (const post of data.posts) {
      expect(post).toEqual({ title: expect.any(String), author: null, category: { name: expect.any(String) } });
    }
    expect(refusals(errors)).toEqual(['posts.0.author: FORBIDDEN author.find']);
    expect(server.statements.join('\n')).not.toContain('authors');
  });

  test('a relation to many is refused the same way', async () => {
    await without('public', 'tag.find');
    const { data, errors } = await server.ask('{ posts { tags { name } more: tags { name } } }');
    expect(data.posts).toEqual(Array.from({ length: 10 }, () => ({ tags: null, more: null })));
    expect(refusals(errors)).toEqual(['posts.0.tags: FORBIDDEN tag.find', 'posts.0.more: FORBIDDEN tag.find']);
  });

  test('a relation is refused however deep it is, and through a fragment', async () => {
    await without('public', 'author.find');
    const { data, errors } = await server.ask(`
      query { categories(pagination: { limit: 2 }) { posts(pagination: { limit: 2 }) { ...Written } } }
      fragment Written on Post { title ... on Post { author { name } } }`);
    expect(
      data.categories.flatMap((category: { posts: { author: null }[] }) => category.posts.map(({ author }) => author)),
    ).toEqual([null, null, null, null]);
    expect(refusals(errors)).toEqual(['categories.0.posts.0.author: FORBIDDEN author.find']);
  });

  test('findOne without find opens that one document, and not the way to others of its type', async () => {
    await without('public', 'post.find');
    const documentId = await aPost();
    const { data, errors } = await server.ask(
      'query ($documentId: ID!) { post(documentId: $documentId) { title author { name posts { title } } } posts { title } }',
      { variables: { documentId } },
    );
    expect(data.post).toEqual({ title: 'A role for every reader', author: { name: 'Ada Moreau', posts: null } });
    expect(data.posts).toBeNull();
    expect(refusals(errors)?.sort()).toEqual(['post.author.posts: FORBIDDEN post.find', 'posts: FORBIDDEN post.find']);
  });
});

test('what only a person can do is refused to who is no person, even where the role was given it', async () => {
  const { prisma } = server.database;
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'public' } });
  const actions = ['user.me', 'auth.changePassword'];
  await prisma.permission.createMany({ data: actions.map((action) => ({ roleId, action })) });
  restore.push(async () => {
    await prisma.permission.deleteMany({ where: { roleId, action: { in: actions } } });
  });
  expect(refusals((await server.ask('{ me { id } }')).errors)).toEqual(['me: FORBIDDEN user.me']);
  const change =
    'mutation { changePassword(currentPassword: "12345678", password: "abcdefgh", passwordConfirmation: "abcdefgh") { jwt } }';
  expect(refusals((await server.ask(change)).errors)).toEqual(['changePassword: FORBIDDEN auth.changePassword']);
});

describe('a mutation is checked whole before it runs', () => {
  const create = 'createPost(data: { title: "Never written" })';
  const VARIABLES = { title: 'Never written' };

  async function expectNothingWritten(
    document: string,
    expected: string[],
    options: { token?: string; variables?: object } = {},
  ) {
    const before = await server.database.prisma.post.count();
    server.statements.length = 0;
    const { data, errors, status } = await server.ask(document, {
      token: options.token ?? editor,
      variables: { ...options.variables },
    });
    expect(refusals(errors)).toEqual(expected);
    expect(Object.values(data).every((value) => value === null)).toBe(true);
    expect(status).toBe(200);
    expect(server.statements.filter((sql) => !/^select/i.test(sql))).toEqual([]);
    expect(await server.database.prisma.post.count()).toBe(before);
  }

  test('a forbidden field after an allowed one', () =>
    expectNothingWritten(`mutation { first: ${create} { title } deleteTag(documentId: "x") { documentId } }`, [
      'deleteTag: FORBIDDEN tag.delete',
    ]));

  test('every refused path is listed', () =>
    expectNothingWritten(
      `mutation { a: ${create} { title } b: deleteTag(documentId: "x") { documentId } c: updateTag(documentId: "x", data: {}) { name } }`,
      ['b: FORBIDDEN tag.delete', 'c: FORBIDDEN tag.update'],
    ));

  test('a relation that may not be read, selected at any depth', async () => {
    await without('editor', 'category.find');
    await expectNothingWritten(`mutation { ${create} { title author { posts { category { name } } } } }`, [
      'createPost.author.posts.category: FORBIDDEN category.find',
    ]);
  });

  test('in a fragment, in a fragment of a fragment, and beside a type condition', async () => {
    await without('editor', 'category.find');
    await expectNothingWritten(
      `mutation { ${create} { ...A ... on Post { again: category { name } } } }
       fragment A on Post { ...B } fragment B on Post { category { name } }`,
      ['createPost.category: FORBIDDEN category.find', 'createPost.again: FORBIDDEN category.find'],
    );
  });

  test('a root field in a fragment', () =>
    expectNothingWritten(
      `mutation { ...M } fragment M on Mutation { ${create} { title } deleteTag(documentId: "x") { documentId } }`,
      ['deleteTag: FORBIDDEN tag.delete'],
    ));

  test('what is skipped is not checked, and what is included is', async () => {
    const document = `mutation ($title: String!, $with: Boolean!) {
      createPost(data: { title: $title }) { title }
      deleteTag(documentId: "x") @include(if: $with) { documentId }
    }`;
    await expectNothingWritten(document, ['deleteTag: FORBIDDEN tag.delete'], {
      variables: { ...VARIABLES, with: true },
    });
    const { data, errors } = await server.ask(document, {
      token: editor,
      variables: { title: 'Written', with: false },
    });
    expect(errors).toBeUndefined();
    expect(data.createPost.title).toBe('Written');
  });

  test('of several operations only the one that runs is checked', async () => {
    const query =
      'mutation Allowed { createPost(data: { title: "Allowed" }) { title } } mutation Refused { deleteTag(documentId: "x") { documentId } }';
    const run = async (operationName: string) => {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${editor}` },
        body: JSON.stringify({ query, operationName }),
      });
      return (await response.json()) as { data: Record<string, unknown> };
    };
    expect((await run('Allowed')).data).toEqual({ createPost: { title: 'Allowed' } });
    expect((await run('Refused')).data).toEqual({ deleteTag: null });
  });

  test('a relation that is set without the right to find its target, as a literal and as a variable', async () => {
    await without('editor', 'author.find');
    const { documentId } = await server.database.prisma.author.findFirstOrThrow();
    const expected = ['createPost: FORBIDDEN author.find'];
    await expectNothingWritten(
      `mutation { createPost(data: { title: "Never written", author: "${documentId}" }) { title } }`,
      expected,
    );
    await expectNothingWritten(
      `mutation { first: ${create} { title } createPost(data: { title: "Never written", author: "${documentId}" }) { title } }`,
      expected,
    );
    await expectNothingWritten('mutation ($data: PostInput!) { createPost(data: $data) { title } }', expected, {
      variables: { data: { title: 'Never written', author: documentId } },
    });
    await expectNothingWritten(
      'mutation ($author: ID) { createPost(data: { title: "Never written", author: $author }) { title } }',
      expected,
      {
        variables: { author: documentId },
      },
    );
  });
});
