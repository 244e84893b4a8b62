import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { statementNames } from '../src/database/statement-names.ts';
import { createDocumentCache } from '../src/graphql/operation/document-cache.ts';
import { openDatabase } from './blog/open-database.ts';
import { createServerDatabase } from './support/database.ts';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let reader: string;
let editor: string;
beforeAll(async () => {
  server = await startServer();
  reader = await server.tokenOf('reader');
  editor = await server.tokenOf('editor');
});
afterAll(() => server?.close());

/** Sends a body that JSON.stringify would not make. */
async function sendText(body: string, token?: string) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body,
  });
  return (await response.json()) as {
    data?: Record<string, unknown>;
    errors?: { message: string; extensions: { code: string } }[];
  };
}

describe('variables named like properties of every object', () => {
  const authorFind = () => ({ action: 'author.find', role: { type: 'authenticated' } });
  beforeAll(async () => {
    await server.database.prisma.permission.deleteMany({ where: authorFind() });
  });
  afterAll(async () => {
    await server.database.prisma.permission.create({
      data: { action: 'author.find', role: { connect: { type: 'authenticated' } } },
    });
  });

  test.each([
    [
      'constructor',
      'mutation ($constructor: ID) { a: createPost(data: { title: "HALF" }) { title } b: createPost(data: { title: "HALF", author: $constructor }) { title } }',
      '{}',
    ],
    [
      '__proto__',
      'mutation ($__proto__: PostInput!, $author: ID) { a: createPost(data: { title: "HALF" }) { title } b: createPost(data: { title: "HALF", author: $author }) { title } c: createPost(data: $__proto__) @skip(if: true) { title } }',
      '{ "__proto__": { "author": "abc" } }',
    ],
  ])('do not make the check and the execution see different things: %s', async (_name, query, variables) => {
    await sendText(`{ "query": ${JSON.stringify(query)}, "variables": ${variables} }`, reader);
    const halves = await server.database.prisma.post.findMany({ where: { title: 'HALF' }, select: { author: true } });
    expect(halves.every(({ author }) => author === null)).toBe(true);
    expect(halves.length % 2).toBe(0); // both or neither
    await server.database.prisma.post.deleteMany({ where: { title: 'HALF' } });
  });

  test('are nothing when nothing was sent for them', async () => {
    const { data, errors } = await sendText(
      '{ "query": "query ($toString: Int) { posts(pagination: { limit: $toString }) { title } }" }',
    );
    expect(errors).toBeUndefined();
    expect(data?.['posts']).toHaveLength(10);
  });
});

