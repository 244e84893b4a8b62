import type { Prisma } from '../generated/prisma/client.ts';

/**
 * Checks constraints of the application's tables that wait for the end of the transaction, so that what breaks one fails here. An error of
 * the COMMIT comes too late to be explained, and none comes where the work is taken back.
 */
export async function checkDeferredConstraints(
  transaction: Pick<Prisma.TransactionClient, '$executeRaw'>,
): Promise<void> {
  await transaction.$executeRaw`SET CONSTRAINTS ALL IMMEDIATE`;
}
