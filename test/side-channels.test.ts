import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

/*
 * An attacker wants one value that it may not read. Two worlds differ in that value only: whatever the attacker asks, both
 * have to answer the same, to the letter, and do the same work. Who cannot tell two worlds apart can do no better than
 * guess, by binary search or otherwise.
 */

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.tokenOf('reader');
});
afterAll(() => server?.close());

async function mayOnly(actions: readonly string[]): Promise<void> {
  const { prisma } = server.database;
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'authenticated' } });
  await prisma.permission.deleteMany({ where: { roleId } });
  await prisma.permission.createMany({ data: actions.map((action) => ({ roleId, action })) });
}

const EVERYTHING = ['post', 'author', 'category', 'tag'].flatMap((type) =>
  ['find', 'findOne', 'create', 'update', 'delete'].map((verb) => `${type}.${verb}`),
);
const without = (...actions: string[]) => EVERYTHING.filter((action) => !actions.includes(action));

interface Probe {
  readonly document: string;
  readonly variables?: Record<string, unknown>;
}

/** What came back, and what the database was asked, in one world. */
async function seen({ document, variables }: Probe) {
  await server.ask('{ __typename }', { token }); // who is known takes no statement
  server.statements.length = 0;
  const { status, text } = await server.ask(document, { token, ...(variables && { variables }) });
  return {
    status,
    text: text.replaceAll(/"(documentId|requestId)":"[^"]*"/g, '"$1":"…"'),
    statements: [...server.statements],
  };
}

/** Fails when the probe tells the two worlds apart; whatever it wrote is taken back. */
async function tellsNothing(worlds: readonly [() => Promise<unknown>, () => Promise<unknown>], probe: Probe) {
  await worlds[0]();
  const first = await seen(probe);
  await clean();
  await worlds[1]();
  const second = await seen(probe);
  await clean();
  expect(second, probe.document).toEqual(first);
  return first;
}

async function clean(): Promise<void> {
  await server.database.prisma.post.deleteMany({ where: { title: 'Probe' } });
}

const OPERATORS = [
  'eq',
  'eqi',
  'ne',
  'nei',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'containsi',
  'notContains',
  'startsWith',
  'endsWith',
];

