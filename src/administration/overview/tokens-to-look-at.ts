import type { Transaction } from '../administration.ts';

/** An API token that is accepted, and ends soon, is not used, or has a secret that another system made. */
export interface TokenToLookAt {
  readonly documentId: string;
  readonly name: string;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly endsSoon: boolean;
  readonly isUnused: boolean;
  readonly isImported: boolean;
}

const DAY = 86_400_000;
/** Within this time somebody has to give its program another one. */
const SOON = 14 * DAY;
/** Without any use for this time, it is not needed any more. */
const UNUSED = 90 * DAY;
/** A new one has this time to be used at all. */
const NEW = 7 * DAY;

/** One statement; the ones that end first come first. */
export function readTokensToLookAt(database: Pick<Transaction, '$queryRaw'>, now: Date): Promise<TokenToLookAt[]> {
  const [soon, unused, recent] = [SOON, -UNUSED, -NEW].map((from) => new Date(now.getTime() + from));
  return database.$queryRaw<TokenToLookAt[]>`
    SELECT * FROM (
      SELECT "id", "documentId", "name", "expiresAt", "lastUsedAt",
        coalesce("expiresAt" <= ${soon}::timestamptz, false) AS "endsSoon",
        coalesce("lastUsedAt" < ${unused}::timestamptz, "createdAt" < ${recent}::timestamptz) AS "isUnused",
        "importedFrom" IS NOT NULL AS "isImported"
      FROM "api_tokens"
      WHERE "revokedAt" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > ${now}::timestamptz)
    ) t
    WHERE "endsSoon" OR "isUnused" OR "isImported" ORDER BY "expiresAt", "id"`;
}
