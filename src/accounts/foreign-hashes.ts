import { readArgon2 } from './foreign-hashes/argon2.ts';
import { bcryptForm, bcryptInForm } from './foreign-hashes/bcrypt.ts';
import { readFirebaseScrypt } from './foreign-hashes/firebase-scrypt.ts';
import type { ForeignHash } from './foreign-hashes/foreign-hash.ts';
import { readPbkdf2 } from './foreign-hashes/pbkdf2.ts';
import { readScrypt } from './foreign-hashes/scrypt.ts';

/** The form in which `users.passwordHash` keeps a hash of Strapi; undefined if no login can compare it. */
export function strapiHash(text: string): string | undefined {
  return bcryptForm(text);
}

/** Whether a login can compare this form of a hash that another system made. */
export function isForeignForm(form: string): boolean {
  return bcryptInForm(form) !== undefined || readForeignHash(form) !== undefined;
}

/** A hash in its stored form, except one of bcrypt; undefined for another form, and for one that costs too much. */
export function readForeignHash(form: string): ForeignHash | undefined {
  if (form.length > LONGEST) return undefined;
  for (const read of [readScrypt, readFirebaseScrypt, readArgon2, readPbkdf2]) {
    const hash = read(form);
    if (hash) return hash;
  }
  return undefined;
}

/** Longer than any form within the bounds. */
const LONGEST = 2_000;
