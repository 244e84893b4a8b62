import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Grant } from '../src/authorization/grants.ts';
import { author, category, siteSetting, tag } from './blog/content/index.ts';
import { contentType } from './blog/declare.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

/** What the grants of a permission let somebody write, through the front door. */

const columns = ['title', 'slug', 'content', 'kind', 'featured', 'views', 'rating', 'premium', 'publishedAt'] as const;
const relations = ['author', 'category', 'tags', 'owner'] as const;
const all = { read: [...columns, ...relations], write: [...columns, ...relations] } as const;
/** With the owner among what clients can send, and a relation whose key is in the posts. */
const contentTypes = [
  contentType('Post', all),
  contentType('Author', { read: ['name', 'bio', 'posts'], write: ['name', 'bio', 'posts'] }),
  ...[category, siteSetting, tag],
];

let server: TestServer;
let reader: { readonly id: number; readonly documentId: string };
let editor: { readonly id: number; readonly documentId: string };
let tokens: Readonly<Record<'reader' | 'moderator', string>>;
beforeAll(async () => {
  server = await startServer({ contentTypes });
  const { prisma } = server.database;
  const user = (username: string) =>
    prisma.user.findFirstOrThrow({ where: { username }, select: { id: true, documentId: true } });
  [reader, editor] = [await user('reader'), await user('editor')];
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'authenticated' } });
  await prisma.user.updateMany({ where: { username: 'moderator' }, data: { roleId } });
  tokens = { reader: await server.tokenOf('reader'), moderator: await server.tokenOf('moderator') };
});
afterAll(() => server?.close());

/** Restricts an action of the role of the reader; null is without restriction, undefined takes the action away. */
async function restrict(action: string, grants: readonly Grant[] | null | undefined) {
  const { prisma } = server.database;
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'authenticated' } });
  await prisma.permission.deleteMany({ where: { roleId, action } });
  if (grants === undefined) return;
  await prisma.permission.create({
    data: { roleId, action, ...(grants && { grants: JSON.parse(JSON.stringify(grants)) }) },
  });
}

let ids: Readonly<Record<'mine' | 'theirs' | 'featured', string>>;
beforeEach(async () => {
  const { prisma } = server.database;
  await prisma.post.deleteMany();
  const post = async (title: string, ownerId: number, featured: boolean) =>
    (await prisma.post.create({ data: { title, slug: title, content: `about ${title}`, ownerId, featured } }))
      .documentId;
  ids = {
    mine: await post('mine', reader.id, false),
    theirs: await post('theirs', editor.id, false),
    featured: await post('featured', editor.id, true),
  };
  for (const type of ['post', 'author', 'tag', 'user']) {
    await restrict(`${type}.find`, null);
    await restrict(`${type}.findOne`, null);
  }
  for (const verb of ['create', 'update', 'delete']) {
    await restrict(`post.${verb}`, undefined);
    await restrict(`author.${verb}`, undefined);
  }
});

type Ask = (document: string, variables: Record<string, unknown>) => Promise<Answer>;
const asReader: Ask = (document, variables) => server.ask(document, { token: tokens.reader, variables });

const SELECTED = 'title content featured views owner { username }';
const UPDATE = `mutation ($documentId: ID!, $data: PostInput!) { updatePost(documentId: $documentId, data: $data) { ${SELECTED} } }`;
const CREATE = `mutation ($data: PostInput!) { createPost(data: $data) { ${SELECTED} } }`;
const DELETE = 'mutation ($documentId: ID!) { deletePost(documentId: $documentId) { documentId } }';

const update = (documentId: string, data: object, ask = asReader) => ask(UPDATE, { documentId, data });
const create = (data: object, ask = asReader) => ask(CREATE, { data });

function codes({ errors }: Answer) {
  return errors?.map(({ extensions }) => extensions.code) ?? [];
}

const stored = (documentId: string) => server.database.prisma.post.findUnique({ where: { documentId } });
const count = () => server.database.prisma.post.count();

const WHERE_OWN = { owner: '$user' };
const OWN: Grant = { where: WHERE_OWN };
const REFUSED = 'The document would no longer be one that you may write';

