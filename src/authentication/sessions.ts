import { createHash, randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { type Asked, byUser } from '../audit/actor.ts';
import { type Audit, type Changed, type Deed, userTarget } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import { newDocumentId } from '../database/document-key.ts';
import type { Settings } from '../database/settings.ts';
import { invalidCredential } from '../errors.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { Origin } from './origin.ts';
import type { TokenRequest, Tokens } from './tokens.ts';

/** What a login is answered with. */
export interface IssuedTokens {
  readonly jwt: string;
  /** Null in the mode `plain`. */
  readonly refreshToken: string | null;
  /** When the session ends, whatever is done with it. */
  readonly expiresAt: Date;
}

/** Logins that live. Each token belongs to one, and dies with it. */
export interface Sessions {
  begin(user: SessionUser, from: From, settings: Settings): Promise<IssuedTokens>;
  /**
   * New tokens for a refresh token, which is spent by that; undefined for one that is wrong, spent or too old. Whoever
   * shows a spent one is not its owner, or its owner is not alone: then the whole session ends.
   */
  refresh(refreshToken: string, from: From, settings: Settings): Promise<Refreshed | undefined>;
  /** Ends a session of a user, and tells whether there was such a one. To everybody but its owner a session does not exist. */
  end(session: { readonly userId: number; readonly documentId: string }, from: From): Promise<boolean>;
  /** Ends the session of a refresh token, spent or not. */
  endByRefreshToken(refreshToken: string, from: From): Promise<void>;
}

type TokenUser = TokenRequest['user'];
export type SessionUser = TokenUser & { readonly username: string };

/** Where it was asked for, and in which request. */
export type From = Pick<Asked, 'origin' | 'requestId'>;

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
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createSessions({ prisma, tokens, expiresIn, audit, clock, log }: SessionOptions): Sessions {
  async function issue(
    user: TokenUser,
    session: { readonly documentId: string; readonly expiresAt: Date },
    refreshToken: RefreshToken | undefined,
    { accessTokenLifespan }: Settings,
  ): Promise<IssuedTokens> {
    const { documentId, expiresAt } = session;
    const until = refreshToken ? earlier(expiresAt, later(clock(), accessTokenLifespan)) : expiresAt;
    const jwt = await tokens.issue({ user, session: documentId, until });
    return { jwt, refreshToken: refreshToken?.text ?? null, expiresAt };
  }

  /** Its owner is who ends it: nobody else knows its token. */
  function endWhere(where: Prisma.SessionWhereInput, from: From, after?: Changed): Promise<boolean> {
    return prisma.$transaction(async (transaction) => {
      const session = await transaction.session.findFirst({
        where,
        select: { id: true, documentId: true, user: { select: { documentId: true, username: true } } },
      });
      if (!session) return false;
      const { count } = await transaction.session.deleteMany({ where: { id: session.id } });
      if (count === 0) return false;
      await audit.record(transaction, byUser(session.user, from), {
        event: 'session.end',
        target: userTarget(session.user),
        before: { session: session.documentId },
        ...(after && { after }),
      });
      return true;
    });
  }

  return {
    async begin(user, from, settings) {
      const now = clock();
      const refreshToken = settings.sessionMode === 'refresh' ? newRefreshToken() : undefined;
      const expiresAt = later(now, refreshToken ? settings.maxRefreshTokenLifespan : expiresIn);
      const idleUntil = refreshToken ? later(now, settings.idleRefreshTokenLifespan) : null;
      const documentId = newDocumentId();
      const { address, userAgent } = usedNow(now, from.origin);
      const deed: Deed = { event: 'session.begin', target: userTarget(user), after: { session: documentId } };
      // One statement for both: each login waits for it, and a transaction is four. The user comes first, as for whoever
      // deletes one: two that wait for each other would be ended by the database, and all who write entries wait with them.
      const begun = await prisma.$executeRaw`
        WITH "owner" AS MATERIALIZED (SELECT "id" FROM "users" WHERE "id" = ${user.id} FOR KEY SHARE),
          "recorded" AS (${audit.insertion(byUser(user, from), deed, Prisma.sql`FROM "owner"`)} RETURNING 1)
        INSERT INTO "sessions" ("documentId", "userId", "tokenVersion", "createdAt", "lastUsedAt", "address", "userAgent",
          "expiresAt", "idleUntil", "familyHash", "refreshHash")
        SELECT ${documentId}, "owner"."id", ${user.tokenVersion}::int4, ${now}::timestamptz, ${now}::timestamptz, ${address},
          ${userAgent}, ${expiresAt}::timestamptz, ${idleUntil}::timestamptz, ${refreshToken?.familyHash ?? null},
          ${refreshToken?.hash ?? null}
        FROM "owner", "recorded"`;
      // Deleted since the password was compared.
      if (begun === 0) throw invalidCredential('revoked');
      return issue(user, { documentId, expiresAt }, refreshToken, settings);
    },

    async refresh(text, from, settings) {
      const shown = readRefreshToken(text);
      if (!shown) return undefined;
      const now = clock();
      const next = newRefreshToken(shown.family);
      // Of two at the same moment one finds the hash that it looks for, and changes it; to the other it is spent.
      const [session] = await prisma.session.updateManyAndReturn({
        where: {
          familyHash: shown.familyHash,
          refreshHash: shown.hash,
          expiresAt: { gt: now },
          idleUntil: { gt: now },
        },
        data: {
          refreshHash: next.hash,
          idleUntil: later(now, settings.idleRefreshTokenLifespan),
          ...usedNow(now, from.origin),
        },
        select: { userId: true, tokenVersion: true, documentId: true, expiresAt: true },
      });
      if (session) {
        const { userId, tokenVersion } = session;
        return { userId, tokenVersion, issue: (user) => issue(user, session, next, settings) };
      }
      const because = { because: 'a refresh token that was spent or too old was shown' };
      if (await endWhere({ familyHash: shown.familyHash }, from, because)) {
        log.warn('a refresh token that was spent or too old was shown: its session was ended');
      }
      return undefined;
    },

    end: (session, from) => endWhere(session, from),
    async endByRefreshToken(text, from) {
      const shown = readRefreshToken(text);
      if (shown) await endWhere({ familyHash: shown.familyHash }, from);
    },
  };
}

/** Milliseconds within which one use is as good as another: a write for each request would cost more than the request. */
export const NEAR_ENOUGH = 5 * 60_000;

/** From where, and when. */
export function usedNow(now: Date, { address, userAgent }: Origin) {
  return { lastUsedAt: now, address: address.slice(0, 64), userAgent: userAgent?.slice(0, 255) ?? null };
}

/** Two times 256 random bits: the half that stays with the session, and the half that is another each time. */
interface RefreshToken {
  readonly text: string;
  readonly family: string;
  readonly familyHash: string;
  readonly hash: string;
}

function newRefreshToken(family = random()): RefreshToken {
  return refreshTokenOf(family, random());
}

function readRefreshToken(text: string): RefreshToken | undefined {
  const [, family, secret] = /^([\w-]{43})\.([\w-]{43})$/.exec(text) ?? [];
  return family !== undefined && secret !== undefined ? refreshTokenOf(family, secret) : undefined;
}

function refreshTokenOf(family: string, secret: string): RefreshToken {
  const text = `${family}.${secret}`;
  return { text, family, familyHash: hashOf(family), hash: hashOf(text) };
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function later(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1_000);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
