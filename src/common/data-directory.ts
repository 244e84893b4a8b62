import { accessSync, constants, mkdirSync } from 'node:fs';
import { StartRefused } from './start-refused.ts';

/** `DATA_DIR` cannot be used as a directory. */
export class DirectoryUnusable extends StartRefused {
  constructor(directory: string, code: string) {
    super(`DATA_DIR: expected a directory that this user may write to, and ${directory} is none (${code})`);
  }
}

/**
 * Creates the data directory where it is missing, accessible to its owner only.
 *
 * @throws DirectoryUnusable when it cannot be created or written to.
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
