import { OWN_ACCOUNT } from '../../authorization/new-roles.ts';
import { type Fault, invalidInput, refuse } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By, type Transaction } from '../administration.ts';
import { faultsOfGrantsOfActions, type GrantsOfAction, permissionsWithGrants } from '../grants-of-actions.ts';
import { permissionRow, permissionsTo, withPermissions } from '../permission-row.ts';
import { faultsOfName, faultsOfText, textOrNull } from '../validate-texts.ts';
import { effectivePermissions } from './effective-permissions.ts';
import { findRole, type RoleName, roleNames } from './find-role.ts';
import { includedRoles } from './includes.ts';
import { recordOf, roleTarget } from './role-record.ts';
import { faultsOfTakenName } from './taken-name.ts';
import { unknownActions } from './unknown-actions.ts';

export interface NewRole {
  readonly name: string;
  readonly description: string | null;
  /** How code and settings name it; undefined: made of the name. */
  readonly type: string | undefined;
  /** Its actions, beside those that every role begins with. */
  readonly actions: readonly string[];
  /** The grants of some of its actions, in place of those that it copies. */
  readonly grants?: readonly GrantsOfAction[] | undefined;
  /** The role that it begins as a copy of, grants too, instead of that. */
  readonly copyOf: DocumentKey | undefined;
  /** The roles that it includes; undefined: those of the copied role, or none. */
  readonly includes?: readonly DocumentKey[] | undefined;
}

/** Creates a role whose users can log in, change their password and so on. @returns the id. */
export async function createRole(services: AdministrationServices, by: By, input: NewRole): Promise<number> {
  const { prisma, audit } = services;
  const name = input.name.trim();
  const description = textOrNull(input.description);
  refuse([
    ...faultsOfName(name),
    ...faultsOfText(description, ['description']),
    ...(input.type === undefined ? [] : faultsOfType(input.type)),
    ...unknownActions(services, input.actions, ['permissions']),
    ...faultsOfGrantsOfActions(services, 'role', input.grants ?? []),
  ]);
  return administer(prisma, by, async (transaction, ceiling) => {
    const roles = await roleNames(transaction);
    refuse(faultsOfTakenName(roles, { name, type: input.type }));
    const copied = input.copyOf && (await findRole(transaction, input.copyOf));
    if (input.copyOf && !copied) {
      throw invalidInput([{ path: ['copyOf'], message: 'copyOf names a role that does not exist' }]);
    }
    const asked = withPermissions(permissionsWithGrants(input.grants ?? []), [
      ...(copied?.permissions ?? []),
      ...permissionsTo(input.actions),
    ]);
    const includes = input.includes ? await includedRoles(transaction, input.includes) : (copied?.includes ?? []);
    ceiling.covers([...asked, ...(await effectivePermissions(transaction, includes))], 'role.create');
    const given = copied ? [] : ceiling.among(await ownAccountActions(transaction));
    const permissions = withPermissions(asked, permissionsTo(given));
    const role = await transaction.role.create({
      data: {
        name,
        description,
        type: input.type ?? freeType(name, roles),
        permissions: { create: permissions.map(permissionRow) },
        includes: { create: includes.map(({ id }) => ({ includedId: id })) },
      },
      select: { id: true, documentId: true, name: true, description: true, type: true },
    });
    const after = recordOf({ ...role, permissions, includes });
    await audit.record(transaction, by.actor, { event: 'role.create', target: roleTarget(role), after });
    return role.id;
  });
}

/** The actions on the own account that Authenticated has: every new role begins with them, so that its users can log in. */
async function ownAccountActions(transaction: Transaction): Promise<string[]> {
  const authenticated = await findRole(transaction, { key: 'type', value: 'authenticated' });
  return OWN_ACCOUNT.filter((action) => authenticated?.actions.includes(action));
}

function faultsOfType(type: string): Fault[] {
  if (/^[a-z][a-z0-9_-]{0,62}$/.test(type)) return [];
  const message = 'type must begin with a letter, and have lower-case letters, digits, _ and - only';
  return [{ path: ['type'], message }];
}

/** `Guest writers` → `guest_writers`, or with a number behind it, where that is there. */
function freeType(name: string, roles: readonly RoleName[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_\d]+|_+$/g, '')
    .slice(0, 50);
  const base = plain === '' ? 'role' : plain;
  const taken = (type: string) => roles.some((role) => role.type === type);
  let type = base;
  for (let number = 2; taken(type); number++) type = `${base}_${number}`;
  return type;
}
