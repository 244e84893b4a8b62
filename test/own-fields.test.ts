import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Grant } from '../src/authorization/grants.ts';
import { ApiError, applicationError } from '../src/common/errors.ts';
import type { ContentHooks } from '../src/graphql/content-type/hooks/hooks.ts';
import type { Context } from '../src/graphql/context.ts';
import type { App } from '../src/start/app.ts';
import { blog } from './blog/blog.ts';
import { ofBlog } from './blog/builder.ts';
import * as content from './blog/content/index.ts';
import { contentType } from './blog/declare.ts';
import type PrismaTypes from './blog/generated/src/generated/pothos-types.ts';
import { addOwnFields, type BlogParts, partsOfBlog } from './support/own-fields.ts';
import { restrict as restrictRole } from './support/restrict.ts';
import { type Answer, startServer, type TestServer } from './support/start.ts';

/** Fields of a project that read and write content within the permissions of their viewer, through the front door. */

/** What the fields of the test that runs do. */
let act: (parts: BlogParts, context: Context) => Promise<unknown> = async () => null;
let hooks: ContentHooks<PrismaTypes['Post']> = {};
const ran: string[] = [];

const columns = ['title', 'slug', 'content', 'featured', 'views', 'publishedAt'] as const;
const post = contentType('Post', {
  read: [...columns, 'author', 'tags', 'owner', 'rating'],
  write: [...columns, 'author', 'tags'],
  columns: { slug: { format: 'slug', maxLength: 40 } },
  hooks: {
    beforeCreate: (data, context) => hooks.beforeCreate?.(data, context),
    beforeUpdate: (data, context) => hooks.beforeUpdate?.(data, context),
    beforeDelete: (context) => hooks.beforeDelete?.(context),
    afterCreate: ({ title }) => void ran.push(`afterCreate ${title}`),
    afterDelete: () => void ran.push('afterDelete'),
  },
});

let archive: Server;
const articles: Record<string, object> = {};
const app = (archiveUrl: string): App => ({
  ...blog,
  contentTypes: Object.values({ ...content, post }),
  extend(anyBuilder, anyParts) {
    const builder = ofBlog(anyBuilder);
    const parts = partsOfBlog(anyParts);
    addOwnFields(builder, parts, archiveUrl);
    const Post = parts.content.type('Post');
    const returned = async (context: Context) => (await act(parts, context)) as never;
    builder.mutationField('act', (t) =>
      t.string({
        nullable: true,
        authScopes: { action: 'test.act' },
        resolve: async (_root, _args, context) => JSON.stringify(await act(parts, context)),
      }),
    );
    builder.mutationField('actOnPost', (t) =>
      t.field({
        type: Post,
        nullable: true,
        authScopes: { action: 'test.act' },
        grantScopes: ['Post'],
        resolve: (_root, _args, context) => returned(context),
      }),
    );
    builder.queryField('look', (t) =>
      t.string({
        nullable: true,
        authScopes: { action: 'test.act' },
        resolve: async (_root, _args, context) => JSON.stringify(await act(parts, context)),
      }),
    );
    builder.queryField('lookAtPosts', (t) =>
      t.field({
        type: [Post],
        nullable: { list: true, items: true },
        authScopes: { action: 'test.act' },
        grantScopes: ['Post'],
        resolve: (_root, _args, context) => returned(context),
      }),
    );
  },
});

let server: TestServer;
let token: string;
const users: Record<string, { readonly id: number; readonly documentId: string }> = {};
beforeAll(async () => {
  archive = createServer((request, response) => {
    const article = articles[decodeURIComponent(request.url?.slice(1) ?? '')];
    response.writeHead(article ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(article ?? {}));
  });
  await new Promise<void>((resolve) => archive.listen(0, '127.0.0.1', resolve));
  server = await startServer({ app: app(`http://127.0.0.1:${(archive.address() as AddressInfo).port}`) });
  for (const username of ['reader', 'editor']) {
    users[username] = await server.database.prisma.user.findFirstOrThrow({
      where: { username },
      select: { id: true, documentId: true },
    });
  }
  token = await server.tokenOf('reader');
});
afterAll(async () => {
  archive?.close();
  await server?.close();
});

const restrict = (action: string, grants: readonly Grant[] | null | undefined) =>
  restrictRole(server.database, 'authenticated', action, grants);

