import { randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { Fault } from '../errors.ts';

/** Turns passwords into hashes and compares them. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one the hash was made of. With no hash (there is no such user) the same work is done
   * and the answer is no, so that the time tells nothing.
   */
  matches(password: string, hash: string | undefined): Promise<boolean>;
}

const MIN_CHARACTERS = 8;
/** bcrypt reads 72 bytes and silently ignores the rest: two passwords that differ only after them would be one. */
const MAX_BYTES = 72;

/** bcrypt at the given cost, the base-2 logarithm of the number of rounds. */
export function createPasswords(cost: number): Passwords {
  const decoy = bcrypt.hash(randomBytes(24).toString('base64'), cost);
  return {
    hash: (password) => bcrypt.hash(password, cost),
    async matches(password, hash) {
      const same = await bcrypt.compare(password, hash ?? (await decoy));
      return same && hash !== undefined;
    },
  };
}

/** What is wrong with a password that somebody chooses, at the given path. */
export function faultsOfNewPassword(password: string, path: readonly string[]): Fault[] {
  const faults = faultsOfGivenPassword(password, path);
  if ([...password].length < MIN_CHARACTERS) {
    faults.push({ path, message: `password must be at least ${MIN_CHARACTERS} characters` });
  }
  return faults;
}

/** What is wrong with a password before it is even compared. */
export function faultsOfGivenPassword(password: string, path: readonly string[]): Fault[] {
  const tooLong = Buffer.byteLength(password) > MAX_BYTES;
  return tooLong ? [{ path, message: `Password must be less than ${MAX_BYTES + 1} bytes` }] : [];
}
