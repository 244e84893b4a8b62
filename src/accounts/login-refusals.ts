import type { Background } from '../common/background.ts';
import type { Clock } from '../common/clock.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Counts refused logins of users by day, for administrators. */
export interface LoginRefusals {
  /** Counts one, after the response. */
  count(): void;
}

const DAY = 86_400_000;
/** Longer than a write takes. If it was dropped, the next refusal begins another one. */
const PATIENCE = 60_000;

/** Days since 1970, in UTC. */
export function dayOf(time: Date): number {
  return Math.floor(time.getTime() / DAY);
}

/**
 * Writes one sum at a time: what is refused during a write is in the next one. So a flood of refusals costs no more than one
 * statement at a time, and the counts of a process that is killed are lost.
 */
export function createLoginRefusals({
  prisma,
  clock,
  background,
}: {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly background: Background;
}): LoginRefusals {
  let waiting = 0;
  let begun: number | undefined;

  async function write(): Promise<void> {
    try {
      while (waiting > 0) {
        const count = waiting;
        waiting = 0;
        await prisma.$executeRaw`
          INSERT INTO "login_refusals" AS r ("day", "count") VALUES (${dayOf(clock())}, ${count})
          ON CONFLICT ("day") DO UPDATE SET "count" = least(r."count"::int8 + excluded."count", 2147483647)::int4`;
      }
    } finally {
      begun = undefined;
    }
  }

  return {
    count() {
      waiting += 1;
      const now = Date.now();
      if (begun !== undefined && now - begun < PATIENCE) return;
      begun = now;
      background.run('count of refused logins', write);
    },
  };
}
