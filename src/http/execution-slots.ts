import { unavailable } from '../common/errors.ts';
import type { Bounds } from './client-usage.ts';

/** Takes one of the slots, and answers how to give it back. */
export type TakeSlot = (client: string) => () => void;

/**
 * Slots for what is executed. Each holds memory while it waits for the database: what cannot be done soon is better said so
 * at once.
 *
 * @throws ApiError SERVICE_UNAVAILABLE when all are taken, or all that one client may have.
 */
export function slotsWithin({ perClient, inAll }: Bounds): TakeSlot {
  const taken = new Map<string, number>();
  let all = 0;
  return (client) => {
    const own = taken.get(client) ?? 0;
    if (own >= perClient || all >= inAll) throw unavailable('The server is busy');
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
