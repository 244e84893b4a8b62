import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../blog/open-database.ts';
import { createPlace, launch, type Place, runToEnd, SECRETS } from '../support/process.ts';
import { writeStrapiArchive } from '../support/strapi-archive.ts';
import { manyUsers, tablesOf } from './support.ts';

/** `npm run gatehouse -- import strapi`, as a process on a database of its own. */

const USERS = 5_000;
/** Processes that open a database of their own, several in a row, on a machine that does other things. */
const SLOW = 180_000;
const COMMAND = ['dist/command-line/main.js', 'import', 'strapi'];

let directory: string;
let archive: string;
let place: Place;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-import-'));
  archive = join(directory, 'project.tar.gz');
  await writeStrapiArchive(archive, manyUsers(USERS));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeEach(async () => {
  place = await createPlace({ hasCluster: true });
});
afterEach(() => place?.remove());

const importing = (...words: string[]) => [process.execPath, ...COMMAND, archive, ...words] as const;

async function inDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const url = place.environment['DATABASE_URL'];
  const database = await openDatabase(
    url === undefined ? { kind: 'embedded', directory: place.dataDir } : { kind: 'server', url },
  );
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const count = async (database: Database, table: string) => {
  const [row] = await database.query<{ count: number }>(`SELECT count(*)::int AS "count" FROM "${table}"`, []);
  return row?.count;
};

test(
  'an import that is killed in the middle leaves nothing, and the next one writes everything',
  async () => {
    // Opens the database as the command does, with its roles and no demo users.
    const planned = await runToEnd(place.environment, [...COMMAND, archive, '--plan']);
    expect(planned.code, planned.output).toBe(0);
    const before = await inDatabase((database) => tablesOf({ database }));

    const { child, output } = launch(place.environment, [...importing()]);
    while (!/^2000 of 5000 users$/m.test(output()) && child.exitCode === null)
      await once(child.stderr ?? child, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(output()).not.toContain('Imported.');
    expect(await inDatabase((database) => tablesOf({ database }))).toEqual(before);

    const { code, output: text } = await runToEnd(place.environment, [...COMMAND, archive]);
    expect(code, text).toBe(0);
    await inDatabase(async (database) => {
      expect(await count(database, 'users')).toBe(USERS);
      expect(await count(database, 'identifiers')).toBe(2 * USERS);
      expect(await count(database, 'posts')).toBe(0);
    });
  },
  SLOW,
);

test(
  'of two imports at once, one writes and the other is refused',
  async () => {
    await runToEnd(place.environment, [...COMMAND, archive, '--plan']);
    const both = await Promise.all([1, 2].map(() => runToEnd(place.environment, [...COMMAND, archive])));
    expect(both.map(({ code }) => code).toSorted(), both.map(({ output }) => output).join('\n')).toEqual([0, 1]);
    const refused = both.find(({ code }) => code === 1);
    expect(refused?.output).toMatch(
      inject('databaseKind') === 'embedded'
        ? /is in use|another process|opened/i
        : /Nothing was imported\. Start again|The database has 5000 users/,
    );
    await inDatabase(async (database) => expect(await count(database, 'users')).toBe(USERS));
  },
  SLOW,
);

test(
  'in production, secrets of login providers need a key',
  async () => {
    const environment = { ...place.environment, ...SECRETS, NODE_ENV: 'production' };
    const fixture = 'test/fixtures/strapi/strapi-5.54-export.tar.gz';
    const { code, output } = await runToEnd(environment, [...COMMAND, fixture, '--plan']);
    expect(code, output).toBe(1);
    expect(output).toContain('2 × client secrets of login providers: set ENCRYPTION_KEY, with which they are sealed');
  },
  SLOW,
);
