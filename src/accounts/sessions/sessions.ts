import type { Sent } from '../../audit/actor.ts';
import type { Settings } from '../../database/settings.ts';

/** What a login is answered with. */
export interface IssuedTokens {
  readonly jwt: string;
  /** Null in the mode `plain`, and for administrators. */
  readonly refreshToken: string | null;
  /** When the session ends, whatever is done with it. */
  readonly expiresAt: Date;
}

/** A login that lives, as its owner sees it. */
export interface OwnSession {
  readonly documentId: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

/** No more than these are listed: nobody reads further. */
export const MAX_LISTED = 100;

/** The logins of one realm. Each token belongs to one, and dies with it. */
export interface Sessions<Account> {
  /**
   * Begins one for an account as it was when the proof was checked: an account that was deleted, or whose tokens were
   * ended, since then is refused.
   */
  begin(account: Account, sent: Sent, settings: Settings): Promise<IssuedTokens>;
  /** Those of an account that live, the one that was used last first: `MAX_LISTED` at most. */
  list(accountId: number): Promise<OwnSession[]>;
  /** Ends one of an account, and tells whether there was such a one. To everybody but its owner a session does not exist. */
  end(account: { readonly id: number }, documentId: string, sent: Sent): Promise<boolean>;
}
