import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import type { Permission } from '../src/authorization/grants.ts';
import { DEFAULT_LIMITS } from '../src/graphql/operation/limits.ts';
import { readingQuestion } from './support/random-rules.ts';
import { documentOf } from './support/rules-document.ts';
import {
  contentTypesOf,
  FRACTIONS,
  POOL,
  replaceContent,
  type Stored,
  type Tables,
  TIMES,
  tablesOf,
  USERS,
} from './support/rules-world.ts';
import { startServer, type TestServer } from './support/start.ts';

/*
 * An attacker looks for hidden values by every way there is to ask. Two worlds differ in hidden values alone: each question must
 * have the same answer in both, byte for byte. Somebody from whom nothing is hidden sees the difference, so the questions can.
 */

let server: TestServer;
let attacker: string;
let seesAll: string;
beforeAll(async () => {
  const many = 100_000_000;
  const limits = { ...DEFAULT_LIMITS, cost: many, rootFields: many, aliases: many, tokens: many };
  server = await startServer({
    config: { limits },
    contentTypes: contentTypesOf({ declared: false }).filter(({ model }) => model !== 'User' && model !== 'Role'),
  });
  const { prisma } = server.database;
  await prisma.user.deleteMany();
  const data = { name: 'everything', type: 'everything' };
  const { id: everything } = await prisma.role.create({ data });
  [attacker, seesAll] = [await tokenOf(0, undefined), await tokenOf(3, everything)];
  await setGrants(
    'everything',
    [...ACTIONS_OF_CONTENT, 'user.find'].map((action) => [action, null]),
  );
});
afterAll(() => server?.close());

const ACTIONS_OF_CONTENT = ['post', 'author', 'category', 'tag'].flatMap((type) =>
  ['find', 'findOne', 'create', 'update', 'delete'].map((verb) => `${type}.${verb}`),
);

async function tokenOf(index: number, roleId: number | undefined): Promise<string> {
  const { id, documentId, username, email } = USERS[index] as (typeof USERS)[number]; // there are four
  const document = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { user { id } } }';
  const { data, text } = await server.ask(document, {
    variables: { input: { username, email, password: DEMO_PASSWORD } },
  });
  if (!data?.register) throw new Error(text);
  const { prisma } = server.database;
  const changes = { id, documentId, ...(roleId !== undefined && { roleId }) };
  await prisma.user.update({ where: { id: Number(data.register.user.id) }, data: changes });
  return server.tokenOf(username);
}

/** Replaces what a role can do with content. */
async function setGrants(type: string, permissions: readonly Permission[]): Promise<void> {
  const { prisma } = server.database;
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type } });
  await prisma.permission.deleteMany({ where: { roleId } });
  const data = permissions.map(([action, grants]) => ({
    roleId,
    action,
    ...(grants && { grants: JSON.parse(JSON.stringify(grants)) }),
  }));
  await prisma.permission.createMany({ data });
}

const OWN = { owner: '$user' };
const PUBLIC_COLUMNS = ['title', 'kind', 'featured', 'views', 'premium', 'createdAt', 'category'];
const READS_WITHOUT_RULES: readonly Permission[] = [
  ['category.find', null],
  ['tag.find', [{ where: { name: { ne: 'apple' } }, fields: ['name'] }]],
  ['tag.findOne', [{ where: { name: { ne: 'apple' } }, fields: ['name'] }]],
  ['user.find', [{ where: { documentId: { eq: '$user.documentId' } } }]],
];

