import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DatabaseUnreachable } from '../src/database/failures.ts';
import type { Database } from '../src/database/open.ts';
import { sessionSettings, unfit } from '../src/database/session-settings.ts';
import { createGatehouse, type Gatehouse } from '../src/gatehouse.ts';
import { blog } from './blog/blog.ts';
import { openDatabase } from './blog/open-database.ts';
import { administer, ask } from './support/administer.ts';
import { createServerDatabase } from './support/database.ts';
import { ELSEWHERE, HOSTILE } from './support/hostile-settings.ts';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from './support/pgbouncer.ts';
import { send, startServer } from './support/start.ts';

const NEEDED = sessionSettings({ statementTimeout: 10_000, schemas: { own: 'gatehouse', content: 'public' } });

/** Opens a database that is expected not to open, and tells why. */
async function refusal(location: Parameters<typeof openDatabase>[0]): Promise<string> {
  const result = await openDatabase(location).catch((error: unknown) => error);
  if (!(result instanceof DatabaseUnreachable)) {
    await (result as Database).close?.();
    throw new Error('It opened');
  }
  return result.message;
}

const names = {
  of: (url: string) => new URL(url).pathname.slice(1),
};

test('a pooler is tested where there is one, and always in .ci/run', () => {
  expect(hasPgBouncer || process.env['GATEHOUSE_CI'] === undefined).toBe(true);
});

if (inject('databaseKind') === 'server' && hasPgBouncer) {
  describe('behind a pooler in transaction mode', inTransactionMode);
  describe('behind a pooler in session mode', inSessionMode);
}

function inTransactionMode() {
  let place: Awaited<ReturnType<typeof createServerDatabase>>;
  let pooler: PgBouncer;
  let location: { readonly kind: 'server'; readonly url: string; readonly listenUrl: string };
  beforeAll(async () => {
    place = await createServerDatabase(inject('template'));
    pooler = await startPgBouncer(place.url, { mode: 'transaction' });
    location = { kind: 'server', url: pooler.url, listenUrl: place.url };
  });
  afterAll(async () => {
    await pooler?.[Symbol.asyncDispose]();
    await place?.drop();
  });

  const reconnect = (url = place.url) =>
    ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${names.of(url)}'`);

  test('a start asks for what it cannot set, and sets nothing', async () => {
    const before = await ask('SELECT count(*)::int AS "settings" FROM pg_db_role_setting');
    const message = await refusal(location);
    const statements = message.split('\n').slice(1);
    expect(message).toContain('gives each transaction another connection');
    for (const name of ['search_path = gatehouse, public, pg_temp', `jit = 'off'`, `statement_timeout = '10000'`]) {
      expect(statements.join('\n')).toMatch(
        new RegExp(`ALTER ROLE \\S+ IN DATABASE ${names.of(place.url)} SET ${name};`),
      );
    }
    const { password } = new URL(place.url);
    if (password !== '') expect(message).not.toContain(password);
    expect(await ask('SELECT count(*)::int AS "settings" FROM pg_db_role_setting')).toEqual(before);
    // Nobody who is given one of these connections next has what we would have set.
    const pooled = await openPlain(
      pooler.url,
      `SELECT current_setting('jit') AS "jit", current_setting('search_path') AS "path"`,
    );
    expect(pooled).toEqual([{ jit: 'on', path: '"$user", public' }]);
    // What was printed is all that it takes.
    await administer(...statements);
    await reconnect();
  });

  test('with that, every request is answered, and nothing is named', async () => {
    await using server = await serve(location);
    const { url, database } = server;
    const login = 'mutation { login(input: { identifier: "editor", password: "gatehouse-demo" }) { jwt } }';
    const token = (await send(url, login)).data.login.jwt;
    const documents = [
      '{ posts { title author { name } tags { name } } }',
      '{ posts_connection(filters: { title: { containsi: "a" } }, sort: "createdAt:desc") { pageInfo { total } } }',
      '{ me { username role { type } } }',
      '{ sessions { documentId } }',
      '{ categories { name } }',
      'mutation { createPost(data: { title: "through a pooler" }) { documentId } }',
    ];
    // As many at once as there are connections, and each again: a name would be met on a connection that never heard it.
    const answers = [];
    for (let round = 0; round < 12; round++) {
      answers.push(
        ...(await Promise.all([...documents, ...documents].map((document) => send(url, document, { token })))),
      );
    }
    expect(answers).toHaveLength(144);
    expect(answers.filter(({ status, errors }) => status !== 200 || errors).map(({ text }) => text)).toEqual([]);
    expect(await database.query('SELECT count(*)::int AS "named" FROM pg_prepared_statements', [])).toEqual([
      { named: 0 },
    ]);
    expect(await database.query(`SELECT "name" FROM "roles" WHERE "type" = 'editor'`, [])).toEqual([
      { name: 'Editor' },
    ]);
    const rows = (await database.query('SELECT name, setting FROM pg_settings', [])) as {
      name: string;
      setting: string;
    }[];
    expect(unfit(NEEDED, rows)).toEqual([]);
    // Told on the line that goes around the pooler.
    expect(database.changes.state).toBe('live');
    await database.query(`UPDATE "users" SET "blocked" = true WHERE "username" = 'editor'`, []);
    await database.changes.catchUp();
    expect((await send(url, '{ me { username } }', { token })).status).toBe(401);
  });

  test('where the server was told to, statements are named', async () => {
    const opened = await openDatabase({ ...location, statements: 'named' });
    try {
      const found = new Set<number>();
      for (let time = 0; time < 4; time++) {
        const [row] = await opened.query('SELECT count(*)::int AS "named" FROM pg_prepared_statements', []);
        found.add(Number(row?.['named']));
      }
      expect(Math.max(...found)).toBeGreaterThan(0);
    } finally {
      await opened.close();
      await reconnect(); // or the names stay, on connections that others are given
    }
  });

  test('a setting that is taken back is not worked without', async () => {
    await administer(`ALTER ROLE CURRENT_USER IN DATABASE ${names.of(place.url)} SET transform_null_equals = on`);
    await reconnect();
    expect(await refusal(location)).toContain(`SET transform_null_equals = 'off';`);
  });

  test('migrations go around it, or are not applied: the lock would stay with a connection', async () => {
    const empty = await createServerDatabase();
    const front = await startPgBouncer(empty.url, { mode: 'transaction' });
    try {
      await administer(...(await refusal({ kind: 'server', url: front.url })).split('\n').slice(1));
      await reconnect(empty.url);
      const message = await refusal({ kind: 'server', url: front.url });
      expect(message).toContain('Set DATABASE_LISTEN_URL to the server itself');
      const nowhere = new URL(empty.url);
      nowhere.port = '1';
      expect(await refusal({ kind: 'server', url: front.url, listenUrl: nowhere.href })).toContain(
        'The database of DATABASE_LISTEN_URL cannot be used: connect ECONNREFUSED',
      );
      const [{ locks } = {}] = await ask(
        `SELECT count(*)::int AS "locks" FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND d.datname = '${names.of(empty.url)}'`,
      );
      expect(locks).toBe(0);
    } finally {
      await front[Symbol.asyncDispose]();
      await empty.drop();
    }
  });
}

