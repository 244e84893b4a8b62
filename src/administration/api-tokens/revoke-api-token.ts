import type { AdministrationServices, By } from '../administration.ts';
import { changeApiToken } from './change-api-token.ts';

/** An end to a token, which stays in the list. It may be done twice. */
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
  });
  return id;
}