describe('documents that stand for more than they say', () => {
  const levels = (count: number, fragment: (level: number) => string) =>
    Array.from({ length: count }, (_, level) => fragment(level)).join(' ');
  const POST = (next: string) => `fragment`.concat(' ', next);

  test.each([
    [
      'fragments that spread a fragment twice',
      'FIELD_LIMIT_EXCEEDED',
      `mutation { login(input: { identifier: "zz", password: "zzzzzzzz" }) { ...F0 } } ${levels(30, (level) => POST(`F${level} on UsersPermissionsLoginPayload { ...F${level + 1} ...F${level + 1} }`))} fragment F30 on UsersPermissionsLoginPayload { jwt }`,
    ],
    [
      'the same field twice on each level',
      'FIELD_LIMIT_EXCEEDED',
      `{ posts { ...G0 } } ${levels(12, (level) => POST(level % 2 === 0 ? `G${level} on Post { author { ...G${level + 1} } author { ...G${level + 1} } }` : `G${level} on Author { posts { ...G${level + 1} } posts { ...G${level + 1} } }`))} fragment G12 on Post { title }`,
    ],
    [
      'too deep a document',
      'DEPTH_LIMIT_EXCEEDED',
      `{ posts ${'{ author { posts '.repeat(15)} { title } ${'} }'.repeat(15)} }`,
    ],
    ['too many fields', 'FIELD_LIMIT_EXCEEDED', `{ ${'__typename '.repeat(3_001)} }`],
    ['too many tokens', 'TOKEN_LIMIT_EXCEEDED', `{ ${'a '.repeat(20_000)} }`],
    ['deeper than the parser', 'DEPTH_LIMIT_EXCEEDED', `${'{a'.repeat(4_900)}`],
    ['lists in lists', 'DEPTH_LIMIT_EXCEEDED', `{ posts(pagination: { limit: ${'['.repeat(9_000)} }) { title } }`],
  ])('%s: refused before any work', async (_what, code, query) => {
    const began = performance.now();
    const { errors, data } = await server.ask(query);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(performance.now() - began).toBeLessThan(10_000); // minutes, or for ever, before
  });

  test.each([
    ['a list', '[', ']'],
    ['a filter', '{"not":', '}'],
  ])('values nested deeper than calls can be are refused: %s', async (_what, open, close) => {
    const value = `${open.repeat(9_000)}null${close.repeat(9_000)}`;
    const query = 'query ($f: PostFiltersInput) { posts(filters: $f) { title } }';
    const { data, errors } = await sendText(`{ "query": "${query}", "variables": { "f": ${value} } }`);
    expect({ data, code: errors?.[0]?.extensions.code }).toEqual({
      data: undefined,
      code: 'INPUT_DEPTH_LIMIT_EXCEEDED',
    });
  });

  // The last has nearly as many tokens as a document can have: with more of them, either limit can be met first.
  test.each([41, 1_500, 2_450])('a filter in a document that is nested %i times is refused', async (levels) => {
    const { errors } = await server.ask(
      `{ posts(filters: ${'{ not: '.repeat(levels)}{}${' }'.repeat(levels)}) { title } }`,
    );
    expect(errors?.[0]?.extensions.code).toMatch(/^(INPUT_)?DEPTH_LIMIT_EXCEEDED$/);
  });

  const times = (count: number, make: (index: number) => string) =>
    Array.from({ length: count }, (_, n) => make(n)).join(' ');
  const twiceOnEachLevel = (levels: number): string => {
    if (levels === 0) return 'name';
    const inner = twiceOnEachLevel(levels - 1);
    const both = (name: string) => `${name} { ${inner} } ${name} { ${inner} }`;
    return both(levels % 2 === 1 ? 'author' : 'posts');
  };
  const nested = (steps: number, around: (inner: string) => string) => {
    let filter = '{ title: { eq: "nope" } }';
    for (let step = 0; step < steps; step++)
      filter = around(step % 2 === 0 ? `{ posts: ${filter} }` : `{ tags: ${filter} }`);
    return filter;
  };

  test.each<[string, string, Record<string, unknown>, string]>([
    [
      'a long text that is used five hundred times',
      `query ($s: String) { posts(filters: { title: { in: [${'$s '.repeat(500)}] } }, pagination: { limit: 1 }) { title } }`,
      { s: '"'.repeat(500_000) },
      'COST_LIMIT_EXCEEDED',
    ],
    [
      'a long text to look for',
      'query ($s: String) { posts(filters: { content: { contains: $s } }) { title } }',
      { s: `${'a'.repeat(100_000)}b` },
      'BAD_USER_INPUT',
    ],
    [
      'a long sort, many times',
      `query ($s: [String]) { ${times(90, (n) => `a${n}: posts(sort: $s) { title }`)} }`,
      { s: 'title,'.repeat(150_000) },
      'COST_LIMIT_EXCEEDED',
    ],
    [
      'a sort of a million commas',
      'query ($s: [String]) { posts(sort: $s) { title } }',
      { s: ','.repeat(900_000) },
      'BAD_USER_INPUT',
    ],
    [
      'many wrong values',
      'query ($s: [String]) { posts(sort: $s) { title } }',
      { s: Array(4_500).fill(1) },
      'BAD_USER_INPUT',
    ],
    [
      'many documents for a relation, many times',
      `mutation ($t: [ID!]) { ${times(90, (n) => `a${n}: createPost(data: { title: "odd", tags: $t }) { title }`)} }`,
      { t: Array.from({ length: 4_500 }, (_, n) => `t${n}`) },
      'COST_LIMIT_EXCEEDED',
    ],
    [
      'a filter through six relations to many',
      `{ posts(filters: ${nested(6, (inner) => `{ or: [{ documentId: { eq: "x" } }, ${inner}] }`)}) { title } }`,
      {},
      'BAD_USER_INPUT',
    ],
    [
      'the same, negated',
      `{ posts(filters: ${nested(6, (inner) => `{ not: ${inner} }`)}) { title } }`,
      {},
      'BAD_USER_INPUT',
    ],
    [
      'fifteen hundred conditions',
      'query ($f: PostFiltersInput) { posts(filters: $f) { title } }',
      { f: { or: Array(1_500).fill({ title: { between: [] } }) } },
      'BAD_USER_INPUT',
    ],
    [
      'forty thousand filters',
      'query ($f: PostFiltersInput) { posts(filters: $f) { title } }',
      { f: { or: Array(40_000).fill({ title: { eq: 'a' } }) } },
      'INPUT_LIMIT_EXCEEDED',
    ],
    [
      'three hundred thousand empty filters',
      'query ($f: PostFiltersInput) { posts(filters: $f) { title } }',
      { f: { or: Array(300_000).fill({}) } },
      'INPUT_LIMIT_EXCEEDED',
    ],
    [
      'eighty thousand unknown keys',
      'query ($f: PostFiltersInput) { posts(filters: $f) { title } }',
      { f: Object.fromEntries(Array.from({ length: 80_000 }, (_, n) => [`k${n}`, 1])) },
      'INPUT_LIMIT_EXCEEDED',
    ],
    [
      'the same field a thousand times',
      `{ posts { ${'tags { name } '.repeat(1_000)} } }`,
      {},
      'REPETITION_LIMIT_EXCEEDED',
    ],
    [
      'the same field a thousand times in a fragment that nobody spreads',
      `{ __typename } fragment F on Post { ${'author { name } '.repeat(1_000)} }`,
      {},
      'REPETITION_LIMIT_EXCEEDED',
    ],
    [
      'the same field fifty times, with another of the same in each, three levels deep',
      `{ posts { ${'author { posts { author { name } } } '.repeat(50)} ${'author { posts { author { name name name name } } } '.repeat(50)} } }`,
      {},
      'REPETITION_LIMIT_EXCEEDED',
    ],
    ['two of each on each level', `{ posts { ${twiceOnEachLevel(9)} } }`, {}, 'REPETITION_LIMIT_EXCEEDED'],
    [
      'the same field in hundreds of inline fragments',
      `{ posts { ${'... on Post { ... { author { name } } } '.repeat(300)} } }`,
      {},
      'REPETITION_LIMIT_EXCEEDED',
    ],
    [
      'the same field in fragments, spread where they are merged',
      `{ posts { ${times(100, (n) => `author { ...F${n} }`)} } } ${times(100, (n) => `fragment F${n} on Author { posts { title } posts { title } }`)}`,
      {},
      'REPETITION_LIMIT_EXCEEDED',
    ],
    [
      'inline fragments in each other',
      `{ posts { ${'... on Post { title '.repeat(600)} ${'}'.repeat(600)} } }`,
      {},
      'DEPTH_LIMIT_EXCEEDED',
    ],
    [
      'a chain of fragments',
      `{ posts { ...F0 } } ${times(600, (n) => `fragment F${n} on Post { title ...F${n + 1} }`)} fragment F600 on Post { title }`,
      {},
      'DEPTH_LIMIT_EXCEEDED',
    ],
    [
      'fragment cycles',
      `{ posts { ...F0 } } ${times(600, (n) => `fragment F${n} on Post { title ...F${(n + 1) % 600} }`)}`,
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'half a million lines, and a hundred faults at their end',
      `{ ${'\n'.repeat(500_000)} ${times(100, (n) => `unknown${n}`)} }`,
      {},
      'TOKEN_LIMIT_EXCEEDED',
    ],
    [
      'half a million lines, and a fault of syntax at their end',
      `{ posts { title } ${'\r'.repeat(500_000)} ! }`,
      {},
      'TOKEN_LIMIT_EXCEEDED',
    ],
    [
      'hundreds of fragments beside each other',
      `{ posts { ${times(400, (n) => `...F${n}`)} } } ${times(400, (n) => `fragment F${n} on Post { __typename }`)}`,
      {},
      'REPETITION_LIMIT_EXCEEDED',
    ],
  ])('%s: refused before the database is asked', async (_what, query, variables, code) => {
    const token = await server.tokenOf('editor');
    server.statements.length = 0;
    const { errors } = await server.ask(query, { variables, token });
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(server.statements).toHaveLength(1); // who asks
  });

  test('a faulty document is told twenty of its faults, and each briefly', async () => {
    const unknown = `{ ${times(50, (n) => `${'x'.repeat(10_000)}${n}`)} }`;
    const { errors = [] } = await server.ask(unknown);
    expect(errors).toHaveLength(21); // and that there are more
    expect(errors.filter(({ message }) => message.length > 501)).toEqual([]);
    expect(errors.at(-1)?.message).toMatch(/^Too many validation errors/);
    const { errors: ofOne } = await server.ask(
      `{ posts(filters: { ${times(50, (n) => `unknown${n}: 1`)} }) { title } }`,
    );
    expect(ofOne).toHaveLength(5);
  });

  test('a faulty list is told twenty of its faults', async () => {
    const { errors } = await server.ask('query ($s: [String]) { posts(sort: $s) { title } }', {
      variables: { s: Array(1_000).fill(1) },
    });
    expect(errors?.[0]?.extensions.error.details.errors).toHaveLength(20);
  });

  test('as many aliases as are allowed are answered, of columns and of a connection’s nodes', async () => {
    const columns = `{ posts(pagination: { limit: 1 }) { ${times(200, (n) => `a${n}: title`)} title } }`;
    const [post] = (await server.ask(columns)).data.posts;
    expect(post.a199).toBe(post.title);
    const nodes = `{ posts_connection(pagination: { limit: 1 }) { ${times(150, (n) => `n${n}: nodes { title }`)} } }`;
    expect((await server.ask(nodes)).data.posts_connection.n149).toEqual([{ title: post.title }]);
  });

  test('a filter through five relations to many is answered', async () => {
    const filters = nested(5, (inner) => `{ or: [{ documentId: { eq: "x" } }, ${inner}] }`);
    const { errors } = await server.ask(`{ tags(filters: ${filters}) { name } }`);
    expect(errors).toBeUndefined();
  });

  test('the documents that are kept are bounded by their size', () => {
    const cache = createDocumentCache();
    const document = { kind: 'Document', definitions: [] } as never;
    cache.set('x'.repeat(10_001), document);
    expect(cache.get('x'.repeat(10_001))).toBeUndefined();
    for (let number = 0; number < 100; number++) cache.set(`${number}${'x'.repeat(9_000)}`, document);
    const kept = Array.from({ length: 100 }, (_, number) => cache.get(`${number}${'x'.repeat(9_000)}`)).filter(Boolean);
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.length).toBeLessThan(28);
  });

  test('the statements that a connection remembers are bounded by number, by length, and from the second use on', () => {
    const nameOf = statementNames();
    expect(nameOf({ sql: 'SELECT 1' })).toBe('');
    const name = nameOf({ sql: 'SELECT 1' });
    expect(name).not.toBe('');
    expect(nameOf({ sql: 'SELECT 1' })).toBe(name);
    const long = `SELECT '${'x'.repeat(4_000)}'`;
    expect([nameOf({ sql: long }), nameOf({ sql: long })]).toEqual(['', '']);
    const used = (sql: string) => {
      nameOf({ sql });
      return nameOf({ sql });
    };
    const names = new Set<string>();
    for (let number = 0; number < 2_000; number++) {
      names.add(used(`SELECT ${number} AS "other"`));
      expect(nameOf({ sql: 'SELECT 1' })).toBe(name); // in use, it keeps its name
    }
    // Each has one that was never another's, and those that were not used have none any more.
    expect(names.size).toBe(2_000);
    expect(names.has('')).toBe(false);
    expect(nameOf({ sql: 'SELECT 0 AS "other"' })).toBe('');
    for (let number = 0; number < 200; number++) used(`SELECT ${number}, '${'x'.repeat(3_900)}'`);
    const kept = Array.from({ length: 200 }, (_, number) =>
      nameOf({ sql: `SELECT ${number}, '${'x'.repeat(3_900)}'` }),
    );
    expect(kept.filter((each) => each !== '').length).toBeLessThanOrEqual(128);
    expect(kept.at(-1)).not.toBe('');
  });

  if (inject('databaseKind') === 'server') {
    test('and are closed at the server too, while what is asked is answered', async () => {
      const { url, drop } = await createServerDatabase();
      const database = await openDatabase({ kind: 'server', url, connections: 1 });
      try {
        const hot = async () => {
          const [row] = await database.query('SELECT count(*)::int AS "count" FROM pg_prepared_statements', []);
          return Number(row?.['count']);
        };
        const counts: number[] = [];
        for (let number = 0; number < 700; number++) {
          for (const time of [1, 2]) {
            const [row] = await database.query(`SELECT $1::int + ${number} AS "sum"`, [time]);
            expect(row).toEqual({ sum: time + number });
          }
          if (number % 50 === 0) counts.push(await hot());
        }
        expect(Math.max(...counts)).toBeGreaterThan(450);
        expect(await hot()).toBeLessThanOrEqual(550);
        // Neither those that were closed nor those within a transaction that fails are missed.
        for (let number = 0; number < 200; number++) {
          expect(await database.query(`SELECT $1::int + ${number} AS "sum"`, [1])).toEqual([{ sum: 1 + number }]);
        }
        const failing = database.prisma.$transaction(async (transaction) => {
          for (let number = 0; number < 150; number++) {
            for (let time = 0; time < 2; time++) await transaction.$queryRawUnsafe(`SELECT ${number} AS "in"`);
          }
          await transaction.$queryRawUnsafe('SELECT 1 / 0');
        });
        await expect(failing).rejects.toThrow('division by zero');
        expect(await hot()).toBeLessThanOrEqual(550);
      } finally {
        await database.close();
        await drop();
      }
    });
  }
});