describe('a column that is never null, and hidden in the document as it was written', () => {
  const contentOf = async (documentId: string) =>
    (await server.database.prisma.post.findUniqueOrThrow({ where: { documentId } })).content;
  const updating = (selection: string) => (documentId: string, data: object) =>
    asReader(
      `mutation ($documentId: ID!, $data: PostInput!) { updatePost(documentId: $documentId, data: $data) { ${selection} } }`,
      { documentId, data },
    );
  beforeEach(async () => {
    for (const verb of ['find', 'findOne']) await restrict(`post.${verb}`, [{ where: { owner: '$user' } }]);
    await restrict('post.update', [{ fields: ['content', 'owner'] }]);
  });

  test('refuses the write, and nothing is written', async () => {
    const answer = await updating('name: title content')(ids.theirs, { content: 'changed' });
    expect(answer.data.updatePost).toBeNull();
    expect(codes(answer)).toEqual(['FORBIDDEN']);
    expect(await contentOf(ids.theirs)).toBe('about theirs');
  });

  test('counts as it is after the write: who gives a document away does not see it any more', async () => {
    const data = { content: 'changed', owner: editor.documentId };
    expect(codes(await updating('title')(ids.mine, data))).toEqual(['FORBIDDEN']);
    expect(await contentOf(ids.mine)).toBe('about mine');
    const taken = { content: 'changed', owner: reader.documentId };
    expect((await updating('title')(ids.theirs, taken)).data.updatePost).toEqual({ title: 'theirs' });
    expect(await contentOf(ids.theirs)).toBe('changed');
  });

  test('hinders no write that does not select it, nor that of a document that can be found', async () => {
    expect((await updating('documentId content slug')(ids.theirs, { content: 'one' })).data.updatePost).toEqual({
      documentId: ids.theirs,
      content: 'one',
      slug: null,
    });
    expect((await updating('title content')(ids.mine, { content: 'two' })).data.updatePost).toEqual({
      title: 'mine',
      content: 'two',
    });
  });

  test('costs a transaction only where it is selected', async () => {
    const statementsOf = async (selection: string) => {
      await updating(selection)(ids.mine, { content: 'warm' });
      server.statements.length = 0;
      await updating(selection)(ids.mine, { content: 'counted' });
      return server.statements.length;
    };
    const [without, beside] = [await statementsOf('documentId content'), await statementsOf('content slug')];
    expect(beside).toBe(without);
    expect(await statementsOf('content title')).toBeGreaterThan(without);
  });

  test('is refused for a new document, too', async () => {
    await restrict('post.create', [{ fields: ['title', 'slug', 'content'], set: { owner: editor.documentId } }]);
    const before = await server.database.prisma.post.count();
    const document = 'mutation ($data: PostInput!) { createPost(data: $data) { title views } }';
    const answer = await asReader(document, { data: { title: 'New', slug: 'new' } });
    expect([answer.data.createPost, codes(answer)]).toEqual([null, ['FORBIDDEN']]);
    expect(await server.database.prisma.post.count()).toBe(before);
  });
});

describe('a document that a grant does not allow', () => {
  test.each<[string, (documentId: string) => [string, Record<string, unknown>]]>([
    ['an update', (documentId) => [UPDATE, { documentId, data: { title: 'x' } }]],
    ['an update with validation errors', (documentId) => [UPDATE, { documentId, data: { title: null, views: null } }]],
    ['an update with its own unique value', (documentId) => [UPDATE, { documentId, data: { slug: 'theirs' } }]],
    ['an update with an unknown document', (documentId) => [UPDATE, { documentId, data: { author: 'nothing' } }]],
    ['an update of a relation to many', (documentId) => [UPDATE, { documentId, data: { tags: [] } }]],
    ['an empty update', (documentId) => [UPDATE, { documentId, data: {} }]],
    ['a delete', (documentId) => [DELETE, { documentId }]],
  ])('is not there for %s', async (_what, operation) => {
    await restrict('post.update', [OWN]);
    await restrict('post.delete', [OWN]);
    const before = await stored(ids.theirs);
    const hidden = await asReader(...operation(ids.theirs));
    const missing = await asReader(...operation('x'.repeat(24)));
    expect(codes(hidden)).toEqual(['NOT_FOUND']);
    expect(hidden.text).toBe(missing.text);
    expect(await stored(ids.theirs)).toEqual(before);
    const own = await asReader(...operation(ids.mine));
    expect(codes(own)).not.toContain('NOT_FOUND');
  });

  test('is deleted where it does', async () => {
    await restrict('post.delete', [OWN, { where: { featured: { eq: true } } }]);
    for (const documentId of [ids.mine, ids.featured]) {
      expect((await asReader(DELETE, { documentId })).data.deletePost).toEqual({ documentId });
    }
    expect(codes(await asReader(DELETE, { documentId: ids.theirs }))).toEqual(['NOT_FOUND']);
    expect(await count()).toBe(1);
  });
});