describe('a column of a type that the viewer may not find', () => {
  const worlds = ['Aaron', 'Zoltan'].map(
    (name) => () => server.database.prisma.author.update({ where: { id: 1 }, data: { name } }),
  ) as unknown as [() => Promise<unknown>, () => Promise<unknown>];
  beforeAll(() => mayOnly(without('author.find', 'author.findOne', 'author.create', 'author.update', 'author.delete')));

  const list = (filters: string, selection = 'title') => ({
    document: `{ posts(filters: ${filters}) { ${selection} } }`,
  });

  test.each(OPERATORS)('by a filter with %s, wherever it stands', async (operator) => {
    const name = `{ author: { name: { ${operator}: "M" } } }`;
    const places = [
      name,
      `{ not: ${name} }`,
      `{ or: [{ title: { eq: "x" } }, ${name}] }`,
      `{ and: [{ title: { notNull: true } }, { not: { or: [${name}] } }] }`,
      `{ tags: { posts: ${name} } }`,
      `{ category: { posts: { not: ${name} } } }`,
      `{ author: { not: { name: { ${operator}: "M" } } } }`,
      `{ author: { posts: { author: { name: { ${operator}: "M" } } } } }`,
    ];
    for (const filters of places) {
      const { text, statements } = await tellsNothing(worlds, list(filters));
      expect(text).toContain('Invalid key author');
      expect(statements.some((sql) => sql.includes('"authors"'))).toBe(false);
      await tellsNothing(worlds, {
        document: `{ posts_connection(filters: ${filters}) { pageInfo { total pageCount } } }`,
      });
      await tellsNothing(worlds, {
        document: `{ tags { posts(filters: ${filters}) { title } posts_connection(filters: ${filters}) { pageInfo { total } } } }`,
      });
    }
  });

  test.each(['author.name', 'author.name:desc', 'author', 'author.email', 'author.nothing', 'author.posts.title'])(
    'by sorting by %s',
    async (key) => {
      const { text } = await tellsNothing(worlds, { document: '{ posts(sort: ["%"]) { title } }'.replace('%', key) });
      expect(text).toContain('Invalid key author');
      await tellsNothing(worlds, {
        document: '{ posts(sort: ["views", "%"], pagination: { limit: 1 }) { title } }'.replace('%', key),
      });
      await tellsNothing(worlds, { document: '{ tags { posts(sort: "%") { title } } }'.replace('%', key) });
    },
  );

  test('what does not exist and what may not be used are refused in the same words', async () => {
    const message = async (key: string) => {
      const { text } = await server.ask(`{ posts(sort: "${key}.name") { title } }`, { token });
      return text.replaceAll(key, 'KEY');
    };
    expect(await message('author')).toBe(await message('nobody'));
  });

  test.each([
    ['{ author: { name: { eq: "x" } } }', 'Invalid key author', ['author']],
    ['{ or: [{ not: { author: null } }] }', 'Invalid key author', ['or', 0, 'not', 'author']],
    ['{ tags: { posts: { author: {} } } }', 'Invalid key author at tags.posts.author', ['tags', 'posts', 'author']],
    [
      '{ and: { category: { not: { posts: { author: {} } } } } }',
      'Invalid key author at category.posts.author',
      ['and', 0, 'category', 'not', 'posts', 'author'],
    ],
  ])('the fault of %s names its path, as Strapi does', async (filters, message, path) => {
    const { errors } = await server.ask(`{ posts(filters: ${filters}) { title } }`, { token });
    expect(errors?.map((error) => error.message)).toEqual([message]);
    expect(errors?.[0]?.extensions.error.details.errors).toEqual([
      { path: ['filters', ...path], message, name: 'ValidationError' },
    ]);
  });

  test('by whether there is any related row at all', async () => {
    for (const filters of ['{ author: null }', '{ author: {} }', '{ author: { documentId: { null: true } } }']) {
      expect((await tellsNothing(worlds, list(filters))).text).toContain('Invalid key author');
    }
  });

  test('by selecting it, however it is reached', async () => {
    for (const selection of ['title author { name }', 'title tags { posts { author { name } } }']) {
      const { text } = await tellsNothing(worlds, list('{}', selection));
      expect(text).not.toMatch(/Aaron|Zoltan/);
    }
  });

  test('by setting it, in a create or an update, with a known or an unknown documentId', async () => {
    const { documentId } = await server.database.prisma.author.findFirstOrThrow({ where: { id: 1 } });
    const post = await server.database.prisma.post.findFirstOrThrow();
    for (const author of [documentId, 'unknown', null]) {
      const data = { title: 'Probe', author };
      for (const document of [
        'mutation ($data: PostInput!) { createPost(data: $data) { title } }',
        `mutation ($data: PostInput!) { updatePost(documentId: "${post.documentId}", data: $data) { title } }`,
      ]) {
        const { text } = await tellsNothing(worlds, { document, variables: { data } });
        expect(text).toContain('Forbidden access');
      }
    }
  });

  test('by the filters of what a mutation answers: nothing is written', async () => {
    const document = `mutation { createPost(data: { title: "Probe" }) { title tags(filters: { posts: { author: { name: { lt: "M" } } } }) { name } } }`;
    const { text, statements } = await tellsNothing(worlds, { document });
    expect(text).toContain('Invalid key author');
    expect(statements.filter((sql) => /INSERT|UPDATE/.test(sql))).toEqual([]);
  });

  test('by any filter or sort at all', async () => {
    const scalar = fc.record({
      op: fc.constantFrom(...OPERATORS),
      value: fc.constantFrom('', 'A', 'Aaron', 'M', 'Zoltan'),
    });
    const leaf = fc.oneof(
      scalar.map(({ op, value }) => ({ title: { [op]: value } })),
      scalar.map(({ op, value }) => ({ author: { name: { [op]: value } } })),
      fc.constantFrom({ author: null }, { author: {} }, { category: null }, {}),
    );
    const { filter } = fc.letrec<{ filter: object }>((tie) => ({
      filter: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.array(tie('filter'), { maxLength: 2 }).map((or) => ({ or })),
        fc.array(tie('filter'), { maxLength: 2 }).map((and) => ({ and })),
        tie('filter').map((not) => ({ not })),
        tie('filter').map((posts) => ({ tags: { posts } })),
        tie('filter').map((posts) => ({ author: { posts } })),
      ),
    }));
    const document = `query ($filters: PostFiltersInput, $sort: [String]) {
      posts(filters: $filters, sort: $sort) { title author { name } }
      posts_connection(filters: $filters) { pageInfo { total } }
      categories { posts(filters: $filters, sort: $sort) { title } } }`;
    await fc.assert(
      fc.asyncProperty(filter, fc.subarray(['title', 'author.name', 'category.name:desc']), async (filters, sort) => {
        await tellsNothing(worlds, { document, variables: { filters, sort } });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a column that no content type exposes', () => {
  const worlds = ['a@example.com', 'z@example.com'].map(
    (email) => () => server.database.prisma.author.update({ where: { id: 1 }, data: { name: 'Ada Moreau', email } }),
  ) as unknown as [() => Promise<unknown>, () => Promise<unknown>];
  beforeAll(() => mayOnly(EVERYTHING));

  test.each([
    '{ authors(filters: { email: { lt: "m" } }) { name } }',
    '{ posts(filters: { author: { email: { startsWith: "a" } } }) { title } }',
    '{ authors(sort: "email") { name } }',
    '{ posts(sort: "author.email:desc") { title } }',
    '{ authors(filters: { not: { email: { null: true } } }) { name } }',
    '{ authors { name email } }',
    '{ posts(filters: { authorId: { eq: 1 } }) { title } }',
    '{ posts(sort: "authorId") { title } }',
    '{ posts(sort: "id:desc") { title } }',
    'mutation { updateAuthor(documentId: "x", data: { email: "a@example.com" }) { name } }',
  ])('%s', async (document) => {
    const { text } = await tellsNothing(worlds, { document });
    expect(JSON.parse(text).errors).toHaveLength(1);
  });

  test('by a variable that was typed as the filter', async () => {
    const { text, status } = await tellsNothing(worlds, {
      document: 'query ($f: AuthorFiltersInput) { authors(filters: $f) { name } }',
      variables: { f: { email: { lt: 'm' } } },
    });
    expect(status).toBe(200);
    expect(JSON.parse(text).data).toBeUndefined();
  });
});

describe('rows of a type that the viewer may not find', () => {
  beforeAll(() => mayOnly([...without('post.find', 'post.findOne', 'post.update', 'post.delete')]));
  const worlds = [
    () => server.database.prisma.post.create({ data: { title: 'Probe', slug: 'taken', authorId: 1 } }),
    async () => {},
  ] as const satisfies readonly [() => Promise<unknown>, () => Promise<unknown>];

  test.each([
    '{ posts { title } }',
    '{ posts_connection { pageInfo { total } } }',
    '{ authors { name posts { title } } }',
    '{ authors { name posts_connection { pageInfo { total } } } }',
    '{ authors(filters: { posts: { slug: { eq: "taken" } } }) { name } }',
    '{ authors_connection(filters: { posts: { slug: { eq: "taken" } } }) { pageInfo { total } } }',
    '{ authors_connection(filters: { not: { posts: null } }) { pageInfo { total } } }',
    '{ tags(filters: { or: [{ posts: { title: { eq: "Probe" } } }] }) { name } }',
  ])('%s', async (document) => {
    await tellsNothing([worlds[0], worlds[1]], { document });
  });

  test('by which unique values are taken: who may not find a post may not set its slug, taken or free', async () => {
    const document = 'mutation ($data: PostInput!) { createPost(data: $data) { title } }';
    const { text } = await tellsNothing([worlds[0], worlds[1]], {
      document,
      variables: { data: { title: 'Probe', slug: 'taken' } },
    });
    expect(JSON.parse(text).errors[0].extensions).toMatchObject({
      code: 'FORBIDDEN',
      error: { details: { action: 'post.find' } },
    });

    const { data, errors } = await server.ask(document, { token, variables: { data: { title: 'Probe', slug: null } } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ createPost: { title: 'Probe' } });
    await clean();
  });
});

test('who may find it finds it: the probes above can tell the worlds apart where that is allowed', async () => {
  await mayOnly(EVERYTHING);
  const probe = {
    document: '{ posts(filters: { author: { name: { lt: "M" } } }, pagination: { limit: 100 }) { title } }',
  };
  await server.database.prisma.author.update({ where: { id: 1 }, data: { name: 'Aaron' } });
  const first = await seen(probe);
  await server.database.prisma.author.update({ where: { id: 1 }, data: { name: 'Zoltan' } });
  expect((await seen(probe)).text).not.toBe(first.text);
});
