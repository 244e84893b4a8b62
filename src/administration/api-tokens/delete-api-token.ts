import { type AdministrationServices, administer, type By } from '../administration.ts';
import { endInvitationsOf } from '../users/invite-user.ts';
import { noSuchToken, recordOf, TOKEN, targetOf } from './token-row.ts';

/** Deletes a token. @returns its documentId. */
export async function deleteApiToken(services: AdministrationServices, by: By, documentId: string): Promise<string> {
  const { prisma, audit } = services;
  return administer(prisma, by, async (transaction) => {
    const token = await transaction.apiToken.findUnique({ where: { documentId }, select: TOKEN });
    if (!token) throw noSuchToken();
    await transaction.apiToken.delete({ where: { documentId }, select: { id: true } });
    await endInvitationsOf(transaction, token.documentId);
    const before = recordOf(token);
    await audit.record(transaction, by.actor, { event: 'apiToken.delete', target: targetOf(token), before });
    return token.documentId;
  });
}
