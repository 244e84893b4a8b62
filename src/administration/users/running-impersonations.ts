import { MAX_LISTED } from '../../accounts/sessions/sessions.ts';
import type { AdministrationServices } from '../administration.ts';

/** A session in which an administrator acts as a user. Its token was shown when it began, and is kept nowhere. */
export interface RunningImpersonation {
  /** The documentId of the session. */
  readonly documentId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly userId: number;
}

/** The sessions in which an administrator acts as users, in whichever of their own sessions they began, oldest first. */
export function runningImpersonations(
  { prisma, clock }: Pick<AdministrationServices, 'prisma' | 'clock'>,
  adminId: number,
): Promise<RunningImpersonation[]> {
  const now = clock();
  return prisma.$queryRaw<RunningImpersonation[]>`
    SELECT "s"."documentId", "s"."createdAt", "s"."expiresAt", "s"."userId"
    FROM "admin_sessions" AS "own" JOIN "sessions" AS "s" ON "s"."impersonatedById" = "own"."id"
    WHERE "own"."adminId" = ${adminId} AND "own"."expiresAt" > ${now}::timestamptz
      AND ("own"."idleUntil" IS NULL OR "own"."idleUntil" > ${now}::timestamptz) AND "s"."expiresAt" > ${now}::timestamptz
    ORDER BY "s"."createdAt", "s"."id" LIMIT ${MAX_LISTED}`;
}