/** What the attacker may do, and what is hidden by that. */
const SITUATIONS = {
  'cells of some rows, and rows': {
    permissions: [
      ['post.find', [{ where: OWN }, { where: { featured: { eq: true } }, fields: PUBLIC_COLUMNS }]],
      ['post.findOne', [{ where: OWN }, { where: { featured: { eq: true } }, fields: PUBLIC_COLUMNS }]],
      ['author.find', [{ where: { name: { notContains: 'e' } }, fields: ['name'] }]],
      ...READS_WITHOUT_RULES,
    ],
    seesRow: (post) => post['ownerId'] === 1 || post['featured'] === true,
    seesCell: (post) => post['ownerId'] === 1,
  },
  'columns of every row': {
    permissions: [
      ['post.find', [{ fields: PUBLIC_COLUMNS }]],
      ['post.findOne', [{ where: { views: { gte: 1 } }, fields: PUBLIC_COLUMNS }]],
      ['author.find', [{ where: { name: { notContains: 'e' } }, fields: ['name'] }]],
      ...READS_WITHOUT_RULES,
    ],
    seesRow: () => true,
    seesCell: () => false,
  },
  'rows, with every column of the others': {
    permissions: [
      ['post.find', [{ where: OWN }, { where: { category: { name: { eq: 'c1' } } } }]],
      ['post.findOne', [{ where: OWN }]],
      ['author.find', [{ where: { name: { notContains: 'e' } }, fields: ['name'] }]],
      ...READS_WITHOUT_RULES,
    ],
    seesRow: (post) => post['ownerId'] === 1 || post['categoryId'] === 1,
    seesCell: (post) => post['ownerId'] === 1 || post['categoryId'] === 1,
  },
} as const satisfies Readonly<Record<string, Situation>>;

interface Situation {
  readonly permissions: readonly Permission[];
  readonly seesRow: (post: Stored) => boolean;
  /** Whether what is not in PUBLIC_COLUMNS can be seen of a row that can be seen. */
  readonly seesCell: (post: Stored) => boolean;
}

/** The same rows with other values wherever the attacker sees none. */
function otherwise(tables: Tables, { seesRow, seesCell }: Situation, seed: number): Tables {
  const value = <T>(arbitrary: fc.Arbitrary<T>, salt: number) =>
    fc.sample(arbitrary, { seed: seed * 1_000 + salt, numRuns: 1 })[0];
  const text = fc.option(fc.constantFrom(...POOL));
  const changedLinks = new Set<number>();
  const posts = tables.posts.flatMap((post): Stored[] => {
    const { id } = post;
    if (seesRow(post) && seesCell(post)) return [post];
    changedLinks.add(id);
    const hidden = {
      content: value(text, id),
      rating: value(fc.option(fc.constantFrom(...FRACTIONS, 2, 3)), id),
      publishedAt: value(fc.option(fc.constantFrom(...TIMES)), id),
      authorId: value(fc.option(fc.integer({ min: 1, max: 4 })), id),
      // Another owner, but never the attacker.
      ownerId: post['ownerId'] === 1 ? 1 : value(fc.option(fc.integer({ min: 2, max: 4 })), id),
    };
    if (seesRow(post)) return [{ ...post, ...hidden }];
    if (id % 3 === 0) return []; // there are fewer
    return [{ ...post, ...hidden, title: value(fc.constantFrom(...POOL), id), views: value(fc.nat(3), id) }];
  });
  const kept = new Set(posts.map(({ id }) => id));
  const seesAuthor = (author: Stored) => !String(author['name']).includes('e');
  return {
    ...tables,
    posts,
    authors: tables.authors.map((author) => ({
      ...author,
      bio: value(text, author.id),
      email: value(text, author.id + 50),
      ...(!seesAuthor(author) && { name: `${value(fc.constantFrom(...POOL), author.id)} e` }),
    })),
    tagged: tables.tagged.flatMap(([post, tag]): (readonly [number, number])[] => {
      if (!kept.has(post)) return [];
      return [[post, changedLinks.has(post) ? (tag % 5) + 1 : tag]];
    }),
  };
}

/** Puts a world in the place of what there is. Of the other users the attacker sees nothing. */
async function become(tables: Tables, which: 'one' | 'other'): Promise<void> {
  const { query, prisma } = server.database;
  await query('DELETE FROM posts', []);
  await prisma.user.deleteMany({ where: { id: { in: [2, 3] } } });
  const { roleId } = await prisma.user.findUniqueOrThrow({ where: { id: 1 } });
  for (const { id, documentId, username } of USERS.slice(1, 3)) {
    const email = which === 'one' ? `${username}@one.example` : `z${id}@other.example`;
    const data = {
      id,
      documentId,
      username: `${username}${which}`,
      email,
      passwordHash: 'none',
      confirmed: true,
      roleId,
    };
    await prisma.user.create({ data });
  }
  await replaceContent(server.database, tables);
}

/** Documents with up to this many questions. */
const AT_ONCE = 25;

