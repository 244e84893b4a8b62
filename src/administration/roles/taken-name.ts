import { identifierKey } from '../../accounts/identifiers.ts';
import type { Fault } from '../../common/errors.ts';
import type { RoleName } from './find-role.ts';

export function faultsOfTakenName(
  roles: readonly RoleName[],
  { name, type }: { readonly name: string; readonly type: string | undefined },
): Fault[] {
  const message = 'This attribute must be unique';
  return [
    ...(roles.some((role) => identifierKey(role.name) === identifierKey(name)) ? [{ path: ['name'], message }] : []),
    ...(type !== undefined && roles.some((role) => role.type === type) ? [{ path: ['type'], message }] : []),
  ];
}
