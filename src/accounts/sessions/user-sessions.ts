import { sqltag } from '@prisma/client/runtime/client';
import type { Logger } from 'pino';
import { byUser, type Sent } from '../../audit/actor.ts';
import { type Audit, userTarget } from '../../audit/audit.ts';
import type { AuditEvent } from '../../audit/events.ts';
import type { AccessReader } from '../../authentication/access-cache/read-access.ts';
import { usedNow } from '../../authentication/session-use.ts';
import type { Tokens } from '../../authentication/tokens.ts';
import type { Clock } from '../../common/clock.ts';
import { invalidCredential } from '../../common/errors.ts';
import { newDocumentId } from '../../database/document-key.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Settings } from '../../database/settings.ts';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { UserRow } from '../account-rows.ts';
import { keepAccount } from '../delete-own-account.ts';
import type { Claims } from '../hooks/account-hooks.ts';
import type { UserHooks } from '../hooks/user-hooks.ts';
import type { NewDevices } from '../new-devices.ts';
import { deleteImpersonation } from './delete-impersonation.ts';
import { firstRefreshToken, type RefreshToken } from './refresh-tokens.ts';
import { createRotation } from './rotation.ts';
import { earliest, type IssuedTokens, later, MAX_LISTED, type RefreshableSessions } from './sessions.ts';

