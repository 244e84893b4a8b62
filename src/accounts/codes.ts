import { randomBytes } from 'node:crypto';
import type { Clock } from '../common/clock.ts';
import { hashOf } from '../common/hash.ts';
import type { CodePurpose, Prisma } from '../generated/prisma/client.ts';

/** What the code of a link is for. Codes that somebody types are in short-codes.ts. */
export type LinkPurpose = Exclude<CodePurpose, 'login' | 'stepUp'>;

/** A valid code: its owner and its purpose. */
export interface FoundCode {
  readonly userId: number;
  readonly purpose: LinkPurpose;
  /** The address that the user gets, for the purpose `changeEmail`. */
  readonly newEmail: string | null;
  readonly expiresAt: Date;
}

/** The address that a used code confirmed. */
export interface Confirmation {
  readonly userId: number;
  readonly email: string;
}

/** The mailed one-time codes. Only hashes are stored, so a database leak reveals no code. */
export interface Codes {
  /** Issues a code of 256 random bits and revokes the previous one of the same purpose. */
  issue(database: CodeDatabase, userId: number, purpose: LinkPurpose, newEmail?: string): Promise<string>;
  /** Finds a code without using it; undefined if it is wrong, used, replaced or expired. */
  find(database: CodeDatabase, code: string, ...purposes: LinkPurpose[]): Promise<FoundCode | undefined>;
  /**
   * Uses a code; undefined if it is wrong, used, replaced or expired. Of two concurrent uses exactly one succeeds, since
   * only one can delete the row.
   */
  use(database: CodeDatabase, code: string, ...purposes: LinkPurpose[]): Promise<FoundCode | undefined>;
  /** Stores the hash of a used code with the address that it confirmed, until the code would have expired. */
  rememberConfirmation(database: CodeDatabase, used: FoundCode, code: string, email: string): Promise<void>;
  /** Finds the address that a used code confirmed, and its user; undefined for any other code. */
  findConfirmation(database: CodeDatabase, code: string): Promise<Confirmation | undefined>;
}

/** The client, or a transaction of it. */
export type CodeDatabase = Pick<Prisma.TransactionClient, 'mailedCode' | 'usedConfirmation'>;

const MINUTES = 60_000;
const LIFE: Readonly<Record<LinkPurpose, number>> = {
  resetPassword: 60 * MINUTES,
  confirmEmail: 24 * 60 * MINUTES,
  changeEmail: 24 * 60 * MINUTES,
  invitation: 7 * 24 * 60 * MINUTES,
};

export function createCodes(clock: Clock): Codes {
  function find(database: CodeDatabase, code: string, ...purposes: LinkPurpose[]): Promise<FoundCode | undefined> {
    return (
      database.mailedCode
        .findFirst({
          where: { hash: hashOf(code), purpose: { in: purposes }, expiresAt: { gt: clock() } },
          select: { userId: true, purpose: true, newEmail: true, expiresAt: true },
        })
        // It has one of the purposes that were asked for.
        .then((row) => (row as FoundCode | null) ?? undefined)
    );
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
