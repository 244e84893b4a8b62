import type { Permission } from '../authorization/grants.ts';
import type { ListedRow } from '../authorization/rules.ts';
import { invalidInput } from '../common/errors.ts';
import type { DocumentKey } from '../database/document-key.ts';
import type { AdministrationServices } from './administration.ts';
import { countedAs } from './counted-as.ts';
import { faultsOfGrants } from './faults-of-grants.ts';
import { findRole, noSuchRole } from './roles/find-role.ts';
import { holderOf } from './roles/fixed-roles.ts';
import { refuseUnknownAction } from './roles/set-grants.ts';

export const MAX_PREVIEWED = 100;

/**
 * The first documents that grants would let through. Undefined with a problem, of a create, and of a condition with a variable that
 * has no value here.
 *
 * @param as the user whose variables count
 */
export async function previewDocuments(
  services: AdministrationServices,
  key: DocumentKey,
  [action, grants]: Permission,
  { as, limit }: { readonly as: DocumentKey | undefined; readonly limit: number },
): Promise<readonly ListedRow[] | undefined> {
  const { prisma, rules, listRows } = services;
  if (limit < 1 || limit > MAX_PREVIEWED) {
    throw invalidInput([{ path: ['limit'], message: `limit must be from 1 to ${MAX_PREVIEWED}` }]);
  }
  refuseUnknownAction(services, action);
  const role = await findRole(prisma, key);
  if (!role) throw noSuchRole();
  if (faultsOfGrants(rules, [action, grants], holderOf(role)).length > 0) return undefined;
  return listRows(action, grants ?? 'all', await countedAs(services, role, as), limit);
}
