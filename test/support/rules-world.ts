import fc from 'fast-check';
import { type DeclaredContentType, contentType as ofCore } from '../../src/graphql/content-type/content-type.ts';
import { contentType } from '../blog/declare.ts';
import type { Database } from '../blog/open-database.ts';
import type { BlogRow } from './small-blog.ts';

/*
 * What the tests of rules work with: the blog with everything in it that a grant can name, and users who own posts. Few values,
 * which repeat in all columns, so that random conditions find some rows and not others.
 */

export type TypeName = 'Post' | 'Author' | 'Category' | 'Tag' | 'User' | 'Role';

export interface ColumnOf {
  readonly type: 'String' | 'Int' | 'Float' | 'Boolean' | 'DateTime' | 'Kind';
  readonly required: boolean;
}

export interface TypeOf {
  /** The prefix of its actions. */
  readonly actions: string;
  readonly singular: string;
  readonly plural: string;
  readonly filters: string;
  /** What clients can read. */
  readonly columns: Readonly<Record<string, ColumnOf>>;
  readonly relations: Readonly<Record<string, RelationOf>>;
  readonly search: readonly string[];
  /** What only conditions of rules can use. */
  readonly hidden: Readonly<Record<string, ColumnOf>>;
  /** What conditions of rules can use of it; undefined: everything. */
  readonly inRules?: readonly string[];
}

export interface RelationOf {
  readonly to: TypeName;
  readonly many: boolean;
}

const text = { type: 'String', required: false } as const;
const name = { type: 'String', required: true } as const;
const flag = { type: 'Boolean', required: true } as const;
const whole = { type: 'Int', required: true } as const;
const time = { type: 'DateTime', required: true } as const;
const one = (to: TypeName) => ({ to, many: false });
const many = (to: TypeName) => ({ to, many: true });

export const TYPES: Readonly<Record<TypeName, TypeOf>> = {
  Post: {
    actions: 'post',
    singular: 'post',
    plural: 'posts',
    filters: 'PostFiltersInput',
    columns: {
      title: name,
      slug: text,
      content: text,
      kind: { type: 'Kind', required: true },
      featured: flag,
      views: whole,
      rating: { type: 'Float', required: false },
      premium: flag,
      publishedAt: { type: 'DateTime', required: false },
      createdAt: time,
    },
    relations: { author: one('Author'), category: one('Category'), tags: many('Tag'), owner: one('User') },
    search: ['title', 'content'],
    hidden: { id: whole, ownerId: { type: 'Int', required: false } },
  },
  Author: {
    actions: 'author',
    singular: 'author',
    plural: 'authors',
    filters: 'AuthorFiltersInput',
    columns: { name, bio: text, createdAt: time },
    relations: { posts: many('Post') },
    search: ['name', 'bio'],
    hidden: { email: text },
  },
  Category: {
    actions: 'category',
    singular: 'category',
    plural: 'categories',
    filters: 'CategoryFiltersInput',
    columns: { name, description: text },
    relations: { posts: many('Post') },
    search: [],
    hidden: {},
  },
  Tag: {
    actions: 'tag',
    singular: 'tag',
    plural: 'tags',
    filters: 'TagFiltersInput',
    columns: { name },
    relations: { posts: many('Post') },
    search: [],
    hidden: {},
  },
  User: {
    actions: 'user',
    singular: 'usersPermissionsUser',
    plural: 'usersPermissionsUsers',
    filters: 'UsersPermissionsUserFiltersInput',
    columns: { username: name, email: name, confirmed: flag, blocked: flag },
    relations: { role: one('Role') },
    search: [],
    hidden: { id: whole },
  },
  Role: {
    actions: 'role',
    singular: 'usersPermissionsRole',
    plural: 'usersPermissionsRoles',
    filters: 'UsersPermissionsRoleFiltersInput',
    columns: { type: name, description: text },
    relations: { users: many('User') },
    search: [],
    hidden: {},
    inRules: ['type'],
  },
};
export const TYPE_NAMES = Object.keys(TYPES) as TypeName[];

/** What a tag must not be called where the content type declares a condition. */
export const HIDDEN_TAG = 'editor';