describe('a document as it would be', () => {
  test('cannot be given away: the condition holds before and after, where there is no check', async () => {
    await restrict('post.update', [OWN]);
    for (const owner of [editor.documentId, null]) {
      const answer = await update(ids.mine, { title: 'given', owner });
      expect(codes(answer)).toEqual(['FORBIDDEN']);
      expect(answer.errors?.[0]?.extensions.reason).toBe(REFUSED);
    }
    expect(await stored(ids.mine)).toMatchObject({ title: 'mine', ownerId: reader.id });
    expect((await update(ids.mine, { title: 'kept', owner: reader.documentId })).data.updatePost.title).toBe('kept');
  });

  test('can be given away with a check that says so, and to nobody else', async () => {
    await restrict('post.update', [{ ...OWN, check: { owner: { username: { eq: 'editor' } } } }]);
    expect(codes(await update(ids.mine, { owner: null }))).toEqual(['FORBIDDEN']);
    expect((await update(ids.mine, { owner: editor.documentId })).data.updatePost.owner).toEqual({
      username: 'editor',
    });
  });

  test('cannot be smuggled in', async () => {
    await restrict('post.create', [{ check: { owner: '$user', featured: { eq: false } } }]);
    const before = await count();
    for (const data of [
      { title: 'new', owner: editor.documentId },
      { title: 'new' },
      { title: 'new', owner: reader.documentId, featured: true },
    ]) {
      const answer = await create(data);
      expect(codes(answer)).toEqual(['FORBIDDEN']);
      expect(answer.errors?.[0]?.extensions.reason).toBe(REFUSED);
    }
    expect(await count()).toBe(before);
    expect((await create({ title: 'new', owner: reader.documentId })).data.createPost.owner.username).toBe('reader');
  });

  test('is checked as triggers of the database leave it', async () => {
    const { query } = server.database;
    await restrict('post.update', [{ ...OWN, check: { views: { lt: 10 } } }]);
    await query(
      `CREATE FUNCTION raise_views() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.views := 10; RETURN NEW; END $$`,
      [],
    );
    await query('CREATE TRIGGER raised BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION raise_views()', []);
    try {
      expect(codes(await update(ids.mine, { title: 'raised' }))).toEqual(['FORBIDDEN']);
      expect(await stored(ids.mine)).toMatchObject({ title: 'mine', views: 0 });
    } finally {
      await query('DROP TRIGGER raised ON posts', []);
      await query('DROP FUNCTION raise_views()', []);
    }
  });

  test('is checked with what the write itself changed elsewhere', async () => {
    const { prisma } = server.database;
    const { id, documentId: ada } = await prisma.author.create({ data: { name: 'Checked' } });
    const [known, other] = await prisma.tag.findMany({ take: 2, orderBy: { id: 'asc' } });
    await prisma.post.update({
      where: { documentId: ids.mine },
      data: { authorId: id, featured: true, tags: { connect: { id: Number(known?.id) } } },
    });
    const before = await prisma.post.findUnique({ where: { documentId: ids.mine }, include: { tags: true } });
    // Through a relation back to the posts, of which this is the last one that is featured.
    await restrict('post.update', [{ check: { author: { posts: { featured: { eq: true } } } } }]);
    expect(codes(await update(ids.mine, { featured: false }))).toEqual(['FORBIDDEN']);
    expect((await update(ids.mine, { title: 'still' })).data.updatePost.title).toBe('still');
    expect((await update(ids.mine, { title: 'mine', author: ada })).errors).toBeUndefined();
    // Through a relation to many that is written.
    await restrict('post.update', [{ check: { tags: { name: { eq: known?.name ?? '' } } } }]);
    expect(codes(await update(ids.mine, { content: 'x', tags: [other?.documentId] }))).toEqual(['FORBIDDEN']);
    const after = await prisma.post.findUnique({ where: { documentId: ids.mine }, include: { tags: true } });
    expect(after).toEqual({ ...before, updatedAt: expect.any(Date) });
    const both = await update(ids.mine, { content: 'x', tags: [other?.documentId, known?.documentId] });
    expect(both.data.updatePost.content).toBe('x');
  });
});

