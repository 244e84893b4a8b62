/** The days that a token can live. */
export type Lifespan = (typeof LIFESPANS)[number];
export const LIFESPANS = [7, 30, 90] as const;

/** When a token of this lifespan expires; null for one that does not. */
export function expiryOf(lifespan: number | null, now: Date): Date | null {
  return lifespan === null ? null : new Date(now.getTime() + lifespan * DAY);
}

const DAY = 86_400_000;
