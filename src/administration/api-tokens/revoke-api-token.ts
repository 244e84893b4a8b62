import type { AdministrationServices, By } from '../administration.ts';
import { endInvitationsOf } from '../users/invite-user.ts';
import { changeApiToken } from './change-api-token.ts';

/** Revokes a token, which stays in the list, and its invitations. A second time changes nothing. @returns its id. */
export async function revokeApiToken(
  services: AdministrationServices,
  by: By,
  documentIdOrName: string,
): Promise<number> {
  const { id } = await changeApiToken(services, by, documentIdOrName, 'apiToken.revoke', async (transaction, token) => {
    if (token.revokedAt) return;
    await transaction.apiToken.update({
      where: { id: token.id },
      data: { revokedAt: services.clock() },
      select: { id: true },
    });
    await endInvitationsOf(transaction, token.documentId);
  });
  return id;
}
