import { lstatSync, readFileSync } from 'node:fs';
import { readDotEnv, UnreadableFile } from './dot-env.ts';

const FILE = '.env';

/**
 * The variables of this process, and those of the file `.env` that the process does not set.
 *
 * @throws UnreadableFile when there is such a file and it cannot be read unambiguously.
 */
export function environment(): Readonly<Record<string, string | undefined>> {
  // A broken symbolic link was meant to be read.
  if (!lstatSync(FILE, { throwIfNoEntry: false })) return { ...process.env };
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(FILE);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UnreadableFile(FILE, [REASONS[code] ?? code]);
  }
  return { ...readDotEnv(FILE, bytes), ...process.env };
}

const REASONS: Readonly<Record<string, string | undefined>> = {
  EISDIR: 'expected a file, and it is a directory',
  EACCES: 'expected a file that this user may read',
  ENOENT: 'expected a file, and it is a link to one that is not there',
};
