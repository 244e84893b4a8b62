import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let editor: string;
beforeAll(async () => {
  server = await startServer();
  editor = await server.tokenOf('editor');
  const { prisma } = server.database;
  const role = await prisma.role.findUniqueOrThrow({ where: { type: 'editor' } });
  const more = ['tag', 'author', 'category'].flatMap((type) =>
    ['create', 'update', 'delete'].map((verb) => `${type}.${verb}`),
  );
  await prisma.permission.createMany({
    data: [...more, 'siteSetting.update', 'siteSetting.delete'].map((action) => ({ roleId: role.id, action })),
  });
});
afterAll(() => server?.close());

const POST =
  'documentId title slug content kind featured views rating premium publishedAt author { name } category { name } tags { name }';
const CREATE = `mutation ($data: PostInput!) { createPost(data: $data) { ${POST} } }`;
const UPDATE = `mutation ($documentId: ID!, $data: PostInput!) { updatePost(documentId: $documentId, data: $data) { ${POST} } }`;
const DELETE = 'mutation ($documentId: ID!) { deletePost(documentId: $documentId) { documentId } }';

async function created(data: Record<string, unknown>): Promise<{ documentId: string; [name: string]: unknown }> {
  const answer = await server.ask(CREATE, { token: editor, variables: { data } });
  if (answer.errors) throw new Error(answer.text);
  return answer.data.createPost;
}

async function documentIds(model: 'author' | 'category' | 'tag', take: number): Promise<string[]> {
  const query = { take, orderBy: { id: 'asc' }, select: { documentId: true } } as const;
  const rows = await {
    author: () => server.database.prisma.author.findMany(query),
    category: () => server.database.prisma.category.findMany(query),
    tag: () => server.database.prisma.tag.findMany(query),
  }[model]();
  return rows.map(({ documentId }) => documentId);
}

