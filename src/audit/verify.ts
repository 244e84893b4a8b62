import { createHash } from 'node:crypto';
import type { Query } from '../database/open.ts';

/** Where the log ends: the number of its last entry, and its hash. Whoever keeps one elsewhere can tell if the log was made anew. */
export interface Head {
  readonly id: number;
  readonly hash: string;
}

export interface Verified {
  readonly entries: number;
  readonly head: Head;
  /** Each names an entry, and what is the matter with it. Empty when all of them are as they were written. */
  readonly findings: readonly string[];
}

/** The hash that the first entry carries for the one before it. */
const NOTHING = '0'.repeat(64);
const PAGE = 1_000;
/** More than these tell nothing new. */
const MAX_FINDINGS = 100;

/**
 * Reads the whole log and looks at each entry: whether its hash is that of what it says, and whether it carries the hash
 * of the one before it; and whether the log ends where it ended. The hashes are computed here, not in the database.
 *
 * @param kept what was the end of the log at some time, as far as somebody kept it.
 */
export async function verifyAudit(query: Query, kept?: Head): Promise<Verified> {
  const findings: string[] = [];
  const [head] = await query('SELECT "entryId"::float8 AS "id", "hash" FROM "audit_head" WHERE "id" = 1', []);
  const end = { id: Number(head?.['id'] ?? 0), hash: String(head?.['hash'] ?? NOTHING) };
  let before: Head = { id: 0, hash: NOTHING };
  let entries = 0;
  let keptSeen = kept === undefined || (kept.id === 0 && kept.hash === NOTHING);

  for (;;) {
    // What was written since the head was read is looked at the next time.
    const rows = (await query(ENTRIES, [before.id, end.id, PAGE])) as unknown as EntryRow[];
    for (const { id, event, previousHash, hash, text } of rows) {
      const name = `entry ${id} (${event})`;
      if (id > before.id + 1) findings.push(missing(before.id + 1, id - 1));
      const own = createHash('sha256').update(`${previousHash}\n${text}`).digest('hex');
      if (own !== hash) findings.push(`${name} was altered, or put in the place of another`);
      else if (id === before.id + 1 && previousHash !== before.hash) {
        findings.push(
          before.id === 0
            ? `${name} is the first and carries the hash of another before it`
            : `entry ${before.id} was altered: ${name} carries another hash of it`,
        );
      }
      if (kept?.id === id) {
        keptSeen = true;
        if (kept.hash !== hash) findings.push(`${name} is not the one that was kept: the log was written anew`);
      }
      before = { id, hash };
      entries += 1;
    }
    if (rows.length < PAGE || findings.length > MAX_FINDINGS) break;
  }
  if (findings.length <= MAX_FINDINGS) {
    if (before.id < end.id) findings.push(missing(before.id + 1, end.id));
    else if (before.hash !== end.hash) findings.push(`entry ${before.id} is not the last that was written`);
    if (kept && !keptSeen) findings.push(`entry ${kept.id}, which was kept, is missing`);
  }
  return { entries, head: end, findings: findings.slice(0, MAX_FINDINGS) };
}

interface EntryRow {
  readonly id: number;
  readonly event: string;
  readonly previousHash: string;
  readonly hash: string;
  /** What is hashed, as the trigger writes it. */
  readonly text: string;
}

/** The expression of the function `text_of_audit_entry`, which is not asked: it is in the database that is looked at. */
const ENTRIES = `SELECT "id"::float8 AS "id", "event", "previousHash", "hash", json_build_array(
    "id", floor(extract(epoch FROM "at") * 1000)::int8, "event", "outcome",
    "actorKind", "actorId", "actorName", "targetKind", "targetId", "targetName",
    "before"::text, "after"::text, "address", "userAgent", "requestId"
  )::text AS "text"
FROM "audit_entries" WHERE "id" > $1 AND "id" <= $2 ORDER BY "audit_entries"."id" LIMIT $3`;

function missing(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
}
