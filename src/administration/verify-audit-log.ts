import { type Verified, verifyAudit } from '../audit/verify.ts';
import type { Clock } from '../common/clock.ts';
import type { Query } from '../database/open.ts';

/** Milliseconds that a verification of the administration takes at most. The command line verifies the whole log. */
export const VERIFIES_FOR = 5_000;

/**
 * Verifies the audit log from its first entry, as far as the time allows. Who asks meanwhile is given the result of the
 * verification that is running: each reads the whole log.
 */
export function createAuditVerification(query: Query, clock: Clock): () => Promise<Verified> {
  let running: Promise<Verified> | undefined;
  return () => {
    const until = clock().getTime() + VERIFIES_FOR;
    running ??= verifyAudit(query, undefined, () => clock().getTime() < until).finally(() => {
      running = undefined;
    });
    return running;
  };
}
