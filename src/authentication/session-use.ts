import type { Origin } from '../audit/origin.ts';

/** Milliseconds within which one use is as good as another: a write for each request would cost more than the request. */
export const LAST_USE_PRECISION = 5 * 60_000;

/** From where, and when. */
export function usedNow(now: Date, { address, userAgent }: Origin) {
  return { lastUsedAt: now, address: address.slice(0, 64), userAgent: userAgent?.slice(0, 255) ?? null };
}
