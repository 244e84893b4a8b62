import { argon2Sync, timingSafeEqual } from 'node:crypto';
import { bytesOf, type ForeignHash, MEMORY_LIMIT, numberIn, SALT } from './foreign-hash.ts';

const KIB = 1024;
/** Memory in KiB, times passes: half a second of a processor. */
const WORK_LIMIT = 2 ** 19;
const LANES_LIMIT = 16;
/** What Argon2 itself asks for (RFC 9106). */
const SALT_HERE = { ...SALT, least: 8 };
const RESULT = { least: 16, most: 128 };

const FORM =
  /^\$(?<kind>argon2(?:id|i|d))\$v=19\$m=(?<m>\d+),t=(?<t>\d+),p=(?<p>\d+)\$(?<salt>[A-Za-z\d+/]+)\$(?<result>[A-Za-z\d+/]+)$/;

/** Argon2 (RFC 9106) in the PHC string format, version 1.3. Other versions and keyed hashes are not supported. */
export function readArgon2(form: string): ForeignHash | undefined {
  const parts = FORM.exec(form)?.groups ?? {};
  const parallelism = numberIn(parts['p'], 1, LANES_LIMIT);
  const passes = numberIn(parts['t'], 1, WORK_LIMIT);
  const memory = numberIn(parts['m'], 8 * (parallelism ?? 1), MEMORY_LIMIT / KIB);
  const [nonce, result] = [bytesOf(parts['salt'], SALT_HERE), bytesOf(parts['result'], RESULT)];
  if (parallelism === undefined || passes === undefined || memory === undefined || !nonce || !result) return undefined;
  if (memory * passes > WORK_LIMIT) return undefined;
  const kind = parts['kind'] as 'argon2id' | 'argon2i' | 'argon2d'; // the pattern allows no other
  const parameters = { nonce, parallelism, tagLength: result.length, memory, passes };
  return {
    memory: memory * KIB,
    matches: (password) => timingSafeEqual(argon2Sync(kind, { ...parameters, message: password }), result),
  };
}
