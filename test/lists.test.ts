import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../src/graphql/operation/limits.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let editor: string;
beforeAll(async () => {
  server = await startServer();
  editor = await server.tokenOf('editor');
  const { prisma } = server.database;
  const data = Array.from({ length: 70 }, (_, index) => ({
    title: `More ${index}`,
    authorId: (index % 5) + 1,
    views: index % 3,
  }));
  await prisma.post.createMany({ data });
  for (const { id } of await prisma.post.findMany({ where: { title: { startsWith: 'More' } } })) {
    await prisma.post.update({ where: { id }, data: { tags: { connect: [{ id: 1 }, { id: 2 }, { id: 3 }] } } });
  }
});
afterAll(() => server?.close());

async function faultsOf(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await server.ask(document, { variables });
  const faults = errors?.flatMap(
    ({ extensions }) =>
      extensions.error.details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [],
  );
  return { data, code: errors?.[0]?.extensions.code, errors: errors?.length, faults };
}

describe('a connection', () => {
  const PAGE =
    'query ($p: PaginationArg) { posts_connection(pagination: $p) { nodes { documentId } pageInfo { total page pageSize pageCount } } }';
  test.each([
    [undefined, 10, { total: 120, page: 1, pageSize: 10, pageCount: 12 }],
    [{ page: 2, pageSize: 50 }, 50, { total: 120, page: 2, pageSize: 50, pageCount: 3 }],
    [{ page: 3, pageSize: 50 }, 20, { total: 120, page: 3, pageSize: 50, pageCount: 3 }],
    [{ page: 9, pageSize: 50 }, 0, { total: 120, page: 9, pageSize: 50, pageCount: 3 }],
    [{ start: 20, limit: 10 }, 10, { total: 120, page: 3, pageSize: 10, pageCount: 12 }],
    [{ limit: -1 }, 100, { total: 120, page: 1, pageSize: 100, pageCount: 2 }],
  ])('with %j returns its page info', async (p, rows, pageInfo) => {
    const { data } = await server.ask(PAGE, { variables: { p } });
    expect(data.posts_connection.nodes).toHaveLength(rows);
    expect(data.posts_connection.pageInfo).toEqual(pageInfo);
  });

  test('returns the same rows under several aliases, each with its own fields', async () => {
    const { data, errors } = await server.ask(
      '{ posts_connection(pagination: { limit: 2 }) { a: nodes { x: title } b: nodes { x: documentId author { name } } __typename } }',
    );
    expect(errors).toBeUndefined();
    const { posts } = (await server.ask('{ posts(pagination: { limit: 2 }) { title documentId author { name } } }'))
      .data;
    expect(data.posts_connection).toEqual({
      a: posts.map(({ title }: { title: string }) => ({ x: title })),
      b: posts.map(({ documentId, author }: { documentId: string; author: object }) => ({ x: documentId, author })),
      __typename: 'PostEntityResponseCollection',
    });
    server.statements.length = 0;
    await server.ask('{ posts_connection { nodes { title } } }');
    expect(server.statements.join()).not.toContain('count(*)');
  });
});

