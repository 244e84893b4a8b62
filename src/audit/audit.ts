import { empty, sqltag } from '@prisma/client/runtime/client';
import type { Clock } from '../common/clock.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { ActingAdmin, Actor } from './actor.ts';
import type { AuditEvent } from './events.ts';

/** What an event is about. */
export interface Target {
  readonly kind:
    | 'user'
    | 'role'
    | 'apiToken'
    | 'admin'
    | 'settings'
    | 'mailTemplate'
    | 'loginProvider'
    | 'signingKey'
    | 'import'
    | 'operation';
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

/** The audit log: who did what. */
export interface Audit {
  /**
   * Writes an entry for each event in the transaction of the change, so that both are committed or neither. Call it last in the
   * transaction: entries are written one at a time, and the next one waits for this transaction.
   */
  record(transaction: AuditDatabase, actor: Actor, ...events: readonly AuditEvent[]): Promise<void>;
  /**
   * The same for one event as an INSERT, for a statement that also makes the change and so needs no transaction. With `from`, one
   * entry is written for each of its rows.
   */
  insertion(actor: Actor, event: AuditEvent, from?: Prisma.Sql): Prisma.Sql;
}

/** The client, or a transaction of it. */
export type AuditDatabase = Pick<Prisma.TransactionClient, '$executeRaw'>;

export function createAudit(clock: Clock): Audit {
  const audit: Audit = {
    async record(transaction, actor, ...events) {
      for (const event of events) await transaction.$executeRaw(audit.insertion(actor, event));
    },
    // The trigger sets number and hashes.
    insertion: (
      { kind, documentId, name, origin, requestId, impersonator },
      { event, outcome = 'done', target, before, after },
      from = empty,
    ) => sqltag`
      INSERT INTO "audit_entries" ("at", "event", "outcome", "actorKind", "actorId", "actorName", "targetKind", "targetId",
        "targetName", "before", "after", "address", "userAgent", "requestId")
      SELECT ${clock()}::timestamptz, ${event}, ${outcome}, ${kind}, ${documentId}, ${name}, ${target?.kind ?? null},
        ${target?.documentId ?? null}, ${target?.name ?? null}, ${json(before)}::json, ${json(withImpersonator(after, impersonator))}::json,
        ${origin?.address ?? null}, ${origin?.userAgent?.slice(0, 255) ?? null}, ${requestId} ${from}`,
  };
  return audit;
}

/** The fields that a change modified, before and after it. Undefined when there are none. */
export function difference<Values extends object>(
  before: Values,
  after: Values,
): { readonly before: Partial<Values>; readonly after: Partial<Values> } | undefined {
  // Object.keys returns string[]; callers pass object literals, which have no other keys.
  const names = (Object.keys(after) as (keyof Values)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return undefined;
  const only = (values: Values) =>
    // The names are keys of Values.
    Object.fromEntries(names.map((name) => [name, values[name] ?? null])) as Partial<Values>;
  return { before: only(before), after: only(after) };
}

/** In `after`, which the hash of an entry covers: the columns of an entry stay as they always were. */
function withImpersonator(after: object | undefined, impersonator: ActingAdmin | undefined): object | undefined {
  return impersonator
    ? { ...after, impersonatedBy: { documentId: impersonator.documentId, name: impersonator.email } }
    : after;
}

function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
