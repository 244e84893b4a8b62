import type { TestServer } from './start.ts';

/**
 * Does something else after a password was compared, or hashed, and before what was asked with it is written: in the moment
 * that two requests at once would have to hit.
 */
export async function meanwhile<T>(
  { gatehouse }: TestServer,
  step: 'compare' | 'hash',
  happens: () => Promise<unknown>,
  ask: () => Promise<T>,
): Promise<T> {
  const { passwords } = gatehouse.administration;
  const { compare, hash } = passwords;
  const restore = () => Object.assign(passwords, { compare, hash });
  const after = async <R>(done: Promise<R>): Promise<R> => {
    const result = await done;
    restore(); // what happens meanwhile has passwords of its own
    await happens();
    return result;
  };
  if (step === 'compare') passwords.compare = (...words) => after(compare(...words));
  else passwords.hash = (password) => after(hash(password));
  return ask().finally(restore);
}
