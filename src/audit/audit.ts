import { empty, sqltag } from '@prisma/client/runtime/client';
import type { Clock } from '../common/clock.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Actor } from './actor.ts';

/** What is kept of something that was done, or that somebody tried to do. */
export interface Deed {
  /** `user.block`, `role.setPermissions`, `admin.login`, … */
  readonly event: `${string}.${string}`;
  /** `done` where nothing is said. */
  readonly outcome?: 'done' | 'refused';
  readonly target?: Target;
  /** What was changed, as it was and as it is. Never a secret: no password, hash, code or token. */
  readonly before?: Changed;
  readonly after?: Changed;
}

export interface Target {
  readonly kind: 'user' | 'role' | 'apiToken' | 'admin' | 'settings' | 'mailTemplate' | 'operation';
  readonly documentId: string | null;
  readonly name: string | null;
}

export function userTarget({
  documentId,
  username,
}: {
  readonly documentId: string;
  readonly username: string;
}): Target {
  return { kind: 'user', documentId, name: username };
}

export type Changed = Readonly<Record<string, unknown>>;

/** The record of who did what. */
export interface Audit {
  /**
   * Writes an entry, in the transaction of what it tells of: both are there, or neither. As the last thing in it, since
   * entries are written one after the other, and the next one waits until this transaction has ended.
   */
  record(transaction: AuditDatabase, actor: Actor, ...deeds: readonly Deed[]): Promise<void>;
  /**
   * The same of one deed as an INSERT, for a statement that does it, too: then they need no transaction to be both there.
   * `from` names what of that statement has to be there before the entry is written: an entry for each of its rows.
   */
  insertion(actor: Actor, deed: Deed, from?: Prisma.Sql): Prisma.Sql;
}

/** The client, or a transaction of it. */
export type AuditDatabase = Pick<Prisma.TransactionClient, '$executeRaw'>;

export function createAudit(clock: Clock): Audit {
  const audit: Audit = {
    async record(transaction, actor, ...deeds) {
      for (const deed of deeds) await transaction.$executeRaw(audit.insertion(actor, deed));
    },
    // Number and hashes are the trigger's.
    insertion: (
      { kind, documentId, name, origin, requestId },
      { event, outcome = 'done', target, before, after },
      from = empty,
    ) => sqltag`
      INSERT INTO "audit_entries" ("at", "event", "outcome", "actorKind", "actorId", "actorName", "targetKind", "targetId",
        "targetName", "before", "after", "address", "userAgent", "requestId")
      SELECT ${clock()}::timestamptz, ${event}, ${outcome}, ${kind}, ${documentId}, ${name}, ${target?.kind ?? null},
        ${target?.documentId ?? null}, ${target?.name ?? null}, ${json(before)}::json, ${json(after)}::json,
        ${origin?.address ?? null}, ${origin?.userAgent?.slice(0, 255) ?? null}, ${requestId} ${from}`,
  };
  return audit;
}

/** What of a change is different after it: the rest says nothing. Undefined where nothing is. */
export function difference(before: Changed, after: Changed): Pick<Required<Deed>, 'before' | 'after'> | undefined {
  const names = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (names.length === 0) return undefined;
  const only = (values: Changed) => Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
  return { before: only(before), after: only(after) };
}

function json(value: Changed | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
