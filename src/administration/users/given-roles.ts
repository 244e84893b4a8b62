import { invalidInput } from '../../common/errors.ts';
import { type DocumentKey, documentKey } from '../../database/document-key.ts';
import type { Transaction } from '../administration.ts';
import { findRoleNames, noSuchRoleAsInput, type RoleName } from '../roles/find-role.ts';

/** How an input names the roles of a user. */
export interface RolesInput {
  /** The main role. Alone, it leaves the further ones as they are. */
  readonly role?: DocumentKey | undefined;
  /** All roles, of which the first is the main one unless `role` names it. */
  readonly roles?: readonly DocumentKey[] | undefined;
}

/** The same, from an input of GraphQL. */
export function rolesIn({
  role,
  roles,
}: {
  readonly role?: string | null | undefined;
  readonly roles?: readonly string[] | null | undefined;
}): RolesInput {
  return {
    role: role == null ? undefined : documentKey(role),
    roles: roles == null ? undefined : roles.map(documentKey),
  };
}

/** What is undefined was not given, and stays as it is. */
export interface GivenRoles {
  readonly main: RoleName | undefined;
  readonly further: readonly RoleName[] | undefined;
}

/** @throws ApiError BAD_USER_INPUT when the list is empty, and for each role that does not exist. */
export async function givenRoles(
  transaction: Pick<Transaction, 'role'>,
  { role, roles }: RolesInput,
): Promise<GivenRoles> {
  if (roles?.length === 0) {
    throw invalidInput([{ path: ['roles'], message: 'roles must name at least one role: every user has a main role' }]);
  }
  const all = roles && (await findRoleNames(transaction, roles, 'roles'));
  const named = role && (await findRoleNames(transaction, [role], undefined));
  if (named?.length === 0) throw noSuchRoleAsInput();
  const main = named?.[0] ?? all?.[0];
  return { main, further: all?.filter(({ id }) => id !== main?.id) };
}

/** Gives a user these further roles and no others. The main role is none of them. */
export async function writeFurtherRoles(
  transaction: Pick<Transaction, 'userRole'>,
  userId: number,
  mainId: number,
  further: readonly RoleName[] | undefined,
): Promise<void> {
  const kept = further?.map(({ id }) => id).filter((id) => id !== mainId);
  await transaction.userRole.deleteMany({
    where: { userId, ...(kept ? { roleId: { notIn: kept } } : { roleId: mainId }) },
  });
  if (kept) {
    const data = kept.map((roleId) => ({ userId, roleId }));
    await transaction.userRole.createMany({ data, skipDuplicates: true });
  }
}
