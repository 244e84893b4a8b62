import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../src/graphql/operation/limits.ts';
import { evaluate, type Filters, type Rank, sorted } from './support/naive-filter.ts';
import { replaceBlog, type SmallBlog, TEXTS } from './support/small-blog.ts';
import { startServer, type TestServer } from './support/start.ts';
import { rankOf } from './support/text-order.ts';

let server: TestServer;
let blog: SmallBlog;
let rank: Rank;
beforeAll(async () => {
  // These tests are about the meaning of filters, not their cost.
  server = await startServer({ config: { limits: { ...DEFAULT_LIMITS, cost: 10_000_000 } } });
  blog = await replaceBlog(server.database);
  const texts = Object.values(blog)
    .flat()
    .flatMap((row) => Object.values(row))
    .filter((value) => typeof value === 'string');
  rank = await rankOf(server.database, [...TEXTS, ...PIECES, ...texts]);
});
afterAll(() => server?.close());

const PIECES = ['', 'a', 'A', '%', '_', '\\', 'ss', 'ß', 'ος', 'Σ', 'é', 'É', 'post', '1', 'api', 'news', 'Described'];
const text = fc.constantFrom(...new Set([...TEXTS, ...PIECES]));
const whole = fc.constantFrom(-1, 0, 1, 7, 42, 420);
const fraction = fc.constantFrom(-2.5, 0, 0.1, 1.5, 4.25, 1e21);
const date = fc.constantFrom('2026-01-05T09:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-11-22T09:30:00.123Z');

const OF_TEXT = [
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
  'notContainsi',
  'startsWith',
  'endsWith',
];
const OF_ORDER = [
  'eq',
  'eqi',
  'ne',
  'nei',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
];

function scalar(operators: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<Filters> {
  const orNothing = fc.option(value, { freq: 10 });
  const one = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.constantFrom(...operators), orNothing) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('in', 'notIn'), fc.array(orNothing, { maxLength: 4 })) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('between'), fc.tuple(value, value)) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('null', 'notNull'), fc.boolean()) },
  );
  const flat = fc.uniqueArray(one, { minLength: 1, maxLength: 2, selector: ([name]) => name }).map(Object.fromEntries);
  return fc.oneof(
    { weight: 5, arbitrary: flat },
    { weight: 1, arbitrary: flat.map((inner) => ({ not: inner })) },
  ) as fc.Arbitrary<Filters>;
}

const member = fc.option(fc.constantFrom('article', 'tutorial', 'news'), { freq: 10 });
const oneOfEnum: fc.Arbitrary<Filters> = fc.oneof(
  fc.record({ eq: member }),
  fc.record({ ne: member }),
  fc.record({ in: fc.array(member, { maxLength: 3 }) }),
  fc.record({ not: fc.record({ notIn: fc.array(member, { maxLength: 3 }) }) }),
) as fc.Arbitrary<Filters>;

const COLUMNS = {
  Post: {
    documentId: scalar(OF_TEXT, text),
    title: scalar(OF_TEXT, text),
    content: scalar(OF_TEXT, text),
    kind: oneOfEnum,
    featured: scalar(OF_ORDER, fc.boolean()),
    views: scalar(OF_ORDER, whole),
    rating: scalar(OF_ORDER, fraction),
    publishedAt: scalar(OF_ORDER, date),
  },
  Author: { name: scalar(OF_TEXT, text), bio: scalar(OF_TEXT, text), createdAt: scalar(OF_ORDER, date) },
  Category: { slug: scalar(OF_TEXT, text), description: scalar(OF_TEXT, text) },
  Tag: { name: scalar(OF_TEXT, text), documentId: scalar(OF_TEXT, text) },
} as const;
const RELATIONS = {
  Post: { author: 'Author', category: 'Category', tags: 'Tag' },
  Author: { posts: 'Post' },
  Category: { posts: 'Post' },
  Tag: { posts: 'Post' },
} as const;
type TypeName = keyof typeof COLUMNS;