/** Root fields that look for what is hidden, with every operator, sort and search. */
function* questions(): Generator<string> {
  const page = 'pagination: { limit: 100 }';
  const seen = '{ nodes { documentId title views } pageInfo { total pageCount } }';
  const ask = (list: string, args: string, row = seen) => `${list}_connection(${args}, ${page}) ${row}`;
  const filters: string[] = [];
  const texts = ['"a"', '"e"', '""', '"apple"', '"ann@example.com"', '"%"', '"Σ"'];
  const ofText = [
    ...['eq', 'eqi', 'ne', 'nei', 'gt', 'gte', 'lt', 'lte', 'contains', 'containsi', 'notContains', 'notContainsi'],
    ...['startsWith', 'endsWith'],
  ];
  for (const operator of ofText) for (const text of texts) filters.push(`content: { ${operator}: ${text} }`);
  for (const operator of ['eq', 'ne', 'gt', 'gte', 'lt', 'lte']) {
    for (const number of [-3, -2.5, 0, 0.1, 1, 1.5, 2, 1e21]) filters.push(`rating: { ${operator}: ${number} }`);
    for (const time of TIMES) filters.push(`publishedAt: { ${operator}: "${time}" }`);
  }
  filters.push('content: { in: ["apple", "ann", null] }', 'content: { notIn: ["apple", "ann"] }', 'rating: { in: [] }');
  filters.push('rating: { between: [0, 1] }', 'publishedAt: { contains: "2026-06" }', 'rating: { contains: 5 }');
  for (const column of ['content', 'rating', 'publishedAt', 'slug']) {
    filters.push(
      `${column}: { null: true }`,
      `${column}: { notNull: true }`,
      `${column}: { eq: null }`,
      `${column}: null`,
    );
  }
  for (const relation of ['author', 'owner', 'tags']) {
    filters.push(`${relation}: null`, `${relation}: { documentId: { null: true } }`);
    for (const id of ['author1', 'author2', 'user1', 'user2', 'user3', 'tag1', 'tag2', 'tag3']) {
      filters.push(`${relation}: { documentId: { eq: "${id}" } }`);
    }
  }
  for (const text of texts) {
    filters.push(`author: { name: { contains: ${text} } }`, `author: { bio: { contains: ${text} } }`);
    filters.push(`author: { bio: { lt: ${text} } }`, `owner: { email: { gt: ${text} } }`);
    filters.push(`owner: { username: { startsWith: ${text} } }`, `tags: { name: { contains: ${text} } }`);
  }
  filters.push('author: { bio: { null: true } }', 'owner: { email: { notNull: true } }');
  const variants = [
    (filter: string) => ask('posts', `filters: { not: { ${filter} } }`),
    (filter: string) => ask('posts', `filters: { or: [{ ${filter} }, { views: { lt: 1 } }] }`),
    (filter: string) => ask('categories', `filters: { posts: { ${filter} } }`, '{ nodes { name } pageInfo { total } }'),
    (filter: string) => ask('categories', `filters: { not: { posts: { ${filter} } } }`, '{ nodes { name } }'),
    (filter: string) => `categories(${page}) { name posts_connection(filters: { ${filter} }, ${page}) ${seen} }`,
  ];
  for (const [index, filter] of filters.entries()) {
    yield ask('posts', `filters: { ${filter} }`);
    yield variants[index % variants.length]?.(filter) ?? '';
  }
  const keys = [
    ...['content', 'rating', 'publishedAt', 'slug', 'author.name', 'author.bio', 'owner.email', 'owner.username'],
    ...['author', 'tags.name', 'owner.role.type', 'author.email', 'owner.passwordHash'],
  ];
  for (const key of keys) {
    for (const direction of ['asc', 'desc']) {
      yield `posts(sort: "${key}:${direction}", ${page}) { documentId }`;
      yield `posts(sort: ["views", "${key}:${direction}"], pagination: { start: 1, limit: 2 }) { documentId }`;
      yield `categories(${page}) { posts(sort: "${key}:${direction}", ${page}) { documentId } }`;
    }
  }
  for (const text of ['a', 'e', 'apple', '%', 'σ', 'ann', 'example.com', '🦉', 'ss', '$']) {
    yield ask('posts', `search: "${text}"`);
    yield ask('authors', `search: "${text}"`, '{ nodes { name } pageInfo { total } }');
    yield `categories(${page}) { posts_connection(search: "${text}", ${page}) ${seen} }`;
  }
  yield `a: authors(${page}) { name bio } b: authors(${page}) { bio } c: authors(sort: "bio") { name }`;
  yield `tags_connection(${page}) { nodes { name } pageInfo { total } }`;
  yield `usersPermissionsUsers_connection(${page}) { nodes { username email } pageInfo { total } }`;
  yield `posts(${page}) { documentId content rating publishedAt author { name } owner { email } tags { name } }`;
  yield `posts(${page}) { documentId tags_connection { pageInfo { total } } }`;
  for (let id = 1; id <= 15; id++) {
    yield `post(documentId: "post${id}") { title content rating author { name } tags { name } owner { username } }`;
  }
  for (const id of ['author1', 'author2', 'author3', 'tag1', 'tag2', 'tag3']) {
    yield id.startsWith('tag') ? `tag(documentId: "${id}") { name }` : `author(documentId: "${id}") { name }`;
  }
}

