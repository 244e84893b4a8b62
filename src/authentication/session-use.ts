import type { Origin } from '../audit/origin.ts';

/** The precision of the time of last use, in milliseconds: a write for each request would cost more than the request. */
export const LAST_USE_PRECISION = 5 * 60_000;

/** The columns that record a use. */
export function usedNow(now: Date, { address, userAgent }: Origin) {
  return { lastUsedAt: now, address: address.slice(0, 64), userAgent: userAgent?.slice(0, 255) ?? null };
}
