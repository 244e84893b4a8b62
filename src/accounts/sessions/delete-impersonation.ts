import type { Prisma } from '../../generated/prisma/client.ts';

/**
 * Deletes a session in which an administrator acts as a user, and returns whether it was one. The caller records the end and
 * who caused it. Wherever else such a session is deleted, a trigger records it.
 */
export async function deleteImpersonation(transaction: Prisma.TransactionClient, id: number): Promise<boolean> {
  const where = { id, impersonatedById: { not: null } };
  const { count } = await transaction.session.updateMany({ where, data: { impersonatedById: null } });
  if (count === 0) return false;
  await transaction.session.delete({ where: { id }, select: { id: true } });
  return true;
}
