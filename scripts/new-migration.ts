// npm run migrate:new -- what-changed
// Writes the next migration: the SQL that leads from the migrations so far to prisma/schema.prisma. No database of yours
// is touched: the migrations so far are replayed in an embedded PostgreSQL in memory.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { orSayWhy } from '../src/common/start-refused.ts';
import { migrate } from '../src/database/migrate.ts';
import { EVERYTHING, MIGRATIONS, startMigrationEngine } from '../src/database/migration-engine.ts';
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
await orSayWhy(async () => void (await buildSchemas()));

const file = resolve('prisma/schema.prisma');
const schema = readFileSync(file, 'utf8');
const pglite = await PGlite.create();
const adapter = new PrismaPGlite(pglite);
await migrate({ adapter, runScript: (sql) => pglite.exec(sql) });
const engine = await startMigrationEngine(adapter, schema);
const { stdout: sql } = await engine.diff({
  from: { tag: 'schemaDatasource', files: [{ path: file, content: schema }], configDir: resolve('prisma') },
  to: { tag: 'schemaDatamodel', files: [{ path: file, content: schema }] },
  script: true,
  exitCode: null,
  filters: EVERYTHING,
});
engine.free();
await pglite.close();

if (!sql || sql.trim() === '-- This is an empty migration.') {
  console.log('Nothing changed: the migrations already lead to prisma/schema.prisma.');
} else {
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const directory = join(MIGRATIONS, `${stamp}_${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'migration.sql'), `${sql.trim()}\n`);
  console.log(
    `Wrote ${directory}/migration.sql. Read it, then start the server: it is applied at start.\n\n${sql.trim()}`,
  );
}
// The engine's own time limit would keep this process for ten seconds more.
process.exit(0);
