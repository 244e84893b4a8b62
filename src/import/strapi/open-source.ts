import { open } from 'node:fs/promises';
import { openArchive } from './archive/open-archive.ts';
import { openPostgresql } from './database/postgresql.ts';
import { openSqlite } from './database/sqlite.ts';
import { ImportRefused, type StrapiSource } from './source.ts';

/**
 * Opens what a text names: the URL of a PostgreSQL database, or a file, which is a SQLite database or an archive.
 *
 * @throws ImportRefused for everything else. No part of a URL is repeated: it has a password.
 */
export async function openSource(text: string): Promise<StrapiSource> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'postgres' || scheme === 'postgresql') return openPostgresql(text);
  if (scheme === 'mysql' || scheme === 'mariadb')
    throw new ImportRefused('MySQL cannot be read. Use an archive instead: strapi export --no-encrypt');
  if (scheme !== undefined)
    throw new ImportRefused('Name a file, or a URL that begins with postgresql://. Download an archive first.');
  return (await isSqlite(text)) ? openSqlite(text) : openArchive(text);
}

const SQLITE = 'SQLite format 3\0';

/** What cannot be read is no database either. Opening the archive says why. */
async function isSqlite(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      if (!(await file.stat()).isFile()) return false;
      const { buffer } = await file.read(Buffer.alloc(SQLITE.length), 0, SQLITE.length, 0);
      return buffer.toString('latin1') === SQLITE;
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}