/** The content types of the tests, with columns to search. `declared`: tags with a condition that holds for everybody. */
export function contentTypesOf({ declared }: { readonly declared: boolean }): DeclaredContentType[] {
  return [
    contentType('Post', {
      read: [
        ...(['title', 'slug', 'content', 'kind', 'featured', 'views', 'rating', 'premium', 'publishedAt'] as const),
        ...(['createdAt', 'author', 'category', 'tags', 'owner'] as const),
      ],
      write: [
        ...(['title', 'slug', 'content', 'kind', 'featured', 'views', 'rating', 'premium', 'publishedAt'] as const),
        ...(['author', 'category', 'tags', 'owner'] as const),
      ],
      search: ['title', 'content'],
    }),
    contentType('Author', {
      read: ['name', 'bio', 'createdAt', 'posts'],
      write: ['name', 'bio', 'posts'],
      search: ['name', 'bio'],
    }),
    contentType('Category', { read: ['name', 'description', 'posts'], write: [] }),
    contentType('Tag', {
      read: ['name', 'posts'],
      write: ['name', 'posts'],
      ...(declared && { where: { name: { ne: HIDDEN_TAG } } }),
    }),
    ofCore('User', {
      name: 'UsersPermissionsUser',
      actions: 'user',
      read: ['username', 'email', 'confirmed', 'blocked', 'role'],
      write: [],
      numericId: true,
    }),
    ofCore('Role', {
      name: 'UsersPermissionsRole',
      actions: 'role',
      read: ['type', 'description', 'users'],
      write: [],
      numericId: true,
    }),
  ];
}

/** The time of the server. */
export const NOW = new Date('2026-06-15T12:00:00.000Z');
const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds).toISOString();
const WEEK = 604_800_000;
export const TIMES = [
  at(0),
  at(-1),
  at(-WEEK),
  at(-WEEK - 1),
  at(3_600_000),
  at(3_600_001),
  '1999-12-31T23:59:59.999Z',
];

export const USERS = [
  { id: 1, documentId: 'user1', username: 'ann', email: 'ann@example.com', confirmed: true },
  { id: 2, documentId: 'user2', username: 'Ben_%', email: 'ben@example.com', confirmed: false },
  { id: 3, documentId: 'user3', username: 'Zoë', email: 'zoe@example.com', confirmed: true },
  { id: 4, documentId: 'user4', username: 'ÉMILE', email: 'emile@example.com', confirmed: true },
] as const;

/** What variables can stand for, what looks like one, and what a pattern, a case or an alphabet can trip over. */
export const POOL = [
  ...USERS.flatMap(({ documentId, username, email }) => [documentId, username, email]),
  ...['authenticated', 'editor', 'public', '$user.id', '$now', '$roles'],
  ...[
    '',
    'apple',
    'Apple pie',
    'a%b',
    'a_b',
    '\\',
    'Straße',
    'STRASSE',
    'ΟΔΟΣ',
    'οδος',
    'émile',
    '🦉 owl',
    'zoë was here',
  ],
] as const;
/** Slugs that a write can send: some are taken, some are free. */
export const SENT_SLUGS = ['slug1', 'slug2', 'slug5', 'fresh1', 'fresh2', 'fresh3'];
export const KINDS = ['article', 'tutorial', 'news'] as const;
export const WHOLES = [-1, 0, 1, 2, 3, 4, 42];
export const FRACTIONS = [0, 0.1, 1.5, -2.5, 1e21, 1e-7];

const someText = fc.constantFrom(...POOL);
const orNothing = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 4 });
const idOf = (count: number) => orNothing(fc.integer({ min: 1, max: count }));
const stamps = { createdAt: fc.constantFrom(...TIMES), updatedAt: fc.constant(at(0)) };

const POSTS = 14;
const AUTHORS = 4;
const CATEGORIES = 3;
const TAGS = 5;

