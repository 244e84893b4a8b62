import type { Permission } from '../authorization/grants.ts';
import type { Holder } from '../authorization/rules.ts';
import type { Fault } from '../common/errors.ts';
import type { AdministrationServices } from './administration.ts';
import { faultsOfGrants } from './faults-of-grants.ts';
import { MAX_ERRORS } from './roles/unknown-actions.ts';

/** The grants that an action of a role or an API token is to have. */
export interface GrantsOfAction {
  readonly action: string;
  /** Null: without restriction. */
  readonly grants: Permission[1];
}

/** What is wrong with them, at `['grants', 0, 'grants', …]`. */
export function faultsOfGrantsOfActions(
  { tokenActions, rules }: Pick<AdministrationServices, 'tokenActions' | 'rules'>,
  holder: Holder,
  list: readonly GrantsOfAction[],
): readonly Fault[] {
  const known = new Set(tokenActions.all);
  const named = new Set<string>();
  return list
    .flatMap(({ action, grants }, index): Fault[] => {
      const here = ['grants', index];
      if (!known.has(action)) {
        return [{ path: [...here, 'action'], message: 'action has a name that is no action' }];
      }
      if (named.has(action)) return [{ path: [...here, 'action'], message: 'action is named twice in grants' }];
      named.add(action);
      const faults = faultsOfGrants(rules, [action, grants], holder);
      return faults.map(({ path, message }) => ({ path: [...here, ...path], message }));
    })
    .slice(0, MAX_ERRORS);
}

export function permissionsWithGrants(list: readonly GrantsOfAction[]): Permission[] {
  return list.map(({ action, grants }) => [action, grants]);
}
