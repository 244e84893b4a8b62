import type { Permission } from '../../authorization/grants.ts';
import type { Fault } from '../../common/errors.ts';
import type { AdministrationServices } from '../administration.ts';
import { faultsOfGrantsOfActions, type GrantsOfAction, permissionsWithGrants } from '../grants-of-actions.ts';
import { permissionsTo, withPermissions } from '../permission-row.ts';
import type { RoleRow } from './find-role.ts';
import { holderOf } from './fixed-roles.ts';
import { unknownActions } from './unknown-actions.ts';

/** What is to become of the permissions of a role. */
export interface PermissionsChange {
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
  readonly grants?: readonly GrantsOfAction[] | undefined;
  /** All of its actions. */
  readonly actions?: readonly string[] | undefined;
}

/**
 * The permissions of a role after a change, and why it cannot be made. An action that the role has already keeps its grants, unless
 * `grants` names it. One that it is given is without restriction. Faults are at `['add', 0]` and at `['grants', 0, 'grants', …]`.
 */
export function permissionsAfter(
  services: Pick<AdministrationServices, 'tokenActions' | 'rules'>,
  role: RoleRow,
  { add = [], remove = [], grants = [], actions }: PermissionsChange,
): { readonly permissions: Permission[]; readonly faults: Fault[] } {
  const wanted = actions ?? [...role.actions.filter((action) => !remove.includes(action)), ...add];
  const kept = role.permissions.filter(([action]) => wanted.includes(action));
  return {
    permissions: withPermissions(permissionsWithGrants(grants), [...kept, ...permissionsTo(wanted)]),
    faults: [
      ...faultsOfBoth(add, remove, grants),
      ...unknownActions(services, add, ['add']),
      // An action whose content type was removed can stay or be taken. It cannot be given.
      ...unknownActions(services, remove, ['remove'], role.actions),
      ...unknownActions(services, actions ?? [], ['permissions'], role.actions),
      ...faultsOfGrantsOfActions(services, holderOf(role), grants),
    ],
  };
}

function faultsOfBoth(
  add: readonly string[],
  remove: readonly string[],
  grants: readonly GrantsOfAction[],
): readonly Fault[] {
  const taken = new Set(remove);
  const both = add.findIndex((action) => taken.has(action));
  const restricted = grants.findIndex(({ action }) => taken.has(action));
  return [
    ...(both === -1 ? [] : [{ path: ['add', both], message: 'add and remove name the same action' }]),
    ...(restricted === -1
      ? []
      : [{ path: ['grants', restricted, 'action'], message: 'grants and remove name the same action' }]),
  ];
}
