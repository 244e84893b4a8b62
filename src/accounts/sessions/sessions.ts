import type { Sent } from '../../audit/actor.ts';
import type { Settings } from '../../database/settings.ts';
import type { AccountWay } from '../hooks/account-hooks.ts';

/** The tokens of a login. */
export interface IssuedTokens {
  readonly jwt: string;
  /** When the token expires. */
  readonly jwtExpiresAt: Date;
  /** Null in the mode `plain`, and for administrators who did not ask for a cookie. */
  readonly refreshToken: string | null;
  /** When the session ends, even if it is refreshed. */
  readonly expiresAt: Date;
}

/** An active session, as its owner sees it. */
export interface OwnSession {
  readonly documentId: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  /** How it was begun. */
  readonly amr: Proofs;
  /** The id of the session of the administrator who acts as the user in it. */
  readonly impersonatedById: number | null;
}

/** The most sessions that are listed. */
export const MAX_LISTED = 100;

/**
 * How somebody proved who they are when a session began, each once: `pwd` a password, `otp` a code of an app or a backup code, `hwk`
 * a passkey (RFC 8176); `mail` a code by mail; the name of a login provider; `strapi` a token that Strapi issued.
 */
export type Proofs = readonly string[];

/** A request, what it does, and how its session is begun. */
export interface SentFor extends Sent {
  readonly way: AccountWay;
  readonly amr: Proofs;
}

/** The sessions of one realm. Each token belongs to a session and is revoked with it. */
export interface Sessions<Account> {
  /**
   * Begins a session for an account as read when its proof was checked. Fails if the account was deleted or its tokens
   * were revoked since.
   */
  begin(account: Account, sent: SentFor, settings: Settings): Promise<IssuedTokens>;
  /** The active sessions of an account, most recently used first: at most `MAX_LISTED`. */
  list(accountId: number): Promise<OwnSession[]>;
  /** Ends a session of the account and returns whether it existed. Other accounts' sessions are not found. */
  end(account: { readonly id: number }, documentId: string, sent: Sent): Promise<boolean>;
}

/** The sessions of one realm, some of them with refresh tokens. */
export interface RefreshableSessions<Account> extends Sessions<Account> {
  /**
   * Exchanges a refresh token for new tokens; undefined if it is invalid, spent or expired. Two browser tabs may send the
   * same token at once: within `refreshTokenGrace` seconds a spent token returns the same successor, unless that was spent
   * too. Any other reuse suggests a stolen token and ends the session.
   */
  refresh(refreshToken: string, sent: Sent, settings: Settings): Promise<Refreshed<Account> | undefined>;
  /** Ends the session of a refresh token, spent or not. */
  endByRefreshToken(refreshToken: string, sent: Sent): Promise<void>;
}

export interface Refreshed<Account> {
  readonly accountId: number;
  /** Must equal the account's: a login may have completed after its password was changed. */
  readonly tokenVersion: number | null;
  /** Issues the tokens for the current state of the account. */
  issue(account: Account): Promise<IssuedTokens>;
}

export function later(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1_000);
}

export function earliest(...times: readonly [Date, ...Date[]]): Date {
  return new Date(Math.min(...times.map((time) => time.getTime())));
}
