import { type ApiError, invalidInput, refuse } from '../../common/errors.ts';
import type { ApiTokenKind } from '../../generated/prisma/client.ts';
import type { AdministrationServices, By } from '../administration.ts';
import { permissionRow, permissionsIn } from '../permission-row.ts';
import { faultsOfName, faultsOfText, textOrNull } from '../validate-texts.ts';
import { changeApiToken } from './change-api-token.ts';
import { permissionsOfToken, type WantedPermissions } from './permissions-of-token.ts';
import { refuseTakenName, uniquelyNamed } from './taken-name.ts';

/** What is absent stays as it is; the description is emptied by null. */
export interface ApiTokenChange extends WantedPermissions {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly kind?: ApiTokenKind | undefined;
  /** When the token was changed last, as it was read: nothing is changed if that is another time now. */
  readonly ifUpdatedAt?: Date | undefined;
}

/** Changes what is given: all of it or nothing. @returns the token's id. */
export async function updateApiToken(
  services: AdministrationServices,
  by: By,
  documentId: string,
  change: ApiTokenChange,
): Promise<number> {
  const name = change.name?.trim();
  refuse([...(name === undefined ? [] : faultsOfName(name)), ...faultsOfText(change.description, ['description'])]);
  const { id } = await uniquelyNamed(() =>
    changeApiToken(services, by, documentId, 'apiToken.update', async (transaction, token) => {
      if (change.ifUpdatedAt && change.ifUpdatedAt.getTime() !== token.updatedAt.getTime()) throw changedMeanwhile();
      if (name !== undefined) await refuseTakenName(transaction, name, token.id);
      const kind = change.kind ?? token.kind;
      const { permissions, faults } = permissionsOfToken(services, kind, permissionsIn(token.permissions), change);
      refuse(faults);
      await transaction.apiTokenPermission.deleteMany({ where: { tokenId: token.id } });
      await transaction.apiToken.update({
        where: { id: token.id },
        data: {
          ...(name !== undefined && { name }),
          ...(change.description !== undefined && { description: textOrNull(change.description) }),
          kind,
          permissions: { create: permissions.map(permissionRow) },
        },
        select: { id: true },
      });
    }),
  );
  return id;
}

function changedMeanwhile(): ApiError {
  return invalidInput([{ path: ['ifUpdatedAt'], message: 'The token was changed meanwhile: read it again' }]);
}
