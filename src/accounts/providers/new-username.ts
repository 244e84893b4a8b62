import { randomInt } from 'node:crypto';
import type { Prisma } from '../../generated/prisma/client.ts';
import { identifierKey } from '../identifiers.ts';
import { faultsOfForeignEmail, faultsOfUsername } from '../usernames.ts';

/** So many names are tried before a longer number is put behind one. */
const TRIES = 5;

/**
 * A username that nobody has, for somebody who did not choose one: the name at the provider, or what stands before the @ of the
 * address, with a number where it is taken. Another one can take it meanwhile.
 */
export async function freeUsername(
  { identifier }: Pick<Prisma.TransactionClient, 'identifier'>,
  { email, username }: { readonly email: string; readonly username: string | undefined },
): Promise<string> {
  const wanted = [username?.trim(), email.slice(0, email.lastIndexOf('@')), 'user'];
  const base = wanted.find((name) => name !== undefined && isUsername(name, email)) ?? 'user';
  const short = [...base].slice(0, 200).join('');
  const numbered = Array.from(
    { length: TRIES },
    (_, index) => `${short}-${randomInt(10 ** (index + 1), 10 ** (index + 2))}`,
  );
  for (const name of [short, ...numbered]) {
    const holder = await identifier.findUnique({ where: { key: identifierKey(name) }, select: { userId: true } });
    if (!holder) return name;
  }
  return `${short}-${randomInt(2 ** 47)}`;
}

function isUsername(username: string, email: string): boolean {
  return faultsOfUsername(username).length === 0 && faultsOfForeignEmail({ username, email }).length === 0;
}
