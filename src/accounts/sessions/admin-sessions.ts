import type { Audit } from '../../audit/audit.ts';
import { usedNow } from '../../authentication/session-use.ts';
import type { Tokens } from '../../authentication/tokens.ts';
import type { Clock } from '../../common/clock.ts';
import { inTransaction } from '../../database/retry.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { AdminRow } from '../account-rows.ts';
import { invalidLogin } from '../invalid-login.ts';
import { lockAdmin } from '../lock-account.ts';
import { adminTarget, byAdministrator } from '../realms/administrators.ts';
import { MAX_LISTED, type Sessions } from './sessions.ts';

export interface AdminSessionOptions {
  readonly prisma: PrismaClient;
  readonly tokens: Tokens;
  /** The lifetime of a token, in seconds. */
  readonly expiresIn: number;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** The sessions of administrators: one token each, without a refresh token. */
export function createAdminSessions(options: AdminSessionOptions): Sessions<AdminRow> {
  const { prisma, tokens, expiresIn, audit, clock } = options;
  return {
    async begin({ id, tokenVersion }, sent) {
      const now = clock();
      const expiresAt = new Date(now.getTime() + expiresIn * 1_000);
      const { user, session } = await inTransaction(prisma, async (transaction) => {
        const user = await lockAdmin(transaction, id);
        // The account was deleted or its password changed during the comparison.
        if (user?.tokenVersion !== tokenVersion) throw invalidLogin();
        const session = await transaction.adminSession.create({
          data: { adminId: id, createdAt: now, ...usedNow(now, sent.origin), expiresAt },
          select: { documentId: true },
        });
        const after = { session: session.documentId };
        const actor = byAdministrator(user, sent);
        await audit.record(transaction, actor, { event: 'admin.login', target: adminTarget(user), after });
        return { user, session };
      });
      const jwt = await tokens.issue({ user, session: session.documentId, from: now, until: expiresAt });
      return { jwt, refreshToken: null, expiresAt };
    },
    list: (adminId) =>
      prisma.adminSession.findMany({
        where: { adminId, expiresAt: { gt: clock() } },
        orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
        take: MAX_LISTED,
      }),
    end: (admin, documentId, sent) =>
      inTransaction(prisma, async (transaction) => {
        const where = { adminId: admin.id, documentId };
        const found = await transaction.adminSession.findFirst({
          where,
          select: { admin: { select: { documentId: true, email: true } } },
        });
        const { count } = await transaction.adminSession.deleteMany({ where });
        if (!found || count === 0) return false;
        const target = adminTarget(found.admin);
        const before = { session: documentId };
        await audit.record(transaction, byAdministrator(found.admin, sent), { event: 'admin.logout', target, before });
        return true;
      }),
  };
}
