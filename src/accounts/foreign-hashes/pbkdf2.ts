import { pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { bytesOf, type ForeignHash, numberIn, RESULT, SALT, unpadded } from './foreign-hash.ts';

/** The digests, and the bytes of their results. */
export const PBKDF2_DIGESTS = { sha1: 20, sha256: 32, sha512: 64 } as const;

export type Pbkdf2Digest = keyof typeof PBKDF2_DIGESTS;

/** Iterations, times the digests that the result has: up to one second of a processor. */
const WORK_LIMIT = 2 ** 21;

/** `$pbkdf2-sha256$i=600000$salt$result`. */
export function pbkdf2Form(digest: Pbkdf2Digest, iterations: number, salt: Uint8Array, result: Uint8Array): string {
  return `$pbkdf2-${digest}$i=${iterations}$${unpadded(salt)}$${unpadded(result)}`;
}

const FORM = /^\$pbkdf2-(sha1|sha256|sha512)\$i=(\d+)\$([A-Za-z\d+/]+)\$([A-Za-z\d+/]+)$/;

/** PBKDF2 (RFC 8018) with HMAC. */
export function readPbkdf2(form: string): ForeignHash | undefined {
  const [, name, count, ...bytes] = FORM.exec(form) ?? [];
  const iterations = numberIn(count, 1, WORK_LIMIT);
  const [salt, result] = [bytesOf(bytes[0], SALT), bytesOf(bytes[1], RESULT)];
  if (iterations === undefined || !salt || !result) return undefined;
  const digest = name as Pbkdf2Digest; // the pattern allows no other
  if (iterations * Math.ceil(result.length / PBKDF2_DIGESTS[digest]) > WORK_LIMIT) return undefined;
  return {
    memory: 0,
    matches: (password) => timingSafeEqual(pbkdf2Sync(password, salt, iterations, result.length, digest), result),
  };
}
