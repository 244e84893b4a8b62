import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Has Node keep what it makes of source files (types taken away, compiled) for the next time, in a directory of this
 * installation, since what lies there is run. Where nobody may write, nothing is kept.
 */
export function keepCompiled(): void {
  enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/gatehouse'));
}
