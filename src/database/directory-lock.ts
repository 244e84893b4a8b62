import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Holds a data directory for this process alone, until `release()` or until the process ends, however it ends.
 *
 * Two embedded databases on one directory lose rows without a word. The lock is the operating system's own lock on a
 * file (taken through SQLite, which Node brings along), so a killed process cannot leave it behind.
 *
 * @throws DirectoryInUse at once when another process, or another server in this one, holds the directory.
 */
export function lockDirectory(directory: string): { release(): void } {
  const holder = join(directory, 'lock.pid');
  const file = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (isBusy(error)) throw new DirectoryInUse(directory, readHolder(holder));
    throw error;
  }
  writeFileSync(holder, String(process.pid));
  return {
    release() {
      rmSync(holder, { force: true });
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

const SQLITE_BUSY = 5;

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
