// npm run migrate:new -- what-changed
// Writes the next migration: the SQL that leads from the migrations so far to prisma/schema/. No database of yours
// is touched: the migrations so far are replayed in an embedded PostgreSQL in memory.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { orSayWhy } from '../src/common/start-refused.ts';
import { migrate } from '../src/database/migrate.ts';
import { EVERYTHING, MIGRATIONS, type SchemaFile, startMigrationEngine } from '../src/database/migration-engine.ts';
import { buildSchemas } from './build-schemas.ts';

const name = process.argv[2]
  ?.trim()
  .toLowerCase()
  .replaceAll(/[^a-z0-9]+/g, '_');
if (!name) {
  console.error('Name the migration: npm run migrate:new -- add-products');
  process.exit(1);
}

// What would not start is mended before there is a migration of it.
await orSayWhy(async () => void (await buildSchemas((await import('../src/app/app.ts')).app)));

const directory = resolve('prisma/schema');
const files: SchemaFile[] = readdirSync(directory)
  .filter((name) => name.endsWith('.prisma'))
  .map((name) => ({ path: join(directory, name), content: readFileSync(join(directory, name), 'utf8') }));
const pglite = await PGlite.create();
const adapter = new PrismaPGlite(pglite);
await migrate({ adapter, runScript: (sql) => pglite.exec(sql) });
const engine = await startMigrationEngine(adapter, files);
const { stdout: sql } = await engine.diff({
  from: { tag: 'schemaDatasource', files, configDir: resolve('prisma') },
  to: { tag: 'schemaDatamodel', files },
  script: true,
  exitCode: null,
  filters: EVERYTHING,
});
engine.free();
await pglite.close();

if (!sql || sql.trim() === '-- This is an empty migration.') {
  console.log('Nothing changed: the migrations already lead to prisma/schema/.');
} else {
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const migration = join(MIGRATIONS, `${stamp}_${name}`);
  mkdirSync(migration, { recursive: true });
  writeFileSync(join(migration, 'migration.sql'), `${sql.trim()}\n`);
  console.log(
    `Wrote ${migration}/migration.sql. Read it, then start the server: it is applied at start.\n\n${sql.trim()}`,
  );
}
// The engine's own time limit would keep this process for ten seconds more.
process.exit(0);
