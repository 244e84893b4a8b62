import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { blog } from '../blog/blog.ts';
import {
  importContent as importInto,
  strapiLink as link,
  lossesOf,
  strapiRelation as relation,
  strapiRow as row,
  strapiSchema as schema,
} from '../support/import-content.ts';
import { startServer, type TestServer } from '../support/start.ts';
import type { ArchiveDescription } from '../support/strapi-archive.ts';

const answers = JSON.parse(readFileSync('test/fixtures/strapi/answers.json', 'utf8'));

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startServer();
  admin = await server.adminToken();
});
afterAll(() => server.close());
beforeEach(() =>
  server.database.query('TRUNCATE posts, authors, categories, tags, site_settings RESTART IDENTITY CASCADE', []),
);

const TIME = '2026-01-02T03:04:05.678Z';

const string = { type: 'string' };
const DRAFTS = { options: { draftAndPublish: true } };
const post = schema(
  'post',
  {
    title: string,
    slug: { type: 'uid' },
    content: { type: 'richtext' },
    kind: { type: 'enumeration' },
    featured: { type: 'boolean' },
    views: { type: 'integer' },
    rating: { type: 'decimal' },
    author: relation('api::author.author'),
    tags: relation('api::tag.tag'),
  },
  DRAFTS,
);
const author = schema('author', { name: string });
const tag = schema('tag', { name: string, posts: relation('api::post.post') });

const importContent = (project: string | ArchiveDescription, options?: { write: boolean }) =>
  importInto(server, blog.contentTypes, project, options);

async function read(document: string) {
  const { data, errors } = await server.askAdmin(document, { token: admin });
  expect(errors).toBeUndefined();
  return data;
}

const FIXTURE = 'test/fixtures/strapi/strapi-5.54-export.tar.gz';

test('every document of a project of Strapi’s is here as Strapi answered it', async () => {
  await importContent(FIXTURE);
  const fields = 'documentId title slug content kind featured views rating publishedAt createdAt updatedAt';
  const { posts, authors, categories, tags, siteSetting } = await read(`{
    posts(pagination: { limit: -1 }, sort: "documentId") {
      ${fields} author { documentId name } category { documentId name } tags(sort: "name") { documentId name }
    }
    authors(sort: "documentId") { documentId name bio createdAt updatedAt }
    categories(sort: "documentId") { documentId name slug description createdAt }
    tags(sort: "documentId") { documentId name createdAt }
    siteSetting { documentId siteName tagline postsPerPage }
  }`);
  expect({ posts, authors, categories, tags, siteSetting }).toEqual({
    posts: answers.content.posts,
    authors: answers.content.authors,
    categories: answers.content.categories,
    tags: answers.content.tags,
    siteSetting: answers.content.siteSetting,
  });
  expect(posts.filter(({ publishedAt }: { publishedAt: string | null }) => publishedAt === null)).toHaveLength(
    answers.content.drafts,
  );
});

test('its plan names everything that comes, and everything that does not', async () => {
  const plan = await importContent(FIXTURE, { write: false });
  expect(plan.obstacles).toEqual([]);
  expect(plan.lines).toEqual([
    'api::author.author: 3 documents',
    'api::category.category: 5 documents',
    'api::post.post: 12 documents, 3 of them drafts, with publishedAt null',
    'api::site-setting.site-setting: 1 document',
    'api::tag.tag: 4 documents',
  ]);
  expect(lossesOf(plan)).toEqual([
    '3 values of api::author.author.slug, which has no column here',
    '1 versions of api::author.author in the locale fr',
    '12 values of api::post.post.readMinutes, which has no column here',
    '1 values of api::post.post.seo, a component or dynamic zone',
    '1 values of api::post.post.sections, a component or dynamic zone',
    '3 drafts of api::post.post that were edited after they were published',
    '1 values of api::site-setting.site-setting.analyticsId, which has no column here',
    '4 values of api::tag.tag.slug, which has no column here',
    '5 documents of api::post.post whose tags had an order of their own: here lists are sorted by query',
    '2 links to media in api::post.post.cover',
    '2 rows of api::event.event, which is no content type here',
    '1 files of media',
  ]);
  expect(await server.database.prisma.post.count()).toBe(0);
});

test('a column that no client sees is imported too, and a new document gets a new id', async () => {
  await importContent(FIXTURE);
  const { prisma } = server.database;
  expect(await prisma.author.count({ where: { email: { startsWith: 'writer' } } })).toBe(3);
  await read('mutation { createPost(data: { title: "New" }) { documentId } }');
  const { id } = await prisma.post.findFirstOrThrow({ where: { title: 'New' }, select: { id: true } });
  const { _max: last } = await prisma.post.aggregate({ where: { id: { not: id } }, _max: { id: true } });
  expect(id).toBe((last.id ?? 0) + 1);
});