const OF_OWN: readonly Permission[] = [
  ['post.update', [{ where: OWN, fields: ['title', 'rating', 'content', 'author', 'category', 'tags'] }]],
  ['post.delete', [{ where: OWN }]],
];
/** What the attacker can write: posts of their own, with everything in them that can be sent. */
const WRITES: readonly Permission[] = [
  ...OF_OWN,
  ['post.create', [{ fields: ['title', 'rating', 'content', 'slug', 'author', 'category', 'tags'], set: OWN }]],
];

/** Keys that the database makes. */
const ID = /"[a-z0-9]{24}"/g;

/** Documents that are not there. */
const MISSING = ['none1', 'none10'];

/** Mutations that try to find out about these documents, after those of MISSING. */
function writes(hidden: readonly string[]): string[] {
  const all = 'title content rating author { name } tags { name } owner { username } category { name }';
  const touching = (id: string) =>
    `mutation { a: updatePost(documentId: "${id}", data: { title: "mine" }) { title } b: updatePost(documentId: "${id}", data: { title: null }) { title } c: deletePost(documentId: "${id}") { documentId } }`;
  const refers = (data: string) => `mutation { createPost(data: { title: "new", ${data} }) { ${all} } }`;
  const authors = ['author1', 'author2', 'author3', 'author4', 'nothing'];
  return [
    ...MISSING.map(touching),
    ...hidden.map(touching),
    ...authors.map((id) => refers(`author: "${id}"`)),
    ...['tag1', 'tag2', 'tag3', 'tag4', 'tag5', 'nothing'].map((id) => refers(`tags: ["${id}"]`)),
    refers('rating: 1.5, content: "apple"'),
    // A slug that a hidden post has is taken, as it is in both worlds: docs/decisions say so.
    ...(hidden.length === 0 ? ['slug1', 'slug2', 'fresh'].map((slug) => refers(`slug: "${slug}"`)) : []),
    ...Array.from({ length: 14 }, (_, index) => `post${index + 1}`)
      .filter((id) => !hidden.includes(id))
      .flatMap((id) => [
        `mutation { updatePost(documentId: "${id}", data: { rating: 0 }) { ${all} } }`,
        `mutation { updatePost(documentId: "${id}", data: { tags: ["tag1"] }) { ${all} } }`,
        `mutation { updatePost(documentId: "${id}", data: {}) { ${all} } }`,
      ]),
  ];
}

/** The questions in documents, each under a name of its own. */
function documents(fields: Iterable<string>): string[] {
  const found: string[] = [];
  let current: string[] = [];
  const end = () => {
    if (current.length > 0) found.push(`{ ${current.join(' ')} }`);
    current = [];
  };
  let count = 0;
  for (const field of fields) {
    current.push(/^\w+: /.test(field) ? field : `q${count++}: ${field}`);
    if (current.length === AT_ONCE) end();
  }
  end();
  return found;
}

async function answersTo(asked: readonly Asked[], token: string): Promise<string[]> {
  const answers: string[] = [];
  for (const { source, variables } of asked) {
    const { text } = await server.ask(source, { token, ...(variables && { variables }) });
    answers.push(inOrder(text));
  }
  return answers;
}

