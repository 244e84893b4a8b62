import type { Logger } from 'pino';
import type { Attempts } from '../accounts/attempts.ts';
import type { Actor } from '../audit/actor.ts';
import type { Audit, AuditDatabase } from '../audit/audit.ts';
import { type Asked, actorOf } from '../authentication/actor-of.ts';
import type { RefusalReason } from '../authentication/credential-refused.ts';
import type { Background } from '../common/background.ts';

/** Records who tried to administer and may not. */
export interface Refusals {
  /** On `/admin/graphql`: whatever was refused. */
  note(actions: ReadonlySet<string>, asked: Asked): void;
  /** On `/graphql`: what manages users and roles, and nothing else. */
  noteManagement(actions: ReadonlySet<string>, asked: Asked): void;
  /** A credential that is not good, on `/admin/graphql`. */
  noteCredential(reason: RefusalReason, from: Pick<Asked, 'origin' | 'requestId'>): void;
}

const MANAGEMENT = /^(user|role)\.(find|findOne|create|update|delete)$/;

/** After the answer, which tells nothing of it; and from one address so many a minute, since anybody can be refused. */
export function createRefusals(options: {
  readonly prisma: AuditDatabase;
  readonly audit: Audit;
  readonly attempts: Attempts;
  readonly background: Background;
  readonly log: Logger;
}): Refusals {
  const { prisma, audit, attempts, background, log } = options;

  function record(actor: Actor, details: Readonly<Record<string, unknown>>): void {
    background.run('record of a refusal', async () => {
      if (!(await attempts.mayRecord(actor.origin?.address ?? ''))) {
        log.warn({ requestId: actor.requestId }, 'too many refusals from one address: one is not in the audit log');
        return;
      }
      const target = { kind: 'operation', documentId: null, name: null } as const;
      await audit.record(prisma, actor, {
        event: 'administration.refuse',
        outcome: 'refused',
        target,
        after: details,
      });
    });
  }

  const note: Refusals['note'] = (actions, asked) =>
    record(actorOf(asked), { actions: [...actions].filter((action) => action !== '') });
  return {
    note,
    noteManagement(actions, asked) {
      const managing = [...actions].filter((action) => MANAGEMENT.test(action));
      if (managing.length > 0) note(new Set(managing), asked);
    },
    noteCredential: (reason, from) =>
      record({ kind: 'anonymous', documentId: null, name: null, ...from }, { credential: reason }),
  };
}
