import { lockUser } from '../../accounts/lock-account.ts';
import type { Recorded } from '../../audit/events.ts';
import { rolesOf } from '../../authentication/viewer.ts';
import type { Permission } from '../../authorization/grants.ts';
import { notByAnother } from '../../authorization/impersonation.ts';
import { type ApiError, notFound } from '../../common/errors.ts';
import { type DocumentKey, whereOf } from '../../database/document-key.ts';
import type { By, Transaction } from '../administration.ts';
import { effectivePermissions } from '../roles/effective-permissions.ts';

const ROLE = { select: { id: true, name: true, type: true } } as const;

export const USER = {
  id: true,
  documentId: true,
  username: true,
  email: true,
  provider: true,
  confirmed: true,
  blocked: true,
  blockReason: true,
  blockedUntil: true,
  createdAt: true,
  updatedAt: true,
  role: ROLE,
  furtherRoles: { select: { role: ROLE }, orderBy: { roleId: 'asc' } },
} as const;

export type UserRow = NonNullable<Awaited<ReturnType<typeof findUser>>>;

function findUser(transaction: Transaction, key: DocumentKey) {
  return transaction.user.findUnique({ where: whereOf(key), select: USER });
}

/** The user, whose own acts wait from now on until the transaction ends. */
export async function findAndLock(transaction: Transaction, key: DocumentKey): Promise<UserRow> {
  const found = await transaction.user.findUnique({ where: whereOf(key), select: { id: true } });
  const locked = found && (await lockUser(transaction, found.id));
  const user = locked && (await findUser(transaction, { key: 'id', value: locked.id }));
  if (!user) throw noSuchUser();
  return user;
}

/** @throws ApiError FORBIDDEN when an administrator acts as this user: the account is then nobody's to manage. */
export function refuseOwnAccount({ actor }: By, { documentId }: Pick<UserRow, 'documentId'>, action: string): void {
  if (actor.impersonator && actor.documentId === documentId) throw notByAnother(action);
}

/** What the audit log records of a user. */
export function recordOf({
  username,
  email,
  confirmed,
  blocked,
  blockReason,
  blockedUntil,
  role,
  furtherRoles,
}: UserRow): Recorded<'user.create'> {
  const roles = rolesOf({ role, furtherRoles }).map(({ type }) => type);
  return { username, email, role: role.type, roles, confirmed, blocked, blockReason, blockedUntil };
}

/** What the roles of a user allow together. */
export function permissionsOf(transaction: Transaction, user: UserRow): Promise<readonly Permission[]> {
  return effectivePermissions(transaction, rolesOf(user));
}

function noSuchUser(): ApiError {
  return notFound('User not found');
}
