import type { Prisma } from '../generated/prisma/client.ts';

/**
 * Checks constraints of the application's tables that wait for the end of the transaction, so that what breaks one fails here. An error of
 * the COMMIT comes too late to be explained, and the embedded database does not report it.
 */
export async function checkDeferredConstraints(
  transaction: Pick<Prisma.TransactionClient, '$executeRaw'>,
): Promise<void> {
  await transaction.$executeRaw`SET CONSTRAINTS ALL IMMEDIATE`;
}
