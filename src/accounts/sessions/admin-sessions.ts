import type { Logger } from 'pino';
import type { Sent } from '../../audit/actor.ts';
import type { Audit } from '../../audit/audit.ts';
import type { AuditEvent } from '../../audit/events.ts';
import { usedNow } from '../../authentication/session-use.ts';
import type { TokenRequest, Tokens } from '../../authentication/tokens.ts';
import type { Clock } from '../../common/clock.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Settings } from '../../database/settings.ts';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { AdminRow } from '../account-rows.ts';
import { invalidLogin } from '../invalid-login.ts';
import { lockAdmin } from '../lock-account.ts';
import { adminTarget, byAdministrator } from '../realms/administrators.ts';
import { firstRefreshToken, type RefreshToken } from './refresh-tokens.ts';
import { createRotation } from './rotation.ts';
import { earliest, type IssuedTokens, later, MAX_LISTED, type RefreshableSessions, type SentFor } from './sessions.ts';

export interface AdminSessionOptions {
  readonly prisma: PrismaClient;
  readonly tokens: Tokens;
  /** The lifetime of the token of a session without a refresh token, in seconds. */
  readonly expiresIn: number;
  /** The secrets of administrators' tokens. */
  readonly secrets: readonly [string, ...string[]];
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The lifetime of a token beside a refresh token, in seconds. */
const TOKEN_LIFESPAN = 600;

/** The sessions of administrators. */
export interface AdminSessions extends RefreshableSessions<AdminRow> {
  /** Begins a session with one token, or one with a short token and a refresh token. */
  begin(account: AdminRow, sent: SentFor, settings: Settings, withRefreshToken?: boolean): Promise<IssuedTokens>;
}

export function createAdminSessions(options: AdminSessionOptions): AdminSessions {
  const { prisma, tokens, expiresIn, audit, clock } = options;
  const rotation = createRotation(
    {
      update: async (where, data) =>
        (await prisma.adminSession.updateManyAndReturn({ where, data, select: REFRESHED })).at(0),
      findSpent: (where) =>
        prisma.adminSession.findFirst({ where, select: { ...REFRESHED, refreshHash: true, spentNonce: true } }),
      end: (familyHash, sent, after) => endWhere({ familyHash }, sent, after),
    },
    options,
  );

  async function issue(
    user: TokenRequest['user'],
    { documentId, expiresAt, idleUntil }: Ending & { readonly documentId: string },
    refreshToken: RefreshToken | undefined,
    from: Date,
  ): Promise<IssuedTokens> {
    const lives = refreshToken ? Math.min(TOKEN_LIFESPAN, expiresIn) : expiresIn;
    const until = earliest(later(from, lives), expiresAt, idleUntil ?? expiresAt);
    const jwt = await tokens.issue({ user, session: documentId, from, until });
    return { jwt, jwtExpiresAt: until, refreshToken: refreshToken?.text ?? null, expiresAt };
  }

  /** Records the owner as the actor: nobody else knows the token. */
  function endWhere(
    where: Prisma.AdminSessionWhereInput,
    sent: Sent,
    after?: AuditEvent<'admin.logout'>['after'],
  ): Promise<boolean> {
    return inTransaction(prisma, async (transaction) => {
      const session = await transaction.adminSession.findFirst({
        where,
        select: { id: true, documentId: true, admin: { select: { documentId: true, email: true } } },
      });
      if (!session) return false;
      const { count } = await transaction.adminSession.deleteMany({ where: { id: session.id } });
      if (count === 0) return false;
      await audit.record(transaction, byAdministrator(session.admin, sent), {
        event: 'admin.logout',
        target: adminTarget(session.admin),
        before: { session: session.documentId },
        ...(after && { after }),
      });
      return true;
    });
  }

  return {
    async begin({ id, tokenVersion }, sent, settings, withRefreshToken = false) {
      const now = clock();
      const refreshToken = withRefreshToken ? firstRefreshToken() : undefined;
      const ending: Ending = refreshToken
        ? {
            expiresAt: later(now, settings.adminMaxSessionLifespan),
            idleUntil: later(now, settings.adminIdleSessionLifespan),
          }
        : { expiresAt: later(now, expiresIn), idleUntil: null };
      const { user, session } = await inTransaction(prisma, async (transaction) => {
        const user = await lockAdmin(transaction, id);
        // The account was deleted or its password changed during the comparison.
        if (user?.tokenVersion !== tokenVersion) throw invalidLogin();
        const session = await transaction.adminSession.create({
          data: {
            adminId: id,
            createdAt: now,
            amr: [...sent.amr],
            provenAt: now,
            ...usedNow(now, sent.origin),
            ...ending,
            ...(refreshToken && {
              tokenVersion,
              familyHash: refreshToken.familyHash,
              refreshHash: refreshToken.hash,
            }),
          },
          select: { documentId: true },
        });
        const after = { session: session.documentId };
        const actor = byAdministrator(user, sent);
        await audit.record(transaction, actor, { event: 'admin.login', target: adminTarget(user), after });
        return { user, session };
      });
      return issue(user, { ...session, ...ending }, refreshToken, now);
    },

    async refresh(text, sent, settings) {
      const idleLifespan = settings.adminIdleSessionLifespan;
      const exchanged = await rotation.exchange(text, sent, { ...settings, idleLifespan });
      if (!exchanged) return undefined;
      const { session, next } = exchanged;
      const { adminId: accountId, tokenVersion } = session;
      return { accountId, tokenVersion, issue: (admin) => issue(admin, session, next, clock()) };
    },

    async list(adminId) {
      const now = clock();
      const sessions = await prisma.adminSession.findMany({
        where: { adminId, expiresAt: { gt: now }, OR: [{ idleUntil: null }, { idleUntil: { gt: now } }] },
        orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
        take: MAX_LISTED,
      });
      return sessions.map((session) => ({ ...session, impersonatedById: null }));
    },
    end: ({ id: adminId }, documentId, sent) => endWhere({ adminId, documentId }, sent),
    endByRefreshToken: rotation.end,
  };
}

/** When a session ends: whatever is done with it, and if it is not refreshed before. */
interface Ending {
  readonly expiresAt: Date;
  readonly idleUntil: Date | null;
}

const REFRESHED = {
  adminId: true,
  tokenVersion: true,
  documentId: true,
  expiresAt: true,
  idleUntil: true,
} as const;
