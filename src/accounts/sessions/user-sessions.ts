import { sqltag } from '@prisma/client/runtime/client';
import type { Logger } from 'pino';
import { byUser, type Sent } from '../../audit/actor.ts';
import { type Audit, userTarget } from '../../audit/audit.ts';
import type { AuditEvent } from '../../audit/events.ts';
import { usedNow } from '../../authentication/session-use.ts';
import type { TokenRequest, Tokens } from '../../authentication/tokens.ts';
import type { Clock } from '../../common/clock.ts';
import { invalidCredential } from '../../common/errors.ts';
import { newDocumentId } from '../../database/document-key.ts';
import type { Settings } from '../../database/settings.ts';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { UserRow } from '../account-rows.ts';
import { createRefreshTokens, firstRefreshToken, type RefreshToken, readRefreshToken } from './refresh-tokens.ts';
import { type IssuedTokens, MAX_LISTED, type Sessions } from './sessions.ts';

/** Logins of users that live: some have a refresh token. */
export interface UserSessions extends Sessions<UserRow> {
  /**
   * New tokens for a refresh token, which is spent by that; undefined for one that is wrong, spent or too old. Two tabs of
   * a browser show one at once: for the seconds of `refreshTokenGrace` it is answered with the same next refresh token,
   * unless that was spent too. Whoever shows a spent one otherwise is not its owner, or its owner is not alone: then the
   * whole session ends.
   */
  refresh(refreshToken: string, sent: Sent, settings: Settings): Promise<Refreshed | undefined>;
  /** Ends the session of a refresh token, spent or not. */
  endByRefreshToken(refreshToken: string, sent: Sent): Promise<void>;
}

type TokenUser = TokenRequest['user'];

export interface Refreshed {
  readonly userId: number;
  /** That of the user has to be the same still: a login with an old password may have ended after that was changed. */
  readonly tokenVersion: number;
  /** The tokens, once it was found out who the user is by now. */
  issue(user: TokenUser): Promise<IssuedTokens>;
}

