import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { hashOf } from '../common/hash.ts';

/**
 * The secret of an API token: `gatehouse_`, 256 random bits as 43 digits of base 62, and 6 more that check them. What finds
 * secrets in source code can tell one by its look, and one that was mistyped is refused without asking the database.
 */
export interface ApiTokenSecret {
  readonly text: string;
  /** How it begins, for people to tell one from another. */
  readonly prefix: string;
  /** The only thing of it that is kept: SHA-256, in hexadecimal. */
  readonly hash: string;
}

const MARK = 'gatehouse_';
const RANDOM_DIGITS = 43;
const CHECK_DIGITS = 6;
const SHOWN = 6;

export function newApiTokenSecret(): ApiTokenSecret {
  const random = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), RANDOM_DIGITS);
  const text = `${MARK}${random}${checkDigits(`${MARK}${random}`)}`;
  return { text, prefix: text.slice(0, MARK.length + SHOWN), hash: hashOf(text) };
}

/** Whether a bearer token means to be one of these, and no JWT: those have no `_` before their first dot. */
export function isApiToken(text: string): boolean {
  return text.startsWith(MARK);
}

/** The hash that a secret is looked up by; undefined for what cannot be one. */
export function hashOfApiToken(text: string): string | undefined {
  const body = text.slice(0, -CHECK_DIGITS);
  return PATTERN.test(text) && checkDigits(body) === text.slice(-CHECK_DIGITS) ? hashOf(text) : undefined;
}

const PATTERN = new RegExp(`^${MARK}[0-9A-Za-z]{${RANDOM_DIGITS + CHECK_DIGITS}}$`);
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(number: bigint, length: number): string {
  let digits = '';
  for (let rest = number; digits.length < length; rest /= 62n) digits = DIGITS.charAt(Number(rest % 62n)) + digits;
  return digits;
}

/** CRC-32, which finds a digit that is wrong and two that changed places. It is no secret, and proves nothing. */
function checkDigits(body: string): string {
  return base62(BigInt(crc32(body)), CHECK_DIGITS);
}
