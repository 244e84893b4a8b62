import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { databaseFailureOf } from '../src/database/failures.ts';
import { MAX_LAG } from '../src/database/notifications/changes.ts';
import { createGatehouse, type Gatehouse } from '../src/gatehouse.ts';
import { blog } from './blog/blog.ts';
import { openDatabase } from './blog/open-database.ts';
import { administer } from './support/administer.ts';
import { createServerDatabase } from './support/database.ts';
import { startStandbyProxy } from './support/notification-proxy.ts';
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

// Classes 08, 53, 55 and 57 whole, and what of others says that the database is not there for us (appendix A of the manual).
const STATES: Readonly<Record<string, readonly string[]>> = {
  unavailable: (
    '08000 08003 08006 08001 08004 08007 08P01 25006 25P03 28000 28P01 3D000 53000 53100 53200 53300 53400 55000 ' +
    '57000 57P01 57P02 57P03 57P04 57P05'
  ).split(' '),
  timeout: ['25P04', '55P03', '57014'],
  undefined:
    '22001 22P02 23001 23502 23503 23505 25000 25001 25P02 26000 40001 40P01 42501 42P01 55006 55P02 55P04 P0001 XX000'.split(
      ' ',
    ),
};
test.each(Object.entries(STATES).flatMap(([failure, states]) => states.map((state) => [state, failure] as const)))(
  'SQLSTATE %s, however it is wrapped: %s',
  (code, failure) => {
    const error = Object.assign(new Error('x'), { code, severity: 'ERROR' });
    const cause = { kind: 'postgres', code, originalCode: code, severity: 'ERROR' };
    for (const one of [error, new Error('x', { cause: error }), { meta: { driverAdapterError: { cause } } }]) {
      expect(String(databaseFailureOf(one))).toBe(failure);
    }
    // Whatever ends a connection, or refuses one, is no fault of a statement.
    if (failure === 'undefined') {
      expect(databaseFailureOf(Object.assign(error, { severity: 'FATAL' }))).toBe('unavailable');
    }
  },
);

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

describe('what the database says while it runs is no 500', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    const { query } = server.database;
    await query('CREATE TABLE "what_fails" ("state" text)', []);
    await query(
      `CREATE FUNCTION fail_now() RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE s text; BEGIN
        SELECT "state" INTO s FROM "what_fails"; IF s IS NOT NULL THEN RAISE EXCEPTION 'as told' USING ERRCODE = s; END IF;
        RETURN true; END $$`,
      [],
    );
    await query(
      'CREATE FUNCTION fail_on_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM fail_now(); RETURN NEW; END $$',
      [],
    );
    await query('CREATE TRIGGER fails BEFORE INSERT ON "posts" FOR EACH ROW EXECUTE FUNCTION fail_on_write()', []);
    await query('ALTER TABLE "tags" RENAME TO "tags_of_old"', []);
    await query('CREATE VIEW "public"."tags" AS SELECT t.* FROM "tags_of_old" t WHERE fail_now()', []);
  });
  afterAll(() => server?.close());

  test.each([
    ['25006', 503, 'SERVICE_UNAVAILABLE'],
    ['53100', 503, 'SERVICE_UNAVAILABLE'],
    ['53200', 503, 'SERVICE_UNAVAILABLE'],
    ['55000', 503, 'SERVICE_UNAVAILABLE'],
    ['57000', 503, 'SERVICE_UNAVAILABLE'],
    ['55P03', 503, 'TIMEOUT'],
    ['57014', 503, 'TIMEOUT'],
    ['XX000', 200, 'INTERNAL_SERVER_ERROR'],
  ])('%s, of a statement of ours and of one of Prisma’s: %i %s', async (state, status, code) => {
    const token = await server.tokenOf('editor');
    await server.database.query('INSERT INTO "what_fails" VALUES ($1)', [state]);
    try {
      for (const document of ['{ tags { name } }', 'mutation { createPost(data: { title: "lost" }) { title } }']) {
        const answer = await server.ask(document, { token });
        const found = { status: answer.status, code: answer.errors?.[0]?.extensions.code };
        expect(found, document).toEqual({ status, code });
      }
    } finally {
      await server.database.query('DELETE FROM "what_fails"', []);
    }
    expect((await server.ask('{ tags { name } }', { token })).errors).toBeUndefined();
  });

  // The embedded database has one connection, so this can be said to it; for a server see below.
  if (inject('databaseKind') === 'embedded')
    test('one that only reads is not ready', async () => {
      const ready = async () => (await fetch(new URL('/ready', server.url))).status;
      expect(await ready()).toBe(200);
      await server.database.query('SET default_transaction_read_only = on', []);
      try {
        expect(await ready()).toBe(503);
        const login = 'mutation { login(input: { identifier: "editor", password: "gatehouse-demo" }) { jwt } }';
        expect((await server.ask(login)).status).toBe(503);
      } finally {
        await server.database.query('SET default_transaction_read_only = off', []);
      }
      expect(await ready()).toBe(200);
    });
});

