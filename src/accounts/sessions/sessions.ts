import type { Sent } from '../../audit/actor.ts';
import type { Settings } from '../../database/settings.ts';

/** The tokens of a login. */
export interface IssuedTokens {
  readonly jwt: string;
  /** Null in the mode `plain`, and for administrators. */
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
}

/** The most sessions that are listed. */
export const MAX_LISTED = 100;

/** The sessions of one realm. Each token belongs to a session and is revoked with it. */
export interface Sessions<Account> {
  /**
   * Begins a session for an account as read when its proof was checked. Fails if the account was deleted or its tokens
   * were revoked since.
   */
  begin(account: Account, sent: Sent, settings: Settings): Promise<IssuedTokens>;
  /** The active sessions of an account, most recently used first: at most `MAX_LISTED`. */
  list(accountId: number): Promise<OwnSession[]>;
  /** Ends a session of the account and returns whether it existed. Other accounts' sessions are not found. */
  end(account: { readonly id: number }, documentId: string, sent: Sent): Promise<boolean>;
}