describe('the maximum page size is a setting', () => {
  const LISTS = `query ($p: PaginationArg) {
    posts(pagination: $p) { title }
    posts_connection(pagination: $p) { nodes { title } pageInfo { pageSize } }
    authors(pagination: { limit: 1 }) { posts(pagination: $p) { title } posts_connection(pagination: $p) { nodes { title } } } }`;

  test.each<[Record<string, number> | undefined, number, number | string]>([
    [{ limit: -1 }, 3, 3],
    [{ limit: 3 }, 3, 3],
    [{ pageSize: 3, page: 2 }, 3, 3],
    [undefined, 3, 3], // the default of ten is more than the maximum
    [{ limit: 4 }, 3, 'limit must be at most 3'],
    [{ pageSize: 4 }, 3, 'pageSize must be at most 3'],
    [{ limit: -1 }, 110, 110],
    [{ limit: 110 }, 110, 110],
    [undefined, 110, 10],
    [{ limit: 111 }, 110, 'limit must be at most 110'],
  ])('%j where it is %i', async (p, page, expected) => {
    await using beside = await startBeside(server, { limits: { ...DEFAULT_LIMITS, page } });
    const { data, errors } = await send(beside.url, LISTS, { variables: { p } });
    if (typeof expected === 'string') {
      expect(errors?.map(({ message }) => message)).toEqual([expected, expected, expected, expected]);
      expect(data).toEqual({
        posts: null,
        posts_connection: null,
        authors: [{ posts: null, posts_connection: null }],
      });
      return;
    }
    expect(errors).toBeUndefined();
    expect(data.posts).toHaveLength(expected);
    expect(data.posts_connection.nodes).toHaveLength(expected);
    expect(data.posts_connection.pageInfo).toEqual({ pageSize: expected });
    const [{ posts, posts_connection }] = data.authors;
    expect(posts_connection.nodes).toEqual(posts);
    expect(posts.length).toBe(Math.min(expected, await postsOfTheFirstAuthor()));
  });

  const postsOfTheFirstAuthor = async () =>
    (await server.ask('{ authors(pagination: { limit: 1 }) { posts_connection { pageInfo { total } } } }')).data
      .authors[0].posts_connection.pageInfo.total;

  test('limits the cost of limit: -1 and of the audit log', async () => {
    const document =
      '{ posts(pagination: { limit: -1 }) { tags(pagination: { limit: -1 }) { posts(pagination: { limit: 9 }) { title } } } }';
    expect((await server.ask(document)).errors?.[0]?.extensions.code).toBe('COST_LIMIT_EXCEEDED');
    await using beside = await startBeside(server, { limits: { ...DEFAULT_LIMITS, page: 9 } });
    expect((await send(beside.url, document)).errors).toBeUndefined();
    const { data, errors } = await send(
      beside.url.replace(/graphql$/, 'admin/graphql'),
      '{ a: auditEntries(pagination: { limit: -1 }) { pageInfo { pageSize } } b: auditEntries(pagination: { limit: 10 }) { pageInfo { pageSize } } }',
      { token: await server.adminToken() },
    );
    expect(data).toEqual({ a: { pageInfo: { pageSize: 9 } }, b: null });
    expect(errors?.map(({ message }) => message)).toEqual(['limit must be at most 9']);
  });
});

describe('sort', () => {
  const SORTED = 'query ($sort: [String]) { posts(sort: $sort, pagination: { limit: 100 }) { documentId } }';
  const by = async (sort: unknown) => (await server.ask(SORTED, { variables: { sort } })).data.posts;

  test.each([
    ['a string', 'views:desc,title', ['views:desc', 'title']],
    ['any case of asc and desc', ['views:DESC', 'title:Asc'], ['views:desc', 'title:asc']],
    ['spaces', ' views : desc , title ', ['views:desc', 'title']],
    ['nothing', null, []],
    ['empty strings', ['', null, ','], []],
  ])('takes %s', async (_what, sort, same) => {
    expect(await by(sort)).toEqual(await by(same));
  });

  test.each([
    [['titel'], ['sort.0: Invalid key titel']],
    [['title', 'views:up'], ['sort.1: Invalid order: asc or desc']],
    [['title:asc:desc'], ['sort.0: Invalid order: asc or desc']],
    [['author'], ['sort.0: Invalid key author']],
    [
      ['author.titel', 'tags.name'],
      ['sort.0: Invalid key titel at author.titel', 'sort.1: Invalid key tags'],
    ],
    [['title.name'], ['sort.0: Invalid key title']],
    [['author.email:desc'], ['sort.0: Invalid key email at author.email']],
    [['author.posts.title'], ['sort.0: Invalid key posts at author.posts']],
    [
      ['__proto__', 'constructor'],
      ['sort.0: Invalid key __proto__', 'sort.1: Invalid key constructor'],
    ],
    [['title"; DROP TABLE posts; --'], ['sort.0: Invalid key']],
    [Array(11).fill('title'), ['sort: sort takes at most 10 keys']],
  ])('%j is a field fault', async (sort, faults) => {
    expect(await faultsOf(SORTED, { sort })).toMatchObject({ data: { posts: null }, code: 'BAD_USER_INPUT', faults });
  });
});

test('the validation errors of all arguments of a list are returned together', async () => {
  const { faults } = await faultsOf(
    '{ posts(filters: { views: { between: [1] } }, sort: ["nope"], pagination: { limit: 101, start: -1 }) { title } }',
  );
  expect(faults).toEqual([
    'filters.views.between: between takes two values',
    'sort.0: Invalid key nope',
    'pagination.start: start must be at least 0',
    'pagination.limit: limit must be at most 100',
  ]);
});

