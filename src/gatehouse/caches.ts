import { createAccessCache } from '../authentication/access-cache/access-cache.ts';
import { createChangeAwareMemory } from '../authentication/access-cache/change-aware-memory.ts';
import { createAccessReader } from '../authentication/access-cache/read-access.ts';
import { createSettingsCache } from '../authentication/access-cache/settings-cache.ts';
import type { Rules } from '../authorization/rules.ts';
import type { Database } from '../database/open.ts';
import { readSettings } from '../database/settings.ts';

/** The caches of one server, which changes of the database invalidate. */
export type Caches = ReturnType<typeof createCaches>;

/** `rules`: which grants can still be read. */
export function createCaches(database: Database, rules: Pick<Rules, 'isValid'>) {
  const memory = createChangeAwareMemory(database.changes);
  return {
    memory,
    access: createAccessCache(createAccessReader(database, rules.isValid), memory),
    settings: createSettingsCache(() => readSettings(database.prisma), memory),
  };
}