/** Errors of one response come as their statements end, on several connections. */
function inOrder(text: string): string {
  const { errors, ...rest } = JSON.parse(text) as { readonly errors?: readonly unknown[] };
  return JSON.stringify({ ...rest, ...(errors && { errors: errors.map((error) => JSON.stringify(error)).sort() }) });
}

interface Asked {
  readonly source: string;
  readonly variables?: Record<string, unknown>;
}

describe.each(Object.keys(SITUATIONS) as (keyof typeof SITUATIONS)[])('hidden: %s', (name) => {
  const situation: Situation = SITUATIONS[name];

  /** Two worlds that differ in hidden values, of the same random rows. */
  async function worlds(seed: number): Promise<readonly [Tables, Tables]> {
    await setGrants('authenticated', situation.permissions);
    const tables = tablesOf(seed, []);
    return [tables, otherwise(tables, situation, seed)];
  }

  test('no filter, sort, search, count or page tells one value from another', async () => {
    const targeted = documents(questions()).map((source): Asked => ({ source }));
    const random = fc
      .sample(fc.array(readingQuestion, { minLength: 20, maxLength: 20 }), { seed: 7, numRuns: 10 })
      .map((asked): Asked => documentOf(asked));
    const asked = [...targeted, ...random];
    const some = asked.filter((_question, index) => index % 4 === 0);
    const [one, other] = await worlds(11);
    await become(one, 'one');
    const first = { attacker: await answersTo(asked, attacker), all: await answersTo(some, seesAll) };
    await become(other, 'other');
    const second = { attacker: await answersTo(asked, attacker), all: await answersTo(some, seesAll) };
    for (const [index, { source }] of asked.entries()) {
      expect(second.attacker[index], source).toBe(first.attacker[index]);
      expect(first.attacker[index]).not.toContain('INTERNAL_SERVER_ERROR');
    }
    const telling = some.filter((_question, index) => first.all[index] !== second.all[index]);
    expect(telling.length).toBeGreaterThan(some.length / 2); // the questions can tell the worlds apart
  });

  test('no write tells one value from another, nor what is hidden from what is not there', async () => {
    const [one, other] = await worlds(14);
    await setGrants('authenticated', [...situation.permissions, ...WRITES]);
    const hidden = one.posts.filter((post) => !situation.seesRow(post)).map(({ documentId }) => documentId);
    const answers: string[][] = [];
    for (const [which, tables] of [
      ['one', one],
      ['other', other],
    ] as const) {
      const found: string[] = [];
      // What one write changes, another must not find.
      for (const source of writes(hidden)) {
        await become(tables, which);
        const { text } = await server.ask(source, { token: attacker });
        found.push(inOrder(text.replaceAll(ID, '"a new document"')));
      }
      answers.push(found);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]?.join()).not.toContain('INTERNAL_SERVER_ERROR');
    // Of the same length, for the positions in errors.
    const ofMissing = (length: number) => answers[0]?.[MISSING.findIndex((missing) => missing.length === length)];
    for (const [index, documentId] of hidden.entries()) {
      expect(answers[0]?.[MISSING.length + index]).toBe(ofMissing(documentId.length));
    }
  });

  test('nothing is told by what an operation costs, or by how it is refused', async () => {
    const heavy = Array.from({ length: 3 }, (_, index) =>
      Array.from({ length: 40 }, (_, alias) => {
        const filter = `{ or: [{ content: { contains: "${'x'.repeat(index * 600)}" } }, { author: { bio: { eq: "a" } } }] }`;
        return `c${alias}: posts(filters: ${filter}, sort: "rating") { title }`;
      }).join(' '),
    );
    const asked: Asked[] = [
      ...heavy.map((fields) => ({ source: `{ ${fields} }` })),
      { source: '{ posts(pagination: { limit: 101 }) { content } }' },
      { source: '{ posts(sort: "content:up") { title } }' },
      { source: '{ posts(filters: { contents: { eq: "a" } }) { title } }' },
      { source: '{ posts(filters: { rating: { between: [1] } }) { title } }' },
      { source: '{ posts { title content: title rating: content } }' },
    ];
    const [one, other] = await worlds(12);
    await become(one, 'one');
    const first = await answersTo(asked, attacker);
    await become(other, 'other');
    expect(await answersTo(asked, attacker)).toEqual(first);
  });
});