test('an invalid argument of a relation is reported once, not for each row', async () => {
  const { data, errors, faults } = await faultsOf('{ authors { name posts(sort: "nope") { title } } }');
  expect(errors).toBe(1);
  expect(faults).toEqual(['sort.0: Invalid key nope']);
  expect(data.authors).toHaveLength(5);
  expect(data.authors.every(({ name, posts }: { name: string; posts: unknown }) => name && posts === null)).toBe(true);
});

test('a mutation with invalid arguments in its selection is refused before it writes', async () => {
  const before = await server.database.prisma.post.count();
  for (const tags of [
    'tags(sort: "nope")',
    'tags(pagination: { limit: 0 })',
    'tags_connection(filters: { name: { between: [] } })',
  ]) {
    const selection = tags.startsWith('tags_') ? '{ nodes { name } }' : '{ name }';
    const { data, errors, status } = await server.ask(
      `mutation { createPost(data: { title: "Lost" }) { title ${tags} ${selection} } }`,
      {
        token: editor,
      },
    );
    expect({ data, status, path: errors?.[0]?.path }).toEqual({
      data: { createPost: null },
      status: 200,
      path: ['createPost', tags.split('(')[0]],
    });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  }
  expect(await server.database.prisma.post.count()).toBe(before);
});

describe('statements', () => {
  async function counted(document: string, variables: Record<string, unknown> = {}, token?: string) {
    await server.ask('{ __typename }', { token }); // fills the access cache, so that authentication needs no statement below
    server.statements.length = 0;
    const answer = await server.ask(document, { variables, token });
    if (answer.errors) throw new Error(answer.text);
    return { data: answer.data, statements: server.statements.length };
  }

  test.each([1, 100])(
    'two to-one relations and one to-many relation with arguments, for %i rows: one',
    async (limit) => {
      const { data, statements } = await counted(
        `query ($limit: Int) { posts(pagination: { limit: $limit }, filters: { author: { name: { notNull: true } } }, sort: "author.name") {
        title author { name } category { name }
        tags(filters: { name: { ne: "x" } }, sort: "name:desc", pagination: { limit: 2 }) { name } } }`,
        { limit },
      );
      expect(data.posts).toHaveLength(limit);
      expect(statements).toBe(1);
      // A relation used by both filter and sort is joined once.
      expect(server.statements.at(-1)?.match(/LEFT JOIN (?:"\w+"\.)?"authors"/g)).toHaveLength(1);
    },
  );

  test.each([1, 5])(
    'lists nested three deep, each with arguments and a total, for %i rows of each: one',
    async (limit) => {
      const { data, statements } = await counted(
        `query ($p: PaginationArg) { authors(pagination: $p) { name
        first: posts_connection(pagination: $p, sort: "title") { pageInfo { total } nodes { title tags(pagination: $p, sort: "name:desc") { name posts(pagination: $p) { title category { name } } } } }
        last: posts(pagination: $p, sort: "title:desc") { title tags_connection(pagination: $p) { nodes { name } pageInfo { total } } } } }`,
        { p: { limit } },
      );
      expect(data.authors).toHaveLength(limit);
      expect(data.authors[0].first.nodes).toHaveLength(limit);
      expect(statements).toBe(1);
    },
  );

  test('each root field takes one, and a refused or invalid one none', async () => {
    expect(
      (await counted('{ a: posts { title } b: posts_connection { pageInfo { total } } tags { name } }')).statements,
    ).toBe(3);
    server.statements.length = 0;
    await server.ask('{ posts(sort: "nope") { title } authors(filters: { name: { between: [] } }) { name } }');
    expect(server.statements).toEqual([]);
  });

  test('a mutation: validation of its input, the write and the answer', async () => {
    const { data, statements } = await counted(
      'mutation ($d: PostInput!) { createPost(data: $d) { documentId title author { name posts { title } } tags { name } } }',
      { d: { title: 'Counted', slug: 'counted', author: await documentId('author') } },
      editor,
    );
    expect(statements).toBe(3);
    const update =
      'mutation ($id: ID!) { updatePost(documentId: $id, data: { title: "Again" }) { title author { name } } }';
    // Nothing has to be looked up for a title.
    expect((await counted(update, { id: data.createPost.documentId }, editor)).statements).toBe(2);
  });

  async function documentId(model: 'author') {
    return (await server.database.prisma[model].findFirstOrThrow()).documentId;
  }
});

