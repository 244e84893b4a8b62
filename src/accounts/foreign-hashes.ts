import { bcryptForm } from './foreign-hashes/bcrypt.ts';

/** The form in which `users.passwordHash` keeps a hash of Strapi; undefined if no login can compare it. */
export function strapiHash(text: string): string | undefined {
  return bcryptForm(text);
}