describe('what the server sets', () => {
  const STAMPED: Grant = { set: { owner: '$user', views: 7 } };

  test('is in the new document, whatever it is of the user', async () => {
    await restrict('post.create', [STAMPED]);
    expect((await create({ title: 'new' })).data.createPost).toMatchObject({ views: 7, owner: { username: 'reader' } });
  });

  test('cannot be sent, not even as null, and nothing of the operation is run', async () => {
    await restrict('post.create', [STAMPED]);
    const before = await count();
    for (const data of [{ owner: editor.documentId }, { owner: null }, { views: 7 }]) {
      const both = `mutation ($data: PostInput!) { first: createPost(data: { title: "first" }) { title } createPost(data: $data) { title } }`;
      const answer = await asReader(both, { data: { title: 'new', ...data } });
      expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [['createPost'], 'FORBIDDEN'],
      ]);
    }
    expect(await count()).toBe(before);
  });

  test('does not have to be sent, even where it is required', async () => {
    await restrict('post.create', [{ set: { title: 'Draft' } }]);
    expect((await create({ content: 'x' })).data.createPost.title).toBe('Draft');
    await restrict('post.create', [{ fields: ['content'] }, { set: { title: 'Draft', views: 1 } }]);
    expect((await create({ content: 'x' })).data.createPost).toMatchObject({ title: 'Draft', views: 1 });
    await restrict('post.create', [{ fields: ['content'] }, { set: { views: 1 } }]);
    expect((await create({ content: 'x' })).errors?.[0]?.message).toBe('title must be defined.');
  });

  test('can be a time, a document by its documentId, and null; and is set by an update, too', async () => {
    const { prisma } = server.database;
    const { documentId } = await prisma.author.findFirstOrThrow();
    const set = { publishedAt: '$now', author: documentId, rating: null, kind: 'news' };
    await restrict('post.update', [{ fields: ['title'], set }]);
    await restrict('author.find', [{ where: { name: { eq: 'nobody' } } }]);
    await prisma.post.update({ where: { documentId: ids.mine }, data: { rating: 5 } });
    server.advance(86_400_000);
    expect((await update(ids.mine, { title: 'stamped' })).data.updatePost.title).toBe('stamped');
    const { author: of, ...row } = await prisma.post.findUniqueOrThrow({
      where: { documentId: ids.mine },
      include: { author: true },
    });
    expect(row).toMatchObject({ rating: null, kind: 'news' });
    expect(of?.documentId).toBe(documentId);
    const inHours = (Number(row.publishedAt) - Date.now()) / 3_600_000;
    expect(inHours).toBeGreaterThan(23.9);
    expect(inHours).toBeLessThan(24.1);
    server.advance(-86_400_000);
  });
});

describe('several grants', () => {
  test('the first that allows a document as a whole is used', async () => {
    await restrict('post.update', [
      { where: { featured: { eq: true } }, check: {} },
      { where: { title: { eq: 'nothing' } } },
    ]);
    // An empty condition does not read, so that the first grant allows nothing.
    expect(codes(await update(ids.featured, { content: 'x' }))).toEqual(['NOT_FOUND']);
    await restrict('post.update', [
      { where: { featured: { eq: true } }, set: { views: 1 } },
      { where: { owner: '$user' }, set: { views: 2 } },
      { set: { views: 3 } },
    ]);
    const views = async (documentId: string) => (await update(documentId, { content: 'x' })).data.updatePost.views;
    expect([await views(ids.featured), await views(ids.mine), await views(ids.theirs)]).toEqual([1, 2, 3]);
    await server.database.prisma.post.update({ where: { documentId: ids.mine }, data: { featured: true } });
    expect(await views(ids.mine)).toBe(1);
  });

  test('one that refuses what would be is no reason to refuse what a later one allows', async () => {
    await restrict('post.update', [
      { where: { owner: '$user' }, set: { views: 1 } },
      { where: { owner: '$user' }, set: { views: 2 }, check: { title: { eq: 'given' } } },
    ]);
    const given = await update(ids.mine, { title: 'given', owner: editor.documentId });
    expect(given.data.updatePost).toMatchObject({ views: 2, owner: { username: 'editor' } });
    await restrict('post.update', [OWN, { where: WHERE_OWN, check: { title: { startsWith: 'to ' } } }]);
    const { prisma } = server.database;
    await prisma.post.update({ where: { documentId: ids.mine }, data: { ownerId: reader.id } });
    expect(codes(await update(ids.mine, { title: 'kept', owner: editor.documentId }))).toEqual(['FORBIDDEN']);
    expect((await update(ids.mine, { title: 'to editor', owner: editor.documentId })).errors).toBeUndefined();
  });

  test('are never mixed: neither their fields nor their conditions', async () => {
    await restrict('post.update', [
      { where: { featured: { eq: true } }, fields: ['title'] },
      { where: { owner: '$user' }, fields: ['content', 'featured'], check: { views: { lt: 10 } } },
    ]);
    for (const documentId of [ids.mine, ids.featured]) {
      expect(codes(await update(documentId, { title: 'x', content: 'x' }))).toEqual(['FORBIDDEN']);
    }
    expect(codes(await update(ids.featured, { content: 'x' }))).toEqual(['NOT_FOUND']);
    expect(codes(await update(ids.mine, { title: 'x' }))).toEqual(['NOT_FOUND']);
    expect(codes(await update(ids.mine, { views: 1 }))).toEqual(['FORBIDDEN']);
    expect((await update(ids.mine, { content: 'y' })).data.updatePost.content).toBe('y');
    expect((await update(ids.featured, { title: 'z' })).data.updatePost.title).toBe('z');
    // The condition of one, and the check of another.
    await restrict('post.update', [
      { where: { featured: { eq: true } }, check: { content: { eq: 'never' } } },
      { where: { owner: '$user' }, check: { title: { eq: 'x' } } },
    ]);
    expect(codes(await update(ids.featured, { title: 'x' }))).toEqual(['FORBIDDEN']);
    expect(codes(await update(ids.mine, { content: 'never' }))).toEqual(['FORBIDDEN']);
  });
});

