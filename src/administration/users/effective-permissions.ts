import type { Grant, Permission } from '../../authorization/grants.ts';
import { permissionsWith } from '../../authorization/permissions.ts';
import type { ReadRole } from '../../authorization/role-union.ts';
import type { Rules } from '../../authorization/rules.ts';
import { type DocumentKey, whereOf } from '../../database/document-key.ts';
import type { AdministrationServices } from '../administration.ts';
import { withIncluded } from '../roles/effective-permissions.ts';

/** What a user is allowed, and by which roles. */
export interface EffectivePermission {
  readonly action: string;
  /** Null: without restriction. */
  readonly grants: readonly Grant[] | null;
  readonly inWords: string;
  /** In the order in which their grants count. */
  readonly sources: readonly PermissionSource[];
}

/** A role that gives the permission, and how the user comes to have this role. */
export interface PermissionSource {
  readonly role: number;
  readonly how: 'main' | 'further' | 'included';
  /** Of the user's roles and those that these include, the ones that include it themselves. */
  readonly includedBy: readonly number[];
}

/**
 * The permissions of a user, as a request has them: in alphabetical order, without grants that can no longer be read. Undefined if
 * there is no such user.
 */
export async function effectivePermissionsOfUser(
  { prisma, rules }: Pick<AdministrationServices, 'prisma' | 'rules'>,
  key: DocumentKey,
): Promise<readonly EffectivePermission[] | undefined> {
  const select = { roleId: true, furtherRoles: { select: { roleId: true }, orderBy: { roleId: 'asc' } } } as const;
  const user = await prisma.user.findUnique({ where: whereOf(key), select });
  if (!user) return undefined;
  const { roleId: main } = user;
  const given = [...new Set([main, ...user.furtherRoles.map(({ roleId }) => roleId)])];
  const roles = await withIncluded(prisma, given);
  const { isValid } = rules;
  const permissions = permissionsWith(
    roles.flatMap((role) => role.permissions),
    { of: 'user', isValid },
  );
  const actions = [...new Set(roles.flatMap((role) => role.permissions.map(([action]) => action)))].sort();
  return actions.flatMap((action): EffectivePermission[] => {
    const grants = permissions.grants(action);
    if (grants === undefined) return [];
    return [
      {
        action,
        grants: grants === 'all' ? null : grants,
        inWords: grants === 'all' ? 'all rows and fields' : rules.inWords(action, grants),
        sources: roles
          .filter((role) => role.permissions.some((permission) => gives(permission, action, rules)))
          .map(({ id }) => ({ role: id, how: howOf(id, main, given), includedBy: includersOf(id, roles) })),
      },
    ];
  });
}

function gives([action, grants]: Permission, wanted: string, { isValid }: Pick<Rules, 'isValid'>): boolean {
  return action === wanted && (grants === null || grants.some((grant) => isValid(action, grant)));
}

function howOf(id: number, main: number, given: readonly number[]): PermissionSource['how'] {
  if (id === main) return 'main';
  return given.includes(id) ? 'further' : 'included';
}

function includersOf(id: number, roles: readonly ReadRole[]): readonly number[] {
  return roles.filter(({ includes }) => includes.includes(id)).map((role) => role.id);
}
