import { randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { Fault } from '../common/errors.ts';
import { isCommonPassword } from './common-passwords.ts';
import { bcryptInForm } from './foreign-hashes/bcrypt.ts';
import { readForeignHash } from './foreign-hashes.ts';
import doPasswordWork, { type PasswordResult, type PasswordWork } from './password-work.ts';

/** Hashes and compares passwords. */
export interface Passwords {
  /** Whether the public development password is refused. */
  readonly refusesPublic: boolean;
  hash(password: string): Promise<string>;
  /**
   * Whether the password matches the hash, in constant time: without a hash (no such user) or with one of a lower cost,
   * the same work is done.
   */
  matches(password: string, hash: string | undefined): Promise<boolean>;
  /** Also returns whether the hash is outdated: it has a lower cost, or was made by another system. */
  compare(password: string, hash: string | undefined): Promise<{ readonly same: boolean; readonly outdated: boolean }>;
}

/** bcrypt silently ignores everything after 72 bytes. */
const MAX_BYTES = 72;

/** No longer text fits into 72 bytes. Checked before normalizing, which can make a text eighteen times longer. */
const LONGEST = 1_000;

/** Runs password work, in this thread or another. */
export type DoPasswordWork = <Work extends PasswordWork>(work: Work) => Promise<PasswordResult<Work>>;

/** Runs in the calling thread, for commands that serve no requests. */
// A union does not show that the result matches the work.
const here: DoPasswordWork = async (work) => doPasswordWork(work) as PasswordResult<typeof work>;

/** bcrypt at the given cost, the base-2 logarithm of the number of rounds. */
export function createPasswords(
  cost: number,
  run: DoPasswordWork = here,
  { refusesPublic = false }: { readonly refusesPublic?: boolean } = {},
): Passwords {
  const decoy = decoyOf(cost);

  function comparisonOf(known: KnownHash | undefined, password: string): PasswordWork {
    if (known?.memory === undefined) return { kind: 'compare', password, hash: known?.hash ?? decoy, cost };
    return { kind: 'compareForeign', password, hash: known.hash, cost, memory: known.memory };
  }

  const passwords: Passwords = {
    refusesPublic,
    hash: (password) => run({ kind: 'hash', password: normalPassword(password), cost }),
    matches: async (password, hash) => (await passwords.compare(password, hash)).same,
    async compare(password, hash) {
      // An invalid hash (an account without a password) matches nothing, in the same time.
      const known = hash === undefined ? undefined : readHash(hash);
      const same = new Set<string>();
      for (const spelling of spellingsOf(password)) {
        const equal = await run(comparisonOf(known, spelling));
        // bcrypt has compared its first 72 bytes only.
        if (equal && (known?.isForeign || !hasTooManyBytes(spelling))) same.add(spelling);
      }
      if (known === undefined || same.size === 0) return { same: false, outdated: false };
      // The hash of a longer password stays as it is: ours could not hold it.
      const outdated = known.isForeign || bcrypt.getRounds(known.hash) < cost || !same.has(normalPassword(password));
      return { same: true, outdated: outdated && !isTooLong(password) };
    },
  };
  return passwords;
}

/** A random hash that no known password matches. */
function decoyOf(cost: number): string {
  const digits = randomBytes(40).toString('base64').replaceAll('+', '.').replaceAll('=', '');
  return `${bcrypt.genSaltSync(cost)}${digits.slice(0, 31)}`;
}

/** The form of a password that is hashed: independent of how a keyboard encodes its letters. */
export function normalPassword(password: string): string {
  return password.normalize('NFKC');
}

/** The normalized password, and the typed one if it differs: other systems hash passwords as typed. */
function spellingsOf(password: string): string[] {
  return password.length > LONGEST ? [] : [...new Set([normalPassword(password), password])];
}

interface KnownHash {
  readonly hash: string;
  /** Whether another system made it. */
  readonly isForeign: boolean;
  /** The bytes that its comparison takes; undefined for bcrypt. */
  readonly memory?: number;
}

/** The hash of an account; undefined for an account without a password. */
function readHash(text: string): KnownHash | undefined {
  const foreign = bcryptInForm(text);
  if (foreign !== undefined) return { hash: foreign, isForeign: true };
  const other = readForeignHash(text);
  if (other) return { hash: text, isForeign: true, memory: other.memory };
  // `$2y$` is PHP's name for `$2b$`.
  if (/^\$2[aby]\$\d{2}\$[./A-Za-z\d]{53}$/.test(text))
    return { hash: text.replace(/^\$2y\$/, '$2b$'), isForeign: false };
  return undefined;
}

/** Measures the form that is hashed. */
function isTooLong(password: string): boolean {
  return password.length > LONGEST || hasTooManyBytes(normalPassword(password));
}

function hasTooManyBytes(spelling: string): boolean {
  return Buffer.byteLength(spelling) > MAX_BYTES;
}

export interface NewPasswordRules {
  readonly path: readonly string[];
  /** The minimum number of characters. */
  readonly minLength: number;
  /** The owner's e-mail and username, which an attacker would guess first. */
  readonly names: readonly string[];
}

/** Validates a new password. */
export function faultsOfNewPassword(typed: string, { path, minLength, names }: NewPasswordRules): Fault[] {
  const faults = faultsOfGivenPassword(typed, path);
  if (typed === '' || typed.length > LONGEST) return faults;
  const password = normalPassword(typed);
  const fault = (message: string) => faults.push({ path, message });
  if ([...password].length < minLength) fault(`password must be at least ${minLength} characters`);
  else if (isCommonPassword(password)) fault('password must not be one of the most common passwords');
  if (/\p{Cc}/u.test(password)) fault('password must not contain control characters');
  if (isOwnName(typed, names)) fault('password must not be your e-mail or your username');
  return faults;
}

/** Whether a password is one of these names, ignoring case, Unicode form and surrounding white space. */
export function isOwnName(password: string, names: readonly string[]): boolean {
  const folded = (text: string) => normalPassword(text.slice(0, LONGEST)).trim().toLowerCase();
  return folded(password) !== '' && names.some((name) => folded(name) === folded(password));
}

/** Validates a password of ours before it is hashed or compared. */
export function faultsOfGivenPassword(password: string, path: readonly string[]): Fault[] {
  if (password === '') return [{ path, message: `${path.at(-1)} is a required field` }];
  return faultsOfLength(password, path);
}

/**
 * Validates a password that may be another system's before it is compared. It can be longer than one of ours: when it turns out
 * wrong, `faultsOfLength` are its faults.
 */
export function faultsOfOldPassword(password: string, path: readonly string[]): Fault[] {
  return password !== '' && password.length <= LONGEST ? [] : faultsOfGivenPassword(password, path);
}

/** The fault of a password that is longer than one of ours can be. */
export function faultsOfLength(password: string, path: readonly string[]): Fault[] {
  return isTooLong(password) ? [{ path, message: `Password must be less than ${MAX_BYTES + 1} bytes` }] : [];
}

/**
 * Validates the current password of an account before a change of the account. A password longer than one of ours is compared
 * here, since its length is a fault unless it is right.
 */
export async function faultsOfCurrentPassword(
  passwords: Passwords,
  password: string,
  hash: string | undefined,
  path: readonly string[],
): Promise<Fault[]> {
  const faults = [...faultsOfOldPassword(password, path)];
  if (faults.length > 0) return faults;
  const tooLong = faultsOfLength(password, path);
  return tooLong.length > 0 && (await passwords.matches(password, hash)) ? [] : tooLong;
}