function inSessionMode() {
  test('each connection makes its settings by statements, whatever the database carries', async () => {
    const place = await createServerDatabase(inject('template'));
    await ask(ELSEWHERE, names.of(place.url));
    const known = new Set((await ask('SELECT name FROM pg_settings')).map(({ name }) => name));
    await administer(
      ...Object.entries(HOSTILE)
        .filter(([name]) => known.has(name))
        .map(([name, value]) => {
          // A millisecond would end the pooler's own connections before anybody could make a setting.
          const carried = name.endsWith('_timeout') ? '5000' : value;
          return `ALTER DATABASE ${names.of(place.url)} SET ${name} = ${name === 'search_path' ? carried : `'${carried}'`}`;
        }),
    );
    // This one takes the options of the startup message, and drops them.
    const pooler = await startPgBouncer(place.url, { mode: 'session', ignoresOptions: true });
    try {
      const opened = await openDatabase({ kind: 'server', url: pooler.url });
      try {
        const settings = (await opened.query('SELECT name, setting FROM pg_catalog.pg_settings', [])) as {
          name: string;
          setting: string;
        }[];
        expect(unfit(NEEDED, settings)).toEqual([]);
        expect(opened.changes.state).toBe('live');
        const [first, second] = await Promise.all([1, 2].map(() => opened.prisma.session.count()));
        expect(first).toBe(second);
      } finally {
        await opened.close();
      }
    } finally {
      await pooler[Symbol.asyncDispose]();
      await place.drop();
    }
  });
}

/** One statement of somebody else's, who makes no settings. */
async function openPlain(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function serve(
  location: Parameters<typeof openDatabase>[0],
): Promise<AsyncDisposable & { readonly url: string; readonly database: Database }> {
  const usual = await startServer();
  const { config } = usual;
  await usual.close();
  const database = await openDatabase(location);
  const gatehouse: Gatehouse = await createGatehouse({
    ...blog,
    config: { ...config, jwtSecrets: [randomBytes(48).toString('base64url')] },
    database,
    log: pino({ level: 'silent' }),
    mailer: { send: async () => {}, close: () => {} },
  });
  return { url: `${await gatehouse.listen()}/graphql`, database, [Symbol.asyncDispose]: () => gatehouse.close() };
}
