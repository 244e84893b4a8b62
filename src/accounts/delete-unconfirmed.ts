import { SERVER } from '../audit/actor.ts';
import { type Audit, userTarget } from '../audit/audit.ts';
import { inTransaction } from '../database/retry.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Deletes an unconfirmed account whose mail could not be sent: nobody can confirm it, and it would occupy its names. */
export async function deleteUnconfirmed(
  { prisma, audit }: { readonly prisma: PrismaClient; readonly audit: Audit },
  id: number,
): Promise<void> {
  await inTransaction(prisma, async (transaction) => {
    const user = await transaction.user.findUnique({
      where: { id },
      select: { documentId: true, username: true, email: true },
    });
    const { count } = await transaction.user.deleteMany({ where: { id, confirmed: false } });
    if (!user || count === 0) return;
    const before = { username: user.username, email: user.email };
    await audit.record(transaction, SERVER, { event: 'user.delete', target: userTarget(user), before });
  });
}
