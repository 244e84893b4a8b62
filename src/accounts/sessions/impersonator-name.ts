import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { OwnSession } from './sessions.ts';

/** The name of the administrator who acts as the user in a session; null if nobody does. */
export async function impersonatorName(
  { adminSession }: Pick<PrismaClient, 'adminSession'>,
  { impersonatedById: id }: Pick<OwnSession, 'impersonatedById'>,
): Promise<string | null> {
  if (id === null) return null;
  const found = await adminSession.findUnique({ where: { id }, select: { admin: { select: { name: true } } } });
  return found?.admin.name ?? null;
}
