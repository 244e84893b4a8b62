import { scryptSync, timingSafeEqual } from 'node:crypto';
import { bytesOf, type ForeignHash, MEMORY_LIMIT, numberIn, RESULT, SALT, unpadded } from './foreign-hash.ts';

export interface ScryptCost {
  /** The base-2 logarithm of N. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** N · r · p: half a second of a processor. */
const WORK_LIMIT = 2 ** 20;

/** The bytes that scrypt takes; undefined for a cost that is out of bounds. */
export function scryptMemory({ logN, r, p }: ScryptCost): number | undefined {
  if (logN < 1 || logN > 20 || r < 1 || p < 1 || 2 ** logN * r * p > WORK_LIMIT) return undefined;
  return 128 * r * 2 ** logN <= MEMORY_LIMIT ? 128 * r * (2 ** logN + p + 2) : undefined;
}

/** scrypt (RFC 7914) of a password, in the calling thread. */
export function scryptOf(password: string, salt: Uint8Array, length: number, { logN, r, p }: ScryptCost): Buffer {
  return scryptSync(password, salt, length, { N: 2 ** logN, r, p, maxmem: 2 * MEMORY_LIMIT });
}

/** `$scrypt$ln=14,r=16,p=1$salt$result`, as the PHC string format and passlib have it. */
export function scryptForm(cost: ScryptCost, salt: Uint8Array, result: Uint8Array): string {
  return `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(result)}`;
}

const FORM = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z\d+/]+)\$([A-Za-z\d+/]+)$/;

export function readScrypt(form: string): ForeignHash | undefined {
  const [, ln, blocks, lanes, ...bytes] = FORM.exec(form) ?? [];
  const [logN, r, p] = [numberIn(ln, 1, 20), numberIn(blocks, 1, WORK_LIMIT), numberIn(lanes, 1, WORK_LIMIT)];
  const [salt, result] = [bytesOf(bytes[0], SALT), bytesOf(bytes[1], RESULT)];
  if (logN === undefined || r === undefined || p === undefined || !salt || !result) return undefined;
  const cost = { logN, r, p };
  const memory = scryptMemory(cost);
  if (memory === undefined) return undefined;
  return { memory, matches: (password) => timingSafeEqual(scryptOf(password, salt, result.length, cost), result) };
}
