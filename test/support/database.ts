import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import type { Models } from '../../src/database/models.ts';
import type { OpenOptions } from '../../src/database/open.ts';
import { type Database, openDatabase } from '../blog/open-database.ts';
import { administer } from './administer.ts';
import { hostileUrl, makeHostile } from './hostile-settings.ts';
import { testServerUrl } from './server-url.ts';

interface TestDatabaseOptions extends OpenOptions {
  /** Other models than the blog's, whose tables are there beside them. */
  readonly models?: Models | undefined;
}

/** A database of this test's own: the four roles, the example blog, the demo users. Gone when it is closed. */
export async function openTestDatabase(options: TestDatabaseOptions = {}): Promise<Database> {
  if (inject('databaseKind') === 'embedded') {
    return openDatabase({ kind: 'memory', dump: templateDump() }, options);
  }
  const { url, drop } = await createServerDatabase(inject('template'));
  const database = await openDatabase({ kind: 'server', url }, options);
  return {
    ...database,
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** The dump of the embedded template. */
export function templateDump(): Blob {
  return dumpIn(inject('template'));
}

/** The dump of an embedded database that has nothing in it. */
export function emptyDump(): Blob {
  const file = inject('emptyTemplate');
  if (file === undefined) throw new Error('only the embedded database has a dump');
  return dumpIn(file);
}

const read = new Map<string, ArrayBuffer>();

/** A dump as PGlite loads it. Node would copy what is in a Blob in small pieces, for as long as the rest of a start. */
function dumpIn(file: string): Blob {
  const bytes = read.get(file) ?? Uint8Array.from(readFileSync(file)).buffer;
  read.set(file, bytes);
  return Object.defineProperty(new Blob(), 'arrayBuffer', { value: async () => bytes });
}

/** A new database on the server, empty or a copy of a template. */
export async function createServerDatabase(template = 'template0'): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `gatehouse_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const role = inject('hostileRole');
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}${role ? ` OWNER ${role.name}` : ''}`);
  if (role) await makeHostile(name);
  return {
    url: role ? hostileUrl(name, role) : testServerUrl(name),
    drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
