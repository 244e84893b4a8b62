import { type BigIntStats, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { ImportRefused, type StrapiSource } from '../source.ts';
import { recordsOfTables } from './records.ts';
import { catalogueOf, MAXIMUM_BYTES, type Selection, selectStatement, type Tables } from './tables.ts';

/**
 * Opens a SQLite database of Strapi, which nobody may write to at the same time. Nothing is written, not even a lock.
 *
 * @throws ImportRefused for a file that is no such database, or that is not complete on its own.
 */
export async function openSqlite(path: string): Promise<StrapiSource> {
  const opened = stampOf(path);
  refuseUnfinished(path);
  const database = open(path);
  const checkUnchanged = () => {
    refuseUnfinished(path);
    const now = stampOf(path);
    if (now.size !== opened.size || now.mtimeNs !== opened.mtimeNs || now.ino !== opened.ino)
      throw new ImportRefused('The database changed while it was read. Stop Strapi, and begin again.');
  };
  try {
    const tables = tablesOf(database);
    return {
      async *records() {
        checkUnchanged();
        yield* recordsOfTables(tables);
        checkUnchanged();
      },
      close: () => tables.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function stampOf(path: string): BigIntStats {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stats?.isFile()) throw new ImportRefused('There is no such file.');
  return stats;
}

/** Changes that are not in the file itself: reading them would mean writing beside it. */
function refuseUnfinished(path: string): void {
  for (const suffix of ['-wal', '-journal']) {
    if (statSync(`${path}${suffix}`, { throwIfNoEntry: false })?.size)
      throw new ImportRefused('The database has changes that are not in its file yet. Stop Strapi first.');
  }
}

function open(path: string): DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1'); // neither locks nor files beside it
  try {
    const database = new DatabaseSync(url, {
      readOnly: true,
      allowExtension: false,
      defensive: true,
      limits: { length: MAXIMUM_BYTES },
    });
    // What a hostile file could do: functions in its schema, and pages that contradict each other.
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0');
    return database;
  } catch (error) {
    throw damaged(error);
  }
}

function tablesOf(database: DatabaseSync): Tables {
  const catalogue = catalogueOf(columnsIn(database));
  return {
    catalogue,
    async *rows(selection: Selection) {
      try {
        const statement = database.prepare(selectStatement(selection, catalogue));
        statement.setReturnArrays(true);
        statement.setReadBigInts(true);
        for (const row of statement.iterate() as Iterable<unknown>) yield (row as readonly unknown[]).map(plain);
      } catch (error) {
        throw damaged(error);
      }
    },
    async close() {
      database.close();
    },
  };
}

/** Real tables and stored columns: a view or a generated column would run an expression of the file. */
function* columnsIn(database: DatabaseSync): Generator<readonly [string, string]> {
  try {
    const statement = database.prepare(
      `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema t, pragma_table_xinfo(t.name) c
       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND c.hidden = 0`,
    );
    for (const { table, column } of statement.iterate()) yield [String(table), String(column)];
  } catch (error) {
    throw damaged(error);
  }
}

/** A number where one is exact. */
const plain = (value: unknown): unknown =>
  typeof value === 'bigint' ? (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)) : value;

const TOO_BIG = 18; // SQLITE_TOOBIG

function damaged(error: unknown): unknown {
  if (error instanceof ImportRefused || !(error instanceof Error) || !('errcode' in error)) return error;
  return new ImportRefused(
    error.errcode === TOO_BIG
      ? `The database has a value of more than ${MAXIMUM_BYTES} bytes.`
      : 'The database is damaged, or is not one of SQLite. Copy it again while Strapi is stopped.',
  );
}
