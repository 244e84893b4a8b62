import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate, type Filters, type Rank } from './support/naive-filter.ts';
import { replaceBlog, type SmallBlog, TEXTS } from './support/small-blog.ts';
import { startServer, type TestServer } from './support/start.ts';
import { rankOf } from './support/text-order.ts';

let server: TestServer;
let blog: SmallBlog;
let rank: Rank;
beforeAll(async () => {
  server = await startServer();
  blog = await replaceBlog(server.database);
  const names = blog.posts.flatMap(({ documentId, kind }) => [documentId, String(kind)]);
  rank = await rankOf(server.database, [...TEXTS, ...STRINGS, ...IDS, ...KINDS, ...names]);
});
afterAll(() => server?.close());

const POSTS =
  'query ($filters: PostFiltersInput) { posts(filters: $filters, pagination: { limit: 100 }) { documentId } }';

async function found(filters: unknown): Promise<string[]> {
  const { data, errors, text } = await server.ask(POSTS, { variables: { filters } });
  if (errors) throw new Error(text);
  return data.posts.map(({ documentId }: { documentId: string }) => documentId);
}

function expected(filters: Filters): string[] {
  return blog.posts.filter((post) => evaluate(post, filters, rank) === true).map(({ documentId }) => documentId);
}

const STRINGS = [
  'apple',
  'APPLE',
  'a%b',
  'a_b',
  '%',
  '_',
  '\\',
  '',
  'strasse',
  'Straße',
  'éclair',
  'ÉCLAIR',
  'οδος',
  'ΟΔ',
  'ΟΣ',
  'ЖУК',
  '🦉',
  'zz',
];
const IDS = ['post1', 'POST1', 'post', 'nobody'];
const KINDS = ['news', 'article', 'tutorial'];

/** For every scalar: a column (nullable if there is one), and the values it is compared with. */
const COLUMNS = {
  String: { column: 'content', values: STRINGS },
  'String that is required': { column: 'title', values: STRINGS },
  ID: { column: 'documentId', values: IDS },
  Int: { column: 'views', values: [0, 42, 4, -1, 999] },
  Float: { column: 'rating', values: [0, 0.1, 1.5, -2.5, 1e21, 1e-7, 3] },
  Boolean: { column: 'featured', values: [true, false] },
  DateTime: {
    column: 'publishedAt',
    values: [
      '2026-01-05T09:00:00.000Z',
      '2026-01-05T10:00:00+01:00',
      '2026-11-22T09:30:00.123Z',
      '2000-01-01T00:00:00Z',
    ],
  },
  enum: { column: 'kind', values: KINDS },
} as const;

const OF_ONE = [
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

describe.each(Object.entries(COLUMNS))('a column of type %s', (type, { column, values }) => {
  const isEnum = type === 'enum';
  async function check(filter: Filters): Promise<number> {
    const asSent = { [column]: filter };
    const asMeant = column === 'publishedAt' ? { [column]: withDates(filter) } : asSent;
    const rows = await found(asSent);
    expect(rows, JSON.stringify(asSent)).toEqual(expected(asMeant as Filters));
    return rows.length;
  }

  test.each(isEnum ? ['eq', 'ne'] : OF_ONE)('%s', async (operator) => {
    let rows = 0;
    for (const value of [...values, null]) {
      rows += await check({ [operator]: value });
      rows += await check({ not: { [operator]: value } });
    }
    expect(rows).toBeGreaterThan(0);
  });

  test.each(['in', 'notIn'])('%s', async (operator) => {
    const [first, second] = values;
    for (const list of [[first], [first, second], values, [], [null], [first, null]]) await check({ [operator]: list });
  });

  // An enum has no order.
  if (!isEnum) {
    test('between, with both ends', async () => {
      const [first, second] = values;
      for (const pair of [
        [first, second],
        [second, first],
        [first, first],
        [first, null],
      ])
        await check({ between: pair });
    });
  }

  test('null and notNull', async () => {
    for (const value of [true, false]) {
      await check({ null: value });
      await check({ notNull: value });
      await check({ not: { null: value } });
    }
  });

  test('several operators together', async () => {
    const [first, second] = values;
    await check({ ne: first, notNull: true });
    if (!isEnum) await check({ gte: first, lte: second, not: { eq: second } });
  });
});

function withDates(value: unknown): unknown {
  if (typeof value === 'string') return new Date(value);
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withDates(inner)]));
}

