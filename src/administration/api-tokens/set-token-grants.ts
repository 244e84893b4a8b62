import type { Permission } from '../../authorization/grants.ts';
import { invalidInput, refuse } from '../../common/errors.ts';
import type { AdministrationServices, By } from '../administration.ts';
import { faultsOfGrants } from '../faults-of-grants.ts';
import { grantsColumn, permissionRow } from '../permission-row.ts';
import { refuseUnknownAction } from '../roles/set-grants.ts';
import { changeApiToken } from './change-api-token.ts';

/** Replaces the grants of an action of a token, which is given the action if it lacks it. @returns the token's id. */
export async function setTokenGrants(
  services: AdministrationServices,
  by: By,
  documentId: string,
  [action, grants]: Permission,
): Promise<number> {
  refuseUnknownAction(services, action);
  refuse(faultsOfGrants(services.rules, [action, grants], 'token'));
  const { id } = await changeApiToken(services, by, documentId, 'apiToken.update', async (transaction, token) => {
    if (token.kind !== 'CUSTOM') {
      throw invalidInput([{ path: ['token'], message: 'Only a token of the kind CUSTOM has actions of its own' }]);
    }
    await transaction.apiTokenPermission.upsert({
      where: { tokenId_action: { tokenId: token.id, action } },
      create: { tokenId: token.id, ...permissionRow([action, grants]) },
      update: { grants: grantsColumn(grants) },
      select: { tokenId: true },
    });
  });
  return id;
}
