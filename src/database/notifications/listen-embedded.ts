import type { PGlite } from '@electric-sql/pglite';
import { CHANNEL, type ChangeFeed, type ChangeListener, readChange } from './changes.ts';

/** The embedded database notifies before it answers the statement that made the change, in this same process. */
export async function listenEmbedded(pglite: PGlite): Promise<ChangeFeed> {
  const listeners: ChangeListener[] = [];
  const stop = await pglite.listen(CHANNEL, (payload) => {
    for (const listener of listeners) listener(readChange(payload));
  });
  return {
    state: 'live',
    get provenAt() {
      return performance.now();
    },
    isCurrent: () => true,
    catchUp: async () => true,
    onChange: (listener) => void listeners.push(listener),
    close: () => stop(),
  };
}
