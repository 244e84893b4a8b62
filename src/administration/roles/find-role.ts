import type { Permission } from '../../authorization/grants.ts';
import { type ApiError, invalidInput, notFound, refuse } from '../../common/errors.ts';
import { type DocumentKey, whereOf } from '../../database/document-key.ts';
import type { Transaction } from '../administration.ts';
import { actionsIn, PERMISSION, type PermissionRow, permissionsIn } from '../permission-row.ts';
import { MAX_ERRORS } from './unknown-actions.ts';

/** A role and its actions, as they are in this transaction. */
export interface RoleRow {
  readonly id: number;
  readonly documentId: string;
  readonly name: string;
  readonly description: string | null;
  readonly type: string;
  readonly requiresSecondFactor: boolean;
  readonly version: number;
  /** Its own, in the alphabetical order of their actions. */
  readonly permissions: readonly Permission[];
  readonly actions: readonly string[];
  /** The roles that it includes itself, in the order of their ids. */
  readonly includes: readonly RoleName[];
}

const NAME = { id: true, name: true, type: true } as const;

const ROLE = {
  id: true,
  documentId: true,
  name: true,
  description: true,
  type: true,
  requiresSecondFactor: true,
  version: true,
  permissions: { select: PERMISSION },
  includes: { select: { included: { select: NAME } }, orderBy: { includedId: 'asc' } },
} as const;

/** A role by its id, its documentId or its type. */
export async function findRole(
  transaction: Pick<Transaction, 'role'>,
  key: DocumentKey | { readonly key: 'type'; readonly value: string },
): Promise<RoleRow | undefined> {
  const where = key.key === 'type' ? { type: key.value } : whereOf(key);
  const role = await transaction.role.findUnique({ where, select: ROLE });
  return role ? rowOf(role) : undefined;
}

/** The names of all roles. Without their permissions: a thousand roles can have five hundred each. */
export function roleNames(transaction: Pick<Transaction, 'role'>): Promise<RoleName[]> {
  return transaction.role.findMany({ select: NAME });
}

/**
 * The roles with these keys, in their order, each of them once.
 *
 * @param field the field of an input that names them; undefined to leave out those that do not exist.
 * @throws ApiError BAD_USER_INPUT with an error at the field for each that does not exist, up to a limit.
 */
export async function findRoleNames(
  transaction: Pick<Transaction, 'role'>,
  keys: readonly DocumentKey[],
  field: string | undefined,
): Promise<readonly RoleName[]> {
  const ids = keys.flatMap((key) => (key.key === 'id' ? [key.value] : []));
  const documentIds = keys.flatMap((key) => (key.key === 'documentId' ? [key.value] : []));
  const found = await transaction.role.findMany({
    where: { OR: [{ id: { in: ids } }, { documentId: { in: documentIds } }] },
    select: { ...NAME, documentId: true },
  });
  const roles = keys.map(({ key, value }) => found.find((role) => role[key] === value));
  if (field !== undefined) {
    refuse(
      roles
        .flatMap((role, index) =>
          role ? [] : [{ path: [field, index], message: `${field} names a role that does not exist` }],
        )
        .slice(0, MAX_ERRORS),
    );
  }
  return [...new Set(roles)].flatMap((role) => (role ? [{ id: role.id, name: role.name, type: role.type }] : []));
}

export type RoleName = Pick<RoleRow, 'id' | 'name' | 'type'>;

/** Every role, the oldest first. */
export async function allRoles(transaction: Pick<Transaction, 'role'>): Promise<RoleRow[]> {
  return (await transaction.role.findMany({ select: ROLE, orderBy: { id: 'asc' } })).map(rowOf);
}

function rowOf({
  permissions: rows,
  includes,
  ...role
}: Omit<RoleRow, 'permissions' | 'actions' | 'includes'> & {
  readonly permissions: readonly PermissionRow[];
  readonly includes: readonly { readonly included: RoleName }[];
}): RoleRow {
  const permissions = permissionsIn(rows);
  return {
    ...role,
    permissions,
    actions: actionsIn(permissions),
    includes: includes.map(({ included }) => included),
  };
}

export function noSuchRole(): ApiError {
  return notFound('Role not found');
}

/** For an input whose field `role` names none. */
export function noSuchRoleAsInput(): ApiError {
  return invalidInput([{ path: ['role'], message: 'role names a role that does not exist' }]);
}
