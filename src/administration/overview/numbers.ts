import type { Transaction } from '../administration.ts';

/** How much there is of what, and of what should not be. */
export interface OverviewNumbers {
  readonly users: number;
  readonly blockedUsers: number;
  readonly unconfirmedUsers: number;
  readonly disputedUsernames: number;
  readonly roles: number;
  /** Those that are accepted. */
  readonly apiTokens: number;
  readonly administrators: number;
  /** Accounts that can be logged in to with the public password of development. */
  readonly publicPasswords: number;
  readonly stuckMails: number;
  /** In the last seven days. */
  readonly failedMails: number;
}

/** A mail is retried for a quarter of an hour. After that, nobody sends it. */
const RETRIED_FOR = 15 * 60_000;
const WEEK = 7 * 86_400_000;

/** One statement. */
export async function readNumbers(database: Pick<Transaction, '$queryRaw'>, now: Date): Promise<OverviewNumbers> {
  const waitsSince = new Date(now.getTime() - RETRIED_FOR);
  const lastWeek = new Date(now.getTime() - WEEK);
  const rows = await database.$queryRaw<readonly [OverviewNumbers]>`
    SELECT u.*, a."administrators", u."publicUsers" + a."publicAdministrators" AS "publicPasswords",
      (SELECT count(*)::int4 FROM "roles") AS "roles",
      (SELECT count(*)::int4 FROM "api_tokens"
        WHERE "revokedAt" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > ${now}::timestamptz)) AS "apiTokens",
      (SELECT count(*)::int4 FROM "mail_outbox" WHERE "createdAt" < ${waitsSince}::timestamptz) AS "stuckMails",
      (SELECT count(*)::int4 FROM "audit_entries" WHERE "event" = 'mail.fail' AND "at" > ${lastWeek}::timestamptz) AS "failedMails"
    FROM (
      SELECT count(*)::int4 AS "users",
        count(*) FILTER (WHERE "isBlocked")::int4 AS "blockedUsers",
        count(*) FILTER (WHERE NOT "confirmed")::int4 AS "unconfirmedUsers",
        count(*) FILTER (WHERE "usernameDisputed")::int4 AS "disputedUsernames",
        count(*) FILTER (WHERE "publicPassword" AND NOT "isBlocked")::int4 AS "publicUsers"
      FROM (
        SELECT *, "blocked" AND ("blockedUntil" IS NULL OR "blockedUntil" > ${now}::timestamptz) AS "isBlocked" FROM "users"
      ) "every"
    ) u, (
      SELECT count(*)::int4 AS "administrators", count(*) FILTER (WHERE "publicPassword")::int4 AS "publicAdministrators"
      FROM "admins"
    ) a`;
  return rows[0];
}