describe('documents that are linked', () => {
  test('have to be found by the viewer, when the data names them and when they are written', async () => {
    const { prisma } = server.database;
    const [seen, hidden] = await prisma.author.findMany({ take: 2, orderBy: { id: 'asc' } });
    await restrict('post.update', [OWN]);
    await restrict('author.find', [{ where: { name: { eq: seen?.name ?? '' } } }]);
    const link = (documentId: string | undefined) => update(ids.mine, { author: documentId });
    const refused = await link(hidden?.documentId);
    expect(refused.errors?.[0]?.message).toBe('author names a document that does not exist');
    expect(refused.text).toBe((await link('nothing')).text);
    expect((await link(seen?.documentId)).errors).toBeUndefined();
    expect(await stored(ids.mine)).toMatchObject({ authorId: seen?.id });
  });

  test('a relation whose key is in the rows of another type takes the whole update of that type', async () => {
    const { prisma } = server.database;
    const { documentId } = await prisma.author.create({ data: { name: 'Links' } });
    const document =
      'mutation ($documentId: ID!, $data: AuthorInput!) { updateAuthor(documentId: $documentId, data: $data) { name } }';
    const link = (posts: readonly string[] | null) => asReader(document, { documentId, data: { posts } });
    const linked = async () => prisma.post.count({ where: { author: { documentId } } });
    await restrict('author.update', null);
    for (const grants of [undefined, [OWN], [{ fields: ['author', 'title'] }]] as const) {
      await restrict('post.update', grants);
      for (const posts of [[ids.mine], [], null]) {
        const answer = await link(posts);
        expect(answer.errors?.map(({ extensions }) => extensions.error.details.action)).toEqual(['post.update']);
      }
    }
    expect(await linked()).toBe(0);
    await restrict('post.update', null);
    expect((await link([ids.mine, ids.theirs])).errors).toBeUndefined();
    expect(await linked()).toBe(2);
    expect((await link([ids.theirs])).errors).toBeUndefined();
    expect(await linked()).toBe(1);
  });
});

test('a unique value can be set by who can read it: its validation error says which there are', async () => {
  await restrict('post.update', [OWN]);
  const readable = columns.filter((name) => name !== 'slug');
  await restrict('post.find', [{ fields: [...readable, 'owner'] }]);
  for (const slug of ['theirs', 'free']) {
    expect(codes(await update(ids.mine, { slug }))).toEqual(['FORBIDDEN']);
  }
  expect((await update(ids.mine, { title: 'x', slug: null })).errors).toBeUndefined();
  await restrict('post.find', null);
  expect((await update(ids.mine, { slug: 'theirs' })).errors?.[0]?.message).toBe('This attribute must be unique');
  expect((await update(ids.mine, { slug: 'free' })).errors).toBeUndefined();
});