let ids: Readonly<Record<'mine' | 'theirs', string>>;
beforeEach(async () => {
  const { prisma } = server.database;
  await prisma.post.deleteMany();
  const made = async (title: string, owner: string) =>
    (await prisma.post.create({ data: { title, slug: title, content: title, ownerId: users[owner]?.id ?? null } }))
      .documentId;
  ids = { mine: await made('mine', 'reader'), theirs: await made('theirs', 'editor') };
  for (const verb of ['find', 'findOne', 'create', 'update', 'delete', 'import', 'publish'])
    await restrict(`post.${verb}`, null);
  for (const action of ['test.act', 'author.find', 'tag.find', 'user.find', 'siteSetting.find', 'siteSetting.update'])
    await restrict(action, null);
  act = async () => null;
  hooks = {};
  ran.length = 0;
  server.log.length = 0;
});
afterEach(() => server.gatehouse.idle());

const ask = (document: string, variables: Record<string, unknown> = {}) => server.ask(document, { token, variables });
/** What code of the project gets, as JSON. */
async function acting(work: typeof act) {
  act = work;
  const answer = await ask('mutation { act }');
  return { ...answer, result: answer.data?.act == null ? undefined : JSON.parse(answer.data.act) };
}
const stored = (documentId: string) => server.database.prisma.post.findUnique({ where: { documentId } });
const titles = async () =>
  (await server.database.prisma.post.findMany({ orderBy: { id: 'asc' } })).map(({ title }) => title);
const errorsOf = ({ errors }: Pick<Answer, 'errors'>) =>
  errors?.map(({ message, extensions: { code, error } }) => ({ message, code, details: error.details }));
