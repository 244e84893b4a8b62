import type { Logger } from 'pino';
import type { Sent } from '../../audit/actor.ts';
import { usedNow } from '../../authentication/session-use.ts';
import type { Clock } from '../../common/clock.ts';
import type { Settings } from '../../database/settings.ts';
import { createRefreshTokens, type RefreshToken, readRefreshToken } from './refresh-tokens.ts';
import { later } from './sessions.ts';

/** Exchanges the refresh tokens of one realm, each of which works once. */
export interface Rotation<Session> {
  /**
   * Exchanges a refresh token for the next one; undefined if it is invalid, spent or expired. A spent or expired one ends
   * its session, except within the grace.
   */
  exchange(
    refreshToken: string,
    sent: Sent,
    settings: Pick<Settings, 'refreshTokenGrace'> & { readonly idleLifespan: number },
  ): Promise<{ readonly session: Session; readonly next: RefreshToken } | undefined>;
  /** Ends the session of a refresh token, spent or not. */
  end(refreshToken: string, sent: Sent): Promise<void>;
}

/** The table of the sessions of one realm. Both realms name these columns alike. */
export interface RotatedSessions<Session> {
  /** Writes this to the session that this finds, in one statement. */
  update(where: Living & { readonly refreshHash: string }, data: Rotated): Promise<Session | undefined>;
  findSpent(
    where: Living & { readonly spentHash: string; readonly spentAt: { readonly gt: Date } },
  ): Promise<(Session & { readonly refreshHash: string | null; readonly spentNonce: string | null }) | null>;
  /** Ends and audits the session with this hash, and returns whether there was one. */
  end(familyHash: string, sent: Sent, after?: { readonly because: string }): Promise<boolean>;
}

interface Living {
  readonly familyHash: string;
  readonly expiresAt: { readonly gt: Date };
  readonly idleUntil: { readonly gt: Date };
}

interface Rotated extends ReturnType<typeof usedNow> {
  readonly refreshHash: string;
  readonly spentHash: string;
  readonly spentAt: Date;
  readonly spentNonce: string;
  readonly idleUntil: Date;
}

/** @param secrets of the realm's tokens. */
export function createRotation<Session>(
  sessions: RotatedSessions<Session>,
  options: { readonly secrets: readonly [string, ...string[]]; readonly clock: Clock; readonly log: Logger },
): Rotation<Session> {
  const { clock, log } = options;
  const refreshTokens = createRefreshTokens(options.secrets);
  return {
    async exchange(text, sent, { idleLifespan, refreshTokenGrace }) {
      const shown = readRefreshToken(text);
      if (!shown) return undefined;
      const now = clock();
      const next = refreshTokens.next(shown);
      const living = { familyHash: shown.familyHash, expiresAt: { gt: now }, idleUntil: { gt: now } };
      // Of two concurrent requests one finds and replaces the hash; for the other the token is spent.
      const session = await sessions.update(
        { ...living, refreshHash: shown.hash },
        {
          refreshHash: next.hash,
          spentHash: shown.hash,
          spentAt: now,
          spentNonce: next.nonce,
          idleUntil: later(now, idleLifespan),
          ...usedNow(now, sent.origin),
        },
      );
      if (session) return { session, next };
      if (refreshTokenGrace > 0) {
        const since = later(now, -refreshTokenGrace);
        // Only the token spent last: its successor has not been used yet.
        const session = await sessions.findSpent({ ...living, spentHash: shown.hash, spentAt: { gt: since } });
        if (session) {
          const { refreshHash, spentNonce } = session;
          const same = refreshTokens.again(shown, { nonce: spentNonce ?? '', hash: refreshHash ?? '' });
          return same && { session, next: same };
        }
      }
      const because = { because: 'a refresh token that was spent or too old was shown' };
      if (await sessions.end(shown.familyHash, sent, because)) {
        log.warn('a spent or expired refresh token was used, so its session was ended');
      }
      return undefined;
    },
    async end(text, sent) {
      const shown = readRefreshToken(text);
      if (shown) await sessions.end(shown.familyHash, sent);
    },
  };
}
