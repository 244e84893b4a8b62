import type { Logger } from 'pino';
import type { Attempts } from '../accounts/attempts.ts';
import type { Actor } from '../audit/actor.ts';
import type { Audit, AuditDatabase } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/events.ts';
import { type Asked, actorOf } from '../authentication/actor-of.ts';
import type { RefusalReason } from '../authentication/credential-refused.ts';
import type { Background } from '../common/background.ts';

/** Records refused attempts to administer. */
export interface Refusals {
  /** On `/admin/graphql`: every action that was refused. */
  note(actions: ReadonlySet<string>, asked: Asked): void;
  /** On `/graphql`: the actions that manage users and roles, and no others. */
  noteManagement(actions: ReadonlySet<string>, asked: Asked): void;
  /** A credential that was refused on `/admin/graphql`. */
  noteCredential(reason: RefusalReason, from: Pick<Asked, 'origin' | 'requestId'>): void;
}

const MANAGEMENT = /^(user|role)\.(find|findOne|create|update|delete)$/;

/** They are recorded after the response, and from one address only a number a minute: everybody can be refused. */
export function createRefusals(options: {
  readonly prisma: AuditDatabase;
  readonly audit: Audit;
  readonly attempts: Attempts;
  readonly background: Background;
  readonly log: Logger;
}): Refusals {
  const { prisma, audit, attempts, background, log } = options;

  function record(actor: Actor, after: AuditEvent<'administration.refuse'>['after'] & object): void {
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
        after,
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
