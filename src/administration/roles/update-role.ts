import { ApiError, invalidInput, refuse } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import type { GrantsOfAction } from '../grants-of-actions.ts';
import { faultsOfName, faultsOfText, textOrNull } from '../validate-texts.ts';
import { effectivePermissions } from './effective-permissions.ts';
import { findRole, noSuchRole, type RoleRow, roleNames } from './find-role.ts';
import { includedRoles, refuseCircles, writeIncludes } from './includes.ts';
import { permissionsAfter } from './permissions-after.ts';
import { faultsOfTakenName } from './taken-name.ts';
import { writeRole } from './write-role.ts';

/** What is absent stays as it is; the description is emptied by null. */
export interface RoleChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly requiresSecondFactor?: boolean | undefined;
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
  /** The grants of some of its actions. The role is given an action that it lacks. */
  readonly grants?: readonly GrantsOfAction[] | undefined;
  /** The type that the role is expected to have. It cannot be changed: settings and code name the role by it. */
  readonly type?: string | undefined;
  /** All of its actions. */
  readonly actions?: readonly string[] | undefined;
  /** All roles that it includes. */
  readonly includes?: readonly DocumentKey[] | undefined;
  /** The version that was read before. If it has changed since, nothing is changed. */
  readonly version?: number | undefined;
}

/** Changes what is given: all of it or nothing. What is not named stays, permissions too. @returns the role's id. */
export async function updateRole(
  services: AdministrationServices,
  by: By,
  key: DocumentKey | { readonly key: 'type'; readonly value: string },
  change: RoleChange,
): Promise<number> {
  const { prisma } = services;
  const name = change.name?.trim();
  refuse([...(name === undefined ? [] : faultsOfName(name)), ...faultsOfText(change.description, ['description'])]);
  return administer(prisma, by, async (transaction, ceiling) => {
    const role = await findRole(transaction, key);
    if (!role) throw noSuchRole();
    // To take an action, an actor needs it, too.
    ceiling.covers(await effectivePermissions(transaction, [role]), 'role.update');
    if (change.type !== undefined && change.type !== role.type) {
      throw invalidInput([{ path: ['type'], message: 'The type of a role does not change' }]);
    }
    if (change.version !== undefined && change.version !== role.version) throw changedMeanwhile(role);
    const others = name === undefined ? [] : (await roleNames(transaction)).filter(({ id }) => id !== role.id);
    const { permissions, faults } = permissionsAfter(services, role, change);
    refuse([...(name === undefined ? [] : faultsOfTakenName(others, { name, type: undefined })), ...faults]);
    const includes = change.includes && (await includedRoles(transaction, change.includes));
    if (includes) await refuseCircles(transaction, role, includes);
    const included = await effectivePermissions(transaction, includes ?? role.includes);
    ceiling.covers([...permissions, ...included], 'role.update');
    await writeRole(services, by, transaction, role, {
      name: name ?? role.name,
      description: change.description === undefined ? role.description : textOrNull(change.description),
      requiresSecondFactor: change.requiresSecondFactor ?? role.requiresSecondFactor,
      permissions,
    });
    if (includes) await writeIncludes(services, by, transaction, role, includes);
    return role.id;
  });
}

export function changedMeanwhile({ version }: RoleRow): ApiError {
  const message = 'The role was changed meanwhile: read it again';
  return new ApiError('APPLICATION_ERROR', message, { version });
}
