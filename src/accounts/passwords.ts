import { randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { Fault } from '../common/errors.ts';
import { isCommonPassword } from './common-passwords.ts';
import doPasswordWork, { type PasswordResult, type PasswordWork } from './password-work.ts';

/** Turns passwords into hashes and compares them. */
export interface Passwords {
  /** Whether nobody may choose the public password of development. */
  readonly refusesPublic: boolean;
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one the hash was made of. With no hash (there is no such user), and with one of a lower
   * cost than today's, the same work is done, so that the time tells nothing.
   */
  matches(password: string, hash: string | undefined): Promise<boolean>;
  /** The same, and whether the hash would be made in another way today: the cost was raised since, or it came from elsewhere. */
  compare(password: string, hash: string | undefined): Promise<{ readonly same: boolean; readonly outdated: boolean }>;
}

/** bcrypt reads 72 bytes and silently ignores the rest: two passwords that differ only after them would be one. */
const MAX_BYTES = 72;

/** Nothing longer comes to so few bytes; and normalised, a megabyte may be eighteen. */
const LONGEST = 1_000;

/** Does what takes long, somewhere. */
export type DoPasswordWork = <Work extends PasswordWork>(work: Work) => Promise<PasswordResult<Work>>;

/** In the thread that asks: for what has nobody else to answer. */
// Its result is that of its work, which a union does not show.
const here: DoPasswordWork = async (work) => doPasswordWork(work) as PasswordResult<typeof work>;

/** bcrypt at the given cost, the base-2 logarithm of the number of rounds. */
export function createPasswords(
  cost: number,
  run: DoPasswordWork = here,
  { refusesPublic = false }: { readonly refusesPublic?: boolean } = {},
): Passwords {
  const decoy = decoyOf(cost);

  const passwords: Passwords = {
    refusesPublic,
    hash: (password) => run({ kind: 'hash', password: normalPassword(password), cost }),
    matches: async (password, hash) => (await passwords.compare(password, hash)).same,
    async compare(password, hash) {
      // What is no hash (an account that nobody logs in to) is nobody's password, in the same time.
      if (hash !== undefined && !isHash(hash)) return passwords.compare(password, undefined);
      const against = hash === undefined ? decoy : hash.replace(/^\$2y\$/, '$2b$');
      const same = new Set<string>();
      for (const spelling of spellingsOf(password)) {
        if (await run({ kind: 'compare', password: spelling, hash: against, cost })) same.add(spelling);
      }
      if (hash === undefined) return { same: false, outdated: false };
      return { same: same.size > 0, outdated: bcrypt.getRounds(against) < cost || !same.has(normalPassword(password)) };
    },
  };
  return passwords;
}

/** Looks like a hash, and is that of no password: nobody knows one whose hash would end so. */
function decoyOf(cost: number): string {
  const digits = randomBytes(40).toString('base64').replaceAll('+', '.').replaceAll('=', '');
  return `${bcrypt.genSaltSync(cost)}${digits.slice(0, 31)}`;
}

/** The one form of a password that is hashed: letters that look the same are the same, whichever keyboard typed them. */
export function normalPassword(password: string): string {
  return password.normalize('NFKC');
}

/** And the way it was typed, where that is another: hashes that were made elsewhere were made of it. */
function spellingsOf(password: string): string[] {
  if (password.length > LONGEST) return [];
  return [...new Set([normalPassword(password), password])].filter((spelling) => !hasTooManyBytes(spelling));
}

/** `$2y$` is how PHP writes what others call `$2b$`. */
function isHash(text: string): boolean {
  return /^\$2[aby]\$\d{2}\$[./A-Za-z\d]{53}$/.test(text);
}

/** As it is hashed. */
function isTooLong(password: string): boolean {
  return password.length > LONGEST || hasTooManyBytes(normalPassword(password));
}

function hasTooManyBytes(spelling: string): boolean {
  return Buffer.byteLength(spelling) > MAX_BYTES;
}

export interface NewPasswordRules {
  readonly path: readonly string[];
  /** Characters, at least. */
  readonly minLength: number;
  /** The owner's e-mail and username: what everybody who knows the person would try first. */
  readonly names: readonly string[];
}

/** What is wrong with a password that somebody chooses, at the given path. */
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

/** Whether a password is one of these names, in whatever case and spelling, with or without blanks around it. */
export function isOwnName(password: string, names: readonly string[]): boolean {
  const folded = (text: string) => normalPassword(text.slice(0, LONGEST)).trim().toLowerCase();
  return folded(password) !== '' && names.some((name) => folded(name) === folded(password));
}

/** What is wrong with a password before it is even compared. */
export function faultsOfGivenPassword(password: string, path: readonly string[]): Fault[] {
  if (password === '') return [{ path, message: `${path.at(-1)} is a required field` }];
  return isTooLong(password) ? [{ path, message: `Password must be less than ${MAX_BYTES + 1} bytes` }] : [];
}
