import type { Permission } from '../../authorization/grants.ts';
import { invalidInput, refuse } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { faultsOfGrants } from '../faults-of-grants.ts';
import { withPermissions } from '../permission-row.ts';
import { effectivePermissions } from './effective-permissions.ts';
import { findRole, noSuchRole } from './find-role.ts';
import { holderOf } from './fixed-roles.ts';
import { changedMeanwhile } from './update-role.ts';
import { writeRole } from './write-role.ts';

export interface GrantsChange {
  readonly action: string;
  /** Null: without restriction. */
  readonly grants: Permission[1];
  /** The version of the role that was read before. If it has changed since, nothing is changed. */
  readonly version: number;
}

/** Replaces the grants of an action of a role. The role is given the action if it lacks it. @returns the role's id. */
export async function setGrants(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
  { action, grants, version }: GrantsChange,
): Promise<number> {
  const { prisma, rules } = services;
  refuseUnknownAction(services, action);
  return administer(prisma, by, async (transaction, ceiling) => {
    const role = await findRole(transaction, key);
    if (!role) throw noSuchRole();
    ceiling.covers(await effectivePermissions(transaction, [role]), 'role.update');
    if (version !== role.version) throw changedMeanwhile(role);
    refuse(faultsOfGrants(rules, [action, grants], holderOf(role)));
    const permissions = withPermissions([[action, grants]], role.permissions);
    ceiling.covers(permissions, 'role.update');
    await writeRole(services, by, transaction, role, { ...role, permissions });
    return role.id;
  });
}

/** @throws ApiError BAD_USER_INPUT for an action that the schema does not have. */
export function refuseUnknownAction(
  { tokenActions }: Pick<AdministrationServices, 'tokenActions'>,
  action: string,
): void {
  if (tokenActions.all.includes(action)) return;
  throw invalidInput([{ path: ['action'], message: 'action has a name that is no action' }]);
}
