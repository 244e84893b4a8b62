import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { hashOf } from '../common/hash.ts';

/**
 * The secret of an API token: `gatehouse_`, 256 random bits as 43 base 62 digits, and 6 check digits. Secret scanners can
 * recognize it, and a mistyped one is refused without a query.
 */
export interface ApiTokenSecret {
  readonly text: string;
  /** Its first characters, by which administrators recognize a token. */
  readonly prefix: string;
  /** SHA-256 in hexadecimal. Only this is stored. */
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

/** Whether a bearer token is an API token, not a JWT, which never begins with this prefix. */
export function isApiToken(text: string): boolean {
  return text.startsWith(MARK);
}

/** The hash by which a secret is looked up; undefined for an invalid one. */
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

/** CRC-32 detects typing errors. It proves nothing about authenticity. */
function checkDigits(body: string): string {
  return base62(BigInt(crc32(body)), CHECK_DIGITS);
}
