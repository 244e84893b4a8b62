import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DatabaseUnreachable } from '../src/database/failures.ts';
import type { Database } from '../src/database/open.ts';
import { sessionSettings, unfit } from '../src/database/session-settings.ts';
import { openDatabase } from './blog/open-database.ts';
import { administer, ask } from './support/administer.ts';
import { createServerDatabase, openTestDatabase, templateDump } from './support/database.ts';
import { ELSEWHERE, HOSTILE, makeHostile } from './support/hostile-settings.ts';

const onServer = inject('databaseKind') === 'server';
const NEEDED = sessionSettings({
  statementTimeout: onServer ? 10_000 : 0,
  schemas: { own: 'gatehouse', content: 'public' },
}).filter(({ name }) => onServer || name !== 'idle_in_transaction_session_timeout');
const SETTINGS = 'SELECT name, setting, source FROM pg_catalog.pg_settings';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.close());

/** The settings that a session did not make itself, or made otherwise than needed. */
async function inheritedBy(run: (sql: string) => Promise<Record<string, unknown>[]>): Promise<string[]> {
  const rows = (await run(SETTINGS)) as { name: string; setting: string; source: string }[];
  const wrong = unfit(NEEDED, rows).map(({ name, actual }) => `${name} is ${actual}`);
  const inherited = rows.filter(
    ({ name, source }) => NEEDED.some((needed) => needed.name === name) && !['client', 'session'].includes(source),
  );
  return [...wrong, ...inherited.map(({ name, source }) => `${name} comes from the ${source}`)];
}

describe('every setting that we rely on is made by each connection', () => {
  test('that Prisma has', async () => {
    expect(await inheritedBy((sql) => database.prisma.$queryRawUnsafe(sql))).toEqual([]);
  });

  test('that runs a statement of our own', async () => {
    expect(await inheritedBy((sql) => database.query(sql, []))).toEqual([]);
  });

  test('that is in a transaction', async () => {
    expect(await database.prisma.$transaction((tx) => inheritedBy((sql) => tx.$queryRawUnsafe(sql)))).toEqual([]);
  });
});

test('each of them has a hostile value in the tests', () => {
  expect(Object.keys(HOSTILE).sort()).toEqual(
    sessionSettings({ statementTimeout: 0, schemas: { own: 'gatehouse', content: 'public' } })
      .map(({ name }) => name)
      .sort(),
  );
});

test('a function means the tables beside it, whatever the session looks at first', async () => {
  const rows = await database.query(
    `SELECT p.proname || ' ' || coalesce(p.proconfig::text, 'as the session has it') AS "function" FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = current_schema() AND p.prokind = 'f'`,
    [],
  );
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter(({ function: found }) => !/search_path=gatehouse, pg_temp/.test(String(found)))).toEqual([]);
});

test('a temporary table does not stand before one of ours', async () => {
  await database.prisma.$transaction(async (tx) => {
    await tx.$executeRawUnsafe('CREATE TEMPORARY TABLE "audit_head" ("id" int) ON COMMIT DROP');
    expect(await tx.$queryRawUnsafe('SELECT "entryId" IS NOT NULL AS "ours" FROM "audit_head"')).toEqual([
      { ours: true },
    ]);
  });
});

if (!onServer)
  test('a data directory may carry settings of its own', async () => {
    const plain = await PGlite.create({ loadDataDir: templateDump() });
    for (const name of ['DateStyle', 'TimeZone', 'search_path', 'session_replication_role', 'array_nulls']) {
      const value = name === 'search_path' ? HOSTILE[name] : `'${HOSTILE[name]}'`;
      await plain.exec(
        `ALTER ROLE CURRENT_USER SET ${name} = ${value}; ALTER DATABASE postgres SET ${name} = ${value}`,
      );
    }
    const dump = await plain.dumpDataDir('none');
    await plain.close();
    const opened = await openDatabase({ kind: 'memory', dump });
    const inherited = await inheritedBy((sql) => opened.query(sql, []));
    await opened.close();
    expect(inherited).toEqual([]);
  });

if (onServer)
  describe('on a server', () => {
    test('whose triggers are off for everybody, a superuser turns them on', async () => {
      await using place = await hostilePlace();
      await administer(`ALTER DATABASE ${place.name} SET session_replication_role = replica`);
      const opened = await openDatabase({ kind: 'server', url: place.url });
      const rows = await opened.query('SHOW session_replication_role', []);
      await opened.close();
      expect(rows).toEqual([{ session_replication_role: 'origin' }]);
    });

    test('migrations take the time that they take', async () => {
      await using place = await hostilePlace();
      await ask(
        `CREATE TABLE elsewhere.seen (bound text, path text);
        CREATE FUNCTION elsewhere.see() RETURNS event_trigger LANGUAGE plpgsql AS
          'BEGIN INSERT INTO elsewhere.seen VALUES (current_setting(''statement_timeout''), current_setting(''search_path'')); END';
        CREATE EVENT TRIGGER seen ON ddl_command_start EXECUTE FUNCTION elsewhere.see()`,
        place.name,
      );
      await (await openDatabase({ kind: 'server', url: place.url })).close();
      expect(await ask('SELECT DISTINCT bound, path FROM elsewhere.seen ORDER BY path', place.name)).toEqual([
        { bound: '0', path: 'gatehouse, pg_temp' }, // Gatehouse's own
        { bound: '0', path: 'gatehouse, public, pg_temp' }, // the schema, and the history
        { bound: '0', path: 'public, gatehouse, pg_temp' }, // the application's
      ]);
    });

    test('and anybody else does not start, nor who may make no tables, and is told why', async () => {
      await using place = await hostilePlace();
      const role = `${place.name}_role`;
      await administer(
        `CREATE ROLE ${role} LOGIN PASSWORD 'only for this test'`,
        `GRANT ALL ON DATABASE ${place.name} TO ${role}`,
      );
      try {
        const url = new URL(place.url);
        url.username = role;
        url.password = 'only for this test';
        // A line, and nothing of the engine that met it.
        await ask('REVOKE CREATE ON SCHEMA public FROM PUBLIC', place.name);
        await expect(openDatabase({ kind: 'server', url: url.href })).rejects.toThrow(
          expect.objectContaining({
            name: 'MigrationsFailed',
            message: 'The migrations could not be applied: permission denied for schema public',
          }),
        );
        await administer(`ALTER ROLE ${role} SET session_replication_role = replica`);
        const failure = await openDatabase({ kind: 'server', url: url.href }).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(DatabaseUnreachable);
        const { message } = failure as Error;
        expect(message).toContain(
          `ALTER ROLE ${role} IN DATABASE ${place.name} SET session_replication_role = 'origin';`,
        );
        expect(message).not.toContain('only for this test');
        expect(
          await ask(`SELECT count(*)::int AS "tables" FROM pg_tables WHERE schemaname = 'public'`, place.name),
        ).toEqual([{ tables: 0 }]);
      } finally {
        await ask(`DROP OWNED BY ${role}`, place.name); // its own tables, since only those of the content are missing
        await administer(`REVOKE ALL ON DATABASE ${place.name} FROM ${role}`, `DROP ROLE ${role}`);
      }
    });
  });

/** An empty database with hostile settings, of whoever runs the tests. */
async function hostilePlace(): Promise<AsyncDisposable & { readonly name: string; readonly url: string }> {
  const { url, drop } = await createServerDatabase();
  const name = new URL(url).pathname.slice(1);
  await ask(ELSEWHERE, name);
  await makeHostile(name);
  return { name, url, [Symbol.asyncDispose]: drop };
}