const rows = fc.record({
  posts: listOf(POSTS, {
    title: someText,
    slug: orNothing(fc.constant('')),
    content: orNothing(someText),
    kind: fc.constantFrom(...KINDS),
    featured: fc.boolean(),
    views: fc.constantFrom(...WHOLES),
    rating: orNothing(fc.constantFrom(...FRACTIONS)),
    premium: fc.boolean(),
    publishedAt: orNothing(fc.constantFrom(...TIMES)),
    ...stamps,
    authorId: idOf(AUTHORS),
    categoryId: idOf(CATEGORIES),
    ownerId: idOf(USERS.length),
  }),
  authors: listOf(AUTHORS, { name: someText, bio: orNothing(someText), email: orNothing(someText), ...stamps }),
  categories: listOf(CATEGORIES, { description: orNothing(someText), ...stamps }),
  tags: fc
    .shuffledSubarray([...POOL], { minLength: TAGS, maxLength: TAGS })
    // One of them is always the one that a declared condition hides.
    .map((names) => (names.includes(HIDDEN_TAG) ? names : [HIDDEN_TAG, ...names.slice(1)]))
    .chain((names) => fc.tuple(...names.map((name) => fc.record({ name: fc.constant(name), ...stamps })))),
  tagged: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: POSTS }), fc.integer({ min: 1, max: TAGS })), {
    selector: (pair) => pair.join(),
    minLength: 10,
    maxLength: 20,
  }),
  users: listOf(USERS.length, { blocked: fc.boolean(), roleId: fc.integer({ min: 1, max: 4 }) }),
});

function listOf<T>(count: number, columns: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.array(fc.record(columns), { minLength: count, maxLength: count });
}

/** A row as the database has it: values of its columns, times as texts. */
export type Stored = { readonly id: number; readonly documentId: string } & Readonly<Record<string, unknown>>;

/** Every row, as the database has it. */
export interface Tables {
  readonly posts: readonly Stored[];
  readonly authors: readonly Stored[];
  readonly categories: readonly Stored[];
  readonly tags: readonly Stored[];
  readonly users: readonly Stored[];
  readonly roles: readonly Stored[];
  /** Pairs of the ids of a post and a tag. */
  readonly tagged: readonly (readonly [number, number])[];
}

/** Random rows, the same for the same seed. The roles are those of the database. */
export function tablesOf(seed: number, roles: readonly Stored[]): Tables {
  const [made] = fc.sample(rows, { seed, numRuns: 1 });
  if (!made) throw new Error('No rows');
  const named = (kind: string, list: readonly object[]): Stored[] =>
    list.map((row, index) => ({ id: index + 1, documentId: `${kind}${index + 1}`, ...row }));
  return {
    posts: named('post', made.posts).map((post) => ({
      ...post,
      slug: post['slug'] === null ? null : `slug${post.id}`,
    })),
    authors: named('author', made.authors),
    categories: named('category', made.categories).map((row) => ({ ...row, name: `c${row.id}`, slug: `c${row.id}` })),
    tags: named('tag', made.tags),
    users: USERS.map((user, index) => ({ ...user, ...made.users[index] })),
    roles,
    tagged: made.tagged,
  };
}

/** The roles that every new database has. */
export async function rolesOf({ query }: Database): Promise<Stored[]> {
  return query<Stored>('SELECT id, "documentId", name, type, description FROM roles ORDER BY id', []);
}

const IN_DATABASE = ['posts', 'tags', 'authors', 'categories'] as const;

/** Replaces the users by those of the rows. `passwordHash`: of all of them. */
export async function replaceUsers({ query }: Database, { users }: Tables, passwordHash = 'none'): Promise<void> {
  await query('DELETE FROM users', []);
  const all = users.map((user) => ({
    ...user,
    passwordHash,
    provider: 'local',
    tokenVersion: 1,
    createdAt: at(0),
    updatedAt: at(0),
  }));
  await query(
    `INSERT INTO users (id, "documentId", username, email, confirmed, blocked, "roleId", "passwordHash", "createdAt", "updatedAt")
     SELECT id, "documentId", username, email, confirmed, blocked, "roleId", "passwordHash", "createdAt", "updatedAt"
     FROM json_populate_recordset(NULL::users, $1::json)`,
    [JSON.stringify(all)],
  );
}

