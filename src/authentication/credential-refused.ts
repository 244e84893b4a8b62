/** Why a credential is not taken. */
export type RefusalReason = 'invalid' | 'expired' | 'revoked' | 'blocked' | 'unconfirmed';

/** A credential was sent and is not good. Never taken for no credential: who sent it means to be somebody. */
export class CredentialRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(`The credential was refused: ${reason}`);
    this.name = 'CredentialRefused';
    this.reason = reason;
  }
}