const codes = ({ errors }: Pick<Answer, 'errors'>) => errors?.map(({ extensions }) => extensions.code) ?? [];
const faults = ({ errors }: Pick<Answer, 'errors'>) =>
  errors?.flatMap(({ extensions }) =>
    (extensions.error.details.errors ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`),
  );

const OWN: Grant = { where: { owner: '$user' } };

describe('the example of docs/own-logic.md', () => {
  const imported = (article: string) =>
    ask('mutation ($article: String!) { importPost(article: $article) { title slug owner { username } } }', {
      article,
    });
  const publish = (documentId: string) =>
    ask('mutation ($documentId: ID!) { publishPost(documentId: $documentId) { title publishedAt } }', { documentId });

  test('is on the page to the letter', () => {
    const file = readFileSync('test/support/own-fields.ts', 'utf8');
    const code = file.slice(file.indexOf('  // begin\n') + '  // begin\n'.length, file.indexOf('  // end\n'));
    expect(readFileSync('docs/own-logic.md', 'utf8')).toContain(code.replaceAll(/^ {2}/gm, ''));
  });

  test('writes what an outside service answered, within the permissions of its viewer', async () => {
    articles['new'] = { title: 'New', slug: 'new', text: 'about it' };
    await restrict('post.create', [{ set: { owner: '$user' } }]);
    const { data, errors } = await imported('new');
    expect(errors).toBeUndefined();
    expect(data.importPost).toEqual({ title: 'New', slug: 'new', owner: { username: 'reader' } });
    expect((await imported('nothing')).errors?.[0]?.message).toBe('The archive has no such article');
    expect(await titles()).toEqual(['mine', 'theirs', 'New']);
  });

  test('has the errors of the generated mutation, to the letter', async () => {
    articles['twice'] = { title: 'Again', slug: 'mine' };
    articles['nameless'] = { slug: 'not a slug', text: 'x' };
    const [twice, nameless] = [await imported('twice'), await imported('nameless')];
    expect(faults(twice)).toEqual(['slug: This attribute must be unique']);
    expect(faults(nameless)).toEqual(['title: title must be defined.', expect.stringMatching(/^slug: slug must be/)]);
    const generated = (data: object) =>
      ask('mutation ($data: PostInput!) { createPost(data: $data) { title } }', { data });
    expect(errorsOf(twice)).toEqual(errorsOf(await generated({ title: 'Again', slug: 'mine' })));
    expect(errorsOf(nameless)).toEqual(errorsOf(await generated({ slug: 'not a slug', content: 'x' })));
    expect(await titles()).toEqual(['mine', 'theirs']);
  });

  test('of two that import the same at once, one is refused', async () => {
    articles['once'] = { title: 'Once', slug: 'once' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => imported('once')));
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    for (const answer of answers) {
      if (answer.errors) expect(faults(answer)).toEqual(['slug: This attribute must be unique']);
    }
    expect(await titles()).toEqual(['mine', 'theirs', 'Once']);
  });

  test('has an action of its own, beside that of the write', async () => {
    await restrict('post.update', [{ where: { owner: '$user' }, fields: ['title'] }]);
    const { data, errors } = await publish(ids.mine);
    expect(errors).toBeUndefined();
    expect(data.publishPost).toEqual({ title: 'mine', publishedAt: expect.any(String) });
    expect(codes(await publish(ids.theirs))).toEqual(['NOT_FOUND']);
    expect((await stored(ids.theirs))?.publishedAt).toBeNull();
    // The field itself cannot be sent: only this mutation sets it.
    const sent = await ask(
      `mutation { updatePost(documentId: "${ids.mine}", data: { publishedAt: "2026-01-01T00:00:00Z" }) { title } }`,
    );
    expect(codes(sent)).toEqual(['FORBIDDEN']);
    for (const action of ['post.publish', 'post.update']) {
      await restrict('post.publish', null);
      await restrict('post.update', null);
      await restrict(action, undefined);
      expect(errorsOf(await publish(ids.mine))).toEqual([
        { message: 'Forbidden access', code: 'FORBIDDEN', details: { action } },
      ]);
    }
  });

  test('does two writes or none', async () => {
    const replace = (documentId: string, by: string) =>
      ask('mutation ($documentId: ID!, $by: ID!) { replacePost(documentId: $documentId, by: $by) { title slug } }', {
        documentId,
        by,
      });
    await restrict('post.update', [OWN]);
    expect(codes(await replace(ids.mine, ids.theirs))).toEqual(['NOT_FOUND']);
    expect(await titles()).toEqual(['mine', 'theirs']);
    expect((await replace(ids.theirs, ids.mine)).data.replacePost).toEqual({ title: 'mine', slug: 'theirs' });
    expect(await titles()).toEqual(['mine']);
    await server.gatehouse.idle();
    expect(ran).toEqual(['afterDelete']);
  });

  test('lists what its viewer can find, and acts with the power of the server where it says so', async () => {
    await server.database.prisma.post.updateMany({ data: { publishedAt: new Date() } });
    await restrict('post.find', [OWN]);
    await restrict('post.findOne', [OWN]);
    await restrict('post.update', undefined);
    expect((await ask('{ newestPosts { title } }')).data.newestPosts).toEqual([{ title: 'mine' }]);
    const count = (documentId: string) => ask(`mutation { countView(documentId: "${documentId}") }`);
    expect((await count(ids.mine)).data.countView).toBe(true);
    expect((await count(ids.theirs)).data.countView).toBe(false);
    expect([(await stored(ids.mine))?.views, (await stored(ids.theirs))?.views]).toEqual([1, 0]);
  });
});

describe('a write in code', () => {
  test.each(['create', 'update', 'delete'] as const)('is refused without the action: %s', async (verb) => {
    await restrict(`post.${verb}`, undefined);
    const answer = await acting(({ content }, context) => {
      if (verb === 'create') return content.create('Post', { title: 'x' }, context);
      if (verb === 'update') return content.update('Post', ids.mine, { title: 'x' }, context);
      return content.delete('Post', ids.mine, context);
    });
    expect(errorsOf(answer)).toEqual([
      { message: 'Forbidden access', code: 'FORBIDDEN', details: { action: `post.${verb}` } },
    ]);
    expect(await titles()).toEqual(['mine', 'theirs']);
  });

  test('of a document that the viewer cannot write is as of one that is not there', async () => {
    await restrict('post.update', [OWN]);
    await restrict('post.delete', [OWN]);
    let hooked = 0;
    hooks.beforeUpdate = hooks.beforeDelete = () => void hooked++;
    for (const documentId of [ids.theirs, 'nothing']) {
      for (const work of [
        ({ content }: BlogParts, context: Context) => content.update('Post', documentId, { slug: 'mine' }, context),
        ({ content }: BlogParts, context: Context) =>
          content.update('Post', documentId, {}, context, { set: { views: 5 } }),
        ({ content }: BlogParts, context: Context) => content.delete('Post', documentId, context),
      ]) {
        expect(errorsOf(await acting(work))).toEqual([{ message: 'Post not found', code: 'NOT_FOUND', details: {} }]);
      }
    }
    expect(hooked).toBe(0);
    expect(await titles()).toEqual(['mine', 'theirs']);
  });

  test('keeps to the fields and the check of a grant, and sets what the grant sets', async () => {
    await restrict('post.update', [{ ...OWN, fields: ['title'], check: { title: { ne: 'forbidden' } } }]);
    const update = (data: object, set?: object) =>
      acting(({ content }, context) => content.update('Post', ids.mine, data, context, { ...(set && { set }) }));
    expect(codes(await update({ title: 'a', content: 'b' }))).toEqual(['FORBIDDEN']);
    expect(codes(await update({ title: 'forbidden' }))).toEqual(['FORBIDDEN']);
    expect(codes(await update({}, { title: 'forbidden' }))).toEqual(['FORBIDDEN']);
    expect(codes(await update({ title: 'a' }, { ownerId: users['editor']?.id }))).toEqual([]);
    expect(await stored(ids.mine)).toMatchObject({ title: 'a', content: 'mine', ownerId: users['editor']?.id });

    await restrict('post.create', [{ set: { owner: '$user', views: 7 } }]);
    const created = await acting(({ content }, context) =>
      content.create('Post', { title: 'preset' }, context, { set: { views: 9, rating: 2 }, select: ['views'] }),
    );
    expect(created.result).toEqual({ documentId: expect.any(String), views: 7 });
    expect(await stored(created.result.documentId)).toMatchObject({ ownerId: users['reader']?.id, rating: 2 });
    const sent = await acting(({ content }, context) => content.create('Post', { title: 'x', views: 9 }, context));
    expect(codes(sent)).toEqual(['FORBIDDEN']);
  });

  test('does not tell by a duplicate what the viewer cannot read', async () => {
    await restrict('post.find', [{ fields: ['title'] }]);
    for (const slug of ['theirs', 'free']) {
      const answer = await acting(({ content }, context) => content.update('Post', ids.mine, { slug }, context));
      expect(errorsOf(answer)).toEqual([
        { message: 'Forbidden access', code: 'FORBIDDEN', details: { action: 'post.find' } },
      ]);
    }
  });

  test('links only documents that the viewer can find', async () => {
    const { prisma } = server.database;
    const [shown, hidden] = await Promise.all(
      ['shown', 'hidden'].map((name) => prisma.author.create({ data: { name } })),
    );
    await restrict('author.find', [{ where: { name: { eq: 'shown' } } }]);
    const link = (author: string | undefined) =>
      acting(({ content }, context) => content.update('Post', ids.mine, { author }, context));
    expect(codes(await link(shown?.documentId))).toEqual([]);
    const messages = [faults(await link(hidden?.documentId)), faults(await link('nothing'))];
    expect(messages[0]).toEqual(['author: author names a document that does not exist']);
    expect(messages[1]).toEqual(messages[0]);
    expect((await stored(ids.mine))?.authorId).toBe(shown?.id);
  });

  test('runs the hooks, which see what the field sets, change it and refuse', async () => {
    hooks.beforeCreate = (data, { viewer }) => {
      data.content = `${data.title} by ${viewer.kind}, ${data.rating}`;
      if (data.title === 'no') throw applicationError('Not this title');
    };
    const create = (title: string) =>
      acting(({ content }, context) =>
        content.create('Post', { title }, context, { set: { rating: 3 }, select: ['content'] }),
      );
    expect((await create('yes')).result).toMatchObject({ content: 'yes by user, 3' });
    expect(errorsOf(await create('no'))).toEqual([
      { message: 'Not this title', code: 'APPLICATION_ERROR', details: {} },
    ]);
    await server.gatehouse.idle();
    expect(ran).toEqual(['afterCreate yes']);
    expect(await titles()).toEqual(['mine', 'theirs', 'yes']);
  });

  test('refuses values that no client could send, with their path', async () => {
    const create = (data: unknown) =>
      acting(({ content }, context) => content.create('Post', data as { title: string }, context));
    expect(faults(await create({ title: 5, publishedAt: 'yesterday' }))?.toSorted()).toEqual([
      'publishedAt: Expected a value of type "DateTime".',
      'title: Expected a value of type "String".',
    ]);
    expect(faults(await create({ title: 'x', publishedAt: new Date(Number.NaN) }))).toEqual([
      'publishedAt: Expected a value of type "DateTime".',
    ]);
    expect(faults(await create({ title: 'x', ownerId: 1 }))?.[0]).toContain('unknown field "ownerId"');
    expect(codes(await create({ title: 'a\0b' }))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await create({ title: '\ud800' }))).toEqual(['BAD_USER_INPUT']);
    expect(await titles()).toEqual(['mine', 'theirs']);
  });

  test('of what the code got wrong says so in the log, and nothing to clients', async () => {
    const wrong: readonly [(parts: BlogParts, context: Context) => Promise<unknown>, string][] = [
      [({ content }, context) => content.findOne('Session', 'x', context), 'Session is not a content type'],
      [({ content }, context) => content.create('User', { username: 'x' }, context), 'User has no create for clients'],
      [({ content }, context) => content.create('SiteSetting', {}, context), 'SiteSetting has no create'],
      [({ content }, context) => content.update('Post', null, {}, context), 'Post needs a documentId'],
      [({ content }, context) => content.findOne('SiteSetting', 'x', context), 'its documentId is null here'],
      [
        ({ content }, context) => content.findOne('Post', ids.mine, context, { select: ['ownerId'] }),
        'Clients cannot read ownerId of Post',
      ],
      [
        ({ content }, context) => content.update('Post', ids.mine, {}, context, { set: { id: 1 } as object }),
        'id of Post is its key',
      ],
    ];
    for (const [work, message] of wrong) {
      server.log.length = 0;
      const answer = await acting(work);
      expect(codes(answer)).toEqual(['INTERNAL_SERVER_ERROR']);
      expect(answer.text).not.toContain(message);
      expect(server.log.join('')).toContain(message);
    }
  });

  test('of the document of a single type names no documentId', async () => {
    await server.database.prisma.siteSetting.deleteMany();
    const { result } = await acting(async ({ content }, context) => {
      const before = await content.findOne('SiteSetting', null, context);
      await content.update('SiteSetting', null, { siteName: 'One' }, context);
      const after = await content.findOne('SiteSetting', null, context, { select: ['siteName'] });
      return { before, after };
    });
    expect(result).toEqual({ before: null, after: { documentId: expect.any(String), siteName: 'One' } });
  });

  test('does not compile with a column that the model does not have', () => {
    const declared = ({ content }: BlogParts, context: Context) => [
      // @ts-expect-error
      () => content.create('Post', { titel: 'x' }, context),
      // @ts-expect-error
      () => content.create('Posts', { title: 'x' }, context),
      // @ts-expect-error
      () => content.update('Post', 'x', { title: 5 }, context),
      // @ts-expect-error
      () => content.update('Post', 'x', {}, context, { set: { publishdAt: new Date() } }),
      // @ts-expect-error
      () => content.findMany('Post', { filters: { author: { nam: { eq: 'x' } } } }, context),
      // @ts-expect-error
      () => content.findMany('Post', { sort: 'titel:asc' }, context),
      // @ts-expect-error
      async () => (await content.findOne('Post', 'x', context, { select: ['title'] }))?.slug,
      // @ts-expect-error
      async () => (await content.create('Post', {}, context)).title,
    ];
    expect(declared).toBeTypeOf('function');
  });
});

describe('a read in code', () => {
  test('has the documents and columns that the viewer can read, and so has the field that returns them', async () => {
    await restrict('post.find', [{ ...OWN, fields: ['title', 'content'] }, { fields: ['title'] }]);
    await restrict('post.findOne', [{ ...OWN, fields: ['title'] }]);
    const seen = await acting(async ({ content }, context) => ({
      mine: await content.findOne('Post', ids.mine, context),
      theirs: await content.findOne('Post', ids.theirs, context),
      nothing: await content.findOne('Post', 'nothing', context),
      all: await content.findMany('Post', { sort: 'title' }, context),
    }));
    expect(seen.result).toEqual({
      mine: { documentId: ids.mine, title: 'mine' },
      theirs: null,
      nothing: null,
      all: [
        { documentId: ids.mine, title: 'mine', content: 'mine' },
        { documentId: ids.theirs, title: 'theirs', content: null },
      ],
    });
    act = ({ content }, context) => content.findMany('Post', { sort: ['title:asc'], select: ['title'] }, context);
    const listed = await ask('{ lookAtPosts { title content } }');
    expect(listed.data.lookAtPosts).toEqual([
      { title: 'mine', content: 'mine' },
      { title: 'theirs', content: null },
    ]);
    const more = await ask('{ lookAtPosts { title slug } }');
    expect(more.data.lookAtPosts[0].slug).toBeNull();
    expect(codes(more)).toEqual(['FORBIDDEN']);
  });

  test('is refused without the action', async () => {
    await restrict('post.find', undefined);
    await restrict('post.findOne', undefined);
    for (const [action, work] of [
      ['post.find', ({ content }: BlogParts, context: Context) => content.findMany('Post', {}, context)],
      ['post.findOne', ({ content }: BlogParts, context: Context) => content.findOne('Post', ids.mine, context)],
    ] as const) {
      act = work;
      expect(errorsOf(await ask('{ look }'))).toEqual([
        { message: 'Forbidden access', code: 'FORBIDDEN', details: { action } },
      ]);
    }
  });

  test('cannot filter or sort by what the viewer cannot read', async () => {
    await restrict('post.find', [{ fields: ['title'] }]);
    for (const [options, path] of [
      [{ filters: { content: { contains: 'm' } } }, 'filters.content: Invalid key content'],
      [{ sort: 'content' }, 'sort.0: Invalid key content'],
      [{ pagination: { limit: 100_000 } }, 'pagination.limit: limit must be at most 100'],
    ] as const) {
      const answer = await acting(({ content }, context) => content.findMany('Post', options, context));
      expect(faults(answer)).toEqual([path]);
    }
  });

  test('filters, sorts and pages as lists do', async () => {
    const { result } = await acting(({ content }, context) =>
      content.findMany(
        'Post',
        {
          filters: { or: [{ title: { eq: 'theirs' } }, { owner: { username: { eqi: 'READER' } } }] },
          sort: 'title:desc',
          pagination: { limit: 1 },
          select: ['title'],
        },
        context,
      ),
    );
    expect(result).toEqual([{ documentId: ids.theirs, title: 'theirs' }]);
  });

  test('of what was just written shows what the grant of the write does', async () => {
    await restrict('post.find', undefined);
    await restrict('post.findOne', undefined);
    await restrict('post.update', [{ ...OWN, fields: ['title'] }]);
    act = ({ content }, context) =>
      content.update('Post', ids.mine, { title: 'new' }, context, { select: ['title', 'content'] });
    expect((await acting(act)).result).toEqual({ documentId: ids.mine, title: 'new' });
    act = ({ content }, context) => content.update('Post', ids.mine, { title: 'new' }, context);
    const answer = await ask('mutation { actOnPost { documentId title content } }');
    expect(answer.data.actOnPost).toEqual({ documentId: ids.mine, title: 'new', content: null });
    expect(codes(answer)).toEqual(['FORBIDDEN']);
  });
});

describe('a transaction in code', () => {
  test('undoes everything where its function throws, and no hook of it runs afterwards', async () => {
    const answer = await acting(({ content }, context) =>
      content.transaction(context, async (inside, prisma) => {
        await inside.create('Post', { title: 'one' }, context);
        await inside.update('Post', ids.mine, { title: 'changed' }, context);
        await prisma.user.updateMany({ data: { confirmed: true } });
        return inside.create('Post', { title: 'two', slug: 'theirs' }, context);
      }),
    );
    expect(faults(answer)).toEqual(['slug: This attribute must be unique']);
    await server.gatehouse.idle();
    expect(ran).toEqual([]);
    expect(await titles()).toEqual(['mine', 'theirs']);
  });

  test('fails where a constraint at its end undoes it, and no hook of it runs afterwards', async () => {
    const { query } = server.database;
    await query('CREATE TABLE "needs_posts" ("id" INTEGER REFERENCES "posts"("id") DEFERRABLE INITIALLY DEFERRED)', []);
    await query('INSERT INTO "needs_posts" SELECT "id" FROM "posts" WHERE "title" = $1', ['mine']);
    await restrict('post.delete', [{}]);
    const answer = await acting(({ content }, context) =>
      content.transaction(context, async (inside) => {
        await inside.create('Post', { title: 'one' }, context);
        await inside.delete('Post', ids.mine, context);
        return inside.create('Post', { title: 'two' }, context);
      }),
    );
    await query('DROP TABLE "needs_posts"', []);
    expect(answer.errors).toHaveLength(1);
    await server.gatehouse.idle();
    expect(ran).toEqual([]);
    expect(await titles()).toEqual(['mine', 'theirs']);
  });

  test('sees what it wrote, and its hooks do, and goes on after an error that it catches', async () => {
    const inHook: (number | undefined)[] = [];
    hooks.beforeCreate = async (_data, { prisma }) =>
      void inHook.push(await (prisma as BlogParts['prisma']).post.count());
    await restrict('post.create', [{ check: { title: { ne: 'no' } } }]);
    const { result } = await acting(({ content }, context) =>
      content.transaction(context, async (inside) => {
        const caught: string[] = [];
        await inside.create('Post', { title: 'one', slug: 'one' }, context);
        for (const data of [{ title: 'no' }, { title: 'twice', slug: 'one' }, { title: 'hooked', slug: 'of a hook' }]) {
          await inside.create('Post', data, context).catch((error: unknown) => {
            caught.push(error instanceof ApiError ? error.code : 'other');
          });
        }
        const both = await Promise.all(['a', 'b'].map((title) => inside.create('Post', { title }, context)));
        const found = await inside.findMany('Post', { sort: 'title', select: ['title'] }, context);
        return { caught, both: both.length, found: found.map(({ title }) => title) };
      }),
    );
    expect(result).toEqual({
      caught: ['FORBIDDEN', 'BAD_USER_INPUT', 'BAD_USER_INPUT'],
      both: 2,
      found: ['a', 'b', 'mine', 'one', 'theirs'],
    });
    expect(inHook).toEqual([2, 3, 3, 3, 3, 3]);
    await server.gatehouse.idle();
    expect(ran.toSorted()).toEqual(['afterCreate a', 'afterCreate b', 'afterCreate one']);
  });

  test('keeps to the rules of the viewer, and links of documents', async () => {
    const tag = await server.database.prisma.tag.create({ data: { name: 'linked' } });
    await restrict('post.update', [OWN]);
    const { result } = await acting(({ content }, context) =>
      content.transaction(context, async (inside) => {
        await inside.update('Post', ids.mine, { tags: [tag.documentId] }, context);
        return inside.update('Post', ids.theirs, { title: 'x' }, context).catch((error: ApiError) => error.code);
      }),
    );
    expect(result).toBe('NOT_FOUND');
    const linked = await server.database.prisma.post.findMany({ where: { tags: { some: { name: 'linked' } } } });
    expect(linked.map(({ documentId }) => documentId)).toEqual([ids.mine]);
  });

  test('does not wait for itself: what is outside of it says so', async () => {
    const answer = await acting(({ content }, context) =>
      content.transaction(context, () => content.findOne('Post', ids.mine, context)),
    );
    expect(codes(answer)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(server.log.join('')).toContain('In a transaction, use the `content` that its function is given');
  });

  test('of two that write the same in another order, both happen', async () => {
    act = ({ content }, context) =>
      content.transaction(context, async (inside) => {
        const order = turn++ % 2 === 0 ? [ids.mine, ids.theirs] : [ids.theirs, ids.mine];
        for (const documentId of order) {
          await inside.update('Post', documentId, { content: 'x' }, context);
        }
        return true;
      });
    let turn = 0;
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask('mutation { act }')));
    expect(answers.flatMap(codes)).toEqual([]);
  });
});

test('code that goes on after its operation took too long writes nothing more', async () => {
  const begun = Promise.withResolvers<void>();
  const late = Promise.withResolvers<unknown>();
  const slow = await startServer({ app: app('http://127.0.0.1:1'), config: { executionTimeout: 1_000 } });
  try {
    await restrictRole(slow.database, 'public', 'test.act', null);
    await restrictRole(slow.database, 'public', 'post.create', null);
    act = async ({ content }, context) => {
      begun.resolve();
      await new Promise((resolve) => context.deadline.addEventListener('abort', resolve));
      const writing = content.create('Post', { title: 'late' }, context);
      late.resolve(writing.catch((error: ApiError) => error.code));
      return writing;
    };
    const answer = await slow.ask('mutation { act }');
    expect(codes(answer)).toEqual(['TIMEOUT']);
    await begun.promise;
    expect(await late.promise).toBe('TIMEOUT');
    expect(await slow.database.prisma.post.count({ where: { title: 'late' } })).toBe(0);
  } finally {
    await slow.close();
  }
});