describe('the answer of a write', () => {
  const ANSWER =
    'mutation ($documentId: ID!, $data: PostInput!) { updatePost(documentId: $documentId, data: $data) { title content views } }';

  test('shows what its grant shows, and what can be found of the document', async () => {
    await restrict('post.update', [{ fields: ['title'], check: { title: { startsWith: 'x' } } }]);
    await restrict('post.find', [{ where: { title: { eq: 'xx' } }, fields: ['title', 'content'] }]);
    await restrict('post.findOne', [{ where: { featured: { eq: true } }, fields: ['title', 'views'] }]);
    const answer = async (documentId: string, title: string) => {
      const { data, errors } = await asReader(ANSWER, { documentId, data: { title } });
      return { row: data.updatePost, errors: errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code]) };
    };
    // `views` is required: where it is not shown, it takes its row with it, and nothing is written.
    expect(await answer(ids.theirs, 'x')).toEqual({ row: null, errors: [['views', 'FORBIDDEN']] });
    expect(await stored(ids.theirs)).toMatchObject({ title: 'theirs' });
    expect((await answer(ids.featured, 'x')).row).toEqual({ title: 'x', content: null, views: 0 });
    expect((await answer(ids.featured, 'xx')).row).toEqual({ title: 'xx', content: 'about featured', views: 0 });
  });

  test('shows everything where the grant has no list of fields', async () => {
    await restrict('post.update', [OWN]);
    await restrict('post.find', [{ where: { title: { eq: 'nothing' } }, fields: ['title'] }]);
    await restrict('post.findOne', undefined);
    const { data } = await asReader(ANSWER, { documentId: ids.mine, data: { title: 'x' } });
    expect(data.updatePost).toEqual({ title: 'x', content: 'about mine', views: 0 });
  });
});

test('what a type declares for its rows holds before and after, whatever a permission says', async () => {
  const post = contentType('Post', { ...all, where: { premium: { eq: false } } });
  await using beside = await startBeside(server, {}, { contentTypes: [post, author, ...contentTypes.slice(2)] });
  const ask: Ask = (document, variables) => send(beside.url, document, { token: tokens.reader, variables });
  for (const verb of ['create', 'update', 'delete']) await restrict(`post.${verb}`, null);
  await server.database.prisma.post.update({ where: { documentId: ids.theirs }, data: { premium: true } });
  await expect.poll(async () => codes(await create({ title: 'new' }, ask))).toEqual([]);
  expect(codes(await update(ids.theirs, { title: 'x' }, ask))).toEqual(['NOT_FOUND']);
  expect(codes(await ask(DELETE, { documentId: ids.theirs }))).toEqual(['NOT_FOUND']);
  expect(codes(await update(ids.mine, { premium: true }, ask))).toEqual(['FORBIDDEN']);
  expect(codes(await create({ title: 'premium', premium: true }, ask))).toEqual(['FORBIDDEN']);
  expect(await stored(ids.mine)).toMatchObject({ premium: false });
  expect(await server.database.prisma.post.count({ where: { title: 'premium' } })).toBe(0);
});

describe('statements', () => {
  const ofContent = () => server.statements.filter((sql) => /"posts"/.test(sql));

  test.each<[string, number, () => [string, Record<string, unknown>]]>([
    ['an update', 2, () => [UPDATE, { documentId: ids.mine, data: { title: 'x' } }]],
    ['an update of a unique value', 3, () => [UPDATE, { documentId: ids.mine, data: { slug: 'x' } }]],
    ['a create', 2, () => [CREATE, { data: { title: 'x' } }]],
    ['a delete', 1, () => [DELETE, { documentId: ids.mine }]],
  ])('%s under a rule takes %i', async (_what, most, operation) => {
    await restrict('post.update', [{ where: { featured: { eq: true } } }, OWN]);
    await restrict('post.create', [{ set: { owner: '$user' }, check: WHERE_OWN }]);
    await restrict('post.delete', [OWN]);
    await server.ask('{ __typename }', { token: tokens.reader });
    server.statements.length = 0;
    expect((await asReader(...operation())).errors).toBeUndefined();
    expect(server.statements).toHaveLength(most);
    expect(ofContent()).toHaveLength(most);
  });

  test('are the same for everybody', async () => {
    await restrict('post.update', [{ where: { owner: '$user' }, set: { rating: 1 } }]);
    const texts: string[][] = [];
    for (const token of [tokens.reader, tokens.moderator]) {
      await server.ask('{ __typename }', { token });
      server.statements.length = 0;
      await server.ask(UPDATE, { token, variables: { documentId: ids.mine, data: { slug: `x${texts.length}` } } });
      texts.push(ofContent());
    }
    const [own = [], others = []] = texts;
    expect(own.length).toBe(3);
    expect(others).toEqual(own.slice(0, 1)); // who cannot write it is refused after the look-up
    const moderator = await server.database.prisma.user.findFirstOrThrow({ where: { username: 'moderator' } });
    await server.database.prisma.post.update({ where: { documentId: ids.mine }, data: { ownerId: moderator.id } });
    server.statements.length = 0;
    await server.ask(UPDATE, {
      token: tokens.moderator,
      variables: { documentId: ids.mine, data: { slug: 'theirs too' } },
    });
    expect(ofContent()).toEqual(own);
    expect(own.join(' ')).not.toContain(String(reader.documentId));
  });
});