export interface SessionOptions {
  readonly prisma: PrismaClient;
  readonly tokens: Tokens;
  /** The lifetime of a token in the mode `plain`, in seconds. */
  readonly expiresIn: number;
  /** The secrets of users' tokens. */
  readonly secrets: readonly [string, ...string[]];
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface UserSessionOptions extends SessionOptions {
  readonly hooks: Pick<UserHooks, 'tokenClaims'>;
  readonly newDevices: NewDevices;
  /** Reads the roles that short tokens name; undefined: none does. */
  readonly rolesInTokens: Pick<AccessReader, 'user'> | undefined;
}

/** The sessions of users, with refresh tokens in the mode `refresh`. */
export function createUserSessions(options: UserSessionOptions): RefreshableSessions<UserRow> {
  const { prisma, tokens, expiresIn, audit, clock, hooks, rolesInTokens } = options;
  const rotation = createRotation(
    {
      update: async (where, data) =>
        (await prisma.session.updateManyAndReturn({ where, data, select: REFRESHED })).at(0),
      findSpent: (where) =>
        prisma.session.findFirst({ where, select: { ...REFRESHED, refreshHash: true, spentNonce: true } }),
      end: (familyHash, sent, after) => endWhere({ familyHash }, sent, after),
    },
    options,
  );

  async function issue(
    user: UserRow,
    claims: Claims,
    session: { readonly documentId: string; readonly expiresAt: Date },
    refreshToken: RefreshToken | undefined,
    { accessTokenLifespan }: Settings,
    from: Date,
  ): Promise<IssuedTokens> {
    const { documentId, expiresAt } = session;
    const jwtExpiresAt = refreshToken ? earliest(expiresAt, later(from, accessTokenLifespan)) : expiresAt;
    // Only where they are soon read again: a token of thirty days would keep roles that were taken.
    const roles = refreshToken ? (await rolesInTokens?.user(user.id, documentId))?.union.types : undefined;
    const all = { ...(roles && { roles }), ...claims };
    const jwt = await tokens.issue({ user, session: documentId, from, until: jwtExpiresAt, claims: all });
    return { jwt, jwtExpiresAt, refreshToken: refreshToken?.text ?? null, expiresAt };
  }

  /** Records the owner as the actor: nobody else knows the token. */
  function endWhere(
    where: Prisma.SessionWhereInput,
    sent: Sent,
    after?: AuditEvent<'session.end'>['after'],
  ): Promise<boolean> {
    return inTransaction(prisma, async (transaction) => {
      const session = await transaction.session.findFirst({
        where,
        select: {
          id: true,
          documentId: true,
          impersonatedById: true,
          user: { select: { documentId: true, username: true } },
        },
      });
      if (!session) return false;
      const target = userTarget(session.user);
      const before = { session: session.documentId };
      if (session.impersonatedById !== null) {
        if (!(await deleteImpersonation(transaction, session.id))) return false;
        const actor = byUser(session.user, sent);
        await audit.record(transaction, actor, { event: 'user.endImpersonation', target, before });
        return true;
      }
      const { count } = await transaction.session.deleteMany({ where: { id: session.id } });
      if (count === 0) return false;
      await audit.record(transaction, byUser(session.user, sent), {
        event: 'session.end',
        target,
        before,
        ...(after && { after }),
      });
      return true;
    });
  }

  return {
    async begin(user, sent, settings) {
      // Before the session: when the hook fails, there is none.
      const claims = await hooks.tokenClaims(user, sent);
      if (user.deletesAt) await keepAccount({ prisma, audit }, user, sent);
      const now = clock();
      const refreshToken = settings.sessionMode === 'refresh' ? firstRefreshToken() : undefined;
      const expiresAt = later(now, refreshToken ? settings.maxRefreshTokenLifespan : expiresIn);
      const idleUntil = refreshToken ? later(now, settings.idleRefreshTokenLifespan) : null;
      const documentId = newDocumentId();
      const { address, userAgent } = usedNow(now, sent.origin);
      const event: AuditEvent = { event: 'session.begin', target: userTarget(user), after: { session: documentId } };
      // One statement instead of a transaction of four, since every login waits for it. It locks the user first, as a
      // deletion does, to avoid deadlocks, which would also hold up everything that writes audit events.
      const begun = await prisma.$executeRaw`
        WITH "owner" AS MATERIALIZED (
            SELECT "id" FROM "users" WHERE "id" = ${user.id} AND "tokenVersion" = ${user.tokenVersion}::int4 FOR SHARE
          ),
          "recorded" AS (${audit.insertion(byUser(user, sent), event, sqltag`FROM "owner"`)} RETURNING 1)
        INSERT INTO "sessions" ("documentId", "userId", "tokenVersion", "createdAt", "lastUsedAt", "provenAt", "amr", "address",
          "userAgent", "expiresAt", "idleUntil", "familyHash", "refreshHash")
        SELECT ${documentId}, "owner"."id", ${user.tokenVersion}::int4, ${now}::timestamptz, ${now}::timestamptz,
          ${now}::timestamptz, ARRAY(SELECT json_array_elements_text(${JSON.stringify(sent.amr)}::json)), ${address},
          ${userAgent}, ${expiresAt}::timestamptz, ${idleUntil}::timestamptz, ${refreshToken?.familyHash ?? null},
          ${refreshToken?.hash ?? null}
        FROM "owner", "recorded"`;
      // The account was deleted or its password changed since the comparison.
      if (begun === 0) throw invalidCredential('revoked');
      if (settings.newDeviceMail) await options.newDevices.see(user, sent.origin);
      return issue(user, claims, { documentId, expiresAt }, refreshToken, settings, now);
    },

    async refresh(text, sent, settings) {
      const idleLifespan = settings.idleRefreshTokenLifespan;
      const exchanged = await rotation.exchange(text, sent, { ...settings, idleLifespan });
      if (!exchanged) return undefined;
      const { session, next } = exchanged;
      const { userId: accountId, tokenVersion } = session;
      return {
        accountId,
        tokenVersion,
        async issue(user) {
          const claims = await hooks.tokenClaims(user, { ...sent, way: 'refreshToken' });
          return issue(user, claims, session, next, settings, clock());
        },
      };
    },

    list(userId) {
      const now = clock();
      return prisma.session.findMany({
        where: { userId, expiresAt: { gt: now }, OR: [{ idleUntil: null }, { idleUntil: { gt: now } }] },
        orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
        take: MAX_LISTED,
      });
    },
    end: ({ id: userId }, documentId, sent) => endWhere({ userId, documentId }, sent),
    endByRefreshToken: rotation.end,
  };
}

const REFRESHED = { userId: true, tokenVersion: true, documentId: true, expiresAt: true } as const;
