import { lockUser } from '../../accounts/lock-account.ts';
import { deleteImpersonation } from '../../accounts/sessions/delete-impersonation.ts';
import { earliest, later } from '../../accounts/sessions/sessions.ts';
import { userTarget } from '../../audit/audit.ts';
import { type AskedBy, actorOf } from '../../authentication/actor-of.ts';
import { usedNow } from '../../authentication/session-use.ts';
import { type AdminViewer, isBlocked } from '../../authentication/viewer.ts';
import { applicationError, invalidCredential, notFound, refuse } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { faultsOfReason } from '../reason.ts';
import { findAndLock } from './user-row.ts';

/** Seconds that an administrator acts as a user, at most. */
const LONGEST = 3_600;

export interface Impersonation {
  /** The documentId of the session. */
  readonly documentId: string;
  readonly jwt: string;
  readonly expiresAt: Date;
  readonly user: { readonly id: number };
}

/**
 * Begins a session in which an administrator acts as a user. It ends after an hour, and with the session of the administrator.
 *
 * @throws ApiError APPLICATION_ERROR for a user who cannot log in.
 */
export async function impersonateUser(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
  reason: string,
  asked: AskedBy<AdminViewer>,
): Promise<Impersonation> {
  const { prisma, userTokens, userHooks, audit, clock } = services;
  const { admin, session: adminSession } = asked.viewer;
  refuse(faultsOfReason(reason));
  const now = clock();
  const { user, session } = await administer(prisma, by, async (transaction) => {
    const { id } = await findAndLock(transaction, key);
    const user = await lockUser(transaction, id);
    if (!user) throw notFound('User not found'); // it is locked, so it is there
    if (isBlocked(user, now)) throw applicationError('This user is blocked. Lift the block first.');
    const { emailConfirmation } = await transaction.settings.findUniqueOrThrow({ where: { id: 1 } });
    if (!user.confirmed && emailConfirmation) {
      throw applicationError('The e-mail of this user is not confirmed. Confirm it first.');
    }
    // Whoever ends the session of the administrator waits, and then finds the session that begins here.
    await transaction.$queryRaw`SELECT 1 FROM "admin_sessions" WHERE "documentId" = ${adminSession} FOR SHARE`;
    const where = { documentId: adminSession, adminId: admin.id };
    const own = await transaction.adminSession.findUnique({ where, select: { id: true, expiresAt: true } });
    if (!own) throw invalidCredential('revoked');
    const session = await transaction.session.create({
      data: {
        userId: id,
        tokenVersion: user.tokenVersion,
        createdAt: now,
        ...usedNow(now, asked.origin),
        expiresAt: earliest(later(now, LONGEST), later(now, userTokens.expiresIn), own.expiresAt),
        impersonatedById: own.id,
      },
      select: { documentId: true, expiresAt: true },
    });
    await audit.record(transaction, actorOf(asked), {
      event: 'user.impersonate',
      target: userTarget(user),
      after: { session: session.documentId, reason: reason.trim(), expiresAt: session.expiresAt.toISOString() },
    });
    return { user, session };
  });
  const { documentId, expiresAt } = session;
  const actor = admin.documentId;
  const claims = await userHooks
    .tokenClaims(user, { ...asked, way: 'impersonateUser' })
    .catch(async (error: unknown) => {
      await endImpersonation(services, by, documentId); // nobody gets its token
      throw error;
    });
  const jwt = await userTokens.issue({ user, session: documentId, from: now, until: expiresAt, actor, claims });
  return { documentId, jwt, expiresAt, user };
}

/**
 * Ends a session in which an administrator acts as a user.
 *
 * @throws ApiError NOT_FOUND where there is none with this documentId: sessions of users themselves are none.
 */
export async function endImpersonation(
  { prisma, audit }: AdministrationServices,
  by: By,
  documentId: string,
): Promise<void> {
  await administer(prisma, by, async (transaction) => {
    const session = await transaction.session.findUnique({
      where: { documentId },
      select: { id: true, user: { select: { documentId: true, username: true } } },
    });
    if (!session || !(await deleteImpersonation(transaction, session.id))) throw notFound('Impersonation not found');
    const target = userTarget(session.user);
    const before = { session: documentId };
    await audit.record(transaction, by.actor, { event: 'user.endImpersonation', target, before });
  });
}