describe('a bisecting attacker', () => {
  const situation = SITUATIONS['cells of some rows, and rows'];
  const SECRET = { one: { rating: 1.5, content: 'Straße' }, other: { rating: -2.5, content: 'zoë was here' } };

  async function becomeSecret(which: 'one' | 'other'): Promise<void> {
    await setGrants('authenticated', situation.permissions);
    const tables = tablesOf(13, []);
    const posts = tables.posts.map((post, index) => {
      if (index === 0) return { ...post, ownerId: 2, featured: true, ...SECRET[which] };
      return { ...post, ownerId: index === 1 ? 1 : 3, featured: false, rating: 0 };
    });
    await become({ ...tables, posts }, which);
  }

  /** Halves the interval that a number is in, by any question with a yes or no. */
  async function bisect(isLess: (than: number) => Promise<boolean>): Promise<number> {
    let [low, high] = [-8, 8];
    while (high - low > 0.01) {
      const middle = (low + high) / 2;
      if (await isLess(middle)) high = middle;
      else low = middle;
    }
    return Math.round(high * 10) / 10;
  }

  const finds = async (token: string, args: string) =>
    (await server.ask(`{ posts(${args}) { documentId } }`, { token })).data?.posts.some(
      ({ documentId }: { documentId: string }) => documentId === 'post1',
    ) ?? false;

  const ATTACKS: Readonly<Record<string, (token: string) => Promise<number | string>>> = {
    'by a filter': (token) => bisect((than) => finds(token, `filters: { rating: { lt: ${than} } }`)),
    'by a negated filter': (token) =>
      bisect(async (than) => !(await finds(token, `filters: { not: { rating: { lt: ${than} } } }`))),
    'by a filter through a relation': (token) =>
      bisect(async (than) => {
        const args = `filters: { posts: { documentId: { eq: "post1" }, rating: { lt: ${than} } } }`;
        const { data } = await server.ask(`{ categories_connection(${args}) { pageInfo { total } } }`, { token });
        return data?.categories_connection?.pageInfo.total > 0;
      }),
    'letter by letter, by a search': async (token) => {
      const letters = ['S', 't', 'r', 'a', 'ß', 'e', 'z', 'o', 'ë', ' ', 'w', 's', 'h'];
      let known = '';
      for (let length = 0; length < 20; length++) {
        let next: string | undefined;
        for (const letter of letters) {
          const text = `${known}${letter}`;
          if (await finds(token, `filters: { content: { startsWith: "${text}" } }, search: "${text.trimEnd()}"`))
            next = letter;
        }
        if (next === undefined) break;
        known += next;
      }
      return known;
    },
  };

  test.each(Object.keys(ATTACKS))('finds nothing that is hidden: %s', async (name) => {
    const attack = ATTACKS[name] as (token: string) => Promise<number | string>; // a name of the table
    const found: Record<string, number | string> = {};
    for (const which of ['one', 'other'] as const) {
      await becomeSecret(which);
      found[`attacker, ${which}`] = await attack(attacker);
      found[`everything, ${which}`] = await attack(seesAll);
    }
    expect(found['attacker, one']).toBe(found['attacker, other']);
    const secrets = name.includes('search') ? 'content' : 'rating';
    // The same attack finds it where it is not hidden.
    const expected = [SECRET.one[secrets], SECRET.other[secrets]];
    expect([found['everything, one'], found['everything, other']]).toEqual(expected);
  });

  test('sorting beside a row of one’s own tells nothing', async () => {
    const orders: Record<string, string[]> = {};
    for (const which of ['one', 'other'] as const) {
      for (const [who, token] of [
        ['attacker', attacker],
        ['everything', seesAll],
      ] as const) {
        await becomeSecret(which);
        const seen: string[] = [];
        for (let rating = -4; rating <= 4; rating += 0.5) {
          await server.database.query('UPDATE posts SET rating = $1::float8 WHERE id = 2', [rating]);
          for (const direction of ['asc', 'desc']) {
            const { text } = await server.ask(`{ posts(sort: "rating:${direction}") { documentId } }`, { token });
            seen.push(text);
          }
        }
        orders[`${who}, ${which}`] = seen;
      }
    }
    expect(orders['attacker, one']).toEqual(orders['attacker, other']);
    expect(orders['everything, one']).not.toEqual(orders['everything, other']);
  });
});
