import type { Prisma } from '../generated/prisma/client.ts';
import { NO_PASSWORD } from './public-password.ts';

/** Whether a user has one way to log in that lasts: a password, the login providers and the passkeys together. */
export async function isLastWayIn(
  { user, identity, passkey }: Pick<Prisma.TransactionClient, 'user' | 'identity' | 'passkey'>,
  userId: number,
): Promise<boolean> {
  const { passwordHash } = await user.findUniqueOrThrow({ where: { id: userId }, select: { passwordHash: true } });
  if (passwordHash !== NO_PASSWORD) return false;
  return (await identity.count({ where: { userId } })) + (await passkey.count({ where: { userId } })) === 1;
}
