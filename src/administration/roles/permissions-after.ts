import type { Permission } from '../../authorization/grants.ts';
import type { Fault } from '../../common/errors.ts';
import type { AdministrationServices } from '../administration.ts';
import { faultsOfGrants } from '../faults-of-grants.ts';
import { permissionsTo, withPermissions } from '../permission-row.ts';
import type { RoleRow } from './find-role.ts';
import { holderOf } from './fixed-roles.ts';
import { MAX_ERRORS, unknownActions } from './unknown-actions.ts';

/** The grants that an action of a role is to have. */
export interface GrantsOfAction {
  readonly action: string;
  /** Null: without restriction. */
  readonly grants: Permission[1];
}

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
  const restricted = grants.map(({ action, grants }): Permission => [action, grants]);
  return {
    permissions: withPermissions(restricted, [...kept, ...permissionsTo(wanted)]),
    faults: [
      ...faultsOfBoth(add, remove, grants),
      ...unknownActions(services, add, ['add']),
      // An action whose content type was removed can stay or be taken. It cannot be given.
      ...unknownActions(services, remove, ['remove'], role.actions),
      ...unknownActions(services, actions ?? [], ['permissions'], role.actions),
      ...faultsOfRestricted(services, role, grants),
    ],
  };
}

function faultsOfBoth(
  add: readonly string[],
  remove: readonly string[],
  grants: readonly GrantsOfAction[],
): readonly Fault[] {
  const taken = new Set(remove);
  const named = new Set<string>();
  const both = add.findIndex((action) => taken.has(action));
  return [
    ...(both === -1 ? [] : [{ path: ['add', both], message: 'add and remove name the same action' }]),
    ...grants
      .flatMap(({ action }, index): Fault[] => {
        const path = ['grants', index, 'action'];
        if (taken.has(action)) return [{ path, message: 'grants and remove name the same action' }];
        if (named.has(action)) return [{ path, message: 'action is named twice in grants' }];
        named.add(action);
        return [];
      })
      .slice(0, MAX_ERRORS),
  ];
}

function faultsOfRestricted(
  { tokenActions, rules }: Pick<AdministrationServices, 'tokenActions' | 'rules'>,
  role: RoleRow,
  grants: readonly GrantsOfAction[],
): readonly Fault[] {
  const known = new Set(tokenActions.all);
  return grants
    .flatMap(({ action, grants }, index): Fault[] => {
      const here = ['grants', index];
      if (!known.has(action)) {
        return [{ path: [...here, 'action'], message: 'action has a name that is no action' }];
      }
      const faults = faultsOfGrants(rules, [action, grants], holderOf(role));
      return faults.map(({ path, message }) => ({ path: [...here, ...path], message }));
    })
    .slice(0, MAX_ERRORS);
}
