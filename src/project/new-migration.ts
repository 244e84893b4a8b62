import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { MIGRATIONS } from '../database/migration-engine.ts';
import type { App } from '../start/app.ts';
import { buildSchemas } from './build-schemas.ts';
import { asExisting } from './existing-tables.ts';
import { findDifferences } from './schema-difference.ts';

/** A migration that was written. */
export interface NewMigration {
  /** Its file, from the working directory. */
  readonly file: string;
  readonly sql: string;
}

/**
 * Writes the next migration: the SQL that leads from the migrations so far to `prisma/schema/`. No database of yours is touched: the
 * migrations so far are replayed in an embedded PostgreSQL in memory.
 *
 * @param name lower case letters, digits and underscores.
 * @param isExisting for tables that a database has already. Where they are, the migration does nothing.
 * @returns none where nothing changed.
 * @throws ContentTypeError when a content type cannot be served: that is mended before there is a migration of it.
 */
export async function writeMigration(app: App, name: string, isExisting: boolean): Promise<readonly NewMigration[]> {
  await buildSchemas(app);
  const differences = await findDifferences();
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return (['own', 'content'] as const).flatMap((kind) => {
    const difference = differences[kind];
    if (difference === undefined) return [];
    const sql = isExisting && kind === 'content' ? asExisting(difference) : difference;
    const folder = join(MIGRATIONS[kind], `${stamp}_${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'migration.sql'), `${sql}\n`);
    return [{ file: relative('', join(folder, 'migration.sql')), sql }];
  });
}