/** Milliseconds after which nothing is taken from memory that the database does not confirm. */
const UNTIL_UNPROVEN = MAX_LAG + 50;

// Only a server can be away: the embedded database is in the same process.
if (inject('databaseKind') === 'server') describe('a database that goes away', goesAway);

function goesAway() {
  let proxy: TcpProxy;
  let usualConfig: TestServer['config'];
  let gatehouse: Gatehouse;
  let database: Awaited<ReturnType<typeof createServerDatabase>>;
  let url: string;
  let token: string;
  const log: string[] = [];

  beforeAll(async () => {
    const usual = await startServer();
    const { config } = usual;
    usualConfig = config;
    await usual.close();
    database = await createServerDatabase(inject('template'));
    const { hostname, port } = new URL(database.url);
    proxy = await startTcpProxy({ host: hostname, port: Number(port || 5432) });
    const through = new URL(database.url);
    through.hostname = '127.0.0.1';
    through.port = String(proxy.port);
    gatehouse = await createGatehouse({
      ...blog,
      config,
      database: await openDatabase({ kind: 'server', url: through.href, connections: 4, statementTimeout: 1_000 }),
      log: pino({ level: 'debug' }, { write: (line) => void log.push(line) }),
      mailer: { send: async () => {}, close: () => {} },
    });
    url = `${await gatehouse.listen()}/graphql`;
    const login = 'mutation { login(input: { identifier: "editor", password: "gatehouse-demo" }) { jwt } }';
    token = (await send(url, login)).data.login.jwt;
  });
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

  test('is a clear 503 while it is cut off, and heals by itself', async () => {
    await heals();
    await proxy.cut();
    await wait(UNTIL_UNPROVEN);
    await expectUnavailable();
    await proxy.restore();
    await heals();
  });

  test('and that takes everything and says nothing, too', async () => {
    await heals();
    proxy.hold();
    await wait(UNTIL_UNPROVEN);
    await expectUnavailable();
    await proxy.restore();
    await heals();
  });

  // Who it is lets nobody in any more, and has ended every connection.
  test.each([
    ['takes no connections', 'ALLOW_CONNECTIONS false', 'ALLOW_CONNECTIONS true'],
    ['has no connection left', 'CONNECTION LIMIT 0', 'CONNECTION LIMIT -1'],
  ])('that %s, too', async (_what, away, back) => {
    await heals();
    const name = new URL(database.url).pathname.slice(1);
    await administer(
      `ALTER DATABASE ${name} ${away}`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    await wait(UNTIL_UNPROVEN);
    await expectUnavailable();
    await administer(`ALTER DATABASE ${name} ${back}`);
    await heals();
  });

  test('that became a standby, too, and a start says so', async () => {
    const { hostname, port } = new URL(database.url);
    await using standby = await startStandbyProxy({ host: hostname, port: Number(port || 5432) });
    const through = new URL(database.url);
    through.hostname = '127.0.0.1';
    through.port = String(standby.port);
    const other = await createGatehouse({
      ...blog,
      config: usualConfig,
      database: await openDatabase({ kind: 'server', url: through.href }),
      log: pino({ level: 'silent' }),
      mailer: { send: async () => {}, close: () => {} },
    });
    const at = `${await other.listen()}/graphql`;
    try {
      expect((await send(at, POSTS)).status).toBe(200);
      standby.demote(true);
      await wait(UNTIL_UNPROVEN);
      const answer = await send(at, POSTS);
      expect([answer.status, codeOf(answer)]).toEqual([503, 'SERVICE_UNAVAILABLE']);
      expect((await fetch(new URL('/ready', at))).status).toBe(503);
      await expect(openDatabase({ kind: 'server', url: through.href })).rejects.toThrow(
        'The database of DATABASE_URL cannot be used: it is a standby, which is read-only',
      );
      standby.demote(false);
      await expect.poll(async () => (await send(at, POSTS)).status).toBe(200);
    } finally {
      await other.close();
    }
  });

  test('a bad token is not taken for a good one, nor a good one for a bad one', async () => {
    await heals();
    await proxy.cut();
    await wait(UNTIL_UNPROVEN);
    expect((await send(url, POSTS, { token: `${token}x` })).status).toBe(401);
    expect((await send(url, POSTS, { token })).status).toBe(503);
    await proxy.restore();
    await heals();
  });

  test('in the middle of traffic: what was answered is there, and what is there was answered or refused', async () => {
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

  test('a statement that takes too long is ended by the database, and says so', async () => {
    await heals();
    const admin = await openDatabase({ kind: 'server', url: database.url, connections: 1 });
    await admin.query('ALTER TABLE tags RENAME TO tags_of_old', []);
    await admin.query(
      'CREATE VIEW public.tags AS SELECT t.* FROM tags_of_old t, LATERAL (SELECT pg_sleep(t.id)) s',
      [],
    );
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
