import type { Settings } from '../../database/settings.ts';
import type { ChangeAwareMemory, Remembered } from './change-aware-memory.ts';

/** Reads the settings of accounts, from memory while they did not change. */
export function createSettingsCache(read: () => Promise<Settings>, memory: ChangeAwareMemory): () => Promise<Settings> {
  let settings: Remembered<Settings> | undefined;
  memory.onChange((change) => {
    if (change === undefined || change.kind === 'settings') settings = undefined;
  });
  return () =>
    memory.get({
      recall: () => settings,
      read,
      keep(fresh) {
        settings = fresh;
        return fresh.value;
      },
    });
}
