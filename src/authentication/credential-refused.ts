/** Why a credential is not taken. */
export type RefusalReason = 'invalid' | 'expired' | 'revoked' | 'blocked' | 'unconfirmed';

/** Whose token it was, and of which session. */
export interface EndedToken {
  readonly id: number;
  /** The documentId of the session. */
  readonly session: string;
}

/** A credential was sent and is not good. Never taken for no credential: who sent it means to be somebody. */
export class CredentialRefused extends Error {
  readonly reason: RefusalReason;
  /** Of a person's token that is genuine and was good once, and is merely expired or of a session that is over. */
  readonly ended: EndedToken | undefined;

  constructor(reason: RefusalReason, ended?: EndedToken) {
    super(`The credential was refused: ${reason}`);
    this.name = 'CredentialRefused';
    this.reason = reason;
    this.ended = ended;
  }
}
