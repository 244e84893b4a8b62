import { join, sqltag } from '@prisma/client/runtime/client';
import type { Clock } from '../../common/clock.ts';
import { afterCommit } from '../../database/retry.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import {
  type EntryKind,
  LEASE,
  type MailAccount,
  type MailRequest,
  type MailWithoutAccount,
  type OutgoingMail,
  type RequestKind,
  replacedBy,
  type TakenEntry,
} from './entries.ts';
import type { EntrySeal, SealedContent } from './sealed-entries.ts';

/** The client, or a transaction of it. */
export type OutboxDatabase = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>;

/** Enqueues mails in the database (transactional outbox). */
export interface Outbox {
  /**
   * Enqueues a mail in the caller's transaction, so both commit or neither. Any process sends it shortly after the
   * commit. A mail with a code replaces an older one whose code it revokes.
   */
  enqueue(transaction: OutboxDatabase, mail: OutgoingMail): Promise<void>;
  /** Enqueues a mail to somebody without an account. */
  enqueueWithoutAccount(transaction: OutboxDatabase, mail: MailWithoutAccount): Promise<void>;
  /**
   * Enqueues the mail of a registration with a lease: this process sends it during the request. If it dies, another
   * process sends the mail after the lease expires.
   */
  enqueueRegistration(transaction: OutboxDatabase, mail: OutgoingMail): Promise<TakenMail>;
  /** Removes a sent mail, if the lease is still this one. */
  remove(database: OutboxDatabase, taken: TakenMail): Promise<void>;
  /** Enqueues a request. Writes the same row whether or not the account exists. */
  request(database: OutboxDatabase, kind: RequestKind, request: MailRequest): Promise<void>;
  /** Calls the listener after the commit of each entry enqueued here, with the milliseconds until it is due. */
  onEnqueued(listener: (id: number, due: number) => void): void;
}

export type TakenMail = Pick<TakenEntry, 'id' | 'attempts'>;

export interface OutboxOptions {
  readonly seal: EntrySeal;
  readonly clock: Clock;
  /** Milliseconds until an entry is due. Random, so that response times do not reveal what an entry leads to. */
  readonly delay: () => number;
}

export function createOutbox({ seal, clock, delay }: OutboxOptions): Outbox {
  const listeners: ((id: number, due: number) => void)[] = [];

  async function insert(database: OutboxDatabase, kind: EntryKind, account: Account, content: SealedContent) {
    const due = delay();
    const sealed = seal.seal(content, { kind, ...account });
    const [row] = await database.$queryRaw<{ id: number }[]>`
      INSERT INTO "mail_outbox" ("kind", "userId", "adminId", "sealed", "createdAt", "dueAt")
      VALUES (${kind}, ${account.userId}, ${account.adminId}, ${sealed}, ${clock()}::timestamptz, ${after(due)}) RETURNING "id"`;
    const { id } = row as { id: number }; // one was inserted
    afterCommit(database, () => {
      for (const listener of listeners) listener(id, due);
    });
  }

  return {
    async enqueue(transaction, { purpose, account, ...content }) {
      const whose = accountOf(account);
      if (content.code !== undefined) await replace(transaction, purpose, whose);
      await insert(transaction, purpose, whose, content);
    },
    enqueueWithoutAccount: (transaction, { purpose, ...content }) => insert(transaction, purpose, NOBODY, content),
    async enqueueRegistration(transaction, { purpose: _, account, ...content }) {
      const whose = accountOf(account);
      const kind = 'registration';
      const sealed = seal.seal(content, { kind, ...whose });
      const [taken] = await transaction.$queryRaw<TakenMail[]>`
        INSERT INTO "mail_outbox" ("kind", "userId", "adminId", "sealed", "createdAt", "attempts", "takenUntil")
        VALUES (${kind}, ${whose.userId}, ${whose.adminId}, ${sealed}, ${clock()}::timestamptz, 1, ${after(LEASE)}) RETURNING "id", "attempts"`;
      return taken as TakenMail; // one was inserted
    },
    async remove(database, { id, attempts }) {
      await database.$executeRaw`DELETE FROM "mail_outbox" WHERE "id" = ${id} AND "attempts" = ${attempts}`;
    },
    request: (database, kind, request) => insert(database, kind, NOBODY, request),
    onEnqueued: (listener) => void listeners.push(listener),
  };
}

type Account = Pick<TakenEntry, 'userId' | 'adminId'>;

const NOBODY: Account = { userId: null, adminId: null };

function accountOf(account: MailAccount): Account {
  return 'userId' in account ? { ...account, adminId: null } : { ...account, userId: null };
}

async function replace(
  transaction: OutboxDatabase,
  purpose: OutgoingMail['purpose'],
  { userId, adminId }: Account,
): Promise<void> {
  const kinds = replacedBy(purpose);
  if (kinds.length === 0) return;
  const whose = userId === null ? sqltag`"adminId" = ${adminId}` : sqltag`"userId" = ${userId}`;
  await transaction.$executeRaw`
    DELETE FROM "mail_outbox" WHERE ${whose} AND "kind" IN (${join([...kinds])})`;
}

/** A time from now, by the clock of the database, which all processes share. */
export function after(milliseconds: number): Prisma.Sql {
  return sqltag`now() + ${milliseconds}::float8 * interval '1 millisecond'`;
}
