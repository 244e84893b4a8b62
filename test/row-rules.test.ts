import { type ExecutionResult, graphql } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Grant } from '../src/authorization/grants.ts';
import { guarded } from '../src/authorization/guard.ts';
import { type Permissions, permissionsOf } from '../src/authorization/permissions.ts';
import { createBuilder } from '../src/graphql/builder.ts';
import { addContentTypes } from '../src/graphql/content-type/add-content-types.ts';
import { resolveContentTypes } from '../src/graphql/content-type/resolve-content-types.ts';
import { usersAndRoles } from '../src/graphql/users-permissions/users-permissions-types.ts';
import * as content from './blog/content/index.ts';
import type { Database } from './blog/open-database.ts';
import { contextOf } from './support/context.ts';
import { openTestDatabase } from './support/database.ts';
import { replaceBlog, type SmallBlog } from './support/small-blog.ts';

// No built-in permission has a rule for rows yet, so these tests execute the schema with permissions of their own.

let database: Database;
let blog: SmallBlog;
beforeAll(async () => {
  database = await openTestDatabase();
  blog = await replaceBlog(database);
});
afterAll(() => database?.close());

const ALL = ['post', 'author', 'category', 'tag'].flatMap((type) =>
  ['find', 'findOne', 'create', 'update', 'delete'].map((verb) => `${type}.${verb}`),
);

/** Allows everything, but limits these actions to the rows that match their rule. */
function withRules(rules: Readonly<Record<string, Grant>>): Permissions {
  const all = permissionsOf(ALL);
  return { ...all, grants: (action) => (rules[action] ? [rules[action]] : all.grants(action)) };
}

async function ask(source: string, permissions: Permissions, variableValues: Record<string, unknown> = {}) {
  const builder = createBuilder(database);
  addContentTypes(
    builder,
    database,
    resolveContentTypes(database.models, [...Object.values(content), ...usersAndRoles({ fields: [] })]),
  );
  const schema = guarded(builder.toSchema());
  const contextValue = contextOf(permissions);
  const { data, errors } = (await graphql({ schema, source, contextValue, variableValues })) as ExecutionResult;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its document asked for
  return { data: data as any, errors };
}

const featured = { where: { featured: { eq: true } } };
const byAda = { where: { author: { name: { eqi: 'ada' } } } };
const adas = () => blog.authors.filter(({ name }) => String(name).toLowerCase() === 'ada');
const ids = (rows: readonly { documentId: string }[]) => rows.map(({ documentId }) => documentId);

