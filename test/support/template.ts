// Once for each run: a database that is migrated and seeded, which every test file then copies in a fraction of a second.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { administer, ask } from './administer.ts';
import { createHostileRole, ELSEWHERE, type HostileRole, hostileUrl, makeHostile } from './hostile-settings.ts';
import { testServerUrl } from './server-url.ts';

export type DatabaseKind = 'embedded' | 'server';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseKind: DatabaseKind;
    /** A file with a dump of the embedded template, or the name of the server's template database. */
    template: string;
    /** A file with a dump of an embedded database that has nothing in it: to make one takes ten times as long as to load it. */
    emptyTemplate: string | undefined;
    /** Where databases carry hostile settings: who owns them. */
    hostileRole: HostileRole | undefined;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { databaseKind, hostile } = project.config.provide as { databaseKind: DatabaseKind; hostile?: boolean };
  if (databaseKind === 'embedded') return embeddedTemplate(project);
  return hostile ? hostileTemplate(project) : serverTemplate(project);
}

async function embeddedTemplate(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-template-'));
  const file = join(directory, 'dump.tar');
  const empty = join(directory, 'empty.tar');
  await make('embedded', file, empty);
  project.provide('template', file);
  project.provide('emptyTemplate', empty);
  return async () => rmSync(directory, { recursive: true, force: true });
}

async function serverTemplate(project: TestProject): Promise<() => Promise<void>> {
  const name = `gatehouse_template_${process.pid}`;
  await administer(`DROP DATABASE IF EXISTS ${name}`, `CREATE DATABASE ${name}`);
  await make('server', testServerUrl(name));
  project.provide('template', name);
  return () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** The same made on a database that was hostile from the beginning, by a role that is. */
async function hostileTemplate(project: TestProject): Promise<() => Promise<void>> {
  const name = `gatehouse_template_hostile_${process.pid}`;
  const role = await createHostileRole();
  const remove = () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, `DROP ROLE ${role.name}`);
  try {
    await administer(
      `DROP DATABASE IF EXISTS ${name}`,
      `CREATE DATABASE ${name} OWNER ${role.name} TEMPLATE template0`,
    );
    await ask(ELSEWHERE, name);
    await makeHostile(name);
    await make('server', hostileUrl(name, role));
  } catch (error) {
    await remove(); // a role is the whole server's: none stays behind
    throw error;
  }
  project.provide('template', name);
  project.provide('hostileRole', role);
  return remove;
}

async function make(kind: DatabaseKind, ...targets: string[]): Promise<void> {
  const script = fileURLToPath(new URL('make-template.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [script, kind, ...targets]);
}
