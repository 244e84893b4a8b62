import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataDirectory } from '../common/data-directory.ts';
import { ConfigError } from './config-error.ts';

/** In development a secret is made once and kept, so that tokens outlive a restart and a newcomer has nothing to set. */
export function developmentSecret(dataDir: string, variable: string, name: string): string {
  const file = join(dataDir, name);
  makeDataDirectory(dataDir);
  if (!existsSync(file)) {
    // Written whole and then put in its place, where nobody was first: two processes that start together read the same.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, randomBytes(48).toString('base64url'), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      rmSync(draft);
    }
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (Buffer.byteLength(secret) < 32) {
    throw new ConfigError([
      `${variable}: not set, and ${file} holds no secret of 32 bytes; delete the file to have a new one made`,
    ]);
  }
  return secret;
}
