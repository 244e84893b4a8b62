import { createHash } from 'node:crypto';

/**
 * The SHA-256 hash of a code or token, in hexadecimal digits: what the database keeps of it. Codes and tokens are random
 * and long, so nobody finds one by hashing guesses, and no slower hash is needed.
 */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
