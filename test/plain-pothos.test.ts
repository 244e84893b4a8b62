import { graphql } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guarded } from '../src/authorization/guard.ts';
import { permissionsOf } from '../src/authorization/permissions.ts';
import { createBuilder } from '../src/graphql/builder.ts';
import { addContentTypes } from '../src/graphql/content-type/add-content-types.ts';
import { resolveContentTypes } from '../src/graphql/content-type/resolve-content-types.ts';
import { usersAndRoles } from '../src/graphql/users-permissions/users-permissions-types.ts';
import { ofBlog } from './blog/builder.ts';
import * as content from './blog/content/index.ts';
import type { Database } from './blog/open-database.ts';
import { contextOf } from './support/context.ts';
import { openTestDatabase } from './support/database.ts';

/** Extending content types with plain Pothos: custom fields that return their rows, and custom fields on them. */

const statements: string[] = [];
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase({ onStatement: (sql) => statements.push(sql) });
});
afterAll(() => database?.close());

async function ask(
  source: string,
  actions: readonly string[] = ['post.find', 'author.find', 'tag.find', 'category.find'],
) {
  const { prisma } = database;
  const anyBuilder = createBuilder(database);
  addContentTypes(
    anyBuilder,
    database,
    resolveContentTypes(database.models, [...Object.values(content), ...usersAndRoles({ fields: [] })]),
  );
  const builder = ofBlog(anyBuilder);
  builder.queryField('longestPosts', (t) =>
    t.prismaField({
      type: ['Post'],
      authScopes: { action: 'post.find' },
      resolve: (query) => prisma.post.findMany({ ...query, orderBy: { title: 'desc' }, take: 20 }),
    }),
  );
  const Shelf = builder.objectRef<{ wait: number }>('Shelf').implement({
    fields: (t) => ({
      posts: t.prismaField({
        type: ['Post'],
        authScopes: { action: 'post.find' },
        resolve: async (query, { wait }) => {
          expect({ ...query }).toEqual({ select: { id: true } });
          for (let step = 0; step < wait; step++) await undefined;
          return [wait + 1, wait + 2].map((id) => ({ id }) as never);
        },
      }),
    }),
  });
  builder.queryField('shelves', (t) =>
    t.field({
      type: [Shelf],
      authScopes: { action: 'post.find' },
      resolve: () => [{ wait: 0 }, { wait: 3 }, { wait: 9 }],
    }),
  );
  builder.prismaObjectField('Post', 'shout', (t) =>
    t.string({ select: { title: true }, resolve: ({ title }) => title.toUpperCase() }),
  );
  const schema = guarded(builder.toSchema());
  statements.length = 0;
  const contextValue = contextOf(permissionsOf(actions));
  const { data, errors } = await graphql({ schema, source, contextValue });
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its document asked for
  return { data: data as any, errors };
}

const SELECTED =
  'title publishedAt author { name posts(pagination: { limit: 2 }) { title } } tags(sort: "name:desc") { name } tags_connection { pageInfo { total } }';

describe('a custom field that returns a content type', () => {
  test('has all fields of the type, for one more statement with any number of rows', async () => {
    const { data, errors } = await ask(
      `{ longestPosts { ${SELECTED} } posts(sort: "title:desc", pagination: { limit: 20 }) { ${SELECTED} } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.longestPosts).toHaveLength(20);
    expect(data.longestPosts).toEqual(data.posts);
    expect(statements).toHaveLength(3);
  });

  test('also in several lists, and in lists that resolve one after the other', async () => {
    const { data, errors } = await ask('{ shelves { posts { title author { name } } } }');
    expect(errors).toBeUndefined();
    expect(data.shelves.map(({ posts }: { posts: unknown[] }) => posts.length)).toEqual([2, 2, 2]);
    expect(statements).toHaveLength(1);
  });

  test('refuses a relation that the viewer cannot find, once for the list', async () => {
    const { data, errors } = await ask('{ longestPosts { title author { name } } }', ['post.find']);
    expect(errors?.map(({ path }) => path)).toEqual([['longestPosts', 0, 'author']]);
    expect(new Set(data.longestPosts.map(({ author }: { author: unknown }) => author))).toEqual(new Set([null]));
    expect(statements.filter((sql) => sql.includes('"authors"'))).toEqual([]);
  });
});

test('a custom field on a content type loads what it selects, with a fixed number of statements', async () => {
  const counts: number[] = [];
  for (const limit of [2, 40]) {
    const { data, errors } = await ask(`{ posts(pagination: { limit: ${limit} }) { title shout } }`);
    expect(errors).toBeUndefined();
    expect(data.posts).toHaveLength(limit);
    for (const { title, shout } of data.posts) expect(shout).toBe(title.toUpperCase());
    counts.push(statements.length);
  }
  expect(new Set(counts)).toEqual(new Set([2]));
});
