import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeDataDirectory } from '../common/data-directory.ts';
import { moduleBeside } from '../common/module-beside.ts';
import { MIGRATIONS, migrationNames, migrationSql } from '../database/migration-engine.ts';
import type { App } from '../start/app.ts';
import { withRoles } from './seeded-dump.ts';

/** A dump of an embedded database, in the form that PGlite loads. */
export type Dump = Blob;

/**
 * The dump of a new database of the application: every migration is applied, and its roles are there. It is made once and kept in the
 * folder, under a digest of what it is made of. Several processes can ask for it at once: each finds it complete, or makes it.
 */
export async function databaseTemplate(app: App, folder: string): Promise<Dump> {
  const file = join(folder, `${digestOf(app)}.tar`);
  if (existsSync(file)) return dumpOf(readFileSync(file));
  const bytes = await withRoles(app, dumpOf(await migrateInThread()));
  makeDataDirectory(folder);
  // Moved to its place when it is complete.
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(temporary, bytes, { mode: 0o600 });
  renameSync(temporary, file);
  removeOld(folder, file);
  return dumpOf(bytes);
}

/** Node would copy what is in a Blob in small pieces, for as long as the rest of a start. */
function dumpOf(bytes: Uint8Array): Dump {
  const { buffer } = Uint8Array.from(bytes);
  return Object.defineProperty(new Blob(), 'arrayBuffer', { value: async () => buffer });
}

function digestOf({ models, roles }: App): string {
  const hash = createHash('sha256').update(JSON.stringify([process.version, models.byName, models.enums, roles]));
  for (const folder of [MIGRATIONS.own, MIGRATIONS.content]) {
    for (const name of migrationNames(folder)) hash.update(`${name}\n${migrationSql(folder, name)}\n`);
  }
  return hash.digest('hex').slice(0, 32);
}

function migrateInThread(): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(moduleBeside(import.meta, './migrate-in-thread'));
    thread.once('message', (bytes: ArrayBuffer) => {
      void thread.terminate();
      resolve(new Uint8Array(bytes));
    });
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('The migrations could not be applied'))); // where nothing came before
  });
}

/** What others left behind, a day after it was made: another branch of the project may still use it. */
function removeOld(folder: string, kept: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (file !== kept && age > DAY) rmSync(file, { force: true });
  }
}

const DAY = 86_400_000;
