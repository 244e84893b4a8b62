import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import type { OpenOptions } from '../../src/database/open.ts';
import { type Database, openDatabase } from '../blog/open-database.ts';
import { administer } from './administer.ts';
import { hostileUrl, makeHostile } from './hostile-settings.ts';
import { testServerUrl } from './server-url.ts';

/** A database of this test's own: the four roles, the example blog, the demo users. Gone when it is closed. */
export async function openTestDatabase(options: OpenOptions = {}): Promise<Database> {
  if (inject('databaseKind') === 'embedded') {
    const dump = new Blob([readFileSync(inject('template'))]);
    return openDatabase({ kind: 'memory', dump }, options);
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
