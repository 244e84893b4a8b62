import { Secret } from 'otpauth';
import { createKeyedHashes } from '../../common/keyed-hash.ts';
import type { FactorOwner } from './factor-owner.ts';

/** How many backup codes an account gets. */
const COUNT = 10;
/** Bytes of each: 80 random bits. */
const SIZE = 10;
const GROUP = 4;

/** New codes, as they are shown: `abcd-efgh-ijkl-mnop`. */
export function newBackupCodes(): string[] {
  return Array.from({ length: COUNT }, () => {
    const text = new Secret({ size: SIZE }).base32.toLowerCase();
    return text.replaceAll(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-');
  });
}

/** Hashes backup codes for an owner: the first with the key of now, the others with older ones. */
export type HashBackupCode = (code: string, owner: FactorOwner) => readonly [string, ...string[]];

/** @param secrets the first hashes new codes; the others are accepted for existing ones. */
export function createBackupCodeHash(secrets: readonly [string, ...string[]]): HashBackupCode {
  const hashes = createKeyedHashes(secrets, 'backup-codes');
  // With the owner in it, a row is of no use to another account.
  return (code, owner) => hashes([owner, normalCode(code)]);
}

/** In one case, without blanks and dashes. */
function normalCode(code: string): string {
  return code.replaceAll(/[\s\p{Pd}]/gu, '').toLowerCase();
}
