import { createCipheriv, timingSafeEqual } from 'node:crypto';
import { bytesOf, type ForeignHash, numberIn, SALT, unpadded } from './foreign-hash.ts';
import { scryptMemory, scryptOf } from './scrypt.ts';

/** The password hash parameters of a Firebase project, which are the same for all of its users, and the salt of one. */
export interface FirebaseParameters {
  readonly memoryCost: number;
  readonly rounds: number;
  readonly salt: Uint8Array;
  readonly saltSeparator: Uint8Array;
  readonly signerKey: Uint8Array;
}

/** `$firebase-scrypt$ln=14,r=8$salt$separator$signer key$result`. */
export function firebaseForm(parameters: FirebaseParameters, result: Uint8Array): string {
  const { memoryCost, rounds, salt, saltSeparator, signerKey } = parameters;
  const bytes = [salt, saltSeparator, signerKey, result].map(unpadded).join('$');
  return `$firebase-scrypt$ln=${memoryCost},r=${rounds}$${bytes}`;
}

const FORM = /^\$firebase-scrypt\$ln=(\d+),r=(\d+)\$([^$]+)\$([^$]*)\$([^$]+)\$([^$]+)$/;
const SEPARATOR = { least: 0, most: 64 };
const SIGNER_KEY = { least: 16, most: 256 };

/**
 * The modified scrypt of Firebase Authentication (github.com/firebase/scrypt): its result is the signer key, encrypted with
 * what scrypt makes of the password.
 */
export function readFirebaseScrypt(form: string): ForeignHash | undefined {
  const [, ln, blocks, ...bytes] = FORM.exec(form) ?? [];
  const [logN, r] = [numberIn(ln, 1, 20), numberIn(blocks, 1, 120)];
  const [salt, separator] = [bytesOf(bytes[0], SALT), bytesOf(bytes[1], SEPARATOR)];
  const [signerKey, result] = [bytesOf(bytes[2], SIGNER_KEY), bytesOf(bytes[3], SIGNER_KEY)];
  if (logN === undefined || r === undefined || !salt || !separator || !signerKey || !result) return undefined;
  const cost = { logN, r, p: 1 };
  const memory = scryptMemory(cost);
  if (memory === undefined || signerKey.length !== result.length) return undefined;
  const salted = Buffer.concat([salt, separator]);
  return {
    memory,
    matches(password) {
      const key = scryptOf(password, salted, 32, cost);
      return timingSafeEqual(createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(signerKey), result);
    },
  };
}