describe('rows that a rule hides from a viewer', () => {
  test('are in no list, count or page', async () => {
    const { data, errors } = await ask(
      '{ posts(pagination: { limit: 100 }) { documentId } posts_connection { pageInfo { total } } }',
      withRules({ 'post.find': featured }),
    );
    expect(errors).toBeUndefined();
    const seen = blog.posts.filter((post) => post['featured']);
    expect(ids(data.posts)).toEqual(ids(seen));
    expect(data.posts_connection.pageInfo.total).toBe(seen.length);
  });

  test('are also hidden by a rule over a relation', async () => {
    const { data } = await ask(
      '{ posts(pagination: { limit: 100 }) { documentId } }',
      withRules({ 'post.find': byAda }),
    );
    const names = ids(adas());
    const seen = blog.posts.filter(({ author }) =>
      names.includes((author as { documentId: string } | null)?.documentId ?? ''),
    );
    expect(seen.length).toBeGreaterThan(0);
    expect(ids(data.posts)).toEqual(ids(seen));
  });

  test('are not in to-one or to-many relations', async () => {
    const permissions = withRules({ 'post.find': featured, 'author.find': { where: { name: { eq: 'Ada' } } } });
    const { data } = await ask(
      '{ posts(pagination: { limit: 100 }) { author { name } } tags { posts(pagination: { limit: 100 }) { featured } posts_connection { pageInfo { total } nodes { featured } } } }',
      permissions,
    );
    const names = new Set(data.posts.map(({ author }: { author: { name: string } | null }) => author?.name));
    expect(names).toEqual(new Set(['Ada', undefined]));
    for (const { posts, posts_connection } of data.tags) {
      expect(posts.every((post: { featured: boolean }) => post.featured)).toBe(true);
      expect(posts_connection.pageInfo.total).toBe(posts.length);
    }
  });

  test('do not affect filters or sorting', async () => {
    const permissions = withRules({ 'author.find': { where: { name: { eq: 'Ada' } } } });
    const hidden = blog.authors.find(({ name }) => name === 'Éloïse');
    const by = (filter: string) =>
      ask(`{ posts(filters: ${filter}, pagination: { limit: 100 }) { documentId } }`, permissions);
    expect((await by(`{ author: { documentId: { eq: "${hidden?.documentId}" } } }`)).data.posts).toEqual([]);
    expect((await by('{ author: { name: { contains: "l" } } }')).data.posts).toEqual([]);
    // For this viewer, a post with a hidden author has no author.
    const withoutAuthor = blog.posts.filter(({ author }) => (author as { name: string } | null)?.name !== 'Ada');
    expect(ids((await by('{ author: null }')).data.posts)).toEqual(ids(withoutAuthor));
    const sorted = await ask(
      '{ posts(sort: "author.name:desc", pagination: { limit: 100 }) { documentId } }',
      permissions,
    );
    expect(ids(sorted.data.posts).slice(0, withoutAuthor.length)).toEqual(ids(withoutAuthor));
    const authors = await ask(
      '{ authors(filters: { posts: { featured: { eq: false } } }) { name } }',
      withRules({ 'post.find': featured }),
    );
    expect(authors.data.authors).toEqual([]);
  });

  test('are not found, updated or deleted by documentId, as if they did not exist', async () => {
    const [hidden] = blog.posts.filter((post) => !post['featured']);
    const rules = { 'post.findOne': featured, 'post.update': featured, 'post.delete': featured };
    const { data, errors = [] } = await ask(
      `{ post(documentId: "${hidden?.documentId}") { title } }`,
      withRules(rules),
    );
    expect({ data, errors }).toEqual({ data: { post: null }, errors: [] });
    for (const mutation of [
      `updatePost(documentId: "${hidden?.documentId}", data: { title: "Mine" }) { title }`,
      `deletePost(documentId: "${hidden?.documentId}") { documentId }`,
    ]) {
      const ofHidden = await ask(`mutation { ${mutation} }`, withRules(rules));
      const ofMissing = await ask(
        `mutation { ${mutation.replace(String(hidden?.documentId), 'nothing')} }`,
        withRules(rules),
      );
      expect(ofHidden).toEqual(ofMissing);
      expect(ofHidden.errors?.[0]?.extensions?.['code']).toBe('NOT_FOUND');
    }
    expect(
      await database.prisma.post.findUnique({
        where: { documentId: String(hidden?.documentId) },
        select: { title: true },
      }),
    ).toEqual({
      title: hidden?.['title'],
    });
  });

  test('cannot be linked to, as if they did not exist', async () => {
    const permissions = withRules({ 'author.find': { where: { name: { eq: 'Ada' } } } });
    const create = (author: string) =>
      ask('mutation ($data: PostInput!) { createPost(data: $data) { title } }', permissions, {
        data: { title: 'Linked', author },
      });
    const hidden = await create(String(blog.authors.find(({ name }) => name === 'Éloïse')?.documentId));
    expect(hidden.errors?.map(({ message }) => message)).toEqual(['author names a document that does not exist']);
    expect(hidden).toEqual(await create('nothing'));
    expect(await database.prisma.post.count({ where: { title: 'Linked' } })).toBe(0);
  });
});

test('an invalid rule allows nothing', async () => {
  for (const where of [{ nothing: { eq: 1 } }, {}, { title: { like: '%' } }]) {
    const { data, errors } = await ask('{ posts { title } }', withRules({ 'post.find': { where } }));
    expect(data).toEqual({ posts: null });
    expect(errors).toHaveLength(1);
  }
});
