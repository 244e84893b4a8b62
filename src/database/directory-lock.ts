import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { StartRefused } from '../common/start-refused.ts';

/**
 * Locks a data directory for this process until `release()` or the end of the process, even when it is killed. Waits for a
 * process that holds the lock and is stopping.
 *
 * Two embedded databases on one directory lose rows silently. The lock is the operating system's own lock on a file (taken
 * through SQLite, which is part of Node), so a killed process cannot leave it behind.
 *
 * @throws DirectoryInUse when another process, or another server in this one, holds the directory.
 */
export async function lockDirectory(directory: string): Promise<{ release(): void }> {
  const holder = holderOf(directory);
  const began = performance.now();
  let file = tryToLock(directory);
  while (!file) {
    const { pid, stopping } = readHolder(holder);
    if (performance.now() - began > (stopping ? PATIENCE_WITH_ONE_THAT_STOPS : PATIENCE)) {
      throw new DirectoryInUse(directory, pid);
    }
    await wait(RETRY_AFTER * (0.5 + Math.random()));
    file = tryToLock(directory);
  }
  const held = file;
  locks.add(held);
  writeFileSync(holder, String(process.pid));
  return {
    release() {
      rmSync(holder, { force: true });
      locks.delete(held);
      held.close();
    },
  };
}

/** Makes the next process that starts wait for this one, which holds the directory and is about to end. */
export function announceStop(directory: string): void {
  writeFileSync(holderOf(directory), `${process.pid} ${STOPPING}`);
}

/** Another process has the data directory open. */
export class DirectoryInUse extends StartRefused {
  constructor(directory: string, holder: string | undefined) {
    super(
      `The data directory ${directory} is in use by another Gatehouse${holder ? ` (process ${holder})` : ''}. ` +
        'Stop that one, choose another DATA_DIR, or set DATABASE_URL to a PostgreSQL server, which several processes can share.',
    );
  }
}

/** The locked files. A file without a reference would be garbage-collected, and its lock released. */
const locks = new Set<DatabaseSync>();

const SQLITE_BUSY = 5;
const STOPPING = 'stopping';

/** Milliseconds. Two processes that start at the same time block each other for a moment; one whose npm was killed notices a moment later. */
const PATIENCE = 1_000;
/** A little longer than the longest stop. */
const PATIENCE_WITH_ONE_THAT_STOPS = 27_000;
const RETRY_AFTER = 50;

function holderOf(directory: string): string {
  return join(directory, 'lock.pid');
}

function tryToLock(directory: string): DatabaseSync | undefined {
  const file = new DatabaseSync(join(directory, 'lock'));
  try {
    file.exec('BEGIN EXCLUSIVE'); // never committed: it is held for as long as the file is open
    return file;
  } catch (error) {
    file.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function readHolder(file: string): { readonly pid: string | undefined; readonly stopping: boolean } {
  try {
    const [pid, state] = readFileSync(file, 'utf8').trim().split(' ');
    return { pid: pid || undefined, stopping: state === STOPPING };
  } catch {
    return { pid: undefined, stopping: false }; // used only for the message and for how long to wait
  }
}
