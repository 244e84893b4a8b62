import type { Fault } from '../../common/errors.ts';
import type { ApiTokenKind } from '../../generated/prisma/client.ts';
import type { AdministrationServices } from '../administration.ts';
import { unknownActions } from '../roles/unknown-actions.ts';

export function faultsOfActions(
  services: AdministrationServices,
  kind: ApiTokenKind,
  actions: readonly string[],
  isNew: (action: string) => boolean = () => true,
): Fault[] {
  const path = ['actions'];
  if (kind !== 'CUSTOM') {
    return actions.length > 0 ? [{ path, message: 'actions are listed for tokens of the kind CUSTOM only' }] : [];
  }
  if (actions.length === 0) return [{ path, message: 'actions must be defined.' }];
  return unknownActions(services, actions.filter(isNew), path);
}
