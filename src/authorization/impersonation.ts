import { ApiError } from '../common/errors.ts';
import type { Permissions } from './permissions.ts';

/** The actions of the own account begin so, and new ones will: only the exceptions below are allowed. */
const OF_ACCOUNTS = /^(auth|user)\./;
/** The own account as it is, the end of the own session, and the management of users, which is no own account. */
const ALLOWED = ['user.me', 'auth.logout', 'user.find', 'user.findOne', 'user.create', 'user.update', 'user.delete'];

const known = new WeakMap<Permissions, Permissions>();

/**
 * What an administrator is allowed who acts as a user with these permissions: the same, without the operations on the account.
 * The same object for the same permissions, since others cache by it.
 */
export function ofImpersonation(permissions: Permissions): Permissions {
  const before = known.get(permissions);
  if (before) return before;
  const isWithheld = (action: string) => OF_ACCOUNTS.test(action) && !ALLOWED.includes(action);
  const fewer: Permissions = {
    of: permissions.of,
    allows: (action) => !isWithheld(action) && permissions.allows(action),
    grants: (action) => (isWithheld(action) ? undefined : permissions.grants(action)),
    refusalOf: (action) => (isWithheld(action) ? notByAnother(action) : undefined),
  };
  known.set(permissions, fewer);
  return fewer;
}

/** An operation on the account of a user, by an administrator who acts as this user. */
export function notByAnother(action: string): ApiError {
  const message = 'An administrator who acts as a user cannot use or change the account of the user';
  return new ApiError('FORBIDDEN', message, { action });
}
