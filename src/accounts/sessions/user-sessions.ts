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

/** The sessions of users, with refresh tokens in the mode `refresh`. */
export interface UserSessions extends Sessions<UserRow> {
  /**
   * Exchanges a refresh token for new tokens; undefined if it is invalid, spent or expired. Two browser tabs may send the
   * same token at once: within `refreshTokenGrace` seconds a spent token returns the same successor, unless that was spent
   * too. Any other reuse suggests a stolen token and ends the session.
   */
  refresh(refreshToken: string, sent: Sent, settings: Settings): Promise<Refreshed | undefined>;
  /** Ends the session of a refresh token, spent or not. */
  endByRefreshToken(refreshToken: string, sent: Sent): Promise<void>;
}

type TokenUser = TokenRequest['user'];

export interface Refreshed {
  readonly userId: number;
  /** Must equal the user's: a login may have completed after its password was changed. */
  readonly tokenVersion: number;
  /** Issues the tokens for the current state of the user. */
  issue(user: TokenUser): Promise<IssuedTokens>;
}

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

  /** Records the owner as the actor: nobody else knows the token. */
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
      // One statement instead of a transaction of four, since every login waits for it. It locks the user first, as a
      // deletion does, to avoid deadlocks, which would also hold up everything that writes audit events.
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
      // The account was deleted or its password changed since the comparison.
      if (begun === 0) throw invalidCredential('revoked');
      return issue(user, { documentId, expiresAt }, refreshToken, settings, now);
    },

    async refresh(text, sent, settings) {
      const shown = readRefreshToken(text);
      if (!shown) return undefined;
      const now = clock();
      const next = refreshTokens.next(shown);
      const living = { familyHash: shown.familyHash, expiresAt: { gt: now }, idleUntil: { gt: now } };
      // Of two concurrent requests one finds and replaces the hash; for the other the token is spent.
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
        // Only the token spent last: its successor has not been used yet.
        const session = await prisma.session.findFirst({
          where: { ...living, spentHash: shown.hash, spentAt: { gt: since } },
          select: { ...REFRESHED, refreshHash: true, spentNonce: true },
        });
        if (session) {
          const { refreshHash, spentNonce } = session;
          const same = refreshTokens.again(shown, { nonce: spentNonce ?? '', hash: refreshHash ?? '' });
          // A successor derived with a secret unknown to this process is no reason to end the session.
          return same && refreshed(session, same, settings);
        }
      }
      const because = { because: 'a refresh token that was spent or too old was shown' };
      if (await endWhere({ familyHash: shown.familyHash }, sent, because)) {
        log.warn('a spent or expired refresh token was used, so its session was ended');
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
