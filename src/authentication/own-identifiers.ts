import { type ApiError, applicationError } from '../errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { identifierKeys } from './identifiers.ts';

/**
 * Makes the identifiers of a user those of this e-mail and username. To be called after the user's own row was written, so
 * that two changes of one user wait for each other.
 *
 * @throws ApiError APPLICATION_ERROR when one of them is another user's: the database decides, at the same moment too.
 */
export async function keepIdentifiers(
  transaction: Prisma.TransactionClient,
  userId: number,
  account: { readonly email: string; readonly username: string },
): Promise<void> {
  const keys = identifierKeys(account);
  await transaction.identifier.deleteMany({ where: { userId, key: { notIn: keys } } });
  // What is there already is left alone, and then looked at: it may be this user's own.
  await transaction.identifier.createMany({ data: keys.map((key) => ({ key, userId })), skipDuplicates: true });
  const own = await transaction.identifier.count({ where: { userId, key: { in: keys } } });
  if (own !== keys.length) throw taken();
}

/** Of whatever kind the other one is: an identifier names one account. */
export function taken(): ApiError {
  return applicationError('Email or Username are already taken');
}
