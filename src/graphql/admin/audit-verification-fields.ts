import { createAuditVerification, VERIFIES_FOR } from '../../administration/verify-audit-log.ts';
import type { Verified } from '../../audit/verify.ts';
import type { Query } from '../../database/open.ts';
import type { Builder } from '../builder.ts';
import { type Cost, DATABASE_COST } from '../operation/cost.ts';
import type { AdminServices } from './services.ts';

/** It reads the whole audit log, once for all fields of an operation. */
const VERIFICATION: Cost = { once: 5_000, each: 0 };

/** Whether the audit log is as it was written. */
export function addAuditVerification(builder: Builder, { clock }: AdminServices, query: Query): void {
  const verify = createAuditVerification(query, clock);
  const verification = builder.objectRef<Verified>('AuditVerification').implement({
    description: 'Whether the audit log is as it was written.',
    fields: (t) => ({
      ok: t.boolean({
        nullable: false,
        description: 'Whether every verified entry is as it was written, and none is missing.',
        resolve: ({ findings }) => findings.length === 0,
      }),
      entries: t.exposeInt('entries', { nullable: false, description: 'The number of verified entries.' }),
      complete: t.exposeBoolean('isComplete', {
        nullable: false,
        description: 'False if the time was over before the last entry. `npm run audit:verify` verifies all of them.',
      }),
      problem: t.string({
        nullable: true,
        description: 'What is wrong first: `entry 12 (user.block) was altered or moved`.',
        resolve: ({ findings }) => findings[0],
      }),
      entry: t.id({
        nullable: true,
        description: 'The id of the entry that `problem` is about. It can be missing.',
        resolve: ({ firstFound }) => firstFound?.toString(),
      }),
      head: t.string({
        nullable: false,
        description:
          'The number and the hash of the last entry. A copy in another place, given to `npm run audit:verify -- --head`, reveals a log that was rewritten as a whole.',
        resolve: ({ head }) => `${head.id}:${head.hash}`,
      }),
    }),
  });
  builder.queryField('auditVerification', (t) =>
    t.field({
      type: verification,
      nullable: true,
      description: `Verifies the audit log, for ${VERIFIES_FOR / 1_000} seconds at most.`,
      authScopes: { action: 'auditEntry.find' },
      extensions: { [DATABASE_COST]: () => VERIFICATION },
      resolve: () => verify(),
    }),
  );
}
