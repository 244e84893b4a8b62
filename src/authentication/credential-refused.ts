/** Why a credential is refused. */
export type RefusalReason = 'invalid' | 'expired' | 'revoked' | 'blocked' | 'unconfirmed';

/** The user id and session of an expired or revoked token. */
export interface EndedToken {
  readonly id: number;
  /** The documentId of the session. */
  readonly session: string;
}

/** An invalid credential. It is refused, never treated as Public: the client expects to be authenticated. */
export class CredentialRefused extends Error {
  readonly reason: RefusalReason;
  /** Set for a genuine token of an account that is expired, or whose session has ended. */
  readonly ended: EndedToken | undefined;

  constructor(reason: RefusalReason, ended?: EndedToken) {
    super(`The credential was refused: ${reason}`);
    this.name = 'CredentialRefused';
    this.reason = reason;
    this.ended = ended;
  }
}