async function faultsOf(document: string, variables: Record<string, unknown>) {
  const { errors } = await server.ask(document, { token: editor, variables });
  return {
    code: errors?.[0]?.extensions.code,
    message: errors?.[0]?.message,
    faults: errors?.[0]?.extensions.error.details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`),
  };
}

describe('a document', () => {
  test('is created with every column, found, updated and deleted', async () => {
    const [author] = await documentIds('author', 1);
    const tags = await documentIds('tag', 2);
    const data = {
      ...{ title: 'New', slug: 'new', content: 'Ünïcödé 🦉', kind: 'tutorial', featured: true, views: 7, rating: 4.25 },
      ...{ premium: true, publishedAt: '2026-11-22T09:30:00.123Z', author, tags },
    };
    const post = await created(data);
    const expected = {
      ...data,
      documentId: expect.stringMatching(/^[a-z0-9]{20,}$/),
      author: { name: 'Ada Moreau' },
      category: null,
      tags: [{ name: 'access' }, { name: 'api' }],
    };
    expect(post).toEqual(expected);

    const { documentId } = post;
    const found = await server.ask(`query ($documentId: ID!) { post(documentId: $documentId) { ${POST} } }`, {
      token: editor,
      variables: { documentId },
    });
    expect(found.data.post).toEqual(expected);

    const changed = await server.ask(UPDATE, {
      token: editor,
      variables: { documentId, data: { title: 'Newer', rating: null } },
    });
    expect(changed.data.updatePost).toEqual({ ...expected, title: 'Newer', rating: null });

    const deleted = await server.ask(DELETE, { token: editor, variables: { documentId } });
    expect(deleted.data.deletePost).toEqual({ documentId });
    const gone = await server.ask(`query ($documentId: ID!) { post(documentId: $documentId) { title } }`, {
      token: editor,
      variables: { documentId },
    });
    expect({ data: gone.data, errors: gone.errors }).toEqual({ data: { post: null }, errors: undefined });
  });

  test.each([
    ['update', UPDATE, { data: { title: 'x' } }],
    ['delete', DELETE, {}],
  ])('%s of a document that does not exist is NOT_FOUND', async (_verb, document, variables) => {
    const { errors, data } = await server.ask(document, {
      token: editor,
      variables: { documentId: 'nothing', ...variables },
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', error: { name: 'NotFoundError' } });
    expect(Object.values(data)).toEqual([null]);
  });

  test('keeps the point in time of a date-time written with any offset, also in a relation', async () => {
    const post = await created({ title: 'Offset', publishedAt: '2026-06-01T02:00:00+05:30' });
    expect(post['publishedAt']).toBe('2026-05-31T20:30:00.000Z');
    const { data } = await server.ask('{ posts(pagination: { limit: 1 }) { createdAt author { createdAt } } }');
    for (const time of [data.posts[0].createdAt, data.posts[0].author.createdAt]) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.now() - new Date(time).getTime())).toBeLessThan(3_600_000);
    }
  });

  test('a column in neither read nor write is not in the schema', async () => {
    for (const document of ['{ authors { email } }', '{ posts { author { email } } }', '{ authors { id } }']) {
      expect((await server.ask(document)).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });

  test('a user can own it: clients read that with `user.find`, and cannot write it', async () => {
    const { prisma } = server.database;
    await prisma.permission.deleteMany({ where: { action: 'user.find' } });
    const { id } = await prisma.user.create({
      data: { username: 'owner', email: 'owner@example.com', passwordHash: '-', role: { connect: { type: 'editor' } } },
    });
    const { documentId } = await prisma.post.create({ data: { title: 'Owned', ownerId: id } });
    const owned = `{ posts(filters: { title: { eq: "Owned" } }) { title owner { username } } }`;

    const refused = await server.ask(owned, { token: editor });
    expect(refused.data.posts).toEqual([{ title: 'Owned', owner: null }]);
    expect(refused.errors?.map(({ extensions }) => extensions.error.details)).toEqual([{ action: 'user.find' }]);
    const filtered = await server.ask('{ posts(filters: { owner: null }) { title } }', { token: editor });
    expect(filtered.errors?.[0]?.message).toBe('Invalid key owner');
    await prisma.permission.create({ data: { action: 'user.find', role: { connect: { type: 'editor' } } } });
    expect((await server.ask(owned, { token: editor })).data.posts).toEqual([
      { title: 'Owned', owner: { username: 'owner' } },
    ]);
    const given = await server.ask(UPDATE, { token: editor, variables: { documentId, data: { owner: null } } });
    expect(given.errors?.[0]?.message).toContain('unknown field "owner"');

    await prisma.user.delete({ where: { id } });
    expect((await server.ask(owned, { token: editor })).data.posts).toEqual([{ title: 'Owned', owner: null }]);
    await prisma.permission.deleteMany({ where: { action: 'user.find' } });
    await prisma.post.delete({ where: { documentId } });
  });

  test('columns that are not selected are not loaded', async () => {
    server.statements.length = 0;
    await server.ask('{ authors { name } posts { author { name } } }');
    expect(server.statements.join('\n')).not.toMatch(/"(email|bio|content|slug)"/);
  });
});

describe('validation errors of an input', () => {
  test.each<[string, Record<string, unknown>, string, string[]]>([
    ['an absent required column', {}, 'title must be defined.', ['title: title must be defined.']],
    ['a required column set to null', { title: null }, 'title must be defined.', ['title: title must be defined.']],
    [
      'a column with a default set to null',
      { title: 'x', views: null },
      'views must be defined.',
      ['views: views must be defined.'],
    ],
    [
      'a duplicate of a unique value',
      { title: 'x', slug: 'a-role-for-every-reader' },
      'This attribute must be unique',
      ['slug: This attribute must be unique'],
    ],
    [
      'an unknown author',
      { title: 'x', author: 'nothing' },
      'author names a document that does not exist',
      ['author: author names a document that does not exist'],
    ],
    [
      'all at once',
      { featured: null, author: 'nothing', tags: ['nothing', 'nowhere'] },
      '4 errors occurred',
      [
        'title: title must be defined.',
        'featured: featured must be defined.',
        'author: author names a document that does not exist',
        'tags: tags names documents that do not exist',
      ],
    ],
  ])('%s', async (_what, data, message, faults) => {
    const before = await server.database.prisma.post.count();
    const { code, ...rest } = await faultsOf(CREATE, { data });
    expect(code).toBe('BAD_USER_INPUT');
    expect(rest.message).toBe(message);
    expect(rest.faults?.toSorted()).toEqual(faults.toSorted());
    expect(await server.database.prisma.post.count()).toBe(before);
  });

  test('an update can omit a required column, but cannot set it to null', async () => {
    const { documentId } = await created({ title: 'Stays' });
    expect((await faultsOf(UPDATE, { documentId, data: {} })).code).toBeUndefined();
    expect(await faultsOf(UPDATE, { documentId, data: { title: null } })).toMatchObject({
      message: 'title must be defined.',
    });
  });

  test.each(['2026-02-30T00:00:00Z', '2026-11-22', 'yesterday', '2026-11-22T25:00:00Z', 20261122])(
    '%s is not a date-time',
    async (publishedAt) => {
      expect((await faultsOf(CREATE, { data: { title: 'x', publishedAt } })).code).toBe('BAD_USER_INPUT');
    },
  );

  test('the NUL character is refused, in a variable and in a document', async () => {
    expect(await faultsOf(CREATE, { data: { title: 'a\0b' } })).toMatchObject({ code: 'BAD_USER_INPUT' });
    const { errors } = await server.ask('{ post(documentId: "a\\u0000b") { title } }');
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('relations in an input', () => {
  test('to-one: set, left unchanged, cleared', async () => {
    const [ada, bram] = await documentIds('author', 2);
    const { documentId } = await created({ title: 'Related', author: ada });
    const update = async (data: object) =>
      (await server.ask(UPDATE, { token: editor, variables: { documentId, data } })).data.updatePost.author?.name;
    expect(await update({ author: bram })).toBe('Bram Okafor');
    expect(await update({ title: 'Renamed' })).toBe('Bram Okafor');
    expect(await update({ author: null })).toBeUndefined();
  });

  test('to-many: replaced by a list, left unchanged, cleared by null and by an empty list', async () => {
    const [access, api, clients] = await documentIds('tag', 3);
    const { documentId } = await created({ title: 'Tagged', tags: [access, api, access] });
    const update = async (data: object) =>
      (await server.ask(UPDATE, { token: editor, variables: { documentId, data } })).data.updatePost.tags.map(
        (tag: { name: string }) => tag.name,
      );
    expect(await update({ title: 'Renamed' })).toEqual(['access', 'api']);
    expect(await update({ tags: [clients] })).toEqual(['clients']);
    expect(await update({ tags: [] })).toEqual([]);
    expect(await update({ tags: [access] })).toEqual(['access']);
    expect(await update({ tags: null })).toEqual([]);
  });
});

describe('pages', () => {
  const PAGE = 'query ($pagination: PaginationArg) { posts(pagination: $pagination) { documentId } }';
  const idsOf = async (pagination: object | undefined) => {
    const { data, text } = await server.ask(PAGE, { variables: pagination === undefined ? {} : { pagination } });
    if (!data?.posts) throw new Error(text);
    return data.posts.map((post: { documentId: string }) => post.documentId) as string[];
  };

  test('have ten rows by default, a hundred at most, and contain every document once for any page size', async () => {
    const all = await idsOf({ limit: -1 });
    expect(all.length).toBe(await server.database.prisma.post.count({ where: { premium: false } }));
    expect(await idsOf(undefined)).toEqual(all.slice(0, 10));
    expect(await idsOf({})).toEqual(all.slice(0, 10));
    expect(await idsOf({ page: 2, pageSize: 7 })).toEqual(all.slice(7, 14));
    expect(await idsOf({ start: 3, limit: 4 })).toEqual(all.slice(3, 7));
    expect(await idsOf({ start: 3 })).toEqual(all.slice(3, 13));
    expect(await idsOf({ page: 99 })).toEqual([]);
    const walked = [];
    for (let page = 1; page <= Math.ceil(all.length / 9); page++) walked.push(...(await idsOf({ page, pageSize: 9 })));
    expect(walked).toEqual(all);
  });

  test.each([
    [{ page: 0 }, 'pagination.page: page must be at least 1'],
    [{ page: -1 }, 'pagination.page: page must be at least 1'],
    [{ pageSize: 0 }, 'pagination.pageSize: pageSize must be at least 1'],
    [{ pageSize: -1 }, 'pagination.pageSize: pageSize must be at least 1'],
    [{ pageSize: 101 }, 'pagination.pageSize: pageSize must be at most 100'],
    [{ limit: 101 }, 'pagination.limit: limit must be at most 100'],
    [{ limit: 0 }, 'pagination.limit: limit must be at least 1'],
    [{ limit: -2 }, 'pagination.limit: limit must be at least 1'],
    [{ start: -1 }, 'pagination.start: start must be at least 0'],
    [{ page: 2_147_483_647, pageSize: 100 }, 'pagination.page: page is out of range'],
    [{ start: 2_147_483_647, limit: 1 }, 'pagination.start: start is out of range'],
    [{ page: 1, start: 0 }, 'pagination: pagination takes page and pageSize, or start and limit, not both'],
  ])('%o is a field fault', async (pagination, fault) => {
    expect(await faultsOf(PAGE, { pagination })).toMatchObject({ code: 'BAD_USER_INPUT', faults: [fault] });
  });

  test('the last page that can be requested is returned, with its number', async () => {
    const variables = { pagination: { start: 2_147_483_646, limit: 1 } };
    const document =
      'query ($pagination: PaginationArg) { posts_connection(pagination: $pagination) { pageInfo { page } } }';
    expect((await server.ask(document, { variables })).data.posts_connection.pageInfo.page).toBe(2_147_483_647);
  });

  test('to-many relations have pages of their own, also twice in one document', async () => {
    const { data, errors } = await server.ask(`{ authors(pagination: { limit: 2 }) {
      name first: posts(pagination: { limit: 2 }) { title } next: posts(pagination: { start: 2, limit: 3 }) { title } posts { title } } }`);
    expect(errors).toBeUndefined();
    for (const author of data.authors) {
      expect(author.posts).toHaveLength(10);
      expect(author.first).toEqual(author.posts.slice(0, 2));
      expect(author.next).toEqual(author.posts.slice(2, 5));
    }
  });

  test('an invalid page of a relation is an error of that relation only', async () => {
    const { data, errors } = await server.ask(
      '{ authors(pagination: { limit: 1 }) { name posts(pagination: { limit: 0 }) { title } } }',
    );
    expect(data.authors).toEqual([{ name: 'Ada Moreau', posts: null }]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['authors', 0, 'posts'], 'BAD_USER_INPUT'],
    ]);
  });
});

describe('a single type', () => {
  const UPDATE_SETTING =
    'mutation ($data: SiteSettingInput!) { updateSiteSetting(data: $data) { siteName tagline postsPerPage } }';

  test('is read, updated, deleted, and created again by an update', async () => {
    expect((await server.ask('{ siteSetting { siteName } }')).data.siteSetting.siteName).toBe('The Gatehouse blog');
    const update = (data: object) => server.ask(UPDATE_SETTING, { token: editor, variables: { data } });
    expect((await update({ tagline: null })).data.updateSiteSetting).toEqual({
      siteName: 'The Gatehouse blog',
      tagline: null,
      postsPerPage: 10,
    });

    const DELETE_SETTING = 'mutation { deleteSiteSetting { documentId } }';
    expect((await server.ask(DELETE_SETTING, { token: editor })).data.deleteSiteSetting.documentId).toEqual(
      expect.any(String),
    );
    expect((await server.ask(DELETE_SETTING, { token: editor })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await server.ask('{ siteSetting { siteName } }')).data).toEqual({ siteSetting: null });

    expect((await update({ tagline: 'x' })).errors?.[0]?.message).toBe('siteName must be defined.');
    expect((await update({ siteName: 'Again' })).data.updateSiteSetting).toEqual({
      siteName: 'Again',
      tagline: null,
      postsPerPage: 10,
    });
  });
});

describe('statements of a list', () => {
  test.each([1, 10, 50, 100])(
    '%i posts with author and category: at most two statements, and none for who asks',
    async (limit) => {
      for (const token of [undefined, editor]) {
        await server.ask('{ __typename }', { token });
        server.statements.length = 0;
        const { errors } = await server.ask(
          'query ($limit: Int!) { posts(pagination: { limit: $limit }) { title author { name } category { name } } }',
          { variables: { limit }, token },
        );
        expect(errors).toBeUndefined();
        expect(server.statements.length).toBeLessThanOrEqual(2);
        expect(server.statements.filter((sql) => /"(users|roles|permissions)"/.test(sql))).toEqual([]);
      }
    },
  );
});
