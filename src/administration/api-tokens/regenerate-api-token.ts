import { newApiTokenSecret } from '../../authentication/api-token-secret.ts';
import { applicationError } from '../../common/errors.ts';
import type { AdministrationServices, By } from '../administration.ts';
import { endInvitationsOf } from '../users/invite-user.ts';
import { changeApiToken } from './change-api-token.ts';
import type { IssuedApiToken } from './create-api-token.ts';
import { expiryOf } from './lifespan.ts';

/** Gives a token a new secret and a new lifespan. The secret before is revoked. */
export async function regenerateApiToken(
  services: AdministrationServices,
  by: By,
  documentId: string,
): Promise<IssuedApiToken> {
  const secret = newApiTokenSecret();
  const { id } = await changeApiToken(services, by, documentId, 'apiToken.regenerate', async (transaction, token) => {
    if (token.revokedAt) throw applicationError('A revoked token cannot be regenerated: create another one');
    await transaction.apiToken.update({
      where: { id: token.id },
      data: {
        prefix: secret.prefix,
        hash: secret.hash,
        importedFrom: null,
        expiresAt: expiryOf(token.lifespan, services.clock()),
        lastUsedAt: null,
        lastUsedFrom: null,
      },
      select: { id: true },
    });
    await endInvitationsOf(transaction, token.documentId);
  });
  return { id, secret: secret.text };
}
