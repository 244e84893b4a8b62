import type { Permission } from '../../authorization/grants.ts';
import { ApiError, type Fault, invalidInput, refuse } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { permissionsTo, withPermissions } from '../permission-row.ts';
import { faultsOfName, faultsOfText, textOrNull } from '../validate-texts.ts';
import { effectivePermissions } from './effective-permissions.ts';
import { findRole, noSuchRole, type RoleRow, roleNames } from './find-role.ts';
import { includedRoles, refuseCircles, writeIncludes } from './includes.ts';
import { faultsOfTakenName } from './taken-name.ts';
import { unknownActions } from './unknown-actions.ts';
import { writeRole } from './write-role.ts';

/** What is absent stays as it is; the description is emptied by null. */
export interface RoleChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
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
  refuse([
    ...(name === undefined ? [] : faultsOfName(name)),
    ...faultsOfText(change.description, ['description']),
    ...faultsOfBoth(change),
  ]);
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
      permissions,
    });
    if (includes) await writeIncludes(services, by, transaction, role, includes);
    return role.id;
  });
}

/** An action that the role has already keeps its grants. One that it is given has none: it is without restriction. */
function permissionsAfter(
  services: AdministrationServices,
  role: RoleRow,
  { add = [], remove = [], actions }: RoleChange,
): { readonly permissions: Permission[]; readonly faults: Fault[] } {
  // An action whose content type was removed can stay or be taken. It cannot be given.
  const isNew = (action: string) => !role.actions.includes(action);
  const faults = [
    ...unknownActions(services, add, ['add']),
    ...unknownActions(services, remove.filter(isNew), ['remove']),
    ...unknownActions(services, (actions ?? []).filter(isNew), ['permissions']),
  ];
  const wanted = actions ?? [...role.actions.filter((action) => !remove.includes(action)), ...add];
  const kept = role.permissions.filter(([action]) => wanted.includes(action));
  return { permissions: withPermissions(kept, permissionsTo(wanted)), faults };
}

function faultsOfBoth({ add = [], remove = [] }: RoleChange): Fault[] {
  const taken = new Set(remove);
  const both = add.some((action) => taken.has(action));
  return both ? [{ path: ['add'], message: 'add and remove name the same action' }] : [];
}

export function changedMeanwhile({ version }: RoleRow): ApiError {
  const message = 'The role was changed meanwhile: read it again';
  return new ApiError('APPLICATION_ERROR', message, { version });
}
