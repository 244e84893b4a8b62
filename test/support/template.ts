// Once for each run: a database that is migrated and seeded, which every test file then copies in a fraction of a second.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { TestProject } from 'vitest/node';
import { seedDemo } from '../../prisma/seed.ts';
import { createPasswords } from '../../src/authentication/passwords.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { seedRoles } from '../../src/database/seed-roles.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { testServerUrl } from './server-url.ts';

export type DatabaseKind = 'embedded' | 'server';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseKind: DatabaseKind;
    /** A file with a dump of the embedded template, or the name of the server's template database. */
    template: string;
  }
}

/** As cheap as bcrypt gets: the tests check what is hashed, not how long it takes. */
const COST = 4;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  return project.config.provide.databaseKind === 'server' ? serverTemplate(project) : embeddedTemplate(project);
}

async function embeddedTemplate(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-template-'));
  const file = join(directory, 'dump.tar');
  const pglite = await PGlite.create();
  const adapter = new PrismaPGlite(pglite);
  await migrate({ adapter, runScript: (sql) => pglite.exec(sql) });
  await seed(new PrismaClient({ adapter }));
  writeFileSync(file, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await pglite.close();
  project.provide('template', file);
  return async () => rmSync(directory, { recursive: true, force: true });
}

async function serverTemplate(project: TestProject): Promise<() => Promise<void>> {
  const name = `gatehouse_template_${process.pid}`;
  await administer(`DROP DATABASE IF EXISTS ${name}`, `CREATE DATABASE ${name}`);
  const database = await openDatabase({ kind: 'server', url: testServerUrl(name) });
  await seed(database.prisma);
  await database.close();
  project.provide('template', name);
  return () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function seed(prisma: PrismaClient): Promise<void> {
  const passwords = createPasswords(COST);
  await seedRoles(prisma, async (transaction) => {
    await seedDemo(transaction, passwords, { production: false });
  });
}

/** Runs statements on the server's own database, one after the other. */
export async function administer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