describe('at the same moment', () => {
  const isServer = inject('databaseKind') === 'server';

  /** Waits until a statement waits for a lock of another connection. The embedded database has one connection. */
  async function blocked(count = 1): Promise<void> {
    if (!isServer) return;
    const waiting = `SELECT count(*)::int AS "n" FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    await expect.poll(async () => (await server.database.query<{ n: number }>(waiting, []))[0]?.n).toBe(count);
  }

  /** Asks while a transaction holds a lock, and commits what else it does once the question waits for it. */
  async function during(lock: string, change: () => string, ask: () => Promise<Answer>): Promise<Answer> {
    let answer: Promise<Answer> | undefined;
    await server.database.prisma.$transaction(
      async (transaction) => {
        await transaction.$executeRawUnsafe(lock);
        answer = ask();
        await blocked();
        await transaction.$executeRawUnsafe(change());
      },
      { timeout: 20_000, maxWait: 20_000 },
    );
    return answer as Promise<Answer>;
  }

  const LOCK_WRITES = 'LOCK TABLE posts IN SHARE MODE';
  const lockRow = (documentId: string) => `SELECT id FROM posts WHERE "documentId" = '${documentId}' FOR UPDATE`;
  const give = (documentId: string) => `UPDATE posts SET "ownerId" = ${editor.id} WHERE "documentId" = '${documentId}'`;

  test.each([
    ['after the look-up', () => LOCK_WRITES],
    ['while the write waits for the row', () => lockRow(ids.mine)],
  ])('an owner who changes %s no longer writes, deletes or learns anything', async (_when, lock) => {
    await restrict('post.update', [OWN]);
    await restrict('post.delete', [OWN]);
    const missing = await update('x'.repeat(24), { slug: 'x' });
    const late = await during(
      lock(),
      () => give(ids.mine),
      () => update(ids.mine, { slug: 'x' }),
    );
    expect(late.text).toBe(missing.text);
    expect(await stored(ids.mine)).toMatchObject({ slug: 'mine', ownerId: editor.id });
    await server.database.prisma.post.update({ where: { documentId: ids.mine }, data: { ownerId: reader.id } });
    const deleted = await during(
      lock(),
      () => give(ids.mine),
      () => asReader(DELETE, { documentId: ids.mine }),
    );
    expect(codes(deleted)).toEqual(['NOT_FOUND']);
    expect(await count()).toBe(3);
  });

  test('a permission that is taken away while a write waits: that one was asked before, and no other is done', async () => {
    await restrict('post.update', [OWN]);
    const gone = `DELETE FROM permissions WHERE action = 'post.update'
      AND "roleId" = (SELECT id FROM roles WHERE type = 'authenticated')`;
    const late = await during(
      lockRow(ids.mine),
      () => gone,
      () => update(ids.mine, { title: 'before' }),
    );
    const isDone = late.errors === undefined;
    // The embedded database has one connection: there, the request may be authenticated after the change.
    if (isServer) expect(isDone).toBe(true);
    const title = isDone ? 'before' : 'mine';
    expect(await stored(ids.mine)).toMatchObject({ title, ownerId: reader.id });
    expect(codes(await update(ids.mine, { title: 'after' }))).toEqual(['FORBIDDEN']);
    expect(await stored(ids.mine)).toMatchObject({ title });
  });

  test('a document that gets its first owner while the write waits is no longer nobody’s', async () => {
    await server.database.prisma.post.update({ where: { documentId: ids.mine }, data: { ownerId: null } });
    // Both read another row beside the document, which the database has joined before it waited for the lock.
    for (const where of [
      { owner: null },
      { not: { owner: { username: { eq: 'editor' } } }, featured: { eq: false } },
    ]) {
      await restrict('post.update', [{ where }]);
      await restrict('post.delete', [{ where }]);
      const own = () =>
        server.database.prisma.post.update({ where: { documentId: ids.mine }, data: { ownerId: null } });
      await own();
      const late = await during(
        lockRow(ids.mine),
        () => give(ids.mine),
        () => update(ids.mine, { title: 'x' }),
      );
      expect(codes(late)).toEqual(['NOT_FOUND']);
      await own();
      const gone = await during(
        lockRow(ids.mine),
        () => give(ids.mine),
        () => asReader(DELETE, { documentId: ids.mine }),
      );
      expect(codes(gone)).toEqual(['NOT_FOUND']);
    }
    expect(await stored(ids.mine)).toMatchObject({ title: 'mine', ownerId: editor.id });
  });

  test('a document that is given something new while the write waits is checked with that', async () => {
    await restrict('post.update', [{ where: { featured: { eq: false } }, check: { author: null } }]);
    const assign = `WITH a AS (INSERT INTO authors ("documentId", name, "updatedAt") VALUES ('${'n'.repeat(24)}', 'New', now()) RETURNING id)
      UPDATE posts SET "authorId" = a.id FROM a WHERE posts."documentId" = '${ids.mine}'`;
    const late = await during(
      lockRow(ids.mine),
      () => assign,
      () => update(ids.mine, { title: 'x' }),
    );
    expect(codes(late)).toEqual(['FORBIDDEN']);
    expect(await stored(ids.mine)).toMatchObject({ title: 'mine' });
  });

  test('a change that the grant does not depend on is no obstacle', async () => {
    await restrict('post.update', [{ where: { owner: { username: { eq: 'reader' } } } }]);
    const views = `UPDATE posts SET views = 5 WHERE "documentId" = '${ids.mine}'`;
    const late = await during(
      lockRow(ids.mine),
      () => views,
      () => update(ids.mine, { title: 'x' }),
    );
    expect(late.data.updatePost).toMatchObject({ title: 'x', views: 5 });
  });

  test('a document that is hidden after the look-up is not linked', async () => {
    const { prisma } = server.database;
    const { id, documentId } = await prisma.author.create({ data: { name: 'Seen' } });
    await restrict('post.update', null);
    await restrict('author.find', [{ where: { name: { eq: 'Seen' } } }]);
    const hide = () => `UPDATE authors SET name = 'Hidden' WHERE id = ${id}`;
    const late = await during(LOCK_WRITES, hide, () => update(ids.mine, { author: documentId }));
    expect(codes(late)).toEqual(['BAD_USER_INPUT']);
    expect(await stored(ids.mine)).toMatchObject({ authorId: null });
  });

  test('what a grant reads elsewhere decides as it is when the document is written', async () => {
    const { prisma } = server.database;
    const { id } = await prisma.author.create({ data: { name: 'Member' } });
    await prisma.post.update({ where: { documentId: ids.theirs }, data: { authorId: id } });
    await restrict('post.update', [{ where: { author: { name: { eq: 'Member' } } } }]);
    const leave = () => `UPDATE authors SET name = 'Former member' WHERE id = ${id}`;
    const late = await during(LOCK_WRITES, leave, () => update(ids.theirs, { slug: 'x' }));
    expect(codes(late)).toEqual(['NOT_FOUND']);
    expect(await stored(ids.theirs)).toMatchObject({ slug: 'theirs' });
  });

  test('of first updates of a single type, one creates its document, and the others change it', async () => {
    await restrict('siteSetting.update', null);
    const { prisma } = server.database;
    await prisma.siteSetting.deleteMany();
    const document = 'mutation ($data: SiteSettingInput!) { updateSiteSetting(data: $data) { siteName tagline } }';
    const first = (siteName: string) => asReader(document, { data: { siteName } });
    let asked: Promise<Answer>[] = [];
    await prisma.$transaction(
      async (transaction) => {
        await transaction.$executeRawUnsafe('LOCK TABLE site_settings IN SHARE MODE');
        asked = ['one', 'other'].map(first);
        await blocked(2); // both have seen that there is none
      },
      { timeout: 20_000, maxWait: 20_000 },
    );
    const answers = await Promise.all(asked);
    expect(answers.flatMap(codes)).toEqual([]);
    expect(await prisma.siteSetting.count()).toBe(1);
    await restrict('siteSetting.update', [{ where: { siteName: { startsWith: 'x' } }, check: { id: { gt: 0 } } }]);
    expect(codes(await asReader(document, { data: { siteName: 'x' } }))).toEqual(['NOT_FOUND']);
    await prisma.siteSetting.deleteMany();
    expect(codes(await asReader(document, { data: { siteName: 'x' } }))).toEqual(['NOT_FOUND']);
    await restrict('siteSetting.update', [{ check: { siteName: { startsWith: 'x' } } }]);
    expect(codes(await asReader(document, { data: { siteName: 'y' } }))).toEqual(['FORBIDDEN']);
    expect(await prisma.siteSetting.count()).toBe(0);
    expect((await asReader(document, { data: { siteName: 'x' } })).data.updateSiteSetting.siteName).toBe('x');
    await restrict('siteSetting.update', undefined);
  });
});
