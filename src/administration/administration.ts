import type { Codes } from '../accounts/codes.ts';
import type { Passwords } from '../accounts/passwords.ts';
import { type Actor, SERVER } from '../audit/actor.ts';
import type { Audit } from '../audit/audit.ts';
import type { TokenActions } from '../authentication/authenticate.ts';
import type { Clock } from '../common/clock.ts';
import { inTransaction } from '../database/retry.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { AccountMails } from '../mail/account-mails.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';
import type { SendNow } from '../mail/send-now.ts';
import { type Ceiling, type CeilingOf, NO_CEILING } from './ceiling.ts';

/** What administering works with, whoever asks for it: either schema, or the command line. */
export interface AdministrationServices {
  readonly prisma: PrismaClient;
  readonly passwords: Passwords;
  readonly codes: Codes;
  readonly audit: Audit;
  readonly mails: AccountMails;
  readonly outbox: Outbox;
  readonly sendNow: SendNow;
  readonly clock: Clock;
  /** The actions of the public schema: what there is to be given. */
  readonly tokenActions: TokenActions;
}

/** On whose behalf something is administered, and how far that goes. */
export interface By {
  readonly actor: Actor;
  /** What the actor may give to others, and whom it may touch; nothing at all when its credential was ended meanwhile. */
  readonly ceiling: CeilingOf;
}

/** Nobody asked for it. */
export const BY_SERVER: By = { actor: SERVER, ceiling: NO_CEILING };

export type Transaction = Prisma.TransactionClient;

/** Any number that nothing else in the database locks with. */
const LOCK = 7_461_284;

/**
 * Runs one act of administration: all of it or nothing, and one after the other, on all processes together. So what was
 * looked at before a write (who asks, who holds what, who is the last) is still so when it is written.
 */
export function administer<T>(
  prisma: PrismaClient,
  by: By,
  work: (transaction: Transaction, ceiling: Ceiling) => Promise<T>,
): Promise<T> {
  return inTransaction(
    prisma,
    async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
      return work(transaction, await by.ceiling(transaction));
    },
    { maxWait: 10_000, timeout: 20_000 },
  );
}
