import { randomBytes } from 'node:crypto';
import type { Clock } from '../common/clock.ts';
import { hashOf } from '../common/hash.ts';
import type { CodePurpose, Prisma } from '../generated/prisma/client.ts';

/** A code that is good: whose it is, and for what. */
export interface FoundCode {
  readonly userId: number;
  readonly purpose: CodePurpose;
  /** The address that it makes the user's, for the purpose `changeEmail`. */
  readonly newEmail: string | null;
  readonly expiresAt: Date;
}

/** What a code did that was used. */
export interface Confirmation {
  readonly userId: number;
  readonly email: string;
}

/** The one-time codes that are mailed. What is stored is a hash of them: reading the database gives nobody a code. */
export interface Codes {
  /** A new code for this user: 256 random bits. It ends the older one of the same purpose. */
  issue(database: CodeDatabase, userId: number, purpose: CodePurpose, newEmail?: string): Promise<string>;
  /** Whose code this is, without using it up; undefined for a wrong, used, replaced or expired one. */
  find(database: CodeDatabase, code: string, ...purposes: CodePurpose[]): Promise<FoundCode | undefined>;
  /**
   * Uses the code up and tells whose it was; undefined for a wrong, used, replaced or expired one. Of two uses at the
   * same moment exactly one succeeds, since only one can delete the row.
   */
  use(database: CodeDatabase, code: string, ...purposes: CodePurpose[]): Promise<FoundCode | undefined>;
  /** Keeps of a code that was used that it confirmed this address: as long as it would have lived, and as its hash. */
  rememberConfirmation(database: CodeDatabase, used: FoundCode, code: string, email: string): Promise<void>;
  /** Whose address a code confirmed that was used, and which; undefined for any other. */
  findConfirmation(database: CodeDatabase, code: string): Promise<Confirmation | undefined>;
}

/** The client, or a transaction of it. */
export type CodeDatabase = Pick<Prisma.TransactionClient, 'mailedCode' | 'usedConfirmation'>;

const MINUTES = 60_000;
const LIFE: Readonly<Record<CodePurpose, number>> = {
  resetPassword: 60 * MINUTES,
  confirmEmail: 24 * 60 * MINUTES,
  changeEmail: 24 * 60 * MINUTES,
  invitation: 7 * 24 * 60 * MINUTES,
};

export function createCodes(clock: Clock): Codes {
  function find(database: CodeDatabase, code: string, ...purposes: CodePurpose[]): Promise<FoundCode | undefined> {
    return database.mailedCode
      .findFirst({
        where: { hash: hashOf(code), purpose: { in: purposes }, expiresAt: { gt: clock() } },
        select: { userId: true, purpose: true, newEmail: true, expiresAt: true },
      })
      .then((row) => row ?? undefined);
  }
  return {
    find,
    async issue(database, userId, purpose, newEmail) {
      const code = randomBytes(32).toString('base64url');
      const hash = hashOf(code);
      const expiresAt = new Date(clock().getTime() + LIFE[purpose]);
      await database.mailedCode.upsert({
        where: { userId_purpose: { userId, purpose } },
        create: { userId, purpose, hash, newEmail: newEmail ?? null, expiresAt },
        update: { hash, newEmail: newEmail ?? null, expiresAt },
      });
      return code;
    },
    async use(database, code, ...purposes) {
      const found = await find(database, code, ...purposes);
      if (!found) return undefined;
      const { userId, purpose } = found;
      const { count } = await database.mailedCode.deleteMany({ where: { userId, purpose, hash: hashOf(code) } });
      return count === 1 ? found : undefined;
    },
    async rememberConfirmation(database, { userId, expiresAt }, code, email) {
      const values = { hash: hashOf(code), email, expiresAt };
      await database.usedConfirmation.upsert({ where: { userId }, create: { userId, ...values }, update: values });
    },
    async findConfirmation(database, code) {
      const where = { hash: hashOf(code), expiresAt: { gt: clock() } };
      return (await database.usedConfirmation.findFirst({ where, select: { userId: true, email: true } })) ?? undefined;
    },
  };
}
