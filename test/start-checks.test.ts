import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { administer, BY_SERVER } from '../src/administration/administration.ts';
import type { Config } from '../src/config/config.ts';
import { checkTriggers } from '../src/database/check-triggers.ts';
import type { Database, DatabaseLocation } from '../src/database/open.ts';
import { openSeeded } from '../src/start/open-seeded.ts';
import { blog } from './blog/blog.ts';
import { ask } from './support/administer.ts';
import { createServerDatabase, openTestDatabase, templateDump } from './support/database.ts';

/** What Gatehouse relies on in the database is checked, not trusted. */

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.close());

/** A database of which a statement changed something while no server ran. */
async function changedBy(sql: string): Promise<{ location: DatabaseLocation; drop(): Promise<void> }> {
  if (inject('databaseKind') === 'server') {
    const { url, drop } = await createServerDatabase(inject('template'));
    await ask(sql, new URL(url).pathname.slice(1));
    return { location: { kind: 'server', url }, drop };
  }
  const pglite = await PGlite.create({ loadDataDir: templateDump() });
  await pglite.exec(sql);
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return { location: { kind: 'memory', dump }, drop: async () => {} };
}

describe('triggers', () => {
  const run = (sql: string) => database.query(sql, []);

  test('all are there, and each fires', async () => {
    await checkTriggers(database);
    await run('ALTER TABLE roles ENABLE ALWAYS TRIGGER roles_raise_version');
    await checkTriggers(database);
  });

  test('a start is refused without one, and says which, and what to run', async () => {
    const { location, drop } = await changedBy('ALTER TABLE gatehouse.users DISABLE TRIGGER users_end_sessions');
    const config = { database: location, production: false, seedDemo: false, bcryptCost: 4 } as Config; // all that it reads
    try {
      await expect(openSeeded(config, blog, () => {})).rejects.toThrow(
        'lacks triggers that Gatehouse relies on: disabled: users_end_sessions on users. ' +
          'Run prisma/triggers.sql as the owner of the tables, after SET search_path TO "gatehouse": it',
      );
    } finally {
      await drop();
    }
  });

  test('missing, disabled and replaced ones are told apart, and prisma/triggers.sql restores them', async () => {
    await run('DROP TRIGGER audit_entries_stay ON audit_entries');
    await run('ALTER TABLE sessions DISABLE TRIGGER sessions_ends_are_told');
    await run('ALTER TABLE settings ENABLE REPLICA TRIGGER settings_changes_are_told');
    await expect(checkTriggers(database)).rejects.toThrow(
      /missing: audit_entries_stay on audit_entries; disabled: sessions_ends_are_told on sessions, settings_changes_are_told on settings\. /,
    );
    for (const statement of readFileSync('prisma/triggers.sql', 'utf8').split('\n\n')) {
      if (/^(CREATE|SELECT) /m.test(statement)) await run(statement);
    }
    await checkTriggers(database);
  });
});

describe('one after the other', () => {
  // The embedded database has one connection: there is nothing that could wait.
  const onServer = inject('databaseKind') === 'server' ? test : undefined;
  onServer?.('a change of the administration waits for another one', async () => {
    const happened: string[] = [];
    const waiting = async () => {
      const [row] = await database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%"locks"%'`,
        [],
      );
      return row?.n === 1;
    };
    let second: Promise<unknown> | undefined;
    await administer(database.prisma, BY_SERVER, async () => {
      second = administer(database.prisma, BY_SERVER, async () => void happened.push('second'));
      while (!happened.includes('second') && !(await waiting()));
      happened.push('first');
    });
    await second;
    expect(happened).toEqual(['first', 'second']);
  });

  test('without its row nothing is changed, and the error names the row', async () => {
    await database.query(`DELETE FROM locks WHERE name = 'administration'`, []);
    let ran = false;
    await expect(
      administer(database.prisma, BY_SERVER, async () => {
        ran = true;
      }),
    ).rejects.toThrow('the row administration of the table locks is missing');
    const included = `INSERT INTO role_includes ("roleId", "includedId") VALUES (1, 2)`;
    await expect(database.query(included, [])).rejects.toThrow('the row administration of locks is missing');
    expect(ran).toBe(false);
    await database.query(`INSERT INTO locks VALUES ('administration')`, []);
    await database.query(included, []);
  });
});

if (inject('databaseKind') === 'server') {
  test.each([
    ['public', '"public"'],
    ['gatehouse', '"gatehouse"'],
  ])('a start warns when every role can create functions in the schema %s', async (schema, quoted) => {
    const warningsOf = async (sql: string) => {
      const { location, drop } = await changedBy(sql);
      const warnings: string[] = [];
      const config = { database: location, production: false, seedDemo: false, bcryptCost: 4 } as Config;
      try {
        const opened = await openSeeded(config, blog, (warning) => warnings.push(warning));
        await opened.database.close();
      } finally {
        await drop();
      }
      return warnings;
    };
    const others = 'REVOKE CREATE ON SCHEMA public FROM PUBLIC';
    expect(await warningsOf(others)).toEqual([]);
    expect(await warningsOf(`${others}; GRANT CREATE ON SCHEMA ${schema} TO PUBLIC`)).toEqual([
      expect.stringMatching(`Run REVOKE CREATE ON SCHEMA ${quoted} FROM PUBLIC$`),
    ]);
  });
}
