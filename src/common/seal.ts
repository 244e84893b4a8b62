import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** The context that a sealed text is bound to. It cannot be opened in another one. */
export type SealedFor = readonly (string | number | null)[];

/** Encrypts texts with AES-256-GCM. */
export interface Seal {
  seal(text: string, place: SealedFor): Uint8Array<ArrayBuffer>;
  /** Undefined if none of the secrets sealed it for this context. */
  open(sealed: Uint8Array, place: SealedFor): string | undefined;
}

export type SealPurpose = 'mail-outbox' | 'login-providers' | 'login-flow' | 'second-factors' | 'signing-keys';

const NONCE = 12;
const TAG = 16;

/**
 * @param secrets the first seals; all of them open.
 * @param purpose keeps what is sealed for one purpose from being opened for another, with the same secrets.
 */
export function createSeal(secrets: readonly [string, ...string[]], purpose: SealPurpose): Seal {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', `gatehouse:${purpose}`, 32)));
  const [sealing] = keys as [Buffer]; // there is one at least

  return {
    seal(text, place) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce, { authTagLength: TAG }).setAAD(bytesOf(place));
      return new Uint8Array(Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]));
    },
    open(sealed, place) {
      if (sealed.length < NONCE + TAG) return undefined;
      for (const key of keys) {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
        decipher.setAAD(bytesOf(place)).setAuthTag(sealed.subarray(-TAG));
        try {
          return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
        } catch {
          // sealed with another key, or modified
        }
      }
      return undefined;
    },
  };
}

function bytesOf(place: SealedFor): Buffer {
  return Buffer.from(JSON.stringify(place));
}