export interface SessionOptions {
  readonly prisma: PrismaClient;
  readonly tokens: Tokens;
  /** Life of a token in the mode `plain`, in seconds. */
  readonly expiresIn: number;
  /** Those of the tokens of users. */
  readonly secrets: readonly [string, ...string[]];
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createUserSessions(options: SessionOptions): UserSessions {
  const { prisma, tokens, expiresIn, audit, clock, log } = options;
  const refreshTokens = createRefreshTokens(options.secrets);

  async function issue(
    user: TokenUser,
    session: { readonly documentId: string; readonly expiresAt: Date },
    refreshToken: RefreshToken | undefined,
    { accessTokenLifespan }: Settings,
    from: Date,
  ): Promise<IssuedTokens> {
    const { documentId, expiresAt } = session;
    const until = refreshToken ? earlier(expiresAt, later(from, accessTokenLifespan)) : expiresAt;
    const jwt = await tokens.issue({ user, session: documentId, from, until });
    return { jwt, refreshToken: refreshToken?.text ?? null, expiresAt };
  }

  function refreshed(session: RefreshedSession, next: RefreshToken, settings: Settings): Refreshed {
    const { userId, tokenVersion } = session;
    return { userId, tokenVersion, issue: (user) => issue(user, session, next, settings, clock()) };
  }

  /** Its owner is who ends it: nobody else knows its token. */
  function endWhere(
    where: Prisma.SessionWhereInput,
    sent: Sent,
    after?: AuditEvent<'session.end'>['after'],
  ): Promise<boolean> {
    return prisma.$transaction(async (transaction) => {
      const session = await transaction.session.findFirst({
        where,
        select: { id: true, documentId: true, user: { select: { documentId: true, username: true } } },
      });
      if (!session) return false;
      const { count } = await transaction.session.deleteMany({ where: { id: session.id } });
      if (count === 0) return false;
      await audit.record(transaction, byUser(session.user, sent), {
        event: 'session.end',
        target: userTarget(session.user),
        before: { session: session.documentId },
        ...(after && { after }),
      });
      return true;
    });
  }

  return {
    async begin(user, sent, settings) {
      const now = clock();
      const refreshToken = settings.sessionMode === 'refresh' ? firstRefreshToken() : undefined;
      const expiresAt = later(now, refreshToken ? settings.maxRefreshTokenLifespan : expiresIn);
      const idleUntil = refreshToken ? later(now, settings.idleRefreshTokenLifespan) : null;
      const documentId = newDocumentId();
      const { address, userAgent } = usedNow(now, sent.origin);
      const event: AuditEvent = { event: 'session.begin', target: userTarget(user), after: { session: documentId } };
      // One statement for both: each login waits for it, and a transaction is four. The user comes first, as for whoever
      // deletes one: two that wait for each other would be ended by the database, and all who write entries wait with them.
      const begun = await prisma.$executeRaw`
        WITH "owner" AS MATERIALIZED (
            SELECT "id" FROM "users" WHERE "id" = ${user.id} AND "tokenVersion" = ${user.tokenVersion}::int4 FOR SHARE
          ),
          "recorded" AS (${audit.insertion(byUser(user, sent), event, sqltag`FROM "owner"`)} RETURNING 1)
        INSERT INTO "sessions" ("documentId", "userId", "tokenVersion", "createdAt", "lastUsedAt", "address", "userAgent",
          "expiresAt", "idleUntil", "familyHash", "refreshHash")
        SELECT ${documentId}, "owner"."id", ${user.tokenVersion}::int4, ${now}::timestamptz, ${now}::timestamptz, ${address},
          ${userAgent}, ${expiresAt}::timestamptz, ${idleUntil}::timestamptz, ${refreshToken?.familyHash ?? null},
          ${refreshToken?.hash ?? null}
        FROM "owner", "recorded"`;
      // Deleted, or given another password, since the one that was typed was compared.
      if (begun === 0) throw invalidCredential('revoked');
      return issue(user, { documentId, expiresAt }, refreshToken, settings, now);
    },

    async refresh(text, sent, settings) {
      const shown = readRefreshToken(text);
      if (!shown) return undefined;
      const now = clock();
      const next = refreshTokens.next(shown);
      const living = { familyHash: shown.familyHash, expiresAt: { gt: now }, idleUntil: { gt: now } };
      // Of two at the same moment one finds the hash that it looks for, and changes it; to the other it is spent.
      const [session] = await prisma.session.updateManyAndReturn({
        where: { ...living, refreshHash: shown.hash },
        data: {
          refreshHash: next.hash,
          spentHash: shown.hash,
          spentAt: now,
          spentNonce: next.nonce,
          idleUntil: later(now, settings.idleRefreshTokenLifespan),
          ...usedNow(now, sent.origin),
        },
        select: REFRESHED,
      });
      if (session) return refreshed(session, next, settings);
      if (settings.refreshTokenGrace > 0) {
        const since = later(now, -settings.refreshTokenGrace);
        // The last one that was spent, and not one before it: nobody has shown yet what was answered.
        const session = await prisma.session.findFirst({
          where: { ...living, spentHash: shown.hash, spentAt: { gt: since } },
          select: { ...REFRESHED, refreshHash: true, spentNonce: true },
        });
        if (session) {
          const { refreshHash, spentNonce } = session;
          const same = refreshTokens.again(shown, { nonce: spentNonce ?? '', hash: refreshHash ?? '' });
          // Made with a secret that this process does not know: no reason to end the session.
          return same && refreshed(session, same, settings);
        }
      }
      const because = { because: 'a refresh token that was spent or too old was shown' };
      if (await endWhere({ familyHash: shown.familyHash }, sent, because)) {
        log.warn('a refresh token was used a second time, or after its end: its session was ended');
      }
      return undefined;
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
    async endByRefreshToken(text, sent) {
      const shown = readRefreshToken(text);
      if (shown) await endWhere({ familyHash: shown.familyHash }, sent);
    },
  };
}

const REFRESHED = { userId: true, tokenVersion: true, documentId: true, expiresAt: true } as const;
type RefreshedSession = Prisma.SessionGetPayload<{ select: typeof REFRESHED }>;

function later(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1_000);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
