import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { MOST_BEHIND } from '../src/database/changes.ts';
import { databaseFailureOf } from '../src/database/failures.ts';
import { openDatabase } from '../src/database/open.ts';
import { createGatehouse, type Gatehouse } from '../src/gatehouse.ts';
import { createServerDatabase } from './support/database.ts';
import { type Answer, send, startServer, type TestServer } from './support/start.ts';
import { startTcpProxy, type TcpProxy } from './support/tcp-proxy.ts';

test.each<[unknown, string | undefined]>([
  [Object.assign(new Error('x'), { code: '57014' }), 'timeout'],
  [Object.assign(new Error('x'), { code: '57P01' }), 'unavailable'],
  [Object.assign(new Error('x'), { code: '53300' }), 'unavailable'],
  [new Error('a field failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }), 'unavailable'],
  [{ meta: { driverAdapterError: { cause: { kind: 'ConnectionClosed' } } } }, 'unavailable'],
  [{ meta: { driverAdapterError: { cause: { originalCode: '57014' } } } }, 'timeout'],
  [new Error('Connection terminated unexpectedly'), 'unavailable'],
  [Object.assign(new Error('duplicate key'), { code: '23505' }), undefined],
  [new TypeError('a bug of ours'), undefined],
  [undefined, undefined],
])('%o: %s', (error, failure) => {
  expect(databaseFailureOf(error)).toBe(failure);
});

describe('failing open when the database does not answer: nobody is let in', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.close());

  test('a statement that fails is no answer and no Public', async () => {
    const token = await server.tokenOf('editor');
    await server.database.query('ALTER TABLE permissions RENAME TO elsewhere', []);
    try {
      // What is remembered needs no statement: so that nothing is.
      await server.database.query(`SELECT pg_notify('gatehouse_changes', '* *')`, []);
      await server.database.changes.catchUp();
      for (const credential of [token, undefined]) {
        const { status, data } = await server.ask('{ posts { title } }', { token: credential });
        expect({ status, data }).toEqual({ status: 500, data: undefined });
      }
    } finally {
      await server.database.query('ALTER TABLE elsewhere RENAME TO permissions', []);
    }
    expect((await server.ask('{ posts { title } }', { token })).data.posts).toHaveLength(10);
  });
});

/** Milliseconds after which nothing is taken from memory that the database does not confirm. */
const UNTIL_UNPROVEN = MOST_BEHIND + 50;

// Only a server can be away: the embedded database is in the same process.
if (inject('databaseKind') === 'server') describe('a database that goes away', goesAway);

