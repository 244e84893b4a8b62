import type { Permission } from '../../authorization/grants.ts';
import type { Fault } from '../../common/errors.ts';
import type { ApiTokenKind } from '../../generated/prisma/client.ts';
import type { AdministrationServices } from '../administration.ts';
import { faultsOfGrantsOfActions, type GrantsOfAction, permissionsWithGrants } from '../grants-of-actions.ts';
import { actionsIn, permissionsTo, withPermissions } from '../permission-row.ts';
import { unknownActions } from '../roles/unknown-actions.ts';

/** What an API token of the kind CUSTOM is to have. */
export interface WantedPermissions {
  /** All of its actions. Absent: those that it has. */
  readonly actions?: readonly string[] | undefined;
  /** The grants of some of its actions, which it is given if it lacks them. */
  readonly grants?: readonly GrantsOfAction[] | undefined;
}

/** An action that the token has already keeps its grants, unless `grants` names it. One that it is given is without restriction. */
export function permissionsOfToken(
  services: Pick<AdministrationServices, 'tokenActions' | 'rules'>,
  kind: ApiTokenKind,
  held: readonly Permission[],
  { actions, grants = [] }: WantedPermissions,
): { readonly permissions: readonly Permission[]; readonly faults: readonly Fault[] } {
  if (kind !== 'CUSTOM') return { permissions: [], faults: faultsOfOthers(actions ?? [], grants) };
  const wanted = actions ?? actionsIn(held);
  const kept = held.filter(([action]) => wanted.includes(action));
  const permissions = withPermissions(permissionsWithGrants(grants), [...kept, ...permissionsTo(wanted)]);
  if (permissions.length === 0)
    return { permissions, faults: [{ path: ['actions'], message: 'actions must be defined.' }] };
  return {
    permissions,
    faults: [
      // An action whose content type was removed can stay.
      ...unknownActions(services, wanted, ['actions'], actionsIn(held)),
      ...faultsOfGrantsOfActions(services, 'token', grants),
    ],
  };
}

/** The actions of the other kinds follow from the kind. */
function faultsOfOthers(actions: readonly string[], grants: readonly GrantsOfAction[]): readonly Fault[] {
  return Object.entries({ actions, grants }).flatMap(([name, list]) =>
    list.length > 0 ? [{ path: [name], message: `${name} are listed for tokens of the kind CUSTOM only` }] : [],
  );
}