/** A random filter of a type, up to a depth: columns, to-one and to-many relations, and groups. */
function filterOf(type: TypeName, depth: number): fc.Arbitrary<Filters> {
  const column = fc
    .constantFrom(...Object.entries<fc.Arbitrary<Filters>>(COLUMNS[type]))
    .chain(([name, arbitrary]) => arbitrary.map((filter) => ({ [name]: filter })));
  if (depth === 0) return column;
  const relation = fc
    .constantFrom(...Object.entries<TypeName>(RELATIONS[type]))
    .chain(([name, target]) =>
      fc
        .option(
          fc.oneof({ weight: 6, arbitrary: filterOf(target, depth - 1) }, { weight: 1, arbitrary: fc.constant({}) }),
          { freq: 15 },
        )
        .map((filter) => ({ [name]: filter })),
    );
  const inner = fc.oneof(
    { weight: 9, arbitrary: filterOf(type, depth - 1) },
    { weight: 1, arbitrary: fc.constant({}) },
  );
  const group = fc.oneof(
    fc.array(inner, { maxLength: 3 }).map((filters) => ({ and: filters })),
    fc.array(inner, { maxLength: 3 }).map((filters) => ({ or: filters })),
    inner.map((filter) => ({ not: filter })),
  );
  return fc
    .array(
      fc.oneof({ weight: 3, arbitrary: column }, { weight: 3, arbitrary: relation }, { weight: 2, arbitrary: group }),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((parts) => Object.assign({}, ...parts));
}

const LISTS = {
  Post: {
    rows: 'posts',
    query:
      'query ($f: PostFiltersInput) { rows: posts_connection(filters: $f, pagination: { limit: 100 }) { nodes { documentId } pageInfo { total } } }',
  },
  Author: {
    rows: 'authors',
    query:
      'query ($f: AuthorFiltersInput) { rows: authors_connection(filters: $f, pagination: { limit: 100 }) { nodes { documentId } pageInfo { total } } }',
  },
  Tag: {
    rows: 'tags',
    query:
      'query ($f: TagFiltersInput) { rows: tags_connection(filters: $f, pagination: { limit: 100 }) { nodes { documentId } pageInfo { total } } }',
  },
} as const;

test.each(['Post', 'Author', 'Tag'] as const)(
  'a filter of %s matches the same rows as a reference implementation in JavaScript',
  async (type) => {
    const { rows, query } = LISTS[type];
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(filterOf(type, 3), async (filters) => {
        const { data, text } = await server.ask(query, { variables: { f: filters } });
        const got = data?.rows?.nodes.map(({ documentId }: { documentId: string }) => documentId);
        const meant = blog[rows].filter((row) => evaluate(row, withDates(filters), rank) === true);
        expect(got, text).toEqual(meant.map(({ documentId }) => documentId));
        expect(data.rows.pageInfo.total).toBe(meant.length);
        if (meant.length > 0 && meant.length < blog[rows].length) answered++;
      }),
      { numRuns: 200 },
    );
    expect(answered).toBeGreaterThan(10); // filters that match some rows, not only all or none
  },
);

function withDates(filters: Filters): Filters {
  const at = (value: unknown): unknown => {
    if (typeof value === 'string' && /^\d{4}-/.test(value)) return new Date(value);
    if (Array.isArray(value)) return value.map(at);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, at(inner)]));
  };
  return at(filters) as Filters;
}

const sortKeys = fc
  .uniqueArray(
    fc.constantFrom(
      'title',
      'content',
      'kind',
      'featured',
      'views',
      'rating',
      'publishedAt',
      'createdAt',
      'author.name',
      'author.bio',
      'category.slug',
      'documentId',
    ),
    { maxLength: 3 },
  )
  .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom(name, `${name}:asc`, `${name}:desc`))));

test('the pages of a list with any sort contain every row once, in that order', async () => {
  const PAGE =
    'query ($sort: [String], $p: PaginationArg) { posts_connection(sort: $sort, pagination: $p) { nodes { documentId } pageInfo { total page pageSize pageCount } } }';
  await fc.assert(
    fc.asyncProperty(sortKeys, fc.integer({ min: 1, max: 12 }), fc.boolean(), async (sort, size, numbered) => {
      const walked: string[] = [];
      for (let page = 1; page <= Math.ceil(blog.posts.length / size); page++) {
        const p = numbered ? { page, pageSize: size } : { start: (page - 1) * size, limit: size };
        const { data, text } = await server.ask(PAGE, { variables: { sort, p } });
        if (!data?.posts_connection) throw new Error(text);
        const { nodes, pageInfo } = data.posts_connection;
        expect(pageInfo).toEqual({
          total: blog.posts.length,
          page,
          pageSize: size,
          pageCount: Math.ceil(blog.posts.length / size),
        });
        walked.push(...nodes.map(({ documentId }: { documentId: string }) => documentId));
      }
      expect(walked).toEqual(sorted(blog.posts, sort, rank).map(({ documentId }) => documentId));
    }),
    { numRuns: 40 },
  );
});

test('nested lists are filtered, sorted and paged for each parent row', async () => {
  const NESTED = `query ($f: PostFiltersInput, $sort: [String], $p: PaginationArg) {
    tags(pagination: { limit: 100 }) { documentId
      posts(filters: $f, sort: $sort, pagination: $p) { documentId }
      posts_connection(filters: $f, sort: $sort, pagination: $p) { nodes { documentId } pageInfo { total } } } }`;
  await fc.assert(
    fc.asyncProperty(
      filterOf('Post', 2),
      sortKeys,
      fc.nat(4),
      fc.integer({ min: 1, max: 5 }),
      async (f, sort, start, limit) => {
        server.statements.length = 0;
        const { data, text } = await server.ask(NESTED, { variables: { f, sort, p: { start, limit } } });
        if (!data?.tags) throw new Error(text);
        expect(server.statements.filter((sql) => sql.includes('"tags"'))).toHaveLength(1);
        for (const tag of data.tags) {
          const posts = (blog.tags.find(({ documentId }) => documentId === tag.documentId)?.['posts'] ??
            []) as typeof blog.posts;
          const passing = sorted(posts, sort, rank).filter((post) => evaluate(post, withDates(f), rank) === true);
          const page = passing.slice(start, start + limit).map(({ documentId }) => ({ documentId }));
          expect(tag.posts).toEqual(page);
          expect(tag.posts_connection).toEqual({ nodes: page, pageInfo: { total: passing.length } });
        }
      },
    ),
    { numRuns: 40 },
  );
});
