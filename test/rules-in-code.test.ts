import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Grant } from '../src/authorization/grants.ts';
import type { PrismaClient } from '../src/generated/prisma/client.ts';
import type { App } from '../src/start/app.ts';
import { blog } from './blog/blog.ts';
import { ofBlog } from './blog/builder.ts';
import * as content from './blog/content/index.ts';
import { contentType } from './blog/declare.ts';
import type { WithBlog } from './blog/models.ts';
import { restrict } from './support/restrict.ts';
import { startServer, type TestServer } from './support/start.ts';

/** What a project writes in code: fields that apply the rules of permissions themselves, and conditions that hold for everybody. */

const app: App = {
  ...blog,
  extend(anyBuilder, { prisma: anyPrisma, may, rowsAllowed }) {
    const builder = ofBlog(anyBuilder);
    const prisma = anyPrisma as WithBlog<PrismaClient>;
    builder.queryField('titles', (t) =>
      t.stringList({
        nullable: true,
        authScopes: { actionWithRules: 'post.find' },
        resolve: async (_root, _args, context) => {
          const rows = await prisma.$queryRaw<{ title: string }[]>`
            SELECT p."title" FROM "posts" p WHERE ${rowsAllowed(context, 'post.find', 'p')} AND p."views" < ${100}
            ORDER BY p."title"`;
          return rows.map(({ title }) => title);
        },
      }),
    );
    builder.queryField('postCount', (t) =>
      t.int({ nullable: true, authScopes: { action: 'post.find' }, resolve: () => prisma.post.count() }),
    );
    builder.queryField('mayUpdate', (t) =>
      t.boolean({
        nullable: true,
        authScopes: { actionWithRules: 'post.find' },
        args: { documentId: t.arg.string({ required: true }) },
        resolve: (_root, { documentId }, context) => may(context, 'post.update', documentId),
      }),
    );
    builder.queryField('everyPost', (t) =>
      t.prismaField({
        type: ['Post'],
        nullable: { list: true, items: true },
        authScopes: { actionWithRules: 'post.find' },
        resolve: (query) => prisma.post.findMany({ ...query, orderBy: { title: 'asc' } }),
      }),
    );
    builder.prismaObjectField('Post', 'shout', (t) =>
      t.string({ nullable: true, select: { title: true }, resolve: ({ title }) => title.toUpperCase() }),
    );
  },
};

let server: TestServer;
const documents = new Map<string, string>();
beforeAll(async () => {
  server = await startServer({ app });
  const { prisma } = server.database;
  await prisma.post.deleteMany();
  const { id: ownerId } = await prisma.user.findFirstOrThrow({ where: { username: 'reader' } });
  for (const post of [
    { title: 'mine', ownerId },
    { title: 'shown', featured: true },
    { title: 'hidden' },
    { title: 'seen by many', featured: true, views: 500 },
  ]) {
    const { documentId } = await prisma.post.create({ data: post });
    documents.set(post.title, documentId);
  }
});
afterAll(() => server?.close());

const SOME: readonly Grant[] = [{ where: { owner: '$user' } }, { where: { featured: { eq: true } } }];

describe('a field in plain Pothos', () => {
  test('has the rows that the rules allow, in SQL of its own', async () => {
    const token = await server.tokenOf('reader');
    await restrict(server.database, 'authenticated', 'post.find', SOME);
    expect((await server.ask('{ titles }', { token })).data.titles).toEqual(['mine', 'shown']);
    await restrict(server.database, 'authenticated', 'post.find', null);
    expect((await server.ask('{ titles }', { token })).data.titles).toEqual(['hidden', 'mine', 'shown']);
    await restrict(server.database, 'authenticated', 'post.find', undefined);
    const refused = await server.ask('{ titles }', { token });
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('is not for who has some rows only, unless it says that it applies the rules', async () => {
    const token = await server.tokenOf('reader');
    await restrict(server.database, 'authenticated', 'post.find', SOME);
    const refused = await server.ask('{ postCount titles }', { token });
    expect(refused.errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['postCount', 'FORBIDDEN'],
    ]);
    await restrict(server.database, 'authenticated', 'post.find', null);
    expect((await server.ask('{ postCount }', { token })).data.postCount).toBe(4);
  });

  test('asks whether its viewer may, of one document: of one that is not there as of one that is hidden', async () => {
    const token = await server.tokenOf('reader');
    const ask = async (title: string) => {
      const documentId = documents.get(title) ?? 'nothing';
      return (await server.ask(`{ mayUpdate(documentId: "${documentId}") }`, { token })).data.mayUpdate;
    };
    await restrict(server.database, 'authenticated', 'post.update', undefined);
    expect([await ask('mine'), await ask('shown')]).toEqual([false, false]);
    await restrict(server.database, 'authenticated', 'post.update', SOME.slice(0, 1));
    expect([await ask('mine'), await ask('shown'), await ask('no such post')]).toEqual([true, false, false]);
    await restrict(server.database, 'authenticated', 'post.update', null);
    expect([await ask('mine'), await ask('shown'), await ask('no such post')]).toEqual([true, true, false]);
    await restrict(server.database, 'authenticated', 'post.update', undefined);
  });

  test('that returns hidden rows shows nothing of them', async () => {
    const token = await server.tokenOf('reader');
    await restrict(server.database, 'authenticated', 'post.find', SOME);
    const { data, errors } = await server.ask('{ everyPost { title shout author { name } } }', { token });
    expect(data.everyPost.map((post: { title: string } | null) => post?.title)).toEqual([
      undefined,
      'mine',
      'seen by many',
      'shown',
    ]);
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['everyPost.0.title', 'NOT_FOUND'],
    ]);
    const shouted = await server.ask('{ everyPost { shout } }', { token });
    expect(shouted.data.everyPost.map(({ shout }: { shout: string | null }) => shout)).toEqual([
      null,
      'MINE',
      'SEEN BY MANY',
      'SHOWN',
    ]);
  });

  test('on a content type is shown where every column is', async () => {
    const token = await server.tokenOf('reader');
    await restrict(server.database, 'authenticated', 'post.find', [{ fields: ['title'] }]);
    const restricted = await server.ask('{ posts { title shout } }', { token });
    expect(restricted.data.posts[0].shout).toBeNull();
    expect(restricted.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    await restrict(server.database, 'authenticated', 'post.find', [{ where: { featured: { eq: true } } }]);
    const { data, errors } = await server.ask('{ posts { shout } }', { token });
    expect(errors).toBeUndefined();
    expect(data.posts).toEqual([{ shout: 'SHOWN' }, { shout: 'SEEN BY MANY' }]);
  });
});

