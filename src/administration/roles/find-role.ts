import type { Permission } from '../../authorization/grants.ts';
import { type ApiError, invalidInput, notFound } from '../../common/errors.ts';
import { type DocumentKey, whereOf } from '../../database/document-key.ts';
import type { Transaction } from '../administration.ts';
import { actionsIn, PERMISSION, type PermissionRow, permissionsIn } from '../permission-row.ts';

/** A role and its actions, as they are in this transaction. */
export interface RoleRow {
  readonly id: number;
  readonly documentId: string;
  readonly name: string;
  readonly description: string | null;
  readonly type: string;
  readonly version: number;
  /** In the alphabetical order of their actions. */
  readonly permissions: readonly Permission[];
  readonly actions: readonly string[];
}

const ROLE = {
  id: true,
  documentId: true,
  name: true,
  description: true,
  type: true,
  version: true,
  permissions: { select: PERMISSION },
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
  return transaction.role.findMany({ select: { id: true, name: true, type: true } });
}

export type RoleName = Pick<RoleRow, 'id' | 'name' | 'type'>;

/** Every role, the oldest first. */
export async function allRoles(transaction: Pick<Transaction, 'role'>): Promise<RoleRow[]> {
  return (await transaction.role.findMany({ select: ROLE, orderBy: { id: 'asc' } })).map(rowOf);
}

function rowOf({
  permissions: rows,
  ...role
}: Omit<RoleRow, 'permissions' | 'actions'> & { readonly permissions: readonly PermissionRow[] }): RoleRow {
  const permissions = permissionsIn(rows);
  return { ...role, permissions, actions: actionsIn(permissions) };
}

export function noSuchRole(): ApiError {
  return notFound('Role not found');
}

/** For an input whose field `role` names none. */
export function noSuchRoleAsInput(): ApiError {
  return invalidInput([{ path: ['role'], message: 'role names a role that does not exist' }]);
}
