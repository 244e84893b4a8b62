import { unavailable } from '../common/errors.ts';
import type { Quota } from './client-quota.ts';

/** Takes a slot, and returns the function that releases it. */
export type TakeSlot = (client: string) => () => void;

/**
 * Limits how many requests are executed at once. Each uses memory while it waits for the database, so a request that could not
 * run soon is refused at once.
 *
 * @throws ApiError SERVICE_UNAVAILABLE when all slots are taken, or all that one client may have.
 */
export function createExecutionSlots({ perClient, total }: Quota): TakeSlot {
  const taken = new Map<string, number>();
  let all = 0;
  return (client) => {
    const own = taken.get(client) ?? 0;
    if (own >= perClient || all >= total) throw unavailable('The server is busy');
    taken.set(client, own + 1);
    all += 1;
    return () => {
      const left = (taken.get(client) ?? 0) - 1;
      if (left > 0) taken.set(client, left);
      else taken.delete(client);
      all -= 1;
    };
  };
}