/** Replaces all content by these rows. */
export async function replaceContent({ query }: Database, tables: Tables): Promise<void> {
  for (const table of IN_DATABASE) await query(`DELETE FROM ${table}`, []);
  for (const table of IN_DATABASE.toReversed()) {
    await query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`, [
      JSON.stringify(tables[table]),
    ]);
    await query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), 1000)`, []);
  }
  await query('INSERT INTO "_PostToTag" ("A", "B") SELECT * FROM unnest($1::int4[], $2::int4[])', [
    tables.tagged.map(([post]) => post),
    tables.tagged.map(([, tag]) => tag),
  ]);
}

/** Every row by its type, as objects that refer to each other. */
export type World = Readonly<Record<TypeName, readonly BlogRow[]>>;

const DATES = ['createdAt', 'updatedAt', 'publishedAt'];

/** Ties the rows together as the database does. */
export function worldOf(tables: Tables): World {
  const copy = (stored: readonly Stored[]) =>
    stored.map((row): BlogRow => {
      const entries = Object.entries(row).map(([key, value]) => [
        key,
        DATES.includes(key) && value !== null ? new Date(value as string) : value,
      ]);
      return Object.fromEntries(entries) as BlogRow;
    });
  const world = {
    Post: copy(tables.posts),
    Author: copy(tables.authors),
    Category: copy(tables.categories),
    Tag: copy(tables.tags),
    User: copy(tables.users),
    Role: copy(tables.roles),
  };
  const byId = (rows: readonly BlogRow[], id: unknown) => rows.find((row) => row.id === id) ?? null;
  for (const post of world.Post) {
    Object.assign(post, {
      author: byId(world.Author, post['authorId']),
      category: byId(world.Category, post['categoryId']),
      owner: byId(world.User, post['ownerId']),
      tags: world.Tag.filter((tag) => tables.tagged.some(([a, b]) => a === post.id && b === tag.id)),
    });
  }
  const others = (rows: readonly BlogRow[], relation: string, among: readonly BlogRow[], key: string) => {
    for (const row of rows) Object.assign(row, { [relation]: among.filter((other) => other[key] === row.id) });
  };
  others(world.Author, 'posts', world.Post, 'authorId');
  others(world.Category, 'posts', world.Post, 'categoryId');
  others(world.Role, 'users', world.User, 'roleId');
  for (const tag of world.Tag) {
    Object.assign(tag, { posts: world.Post.filter((post) => (post['tags'] as BlogRow[]).includes(tag)) });
  }
  for (const user of world.User) Object.assign(user, { role: byId(world.Role, user['roleId']) });
  return world;
}

/** Every text that a comparison can meet: their order is the database's. */
export function textsIn(tables: Tables): string[] {
  const rows = [
    ...tables.posts,
    ...tables.authors,
    ...tables.categories,
    ...tables.tags,
    ...tables.users,
    ...tables.roles,
  ];
  const values = rows.flatMap((row) => Object.values(row)).filter((value) => typeof value === 'string');
  return [...new Set([...POOL, ...KINDS, ...TIMES, ...SENT_SLUGS, ...values])];
}

/** The content of the database, without when it was changed. Times are texts as those of `Tables`. */
export async function readContent({ query }: Database) {
  const rows = (table: string) =>
    `(SELECT coalesce(json_agg(to_jsonb(t) - 'updatedAt' ORDER BY id), '[]') FROM ${table} t)`;
  const [row] = await query<{ json: string }>(
    `SELECT json_build_object('posts', ${rows('posts')}, 'authors', ${rows('authors')}, 'tags', ${rows('tags')},
       'tagged', (SELECT coalesce(json_agg("A" || ',' || "B"), '[]') FROM "_PostToTag"))::text AS json`,
    [],
  );
  type Content = Pick<Tables, 'posts' | 'authors' | 'tags'> & { readonly tagged: string[] };
  const content = JSON.parse(row?.json ?? '') as Content; // selected above
  const withTimes = (list: readonly Stored[]) =>
    list.map((row) => {
      const entries = Object.entries(row).map(([key, value]) => [
        key,
        DATES.includes(key) && value !== null ? new Date(value as string).toISOString() : value,
      ]);
      return Object.fromEntries(entries) as Stored;
    });
  return {
    posts: withTimes(content.posts),
    authors: withTimes(content.authors),
    tags: withTimes(content.tags),
    tagged: content.tagged.sort(),
  };
}