describe('what a client does wrong is its fault, and no error of ours', () => {
  test.each<[string, string, object, string | undefined]>([
    [
      'null over a default',
      'mutation ($d: PostInput = { title: "x" }) { createPost(data: $d) { title } }',
      { d: null },
      'BAD_USER_INPUT',
    ],
    [
      'a directive without its argument',
      'mutation ($s: Boolean = true) { createPost(data: { title: "x" }) @skip(if: $s) { title } }',
      { s: null },
      'BAD_USER_INPUT',
    ],
    [
      'the same in a query',
      'query ($s: Boolean = true) { posts @skip(if: $s) { title } }',
      { s: null },
      'BAD_USER_INPUT',
    ],
    [
      'an endless number',
      'mutation { createPost(data: { title: "x", rating: 1e400 }) { rating } }',
      {},
      'BAD_USER_INPUT',
    ],
    [
      'a number at the edge',
      'mutation { createPost(data: { title: "x", rating: -1.7976931348623157e308 }) { rating } }',
      {},
      'BAD_USER_INPUT',
    ],
    [
      'the largest that is kept',
      'mutation { createPost(data: { title: "x", rating: 1e308 }) { rating author { name } } }',
      {},
      undefined,
    ],
    [
      'a year that is none',
      'mutation { createPost(data: { title: "x", publishedAt: "0000-01-01T00:00:00Z" }) { title } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a year before the first',
      'mutation { createPost(data: { title: "x", publishedAt: "0001-01-01T00:00:00+10:00" }) { title } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a year after the last',
      'mutation { createPost(data: { title: "x", publishedAt: "9999-12-31T23:59:59-23:59" }) { title } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a unique text too long',
      'mutation ($s: String) { createPost(data: { title: "x", slug: $s }) { title } }',
      { s: '🦉'.repeat(256) },
      'BAD_USER_INPUT',
    ],
    [
      'half a character',
      'mutation ($s: String) { createPost(data: { title: $s }) { title } }',
      { s: 'a\ud800' },
      'BAD_USER_INPUT',
    ],
    [
      'a list with nothing in it',
      'mutation ($t: [ID]) { createPost(data: { title: "x", tags: $t }) { tags { name } } }',
      { t: [null] },
      undefined,
    ],
  ])('%s', async (_what, query, variables, code) => {
    server.log.length = 0;
    const { errors } = await server.ask(query, { token: editor, variables: variables as Record<string, unknown> });
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(server.log.join('\n')).not.toContain('"level":50');
  });

  test('the longest unique text fits into its index', async () => {
    const { errors } = await server.askAdmin('mutation ($s: String) { createTag(data: { name: $s }) { name } }', {
      token: await server.adminToken(),
      variables: { s: '🦉'.repeat(255) },
    });
    expect(errors).toBeUndefined();
  });

  test('parameters of a GET that are no JSON are refused, and are in no log', async () => {
    server.log.length = 0;
    const url = `${server.url}?query={__typename}&variables=${encodeURIComponent('{"password":hunter2}')}`;
    const response = await fetch(url, { headers: { 'x-requested-with': 'x' } });
    expect(response.status).toBe(400);
    expect((await response.text()) + server.log.join('\n')).not.toContain('hunter2');
  });

  test('a query whose name is written another way is a query', async () => {
    const response = await fetch(`${server.url}?%71uery={posts{title}}`, {
      headers: { accept: 'text/html, application/json' },
    });
    expect(((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code).toBe(
      'CSRF',
    );
  });

  test.each(['text/event-stream', 'multipart/mixed', 'text/html'])('%s is no way to be answered', async (accept) => {
    const { status, errors } = await server.ask('{ __typename }', { headers: { accept } });
    expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 406, code: 'NOT_ACCEPTABLE' });
  });

  test.each([
    ['application/json, application/graphql-response+json;q=0.5', 'application/json'],
    ['application/json;q=0.5, application/graphql-response+json', 'application/graphql-response+json'],
    ['text/event-stream, application/graphql-response+json, */*;q=0.1', 'application/graphql-response+json'],
    ['*/*', 'application/json'],
  ])('who likes %s is answered in %s', async (accept, type) => {
    const { headers } = await server.ask('{ __typename }', { headers: { accept } });
    expect(headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  });

  test('the media type of a body is known in any case', async () => {
    expect((await server.ask('{ __typename }', { headers: { 'content-type': 'APPLICATION/JSON' } })).status).toBe(200);
  });

  test('what is not HTTP is refused in GraphQL’s shape', async () => {
    const { port } = new URL(server.url);
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  test('a refused mutation answers __typename, and nothing that was skipped', async () => {
    const { data } = await server.ask(
      'mutation { __typename deleteTag(documentId: "x") { documentId } deletePost(documentId: "x") @skip(if: true) { documentId } }',
    );
    expect(data).toEqual({ __typename: 'Mutation', deleteTag: null });
  });

  test('many updates of the same rows in any order all end well', async () => {
    const { prisma } = server.database;
    const posts = await prisma.post.findMany({ take: 2, orderBy: { id: 'asc' }, select: { documentId: true } });
    const tags = (await prisma.tag.findMany({ select: { documentId: true } })).map(({ documentId }) => documentId);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        server.ask(
          'mutation ($id: ID!, $tags: [ID]) { updatePost(documentId: $id, data: { tags: $tags }) { title } }',
          {
            token: editor,
            variables: { id: posts[index % 2]?.documentId, tags: index % 3 ? tags : tags.toReversed() },
          },
        ),
      ),
    );
    expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  });
});

describe('accounts', () => {
  const register = (username: string, email: string) =>
    server.ask('mutation ($i: UsersPermissionsRegisterInput!) { register(input: $i) { jwt user { id } } }', {
      variables: { i: { username, email, password: 'a good password' } },
    });

  test('a token is not good for another person of the same number', async () => {
    const { data } = await register('mallory', 'mallory@example.com');
    const { id, jwt } = { id: Number(data.register.user.id), jwt: data.register.jwt };
    const { prisma } = server.database;
    await prisma.user.update({ where: { id }, data: { documentId: 'anotherpersonaltogether1' } });
    const { status, errors } = await server.ask('{ me { username } }', { token: jwt });
    expect({ status, reason: errors?.[0]?.extensions.reason }).toEqual({ status: 401, reason: 'revoked' });
  });

  test.each(['rea\u200Bder', 'reader\u2060', '\uFEFFreader', 'rea\u00ADder'])(
    '%j looks like another’s username, and is taken',
    async (username) => {
      expect((await register(username, 'invisible@example.com')).errors?.[0]?.message).toBe(
        'Email or Username are already taken',
      );
    },
  );

  test.each(['ab\u202Edc', 'line\u2028break', 'tab\there'])('%j is no username', async (username) => {
    expect((await register(username, 'odd@example.com')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('one character that stands for three letters is too short', async () => {
    expect((await register('ﬃ', 'ffi@example.com')).errors?.[0]?.message).toBe(
      'username must be at least 3 characters',
    );
  });

  test('a reset code that was mailed before is worth nothing once the password was changed', async () => {
    const { data } = await register('careful', 'careful@example.com');
    await server.ask('mutation { forgotPassword(email: "careful@example.com") { ok } }');
    await server.gatehouse.idle();
    const code = server.mails.at(-1)?.link?.split('=').at(-1);
    const changed = await server.ask(
      'mutation { changePassword(currentPassword: "a good password", password: "another password", passwordConfirmation: "another password") { jwt } }',
      { token: data.register.jwt },
    );
    expect(changed.errors).toBeUndefined();
    const { errors } = await server.ask(
      'mutation ($code: String!) { resetPassword(code: $code, password: "taken over 1", passwordConfirmation: "taken over 1") { jwt } }',
      { variables: { code } },
    );
    expect(errors?.[0]?.message).toBe('Incorrect code provided');
  });
});
