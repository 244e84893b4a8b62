// npm run migrate:new -- what-changed
// Writes the next migration: the SQL that leads from the migrations so far to prisma/schema/. No database of yours
// is touched: the migrations so far are replayed in an embedded PostgreSQL in memory.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orSayWhy } from '../src/common/start-refused.ts';
import { MIGRATIONS } from '../src/database/migration-engine.ts';
import { buildSchemas } from './build-schemas.ts';
import { sqlFromMigrationsTo } from './schema-difference.ts';

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

const sql = await sqlFromMigrationsTo('prisma/schema');
if (sql === undefined) {
  console.log('Nothing changed: the migrations already lead to prisma/schema/.');
} else {
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const migration = join(MIGRATIONS, `${stamp}_${name}`);
  mkdirSync(migration, { recursive: true });
  writeFileSync(join(migration, 'migration.sql'), `${sql}\n`);
  console.log(`Wrote ${migration}/migration.sql. Read it, then start the server: it is applied at start.\n\n${sql}`);
}
// The engine's own time limit would keep this process for ten seconds more.
process.exit(0);