test('a value that its column cannot keep is null, or leaves its document out, and is counted', async () => {
  const draft = { publishedAt: null, title: 'A title' };
  const plan = await importContent({
    schemas: [post],
    entities: [
      row('post', 1, { ...draft, kind: 'poem', views: 2 ** 40, rating: '1.25', featured: 1, content: 7 }),
      row('post', 2, { ...draft, views: 1.5, rating: 'many', featured: 'yes', content: ['text'], slug: { a: 1 } }),
      row('post', 3, { ...draft, title: null }),
      row('post', 4, { ...draft, slug: 'taken' }),
      row('post', 5, { ...draft, slug: 'taken' }),
      row('post', 8, { ...draft, slug: 's'.repeat(5_000) }),
    ],
  });
  expect(plan.lines).toEqual(['api::post.post: 4 documents, 4 of them drafts, with publishedAt null']);
  expect(lossesOf(plan)).toEqual([
    '1 documents of api::post.post: each has no title',
    '1 documents of api::post.post: each has the slug of another one',
    '1 values of api::post.post.slug of another type',
    '1 values of api::post.post.slug too long',
    '1 values of api::post.post.content of another type',
    '1 values of api::post.post.kind not in the enum',
    '1 values of api::post.post.featured of another type',
    '1 values of api::post.post.views out of range',
    '1 values of api::post.post.views of another type',
    '1 values of api::post.post.rating of another type',
  ]);
  const posts = await server.database.prisma.post.findMany({
    orderBy: { id: 'asc' },
    select: { id: true, slug: true, content: true, kind: true, featured: true, views: true, rating: true },
  });
  const plain = { slug: null, content: null, kind: 'article', featured: false, views: 0, rating: null };
  expect(posts).toEqual([
    { ...plain, id: 1, featured: true, rating: 1.25, content: '7' },
    { ...plain, id: 2 },
    { ...plain, id: 4, slug: 'taken' },
    { ...plain, id: 8 },
  ]);
});

test('one version of a document is imported: the published one of the default locale, else the draft', async () => {
  const localized = { ...post, pluginOptions: { i18n: { localized: true } } };
  const version = (id: number, document: string, title: string, locale: string, published: boolean) =>
    row('post', id, { documentId: document, title, locale, publishedAt: published ? TIME : null });
  const plan = await importContent({
    schemas: [localized],
    entities: [
      version(1, 'both', 'draft', 'en', false),
      version(2, 'both', 'published', 'en', true),
      version(3, 'both', 'publié', 'fr', true),
      version(4, 'draft', 'only a draft', 'en', false),
      version(5, 'draft', 'publié', 'fr', true),
      version(6, 'foreign', 'nur hier', 'de', true),
    ],
    configuration: [{ type: 'core-store', value: { key: 'plugin_i18n_default_locale', value: 'en' } }],
  });
  expect(plan.lines).toEqual([
    'api::post.post: 3 documents, 1 of them drafts, with publishedAt null',
    'api::post.post: 1 document in another locale than the default one',
  ]);
  expect(lossesOf(plan)).toEqual(['2 versions of api::post.post in the locale fr']);
  const posts = await server.database.prisma.post.findMany({
    orderBy: { id: 'asc' },
    select: { documentId: true, title: true, publishedAt: true },
  });
  expect(posts).toEqual([
    { documentId: 'both', title: 'published', publishedAt: new Date(TIME) },
    { documentId: 'draft', title: 'only a draft', publishedAt: null },
    { documentId: 'foreign', title: 'nur hier', publishedAt: new Date(TIME) },
  ]);
});

test('documents of Strapi 4 get documentIds', async () => {
  const { documentId: _, ...data } = row('author', 7, { name: 'Ada' }).data;
  await importContent({
    version: '4.25.0',
    schemas: [author],
    entities: [{ type: 'api::author.author', id: 7, data }],
  });
  const [ada] = await server.database.prisma.author.findMany();
  expect(ada).toMatchObject({ id: 7, name: 'Ada', documentId: expect.stringMatching(/^[a-z\d]{24}$/) });
});

