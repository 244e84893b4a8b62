import { dayOf } from '../../accounts/login-refusals.ts';
import { invalidInput } from '../../common/errors.ts';
import type { Transaction } from '../administration.ts';

/** What happened on one day of UTC. */
export interface OverviewDay {
  /** When it began. */
  readonly day: Date;
  readonly signUps: number;
  readonly logins: number;
  readonly refusedLogins: number;
  readonly refusals: number;
}

export const MAX_DAYS = 90;

const DAY = 86_400_000;

/**
 * The last days, the oldest first, with today. One statement, which reads the entries of these days and no others.
 *
 * @throws ApiError BAD_USER_INPUT for a number that is not from 1 to 90
 */
export async function readDays(
  database: Pick<Transaction, '$queryRaw'>,
  days: number,
  now: Date,
): Promise<OverviewDay[]> {
  refuseDays(days);
  const today = dayOf(now);
  const first = today - days + 1;
  const rows = await database.$queryRaw<readonly Counted[]>`
    SELECT coalesce(e."number", r."day") AS "number",
      coalesce(e."signUps", 0) AS "signUps",
      coalesce(e."logins", 0) AS "logins",
      coalesce(e."refusedLogins", 0) + coalesce(r."count", 0) AS "refusedLogins",
      coalesce(e."refusals", 0) AS "refusals"
    FROM (
      SELECT floor(extract(epoch FROM "at") / 86400)::int4 AS "number",
        count(*) FILTER (WHERE "event" = 'user.register')::int4 AS "signUps",
        count(*) FILTER (WHERE "event" = 'session.begin' OR "event" = 'admin.login' AND "outcome" = 'done')::int4 AS "logins",
        count(*) FILTER (WHERE "event" = 'admin.login' AND "outcome" = 'refused')::int4 AS "refusedLogins",
        count(*) FILTER (WHERE "event" = 'administration.refuse')::int4 AS "refusals"
      FROM "audit_entries"
      WHERE "at" >= ${new Date(first * DAY)}::timestamptz AND "at" < ${new Date((today + 1) * DAY)}::timestamptz
      GROUP BY 1
    ) e
    FULL JOIN (SELECT * FROM "login_refusals" WHERE "day" BETWEEN ${first}::int4 AND ${today}::int4) r ON r."day" = e."number"`;
  const byNumber = new Map(rows.map(({ number, ...counted }) => [number, counted]));
  return Array.from({ length: days }, (_none, index) => ({
    day: new Date((first + index) * DAY),
    ...(byNumber.get(first + index) ?? NOTHING),
  }));
}

type Counted = Omit<OverviewDay, 'day'> & {
  /** Days since 1970. */
  readonly number: number;
};

const NOTHING = { signUps: 0, logins: 0, refusedLogins: 0, refusals: 0 };

export function refuseDays(days: number): void {
  if (days >= 1 && days <= MAX_DAYS) return;
  throw invalidInput([{ path: ['days'], message: `days must be from 1 to ${MAX_DAYS}` }]);
}
