import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../common/clock.ts';
import { createKeyedHashes } from '../common/keyed-hash.ts';
import type { CodePurpose, Prisma } from '../generated/prisma/client.ts';

/** What a short code is for. */
export type ShortCodePurpose = Extract<CodePurpose, 'login' | 'stepUp'>;

/**
 * One-time codes that somebody types: eight digits. They are good for ten minutes and for five tries, so a guess succeeds once in
 * twenty million.
 */
export interface ShortCodes {
  /** Issues a code and revokes the previous one of the same purpose. */
  issue(transaction: Prisma.TransactionClient, userId: number, purpose: ShortCodePurpose): Promise<string>;
  /** Whether the code is valid, without using it. */
  isGood(database: CodeTable, userId: number, purpose: ShortCodePurpose, code: string): Promise<boolean>;
  /**
   * Uses a code. Each call is a try, in the database: of two uses at once exactly one succeeds, and the sixth try fails with any code.
   *
   * @param userId undefined for nobody: it takes the same statements.
   */
  use(
    database: CodeTable & Pick<Prisma.TransactionClient, '$queryRaw'>,
    userId: number | undefined,
    purpose: ShortCodePurpose,
    code: string,
  ): Promise<boolean>;
}

type CodeTable = Pick<Prisma.TransactionClient, 'mailedCode'>;

const LIFE = 600_000;
const TRIES = 5;
const DIGITS = 8;

/** Of no code, and as long as a hash. */
const DECOY = '-'.repeat(43);

/** No user has this id. */
const NOBODY = 0;

/** @param secrets the first makes what is stored of a code, all of them check: eight digits could be found from a plain hash. */
export function createShortCodes(secrets: readonly [string, ...string[]], clock: Clock): ShortCodes {
  const keyed = createKeyedHashes(secrets, 'short-codes');
  const hashes = (userId: number, purpose: ShortCodePurpose, code: string) => keyed([userId, purpose, code]);
  const isOneOf = (hash: string, candidates: readonly string[]) =>
    candidates.filter((one) => timingSafeEqual(Buffer.from(one), Buffer.from(hash))).length > 0;

  return {
    async issue({ mailedCode }, userId, purpose) {
      const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
      const [hash] = hashes(userId, purpose, code);
      const data = { hash, triesLeft: TRIES, expiresAt: new Date(clock().getTime() + LIFE) };
      await mailedCode.upsert({
        where: { userId_purpose: { userId, purpose } },
        create: { userId, purpose, ...data },
        update: data,
      });
      return code;
    },
    async isGood({ mailedCode }, userId, purpose, code) {
      const found = await mailedCode.findUnique({ where: { userId_purpose: { userId, purpose } } });
      return found !== null && found.expiresAt > clock() && isOneOf(found.hash, hashes(userId, purpose, code));
    },
    async use(database, userId = NOBODY, purpose, typed) {
      const code = typed.replaceAll(/[\s-]/g, '');
      const candidates = hashes(userId, purpose, code);
      // Only who has a code writes a try: with a wait for the disk, the time would tell who has an account.
      const [tried] = await database.$queryRaw<{ hash: string }[]>`
        UPDATE "mailed_codes" SET "triesLeft" = "triesLeft" - 1
        WHERE "userId" = ${userId} AND "purpose"::text = ${purpose} AND "triesLeft" > 0 AND "expiresAt" > ${clock()}::timestamptz
          AND (SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL
        RETURNING "hash"`;
      const isRight = isOneOf(tried?.hash ?? DECOY, candidates) && tried !== undefined;
      // The same statement for a wrong code, which deletes nothing.
      const hash = isRight ? tried.hash : '';
      const { count } = await database.mailedCode.deleteMany({ where: { userId, purpose, hash } });
      return count === 1;
    },
  };
}