test('a relation is found by the name of either side, and only as the chosen version has it', async () => {
  const draft = row('post', 1, { documentId: 'a', title: 'a', publishedAt: null });
  const plan = await importContent({
    schemas: [post, tag, author],
    entities: [
      draft,
      row('post', 2, { documentId: 'a', title: 'a' }),
      row('tag', 1, { name: 'one' }),
      row('tag', 2, { name: 'two' }),
      row('author', 1, { name: 'Ada' }),
      row('author', 2, { name: null }),
    ],
    links: [
      link(['post', 'tags', 1], ['tag', 'posts', 1]), // of the draft
      link(['tag', 'posts', 2], ['post', null, 2]), // named by the other side
      link(['tag', 'posts', 2], ['post', null, 1]), // the same document
      link(['post', 'author', 2], ['author', null, 2]), // is not imported
      link(['post', 'author', 1], ['author', null, 1]), // of the draft
      link(['post', 'gone', 2], ['author', null, 1]),
      { ...link(['post', 'author', 2], ['author', null, 1]), kind: 'relation.later' },
    ],
  });
  expect(lossesOf(plan)).toEqual([
    '1 documents of api::author.author: each has no name',
    '1 links of api::post.post.author to a document that is not imported, or beside another one',
    '1 links of api::post.post.gone, which has no relation here',
    '1 links of api::post.post.author, which are not as Strapi writes them',
  ]);
  const [found] = await server.database.prisma.post.findMany({ include: { tags: true, author: true } });
  expect(found?.tags.map(({ name }) => name)).toEqual(['two']);
  expect(found?.author).toBeNull();
});

test('a relation to a user links the user with that id', async () => {
  const owned = schema('post', { title: string, owner: relation('plugin::users-permissions.user') });
  const { id, username } = await server.database.prisma.user.findFirstOrThrow({ select: { id: true, username: true } });
  const toUser = (from: number, user: number) =>
    link(['post', 'owner', from], ['plugin::users-permissions.user', null, user]);
  const plan = await importContent({
    schemas: [owned],
    entities: [row('post', 1, { title: 'owned' }), row('post', 2, { title: 'of nobody' })],
    links: [toUser(1, id), toUser(2, 999_999)],
  });
  expect(lossesOf(plan)).toEqual([
    '1 links of api::post.post.owner to a document that is not imported, or beside another one',
  ]);
  const posts = await server.database.prisma.post.findMany({ orderBy: { id: 'asc' }, include: { owner: true } });
  expect(posts.map(({ owner }) => owner?.username)).toEqual([username, undefined]);
});

test('a password and a picture are never kept in a column of their name, and what was private is named', async () => {
  const plan = await importContent({
    schemas: [
      schema('author', { name: { ...string, private: true }, bio: { type: 'password' }, email: { type: 'media' } }),
    ],
    entities: [row('author', 1, { name: 'Ada', bio: '$2a$10$secret' })],
  });
  expect(plan.lines).toEqual([
    'api::author.author: 1 document',
    'api::author.author.name is private in Strapi. Here clients that can find it can read it',
  ]);
  expect(lossesOf(plan)).toEqual(['1 values of api::author.author.bio, a password']);
  expect(await server.database.prisma.author.findFirst()).toMatchObject({ name: 'Ada', bio: null, email: null });
});

test('nothing is written beside documents that are there', async () => {
  await read('mutation { createAuthor(data: { name: "Here" }) { documentId } }');
  const { obstacles } = await importContent({ schemas: [author], entities: [row('author', 1, { name: 'Ada' })] });
  expect(obstacles).toEqual(['There are documents of Author already. Content is imported into empty tables only.']);
  expect((await server.database.prisma.author.findMany()).map(({ name }) => name)).toEqual(['Here']);
});

test('ten thousand documents come in batches', async () => {
  const count = 10_000;
  await importContent({
    schemas: [tag],
    entities: Array.from({ length: count }, (_, at) => row('tag', at + 1, { name: `tag ${at}` })),
  });
  expect(await server.database.prisma.tag.count()).toBe(count);
});

test.each([
  ['a documentId that Strapi does not make', row('tag', 1, { name: 'secret', documentId: 'secret '.repeat(1_000) })],
  ['a documentId that is no text', row('tag', 1, { name: 'secret', documentId: 7 })],
])('a row with %s is refused, by its id', async (_, entity) => {
  await expect(importContent({ schemas: [tag], entities: [entity] })).rejects.toThrow(
    /^api::tag\.tag: the row with the id 1 has a documentId that Strapi does not make$/,
  );
});

test('what a table refuses by a constraint of its own stops the import, without a value in the message', async () => {
  const { database } = server;
  await database.query('ALTER TABLE tags ADD CONSTRAINT short CHECK (length(name) < 5)', []);
  try {
    const entities = [
      row('author', 1, { name: 'Ada' }),
      row('tag', 1, { name: 'ok' }),
      row('tag', 2, { name: 'secret' }),
    ];
    await expect(importContent({ schemas: [author, tag], entities })).rejects.toThrow(
      /^The table of Tag refuses documents of Strapi, by a constraint or a trigger of its own \(SQLSTATE 23514\)\. Nothing was imported\.$/,
    );
    expect(await database.prisma.author.count()).toBe(0);
  } finally {
    await database.query('ALTER TABLE tags DROP CONSTRAINT short', []);
  }
});
