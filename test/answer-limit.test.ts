// How large an answer may be, and what is read for it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../src/graphql/operation/limits.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

const MOST = 200_000;
const LONG = 9_000;
const TEXT = 'x'.repeat(LONG);
/** Each is one byte here, and two in an answer. */
const QUOTES = '"'.repeat(LONG);

let server: TestServer;
let editor: string;
let admin: string;
let read: number[];
let small: Awaited<ReturnType<typeof startBeside>>;
beforeAll(async () => {
  server = await startServer({ config: { limits: { ...DEFAULT_LIMITS, answer: MOST } } });
  editor = await server.tokenOf('editor');
  admin = await server.adminToken();
  const { prisma } = server.database;
  await prisma.post.createMany({
    data: Array.from({ length: 30 }, (_, n) => ({ title: `long ${n}`, content: TEXT, updatedAt: new Date() })),
  });
  await prisma.post.create({ data: { title: 'quotes', content: QUOTES } });
  read = [];
  // What the database sends, in bytes.
  small = await startBeside({
    ...server,
    database: {
      ...server.database,
      async query<Selected extends object>(sql: string, values: readonly unknown[]) {
        const rows = await server.database.query<Selected>(sql, values);
        if (rows[0] && 'json' in rows[0]) read.push(String(rows[0]['json'] ?? '').length);
        return rows;
      },
    },
  });
});
afterAll(async () => {
  await small?.[Symbol.asyncDispose]();
  await server?.close();
});

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');
const LONG_ONES = 'filters: { title: { startsWith: "long" } }';
const longPosts = (limit: number) => `posts(${LONG_ONES}, pagination: { limit: ${limit} })`;

function expectTooLarge({ status, data, errors, text }: Answer): void {
  expect({ status, data }).toEqual({ status: 400, data: undefined });
  expect(errors).toEqual([
    expect.objectContaining({
      message: 'The answer would have more than 200000 bytes: ask for less at once',
      extensions: expect.objectContaining({ code: 'ANSWER_LIMIT_EXCEEDED' }),
    }),
  ]);
  expect(text.length).toBeLessThan(500);
}

describe.each<[string, (count: number) => string, number]>([
  ['a long column under many names', (n) => `{ ${longPosts(1)} { ${times(n, (i) => `a${i}: content`)} } }`, 22],
  ['the same of many rows', (n) => `{ ${longPosts(11)} { ${times(n, (i) => `a${i}: content`)} } }`, 2],
  ['a long list', (n) => `{ ${longPosts(n)} { content } }`, 22],
  ['a list many times', (n) => `{ ${times(n, (i) => `a${i}: ${longPosts(4)} { content }`)} }`, 5],
  [
    'the rows of a connection',
    (n) => `{ posts_connection(${LONG_ONES}, pagination: { limit: ${n} }) { nodes { content } } }`,
    22,
  ],
  [
    'the rows of a connection many times',
    (n) =>
      `{ posts_connection(${LONG_ONES}, pagination: { limit: 1 }) { ${times(n, (i) => `n${i}: nodes { content }`)} } }`,
    22,
  ],
  [
    'what is written longer than it is',
    (n) => `{ posts(filters: { title: { eq: "quotes" } }) { ${times(n, (i) => `a${i}: content`)} } }`,
    11,
  ],
  ['a long name', (n) => `{ posts(pagination: { limit: ${n} }) { ${'a'.repeat(LONG)}: __typename } }`, 22],
  [
    'a long name of a root field many times',
    (n) => `{ ${times(n, (i) => `${'a'.repeat(LONG)}${i}: __typename`)} }`,
    22,
  ],
])('%s', (_what, document, most) => {
  test.each(['application/json', 'application/graphql-response+json'])(
    'as much as fits is answered as %s',
    async (accept) => {
      const { status, errors, text } = await server.ask(document(most), { headers: { accept } });
      expect({ status, errors }).toEqual({ status: 200, errors: undefined });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST);
      expect(Buffer.byteLength(text)).toBeGreaterThan(MOST / 2);
    },
  );

  test.each(['application/json', 'application/graphql-response+json'])(
    'more is refused whole as %s',
    async (accept) => {
      expectTooLarge(await server.ask(document(most + 2), { headers: { accept } }));
    },
  );

  test('and so it is in a GET', async () => {
    const query = encodeURIComponent(document(most + 2));
    if (query.length > 10_000) return; // longer than a head may be
    const response = await fetch(`${server.url}?query=${query}`, { headers: { 'x-requested-with': 'test' } });
    const text = await response.text();
    expectTooLarge({ ...JSON.parse(text), status: response.status, headers: response.headers, text });
  });
});

