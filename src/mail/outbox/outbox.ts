import { join, sqltag } from '@prisma/client/runtime/client';
import type { Clock } from '../../common/clock.ts';
import { afterCommit } from '../../database/retry.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import {
  type EntryKind,
  LEASE,
  type MailAccount,
  type MailRequest,
  type OutgoingMail,
  type RequestKind,
  replacedBy,
  type TakenEntry,
} from './entries.ts';
import type { EntrySeal, SealedContent } from './sealed-entries.ts';

/** The client, or a transaction of it. */
export type OutboxDatabase = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>;

/** The mails that wait in the database, as those see it who ask for one. */
export interface Outbox {
  /**
   * Writes a mail in the transaction that asks for it: both are there, or neither. It is sent some moments after the
   * commit, by whichever process takes it. One with a code replaces the older one of its purpose.
   */
  enqueue(transaction: OutboxDatabase, mail: OutgoingMail): Promise<void>;
  /**
   * Writes the mail of a registration, which this process sends itself, while its client waits. Should the process die
   * before, another one sends it.
   */
  enqueueRegistration(transaction: OutboxDatabase, mail: OutgoingMail): Promise<TakenMail>;
  /** A mail that was sent by whoever took it waits no more. */
  remove(database: OutboxDatabase, taken: TakenMail): Promise<void>;
  /** Writes a request, of whose end the answer does not tell: the same row whether or not there is such an account. */
  request(database: OutboxDatabase, kind: RequestKind, request: MailRequest): Promise<void>;
  /** Calls this for each entry that was committed here, with the milliseconds until it is due. */
  onEnqueued(listener: (id: number, due: number) => void): void;
}

export type TakenMail = Pick<TakenEntry, 'id' | 'attempts'>;

export interface OutboxOptions {
  readonly seal: EntrySeal;
  readonly clock: Clock;
  /** Milliseconds until an entry is due. At random: the next request does not feel it, and nobody can time it. */
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
    async enqueue(transaction, { purpose, to, account, code, newEmail }) {
      const whose = accountOf(account);
      if (code !== undefined) await replace(transaction, purpose, whose);
      await insert(transaction, purpose, whose, contentOf({ to, code, newEmail }));
    },
    async enqueueRegistration(transaction, { to, account, code, newEmail }) {
      const whose = accountOf(account);
      const kind = 'registration';
      const sealed = seal.seal(contentOf({ to, code, newEmail }), { kind, ...whose });
      const [taken] = await transaction.$queryRaw<TakenMail[]>`
        INSERT INTO "mail_outbox" ("kind", "userId", "adminId", "sealed", "createdAt", "attempts", "takenUntil")
        VALUES (${kind}, ${whose.userId}, ${whose.adminId}, ${sealed}, ${clock()}::timestamptz, 1, ${after(LEASE)}) RETURNING "id", "attempts"`;
      return taken as TakenMail; // one was inserted
    },
    async remove(database, { id, attempts }) {
      await database.$executeRaw`DELETE FROM "mail_outbox" WHERE "id" = ${id} AND "attempts" = ${attempts}`;
    },
    request: (database, kind, request) => insert(database, kind, { userId: null, adminId: null }, request),
    onEnqueued: (listener) => void listeners.push(listener),
  };
}

type Account = Pick<TakenEntry, 'userId' | 'adminId'>;

function accountOf(account: MailAccount): Account {
  return 'userId' in account ? { ...account, adminId: null } : { ...account, userId: null };
}

function contentOf({ to, code, newEmail }: { [name in 'to' | 'code' | 'newEmail']: string | undefined }) {
  // Spreads of what may be absent, which exact types do not follow.
  return { to, ...(code !== undefined && { code }), ...(newEmail !== undefined && { newEmail }) } as SealedContent;
}

async function replace(
  transaction: OutboxDatabase,
  purpose: OutgoingMail['purpose'],
  { userId, adminId }: Account,
): Promise<void> {
  const whose = userId === null ? sqltag`"adminId" = ${adminId}` : sqltag`"userId" = ${userId}`;
  await transaction.$executeRaw`
    DELETE FROM "mail_outbox" WHERE ${whose} AND "kind" IN (${join([...replacedBy(purpose)])})`;
}

/** By the clock of the database, which is the same for all processes. */
export function after(milliseconds: number): Prisma.Sql {
  return sqltag`now() + ${milliseconds}::float8 * interval '1 millisecond'`;
}
