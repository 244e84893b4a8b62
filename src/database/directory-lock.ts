import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Holds a data directory for this process alone, until `release()` or until the process ends, however it ends.
 *
 * Two embedded databases on one directory lose rows without a word. The lock is the operating system's own lock on a
 * file (taken through SQLite, which Node brings along), so a killed process cannot leave it behind.
 *
 * @throws DirectoryInUse when another process, or another server in this one, holds the directory.
 */
export function lockDirectory(directory: string): { release(): void } {
  const holder = join(directory, 'lock.pid');
  const file = new DatabaseSync(join(directory, 'lock'), { timeout: PATIENCE });
  try {
    file.exec('BEGIN EXCLUSIVE'); // never committed: it is held for as long as the file is open
  } catch (error) {
    file.close();
    if (isBusy(error)) throw new DirectoryInUse(directory, readHolder(holder));
    throw error;
  }
  held.add(file);
  writeFileSync(holder, String(process.pid));
  return {
    release() {
      rmSync(holder, { force: true });
      held.delete(file);
      file.close();
    },
  };
}

/** Somebody else has the data directory open. */
export class DirectoryInUse extends Error {
  constructor(directory: string, holder: string | undefined) {
    super(
      `The data directory ${directory} is in use by another Gatehouse${holder ? ` (process ${holder})` : ''}. ` +
        'Stop that one, choose another DATA_DIR, or set DATABASE_URL to a PostgreSQL server, which several processes can share.',
    );
    this.name = 'DirectoryInUse';
  }
}

/** The files that are locked. One that nobody refers to any more would be collected, and its lock with it. */
const held = new Set<DatabaseSync>();

const SQLITE_BUSY = 5;
/** Milliseconds. Two that start at the same moment stand in each other's way for one, and neither would get it. */
const PATIENCE = 300;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function readHolder(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined; // it is only for the message
  }
}