test('what the schema says of itself counts as well', async () => {
  const document = (n: number) =>
    `{ __schema { types { ${times(n, (i) => `a${i}: description name`)} fields { name } } } }`;
  expect((await server.ask(document(1))).status).toBe(200);
  expectTooLarge(await server.ask(document(100)));
});

test('an administrator’s lists and the audit log count as well', async () => {
  expectTooLarge(await server.askAdmin(`{ ${longPosts(30)} { content } }`, { token: admin }));
  const log = (n: number) =>
    `{ ${times(n, (i) => `a${i}: auditEntries { nodes { hash after userAgent ${'b'.repeat(2_000)}: event } }`)} }`;
  expect((await server.askAdmin(log(1), { token: admin })).errors).toBeUndefined();
  expectTooLarge(await server.askAdmin(log(150), { token: admin }));
});

test('the database does not even send what would be too much, of all lists together', async () => {
  for (const [document, sent] of [
    [`{ ${longPosts(30)} { content } }`, 0],
    [`{ posts_connection(${LONG_ONES}, pagination: { limit: 30 }) { nodes { content } } }`, 0],
    [`{ ${longPosts(1)} { ${times(100, (i) => `a${i}: content`)} } }`, LONG],
  ] as const) {
    read.length = 0;
    expectTooLarge(await send(small.url, document));
    const sum = read.reduce((sum, bytes) => sum + bytes, 0);
    expect(sum).toBeGreaterThanOrEqual(sent);
    expect(sum).toBeLessThan(sent + 1_000);
  }
});

describe('of a mutation', () => {
  const create = 'createPost(data: { title: "written", content: $content })';
  const posts = () => server.database.prisma.post.findMany({ where: { title: 'written' } });
  const ask = async (fields: string) => {
    await server.database.prisma.post.deleteMany({ where: { title: 'written' } });
    return server.ask(`mutation ($content: String) { ${fields} }`, { token: editor, variables: { content: TEXT } });
  };
  const error = (more: object) =>
    expect.objectContaining({
      message:
        'The mutation was run, and what it wrote is written. Its answer would have more than 200000 bytes: ask for less of it',
      extensions: expect.objectContaining({ code: 'ANSWER_LIMIT_EXCEEDED' }),
      ...more,
    });

  test('what is written stays, and the answer says so', async () => {
    const { status, data, errors } = await ask(`${create} { ${times(30, (i) => `a${i}: content`)} }`);
    expect({ status, data, errors }).toEqual({ status: 200, data: { createPost: null }, errors: [error({})] });
    expect(await posts()).toHaveLength(1);
  });

  test('each part of it is written', async () => {
    const { data, errors } = await ask(times(3, (n) => `a${n}: ${create} { ${times(10, (i) => `b${i}: content`)} }`));
    expect({ data, errors }).toEqual({ data: { a0: null, a1: null, a2: null }, errors: [error({})] });
    expect(await posts()).toHaveLength(3);
  });

  test('what could not be read is null by itself', async () => {
    const { data, errors } = await ask(
      times(25, (n) => `a${n}: ${create} { ${n > 1 ? 'content' : 'title'} __typename }`),
    );
    expect(data.a0).toEqual({ title: 'written', __typename: 'Post' });
    expect(data.a24).toBeNull();
    expect(errors?.at(-1)).toEqual(error({ path: ['a24'] }));
    expect(await posts()).toHaveLength(25);
  });

  test('a delete is not kept from its work by what was read before', async () => {
    const { documentId } = await server.database.prisma.post.create({ data: { title: 'to be deleted' } });
    const { data } = await ask(
      `${times(25, (n) => `a${n}: ${create} { content }`)} deletePost(documentId: "${documentId}") { documentId }`,
    );
    expect(data.deletePost).toEqual({ documentId });
    expect(await server.database.prisma.post.count({ where: { documentId } })).toBe(0);
  });
});

test('428 bytes that asked for hundreds of megabytes are refused by the default', async () => {
  await using usual = await startBeside(server, { limits: DEFAULT_LIMITS });
  const document = `{ posts(filters: { title: { startsWith: "long" } }, pagination: { limit: 30 }) { ${times(290, (i) => `a${i}: content`)} } }`;
  const { errors, text } = await send(usual.url, document);
  expect(errors?.[0]?.extensions.code).toBe('ANSWER_LIMIT_EXCEEDED');
  expect(text.length).toBeLessThan(500);
});
