import type { Actor } from '../audit/actor.ts';
import type { Audit } from '../audit/audit.ts';
import type { TokenActions } from '../authentication/authenticate.ts';
import type { Codes } from '../authentication/codes.ts';
import type { Passwords } from '../authentication/passwords.ts';
import type { Clock } from '../clock.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { AccountMails } from '../mail/account-mails.ts';
import type { Delivery } from '../mail/delivery.ts';
import type { CeilingOf } from './ceiling.ts';

/** What administering works with, whoever asks for it: either schema, or the command line. */
export interface AdministrationServices {
  readonly prisma: PrismaClient;
  readonly passwords: Passwords;
  readonly codes: Codes;
  readonly audit: Audit;
  readonly mails: AccountMails;
  readonly delivery: Delivery;
  readonly clock: Clock;
  /** The actions of the public schema: what there is to be given. */
  readonly tokenActions: TokenActions;
}

/** On whose behalf something is administered, and how far that goes. */
export interface By {
  readonly actor: Actor;
  /** What the actor may give to others, and whom it may touch. */
  readonly ceiling: CeilingOf;
}

export type Transaction = Prisma.TransactionClient;

/** Any number that nothing else in the database locks with. */
const LOCK = 7_461_284;

/**
 * Runs one act of administration: all of it or nothing, and one after the other, on all processes together. So what was
 * looked at before a write (who holds what, who is the last) is still so when it is written.
 */
export function administer<T>(prisma: PrismaClient, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return prisma.$transaction(
    async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
      return work(transaction);
    },
    { maxWait: 10_000, timeout: 20_000 },
  );
}
