import { createHash } from 'node:crypto';
import type { Query } from '../database/open.ts';

/** The end of the log: the number and the hash of its last entry. A copy kept elsewhere reveals a rewritten log. */
export interface Head {
  readonly id: number;
  readonly hash: string;
}

export interface Verified {
  readonly entries: number;
  readonly head: Head;
  /** One line for each entry that was altered or is missing. */
  readonly findings: readonly string[];
  /** The first entry that a finding is about. */
  readonly firstFound: number | undefined;
  /** False if it had to stop before the end. */
  readonly isComplete: boolean;
}

/** The hash before the first entry. */
const NOTHING = '0'.repeat(64);
const PAGE = 1_000;
/** More would add nothing. */
const MAX_FINDINGS = 100;

/**
 * Verifies the whole log: the hash of each entry, that each contains the hash of the one before, and that the last entry is there.
 * Computes the hashes here, not in the database.
 *
 * @param kept an earlier end of the log, from a copy kept elsewhere.
 * @param mayGoOn asked after each thousand entries; false ends it there.
 */
export async function verifyAudit(query: Query, kept?: Head, mayGoOn = () => true): Promise<Verified> {
  const findings: string[] = [];
  let firstFound: number | undefined;
  const find = (id: number, text: string) => {
    firstFound ??= id;
    findings.push(text);
  };
  const [head] = await query('SELECT "entryId"::float8 AS "id", "hash" FROM "audit_head" WHERE "id" = 1', []);
  const end = { id: Number(head?.['id'] ?? 0), hash: String(head?.['hash'] ?? NOTHING) };
  let before: Head = { id: 0, hash: NOTHING };
  let entries = 0;
  let isComplete = true;
  let keptSeen = kept === undefined || (kept.id === 0 && kept.hash === NOTHING);

  for (;;) {
    // Entries written after the head was read are checked the next time.
    const rows = await query<EntryRow>(ENTRIES, [before.id, end.id, PAGE]);
    for (const { id, event, previousHash, hash, text } of rows) {
      const name = `entry ${id} (${event})`;
      if (id > before.id + 1) find(before.id + 1, missing(before.id + 1, id - 1));
      const own = createHash('sha256').update(`${previousHash}\n${text}`).digest('hex');
      if (own !== hash) find(id, `${name} was altered or moved`);
      else if (id === before.id + 1 && previousHash !== before.hash) {
        find(
          before.id === 0 ? id : before.id,
          before.id === 0
            ? `${name} is the first and contains the hash of another before it`
            : `entry ${before.id} was altered: ${name} contains another hash of it`,
        );
      }
      if (kept?.id === id) {
        keptSeen = true;
        if (kept.hash !== hash) find(id, `${name} is not the one that was kept: the log was rewritten`);
      }
      before = { id, hash };
      entries += 1;
    }
    if (rows.length < PAGE || findings.length > MAX_FINDINGS) break;
    isComplete = mayGoOn();
    if (!isComplete) break;
  }
  if (isComplete && findings.length <= MAX_FINDINGS) {
    if (before.id < end.id) find(before.id + 1, missing(before.id + 1, end.id));
    else if (before.hash !== end.hash) find(before.id, `entry ${before.id} is not the last that was written`);
    if (kept && !keptSeen) find(kept.id, `entry ${kept.id}, which was kept, is missing`);
  }
  return { entries, head: end, findings: findings.slice(0, MAX_FINDINGS), firstFound, isComplete };
}

interface EntryRow {
  readonly id: number;
  readonly event: string;
  readonly previousHash: string;
  readonly hash: string;
  /** The hashed text, as the trigger makes it. */
  readonly text: string;
}

/** The expression of the function `text_of_audit_entry`, which is not called because an attacker could have changed it. */
const ENTRIES = `SELECT "id"::float8 AS "id", "event", "previousHash", "hash", json_build_array(
    "id", floor(extract(epoch FROM "at") * 1000)::int8, "event", "outcome",
    "actorKind", "actorId", "actorName", "targetKind", "targetId", "targetName",
    "before"::text, "after"::text, "address", "userAgent", "requestId"
  )::text AS "text"
FROM "audit_entries" WHERE "id" > $1 AND "id" <= $2 ORDER BY "audit_entries"."id" LIMIT $3`;

function missing(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
}
