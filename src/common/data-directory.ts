import { accessSync, constants, mkdirSync } from 'node:fs';
import { StartRefused } from './start-refused.ts';

/** `DATA_DIR` is not what can hold data. */
export class DirectoryUnusable extends StartRefused {
  constructor(directory: string, code: string) {
    super(`DATA_DIR: expected a directory that this user may write to, and ${directory} is none (${code})`);
  }
}

/**
 * Makes the data directory where there is none, for its owner only.
 *
 * @throws DirectoryUnusable when that is not possible, or nothing may be written there.
 */
export function makeDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new DirectoryUnusable(directory, String(error.code));
  }
}