describe('operators', () => {
  test('an enum takes its own values and the operators that make sense', async () => {
    for (const filter of [
      { eq: 'NEWS' },
      { eq: 'nothing' },
      { in: ['news', ''] },
      { contains: 'news' },
      { gt: 'news' },
    ]) {
      const { data, errors } = await server.ask(POSTS, { variables: { filters: { kind: filter } } });
      expect(data, JSON.stringify(filter)).toBeUndefined();
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  test('contains is literal: %, _ and the backslash are ordinary characters', async () => {
    expect(new Set(await titles({ title: { contains: '%' } }))).toEqual(new Set(['%', 'a%b']));
    expect(new Set(await titles({ title: { contains: '_' } }))).toEqual(new Set(['a_b']));
    expect(new Set(await titles({ title: { contains: '\\' } }))).toEqual(new Set(['a\\b']));
    expect(new Set(await titles({ title: { startsWith: '%' } }))).toEqual(new Set(['%']));
    expect(new Set(await titles({ title: { endsWith: '_b' } }))).toEqual(new Set(['a_b']));
  });

  test('eqi ignores case in every alphabet', async () => {
    expect(new Set(await titles({ title: { eqi: 'strasse' } }))).toEqual(new Set(['Straße', 'STRASSE']));
    expect(new Set(await titles({ title: { eqi: 'οδοσ' } }))).toEqual(new Set(['ΟΔΟΣ', 'οδος']));
    expect(new Set(await titles({ title: { eqi: 'ЖУК' } }))).toEqual(new Set(['Жук', 'жук']));
    expect(new Set(await titles({ title: { containsi: 'ος' } }))).toEqual(new Set(['ΟΔΟΣ', 'οδος', 'ΟΔΟΣΑ']));
  });

  test('ne and notIn do not match null; eq: null and null: true match null only', async () => {
    const nothing = blog.posts.filter(({ rating }) => rating === null).map(({ documentId }) => documentId);
    expect(nothing.length).toBeGreaterThan(0);
    for (const filter of [{ eq: null }, { null: true }, { notNull: false }]) {
      expect(await found({ rating: filter })).toEqual(nothing);
    }
    for (const filter of [{ ne: 3 }, { notIn: [3] }, { not: { eq: 3 } }]) {
      const rows = await found({ rating: filter });
      expect(rows).toHaveLength(blog.posts.length - nothing.length);
      expect(rows.filter((documentId) => nothing.includes(documentId))).toEqual([]);
    }
  });

  test.each<[string, unknown]>([
    ['eq', 'a%b'],
    ['eqi', 'A%B'],
    ['ne', 'a%b'],
    ['nei', 'A%B'],
    ['in', ['a%b', 'axb']],
    ['notIn', ['a%b', 'axb']],
    ['contains', 'a'],
    ['containsi', 'A'],
    ['notContains', 'a'],
    ['notContainsi', 'A'],
    ['startsWith', 'a'],
    ['endsWith', 'b'],
    ['gt', 'b'],
    ['lte', 'b'],
    ['between', ['a', 'b']],
  ])('neither %s nor its negation finds a row that holds nothing', async (operator, value) => {
    const comparison = { [operator]: value };
    const rows = (wanted: (post: (typeof blog.posts)[number]) => boolean) =>
      blog.posts.filter(wanted).map(({ documentId }) => documentId);
    const holding = rows(({ content }) => content !== null);
    const byAuthor = rows(({ author }) => ((author as { bio?: unknown } | null)?.bio ?? null) !== null);
    for (const [column, those] of [
      [{ content: comparison }, holding],
      [{ author: { bio: comparison } }, byAuthor],
    ] as const) {
      const rowsFound = await found(column);
      const negated = await found({ not: column });
      expect([...rowsFound, ...negated].toSorted()).toEqual(those.toSorted());
      expect(await found({ not: { not: column } })).toEqual(rowsFound);
    }
    expect(await found({ content: { not: comparison } })).toEqual(await found({ not: { content: comparison } }));
    expect(await found({ author: { bio: { not: comparison } } })).toEqual(
      await found({ not: { author: { bio: comparison } } }),
    );
  });

  test('between takes two values', async () => {
    for (const between of [[], [1], [1, 2, 3], null]) {
      const { errors, data } = await server.ask(POSTS, { variables: { filters: { views: { between } } } });
      expect(data.posts).toBeNull();
      expect(errors?.[0]?.extensions.error.details.errors).toEqual([
        { path: ['filters', 'views', 'between'], message: 'between takes two values', name: 'ValidationError' },
      ]);
    }
  });

  test('posts without an author match a filter for an author with null columns, as in Strapi', async () => {
    const alone = blog.posts.filter(({ author }) => author === null).map(({ documentId }) => documentId);
    expect(alone.length).toBeGreaterThan(0);
    expect(await found({ author: { documentId: { null: true } } })).toEqual(alone);
    expect(await found({ author: null })).toEqual(alone);
    const untagged = blog.posts
      .filter(({ tags }) => (tags as unknown[]).length === 0)
      .map(({ documentId }) => documentId);
    expect(untagged.length).toBeGreaterThan(0);
    expect(await found({ tags: { documentId: { null: true } } })).toEqual(untagged);
    for (const tags of [
      { name: { null: true } },
      { not: { name: { notNull: true } } },
      { not: { name: { null: false } } },
      { or: [{ name: { eq: 'zz' } }, { name: { null: true } }] },
      { and: [{ name: { notIn: [] } }, { documentId: { eq: null } }] },
      { posts: { documentId: { null: true } } },
    ]) {
      expect(await found({ tags }), JSON.stringify(tags)).toEqual(untagged);
    }
    expect(await found({ tags: { name: { notIn: [] } } })).toHaveLength(blog.posts.length);
    expect(await found({ tags: null })).toEqual(untagged);
  });

  test('not around a to-many relation matches if no related row matches, with any operator', async () => {
    for (const tags of [
      { name: { eq: 'api' } },
      { name: { ne: 'api' } },
      { name: { notIn: ['api', '%'] } },
      { name: { notContainsi: 'A' } },
      { not: { name: { eq: 'api' } } },
      { name: { eq: 'api' }, documentId: { eq: 'tag1' } },
      { posts: { content: { ne: 'apple' } } },
      null,
    ]) {
      const having = await found({ tags });
      const without = await found({ not: { tags } });
      expect(without.filter((documentId) => having.includes(documentId))).toEqual([]);
      expect([...without, ...having].toSorted(), JSON.stringify(tags)).toEqual(
        blog.posts.map(({ documentId }) => documentId).toSorted(),
      );
    }
  });

  test('not around a to-many relation matches rows without related rows', async () => {
    const without = await found({ not: { tags: { name: { eq: 'api' } } } });
    const having = await found({ tags: { name: { eq: 'api' } } });
    expect(having.length).toBeGreaterThan(0);
    expect([...without, ...having].toSorted()).toEqual(blog.posts.map(({ documentId }) => documentId).toSorted());
  });

  test('an empty filter matches everything, at any level', async () => {
    const all = blog.posts.map(({ documentId }) => documentId);
    for (const filters of [
      {},
      null,
      { and: [] },
      { or: [] },
      { not: {} },
      { or: [{}] },
      { author: {} },
      { title: {} },
      { tags: { name: {} } },
    ]) {
      expect(await found(filters)).toEqual(all);
    }
    expect(await found({ or: [{}, { title: { eq: '%' } }] })).toEqual(await found({ title: { eq: '%' } }));
  });

  test('filters over the limits are refused without a statement', async () => {
    const many = (count: number, filter: object) => ({ or: Array.from({ length: count }, () => filter) });
    const tooMany = [
      many(201, { views: { eq: 1 } }),
      many(21, { tags: { name: { eq: 'x' } } }),
      { views: { in: Array(2_001).fill(1) } },
    ];
    for (const filters of tooMany) {
      server.statements.length = 0;
      const { errors } = await server.ask(POSTS, { variables: { filters } });
      expect(errors?.[0]?.message).toMatch(/^filters can have at most/);
      expect(server.statements.filter((sql) => sql.includes('"posts"'))).toEqual([]);
    }
    expect(await found(many(200, { views: { eq: 42 } }))).toEqual(await found({ views: { eq: 42 } }));
  });

  async function titles(filters: Filters): Promise<string[]> {
    const ids = await found(filters);
    return blog.posts.filter(({ documentId }) => ids.includes(documentId)).map(({ title }) => String(title));
  }
});
