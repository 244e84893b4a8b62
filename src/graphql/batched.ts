import { createContextCache } from '@pothos/core';
import type { Context } from './context.ts';

/**
 * Loads the values of all rows of a list at once, like a DataLoader: the fields of all rows are resolved in one tick, and `load` is
 * called after it, with each key once.
 */
export function batched<Key, Value>(
  load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (context: Context, key: Key) => Promise<Value | undefined> {
  interface Batch {
    readonly keys: Set<Key>;
    readonly values: Promise<ReadonlyMap<Key, Value>>;
  }
  const waitingOf = createContextCache((_context: Context): { batch: Batch | undefined } => ({ batch: undefined }));

  return async (context, key) => {
    const waiting = waitingOf(context);
    if (!waiting.batch) {
      const keys = new Set<Key>();
      const values = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        waiting.batch = undefined;
        return load([...keys]);
      });
      waiting.batch = { keys, values };
    }
    waiting.batch.keys.add(key);
    return (await waiting.batch.values).get(key);
  };
}
