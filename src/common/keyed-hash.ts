import { createHmac, hkdfSync } from 'node:crypto';

/** Keyed hashes of a value: the first with the secret of now, the others with older ones. */
export type KeyedHashes = (value: readonly unknown[]) => readonly [string, ...string[]];

/**
 * HMAC-SHA-256, for what is short enough to be found from a plain hash.
 *
 * @param secrets the first hashes what is stored; the others recognize what was stored before.
 * @param purpose keeps the hashes of one purpose from being those of another.
 */
export function createKeyedHashes(secrets: readonly [string, ...string[]], purpose: string): KeyedHashes {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', `gatehouse:${purpose}`, 32)));
  return (value) => {
    const text = JSON.stringify(value);
    const hashes = keys.map((key) => createHmac('sha256', key).update(text).digest('base64url'));
    return hashes as [string, ...string[]]; // there is one secret at least
  };
}
