import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { CodePurpose, Prisma } from '../generated/prisma/client.ts';

/** The one-time codes that are mailed. What is stored is a hash of them: reading the database gives nobody a code. */
export interface Codes {
  /** A new code for this user: 256 random bits. It ends the older one of the same purpose. */
  issue(database: CodeDatabase, userId: number, purpose: CodePurpose): Promise<string>;
  /** The user whose code this is, without using it up; undefined for a wrong, used, replaced or expired one. */
  find(database: CodeDatabase, code: string, purpose: CodePurpose): Promise<number | undefined>;
  /**
   * Uses the code up and tells whose it was; undefined for a wrong, used, replaced or expired one. Of two uses at the
   * same moment exactly one succeeds, since only one can delete the row.
   */
  use(database: CodeDatabase, code: string, purpose: CodePurpose): Promise<number | undefined>;
}

/** The client, or a transaction of it. */
export type CodeDatabase = Pick<Prisma.TransactionClient, 'mailedCode'>;

const MINUTES = 60_000;
const LIFE: Readonly<Record<CodePurpose, number>> = {
  resetPassword: 60 * MINUTES,
  confirmEmail: 24 * 60 * MINUTES,
};

export function createCodes(clock: Clock): Codes {
  async function find(database: CodeDatabase, code: string, purpose: CodePurpose): Promise<number | undefined> {
    const row = await database.mailedCode.findFirst({
      where: { hash: hashOf(code), purpose, expiresAt: { gt: clock() } },
      select: { userId: true },
    });
    return row?.userId;
  }
  return {
    find,
    async issue(database, userId, purpose) {
      const code = randomBytes(32).toString('base64url');
      const hash = hashOf(code);
      const expiresAt = new Date(clock().getTime() + LIFE[purpose]);
      await database.mailedCode.upsert({
        where: { userId_purpose: { userId, purpose } },
        create: { userId, purpose, hash, expiresAt },
        update: { hash, expiresAt },
      });
      return code;
    },
    async use(database, code, purpose) {
      const userId = await find(database, code, purpose);
      if (userId === undefined) return undefined;
      const { count } = await database.mailedCode.deleteMany({ where: { userId, purpose, hash: hashOf(code) } });
      return count === 1 ? userId : undefined;
    },
  };
}

/** Codes are random and long: a plain hash of them cannot be searched, so none slower is needed. */
function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