describe('a condition that a content type declares', () => {
  let withCondition: TestServer;
  beforeAll(async () => {
    const columns = ['title', 'featured', 'views'] as const;
    const post = contentType('Post', {
      read: [...columns, 'tags'],
      write: columns,
      where: { featured: { eq: false } },
    });
    withCondition = await startServer({ contentTypes: Object.values({ ...content, post }) });
  });
  afterAll(() => withCondition?.close());

  test('holds for everybody, whatever their role says, and for none of the administrators', async () => {
    const { prisma } = withCondition.database;
    const hidden = await prisma.post.findFirstOrThrow({ where: { featured: true } });
    for (const [token, allowed] of [
      [undefined, { premium: false }],
      [await withCondition.tokenOf('editor'), {}],
    ] as const) {
      const { data, errors } = await withCondition.ask(
        `{ posts_connection { pageInfo { total } } post(documentId: "${hidden.documentId}") { title } tags { posts(pagination: { limit: -1 }) { featured } } }`,
        { token },
      );
      expect(errors).toBeUndefined();
      const count = await prisma.post.count({ where: { ...allowed, featured: false } });
      expect(data.posts_connection.pageInfo.total).toBe(count);
      expect(data.post).toBeNull();
      for (const tag of data.tags) for (const post of tag.posts) expect(post.featured).toBe(false);
    }
    const admin = await withCondition.adminToken();
    const whole = await withCondition.askAdmin('{ posts_connection { pageInfo { total } } }', { token: admin });
    expect(whole.data.posts_connection.pageInfo.total).toBe(await prisma.post.count());
  });

  test('of a row that it hides, a write does not tell that it is there', async () => {
    const { prisma } = withCondition.database;
    const hidden = await prisma.post.findFirstOrThrow({ where: { featured: true } });
    const token = await withCondition.tokenOf('editor');
    for (const write of [
      'updatePost(documentId: "ID", data: { title: "x" }) { title }',
      'deletePost(documentId: "ID") { documentId }',
    ]) {
      const answers = [];
      for (const id of [hidden.documentId, 'nothing']) {
        answers.push((await withCondition.ask(`mutation { ${write.replace('ID', id)} }`, { token })).text);
      }
      expect(answers[0]).toBe(answers[1]);
      expect(answers[0]).toContain('NOT_FOUND');
    }
    expect(await prisma.post.count({ where: { documentId: hidden.documentId, title: hidden.title } })).toBe(1);
  });

  test('holds for what a grant reaches, too, where both follow the same relation', async () => {
    const post = contentType('Post', {
      read: ['title', 'author'],
      write: ['title'],
      where: { author: { name: { ne: 'Nobody' } } },
    });
    const author = contentType('Author', { read: ['name'], write: ['name'], where: { bio: { ne: 'deleted' } } });
    const started = await startServer({ contentTypes: Object.values({ ...content, post, author }) });
    try {
      const { prisma } = started.database;
      await prisma.post.deleteMany();
      for (const bio of ['deleted', 'there']) {
        const { id: authorId } = await prisma.author.create({ data: { name: 'Grace', bio } });
        await prisma.post.create({ data: { title: `by one ${bio}`, authorId } });
      }
      const byGrace: readonly Grant[] = [{ where: { author: { name: { eq: 'Grace' } } } }];
      for (const action of ['post.find', 'post.update'])
        await restrict(started.database, 'authenticated', action, byGrace);
      const token = await started.tokenOf('reader');
      const { data } = await started.ask('{ posts { title author { name } } }', { token });
      expect(data.posts).toEqual([{ title: 'by one there', author: { name: 'Grace' } }]);
      const write = 'mutation ($id: ID!) { updatePost(documentId: $id, data: { title: "changed" }) { title } }';
      for (const { documentId, title } of await prisma.post.findMany()) {
        const { errors } = await started.ask(write, { token, variables: { id: documentId } });
        expect(errors?.[0]?.extensions.code).toBe(title === 'by one there' ? undefined : 'NOT_FOUND');
      }
    } finally {
      await started.close();
    }
  });

  test('that cannot be read stops the start, with what is wrong', async () => {
    const wrong = contentType('Post', {
      read: ['title'],
      write: ['title'],
      where: { titel: { eq: 'x' }, title: { eq: '$somebody' } },
    });
    await expect(startServer({ contentTypes: Object.values({ ...content, post: wrong }) })).rejects.toThrow(
      /Post: where\.titel: Post has no column or relation titel[\s\S]*where\.title\.eq: \$somebody is not a variable/,
    );
  });
});
