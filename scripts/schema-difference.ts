import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { migrate } from '../src/database/migrate.ts';
import { EVERYTHING, type SchemaFile, startMigrationEngine } from '../src/database/migration-engine.ts';

/** The SQL that leads from the migrations to the Prisma schema in a folder; undefined where they lead there already. */
export async function sqlFromMigrationsTo(schema: string): Promise<string | undefined> {
  const pglite = await PGlite.create();
  const adapter = new PrismaPGlite(pglite);
  await migrate({ adapter, runScript: (sql) => pglite.exec(sql) });
  const sql = await sqlFromDatabaseTo(schema, adapter);
  await pglite.close();
  return sql;
}

/** The same from the tables of a database. */
export async function sqlFromDatabaseTo(schema: string, adapter: PrismaPGlite): Promise<string | undefined> {
  const directory = resolve(schema);
  const files: SchemaFile[] = readdirSync(directory)
    .filter((name) => name.endsWith('.prisma'))
    .map((name) => ({ path: join(directory, name), content: readFileSync(join(directory, name), 'utf8') }));
  const engine = await startMigrationEngine(adapter, files);
  const { stdout } = await engine.diff({
    from: { tag: 'schemaDatasource', files, configDir: dirname(directory) },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: EVERYTHING,
  });
  engine.free();
  const sql = stdout?.trim();
  return sql && sql !== '-- This is an empty migration.' ? sql : undefined;
}
