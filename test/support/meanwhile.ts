import type { TestServer } from './start.ts';

/**
 * Does something else after a password was compared and before what was asked with it is written: in the moment that two
 * requests at once would have to hit.
 */
export async function whileComparing<T>(
  { gatehouse }: TestServer,
  meanwhile: () => Promise<unknown>,
  ask: () => Promise<T>,
): Promise<T> {
  const { passwords } = gatehouse.administration;
  const { compare } = passwords;
  passwords.compare = async (...words) => {
    const compared = await compare(...words);
    passwords.compare = compare; // what is done meanwhile compares passwords, too
    await meanwhile();
    return compared;
  };
  try {
    return await ask();
  } finally {
    passwords.compare = compare;
  }
}