function goesAway() {
  let proxy: TcpProxy;
  let gatehouse: Gatehouse;
  let database: Awaited<ReturnType<typeof createServerDatabase>>;
  let url: string;
  let token: string;
  const log: string[] = [];

  beforeAll(async () => {
    const usual = await startServer();
    const { config } = usual;
    await usual.close();
    database = await createServerDatabase(inject('template'));
    const { hostname, port } = new URL(database.url);
    proxy = await startTcpProxy({ host: hostname, port: Number(port || 5432) });
    const through = new URL(database.url);
    through.hostname = '127.0.0.1';
    through.port = String(proxy.port);
    gatehouse = await createGatehouse({
      config,
      database: await openDatabase({ kind: 'server', url: through.href, connections: 4, statementTimeout: 1_000 }),
      log: pino({ level: 'debug' }, { write: (line) => void log.push(line) }),
      mailer: { send: async () => {}, close: () => {} },
    });
    url = `${await gatehouse.listen()}/graphql`;
    const login = 'mutation { login(input: { identifier: "editor", password: "gatehouse-demo" }) { jwt } }';
    token = (await send(url, login)).data.login.jwt;
  }, 60_000);
  afterAll(async () => {
    await proxy?.restore();
    await gatehouse?.close();
    await proxy?.[Symbol.asyncDispose]();
    await database?.drop();
  });

  const POSTS = '{ posts(pagination: { limit: 1 }) { title } }';
  const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code;

  async function heals(): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt++) {
      if ((await send(url, POSTS, { token })).data?.posts?.length === 1) return;
      await wait(100);
    }
    throw new Error('It did not heal');
  }

  async function expectUnavailable(): Promise<void> {
    const operations: [string, { token?: string }][] = [
      [POSTS, {}],
      [POSTS, { token }],
      ['{ me { username } }', { token }],
      ['mutation { login(input: { identifier: "editor", password: "gatehouse-demo" }) { jwt } }', {}],
      ['mutation { createPost(data: { title: "lost" }) { title } }', { token }],
    ];
    for (const answer of await Promise.all(operations.map(([document, options]) => send(url, document, options)))) {
      expect({ status: answer.status, code: codeOf(answer), data: answer.data ?? null }).toEqual({
        status: 503,
        code: 'SERVICE_UNAVAILABLE',
        data: null,
      });
      expect(answer.headers.get('retry-after')).toBe('5');
    }
    expect((await fetch(new URL('/ready', url))).status).toBe(503);
    expect((await fetch(new URL('/health', url))).status).toBe(200);
  }

  test('is a clear 503 while it is cut off, and heals by itself', { timeout: 60_000 }, async () => {
    await heals();
    await proxy.cut();
    await wait(UNTIL_UNPROVEN);
    await expectUnavailable();
    await proxy.restore();
    await heals();
  });

  test('and that takes everything and says nothing, too', { timeout: 60_000 }, async () => {
    await heals();
    proxy.hold();
    await wait(UNTIL_UNPROVEN);
    await expectUnavailable();
    await proxy.restore();
    await heals();
  });

  test('a bad token is not taken for a good one, nor a good one for a bad one', { timeout: 60_000 }, async () => {
    await heals();
    await proxy.cut();
    await wait(UNTIL_UNPROVEN);
    expect((await send(url, POSTS, { token: `${token}x` })).status).toBe(401);
    expect((await send(url, POSTS, { token })).status).toBe(503);
    await proxy.restore();
    await heals();
  });

  test('in the middle of traffic: what was answered is there, and what is there was answered or refused', {
    timeout: 60_000,
  }, async () => {
    await heals();
    const done: string[] = [];
    const outcomes = new Map<string, number>();
    let going = true;
    const writer = async (name: number) => {
      for (let index = 0; going; index++) {
        const title = `writer ${name}, post ${index}`;
        const document = 'mutation ($title: String!) { createPost(data: { title: $title }) { title } }';
        const answer = await send(url, document, { token, variables: { title } });
        const outcome = answer.data?.createPost?.title === title ? 'written' : `${answer.status} ${codeOf(answer)}`;
        if (outcome === 'written') done.push(title);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (outcome !== 'written') await wait(20);
      }
    };
    const writers = Array.from({ length: 6 }, (_, name) => writer(name));
    for (let round = 0; round < 3; round++) {
      await wait(300);
      await proxy.cut();
      await wait(200);
      await proxy.restore();
    }
    await heals();
    going = false;
    await Promise.all(writers);
    expect(outcomes.get('written')).toBeGreaterThan(10);
    expect(
      [...outcomes.keys()].filter((outcome) => outcome !== 'written' && outcome !== '503 SERVICE_UNAVAILABLE'),
    ).toEqual([]);
    const { data } = await send(
      url,
      '{ posts_connection(filters: { title: { startsWith: "writer" } }) { pageInfo { total } } }',
    );
    expect(data.posts_connection.pageInfo.total).toBeGreaterThanOrEqual(done.length);
    const kept = await send(
      url,
      'query ($titles: [String!]) { posts_connection(filters: { title: { in: $titles } }) { pageInfo { total } } }',
      {
        variables: { titles: done.slice(-1_500) },
      },
    );
    expect(kept.data.posts_connection.pageInfo.total).toBe(Math.min(done.length, 1_500));
  });

  test('a statement that takes too long is ended by the database, and says so', { timeout: 60_000 }, async () => {
    await heals();
    const admin = await openDatabase({ kind: 'server', url: database.url, connections: 1 });
    await admin.query('ALTER TABLE tags RENAME TO tags_of_old', []);
    await admin.query('CREATE VIEW tags AS SELECT t.* FROM tags_of_old t, LATERAL (SELECT pg_sleep(t.id)) s', []);
    try {
      const slow = await send(url, '{ tags { name } }', { token });
      expect({ status: slow.status, code: codeOf(slow) }).toEqual({ status: 503, code: 'TIMEOUT' });
      expect((await send(url, POSTS, { token })).data.posts).toHaveLength(1);
    } finally {
      await admin.query('DROP VIEW tags', []);
      await admin.query('ALTER TABLE tags_of_old RENAME TO tags', []);
      await admin.close();
    }
  });

  test('no line of the log has the token or the password of the database', () => {
    expect(log.join('\n')).not.toContain(token);
    const { password } = new URL(database.url);
    if (password !== '') expect(log.join('\n')).not.toContain(password);
  });
}