describe('the cost of an operation', () => {
  const NESTED = (outer: number, inner: number) =>
    `{ posts(pagination: { limit: ${outer} }) { title tags(pagination: { limit: ${inner} }) { name posts(pagination: { limit: ${inner} }) { title } } } }`;

  test.each([
    ['a hundred rows with two nested levels', NESTED(100, 15), false],
    ['a hundred rows on each of three levels', NESTED(100, 100), true],
    ['the default page counts too', `{ posts { tags { posts { tags { posts { title } } } } } }`, true],
    ['limit: -1', '{ posts(pagination: { limit: -1 }) { tags(pagination: { limit: -1 }) { posts { title } } } }', true],
    [
      'a connection',
      '{ posts_connection(pagination: { pageSize: 100 }) { nodes { tags_connection(pagination: { pageSize: 100 }) { nodes { posts { title } } } } } }',
      true,
    ],
    [
      'many lists side by side',
      `{ ${Array.from({ length: 100 }, (_, n) => `a${n}: posts(pagination: { limit: 100 }) { title content slug views kind }`).join(' ')} }`,
      true,
    ],
    [
      'inside a mutation',
      'mutation { deletePost(documentId: "x") { documentId } createPost(data: {}) { tags(pagination: { limit: -1 }) { posts(pagination: { limit: -1 }) { tags { name } } } } }',
      true,
    ],
    [
      'through fragments',
      `{ posts(pagination: { limit: 100 }) { ...a } } fragment a on Post { tags(pagination: { limit: 100 }) { ...b } } fragment b on Tag { posts { title } }`,
      true,
    ],
  ])('%s', async (_what, document, tooMuch) => {
    await server.ask('{ __typename }', { token: editor });
    server.statements.length = 0;
    const { status, errors, data } = await server.ask(document, { token: editor });
    expect(errors?.[0]?.extensions.code).toBe(tooMuch ? 'COST_LIMIT_EXCEEDED' : undefined);
    expect(status).toBe(tooMuch ? 400 : 200);
    if (tooMuch) expect(data).toBeUndefined();
    expect(server.statements).toHaveLength(tooMuch ? 0 : 1);
  });

  test('counts the values of variables', async () => {
    const document =
      'query ($n: Int, $yes: Boolean!) { posts(pagination: { limit: $n }) { tags(pagination: { limit: $n }) @include(if: $yes) { posts { title } } } }';
    const codeFor = async (variables: Record<string, unknown>) =>
      (await server.ask(document, { variables })).errors?.[0]?.extensions.code;
    expect(await codeFor({ n: 10, yes: true })).toBeUndefined();
    expect(await codeFor({ n: 100, yes: true })).toBe('COST_LIMIT_EXCEEDED');
    expect(await codeFor({ n: 100, yes: false })).toBeUndefined();
  });

  test('counts conditions, for each row they are evaluated on', async () => {
    const filters = `{ or: [${Array.from({ length: 100 }, () => '{ title: { containsi: "a" } }').join(' ')}] }`;
    const { errors } = await server.ask(
      `{ posts(pagination: { limit: 100 }) { tags(pagination: { limit: 2 }) { posts(filters: ${filters}) { title } } } }`,
    );
    expect(errors?.[0]?.extensions.code).toBe('COST_LIMIT_EXCEEDED');
  });

  type Filters = Record<string, unknown>;
  const POSTS = 'query ($f: PostFiltersInput) { %s }';
  const posts = (copies: number, rest = '(filters: $f, pagination: { limit: 1 }) { documentId }') =>
    POSTS.replace('%s', Array.from({ length: copies }, (_, n) => `a${n}: posts${rest}`).join(' '));
  const X = { documentId: { eq: 'x' } };
  const through = (
    steps: number,
    leaf: Filters,
    around = (step: string, inner: Filters): Filters => ({ [step]: inner }),
  ) =>
    Array.from({ length: steps }, (_, n) => (n % 2 === 0 ? 'tags' : 'posts'))
      .reverse()
      .reduce((inner, step) => around(step, inner), leaf);
  const many = (count: number, filter: Filters) => Array<Filters>(count).fill(filter);

  // Each of these took the database more than a second on the example blog, found by `node bench/most-expensive-document.ts` looks for.
  test.each<[string, string, Filters]>([
    ['an `or` of chains of to-many relations, in 199 lists', posts(199), { or: many(4, through(5, X)) }],
    ['the same in twenty', posts(20), { or: many(4, through(5, X)) }],
    ['an `or` at each level', posts(60), through(5, X, (step, inner) => ({ or: [X, { [step]: inner }] }))],
    ['a `not` at each level', posts(60), through(5, X, (step, inner) => ({ not: { [step]: inner } }))],
    ['no related row at each level', posts(60), through(5, { documentId: { null: true } })],
    ['many relations side by side', posts(30), { tags: { and: many(16, { posts: X }) } }],
    ['the same through a to-one relation', posts(60), { and: many(8, { author: { posts: X } }) }],
    [
      'long texts, two relations away',
      posts(5),
      { tags: { posts: { or: many(80, { content: { containsi: 'zq' } }) } } },
    ],
    ['long texts in many lists', posts(60), { or: many(150, { content: { containsi: 'zq' } }) }],
    ['dates as texts', posts(60), { or: many(150, { publishedAt: { contains: '2026-01-01T00:00:00.000Z' } }) }],
    [
      'a filter for each alias of nodes',
      POSTS.replace(
        '%s',
        `posts_connection(filters: $f) { ${Array.from({ length: 150 }, (_, n) => `n${n}: nodes { title }`).join(' ')} }`,
      ),
      { or: many(4, through(3, X)) },
    ],
    [
      'a filter for each row of a page',
      POSTS.replace(
        '%s',
        'tags(pagination: { limit: 100 }) { a: posts(filters: $f) { documentId } b: posts(filters: $f) { documentId } }',
      ),
      { or: many(150, { content: { containsi: 'zq' } }) },
    ],
    [
      'lists of one row, for each row of a page',
      POSTS.replace(
        '%s',
        `posts(filters: $f, pagination: { limit: 100 }) { ${Array.from({ length: 120 }, (_, n) => `a${n}: tags(pagination: { limit: 1 }) { name }`).join(' ')} }`,
      ),
      {},
    ],
  ])('counts what filters take of the database: %s', async (_what, document, f) => {
    server.statements.length = 0;
    const { status, errors, data } = await server.ask(document, { variables: { f } });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['COST_LIMIT_EXCEEDED']);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(server.statements).toEqual([]);
  });

  test('counts writes', async () => {
    const create = (copies: number) =>
      `mutation { ${Array.from({ length: copies }, (_, n) => `a${n}: createPost(data: {}) { title }`).join(' ')} }`;
    const code = async (copies: number) =>
      (await server.ask(create(copies), { token: editor })).errors?.[0]?.extensions.code;
    expect(await code(150)).toBe('COST_LIMIT_EXCEEDED');
    expect(await code(60)).toBe('BAD_USER_INPUT');
  });

  const CARD = 'documentId title slug publishedAt author { name } category { name slug } tags { name }';
  test.each<[string, string, Filters]>([
    ['ten posts with all their relations', `{ posts(sort: "publishedAt:desc") { ${CARD} } }`, {}],
    [
      'a home page',
      `{ ${['a', 'b', 'c', 'd'].map((name) => `${name}: posts { ${CARD} }`).join(' ')} authors { name } categories { name } tags { name } siteSetting { siteName } }`,
      {},
    ],
    [
      'a hundred posts with author and category',
      '{ posts(pagination: { limit: 100 }) { title author { name } category { name } } }',
      {},
    ],
    [
      'a table with a search, filters and a sort',
      `query ($f: PostFiltersInput) { posts_connection(filters: $f, sort: ["author.name", "publishedAt:desc"], pagination: { pageSize: 25 }) { nodes { ${CARD} } pageInfo { total pageCount } } }`,
      {
        or: [
          { title: { containsi: 'gate' } },
          { content: { containsi: 'gate' } },
          { author: { name: { containsi: 'gate' } } },
        ],
        publishedAt: { notNull: true, gte: '2026-01-01T00:00:00.000Z' },
        kind: { in: ['article', 'news'] },
        category: { slug: { eq: 'guides' } },
        tags: { name: { in: ['api', 'graphql', 'roles'] } },
        not: { tags: { name: { eq: 'mail' } } },
      },
    ],
    [
      'a filter over three relations',
      'query ($f: PostFiltersInput) { posts(filters: $f) { title } }',
      { author: { posts: { tags: { posts: { title: { contains: 'gate' } } } } } },
    ],
  ])('is a tenth of what it may be for what front ends ask: %s', async (_what, document, f) => {
    const { cost } = DEFAULT_LIMITS;
    await using beside = await startBeside(server, { limits: { ...DEFAULT_LIMITS, cost: cost / 10 } });
    expect((await send(beside.url, document, { variables: { f } })).errors).toBeUndefined();
  });
});
