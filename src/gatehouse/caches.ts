import { createAccessCache } from '../authentication/access-cache/access-cache.ts';
import { createChangeAwareMemory } from '../authentication/access-cache/change-aware-memory.ts';
import { createAccessReader } from '../authentication/access-cache/read-access.ts';
import { createSettingsCache } from '../authentication/access-cache/settings-cache.ts';
import type { Database } from '../database/open.ts';
import { readSettings } from '../database/settings.ts';

/** The caches of one server, which changes of the database invalidate. */
export type Caches = ReturnType<typeof createCaches>;

export function createCaches(database: Database) {
  const memory = createChangeAwareMemory(database.changes);
  return {
    memory,
    access: createAccessCache(createAccessReader(database), memory),
    settings: createSettingsCache(() => readSettings(database.prisma), memory),
  };
}
