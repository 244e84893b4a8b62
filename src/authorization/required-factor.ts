import { ApiError } from '../common/errors.ts';
import type { Permissions } from './permissions.ts';

/** The own account: logging in and out, sessions, passwords, second factors, and what is added one day. */
const OF_OWN_ACCOUNT = /^(auth|user|self)\./;
/** These begin so, too, and are about the accounts of others. */
const OF_OTHERS = [
  'user.find',
  'user.findOne',
  'user.create',
  'user.update',
  'user.delete',
  'user.invite',
  'auth.tokenInfo',
];

const known = new WeakMap<Permissions, Permissions>();

/**
 * What a viewer is allowed who needs a second factor and has none: their own account, so that they can set one up. The same object for
 * the same permissions, since others cache by it.
 */
export function ofUnenrolled(permissions: Permissions): Permissions {
  return withheldFrom(permissions, known, (action) => OF_OWN_ACCOUNT.test(action) && !OF_OTHERS.includes(action));
}

const knownOfAdmins = new WeakMap<Permissions, Permissions>();
/** What is not of the own administrator begins with other names on this endpoint. */
const OF_OWN_ADMINISTRATOR = /^(auth|self)\./;

/** The same for an administrator. */
export function ofUnenrolledAdmin(permissions: Permissions): Permissions {
  return withheldFrom(permissions, knownOfAdmins, (action) => OF_OWN_ADMINISTRATOR.test(action));
}

function withheldFrom(
  permissions: Permissions,
  before: WeakMap<Permissions, Permissions>,
  isLeft: (action: string) => boolean,
): Permissions {
  const made = before.get(permissions);
  if (made) return made;
  const fewer: Permissions = {
    of: permissions.of,
    allows: (action) => isLeft(action) && permissions.allows(action),
    grants: (action) => (isLeft(action) ? permissions.grants(action) : undefined),
    refusalOf: (action) => (isLeft(action) ? permissions.refusalOf?.(action) : needsFactor(action)),
  };
  before.set(permissions, fewer);
  return fewer;
}

function needsFactor(action: string): ApiError {
  const message = 'Your role needs a second factor. Set one up first.';
  return new ApiError('FORBIDDEN', message, { action }, { reason: 'secondFactorMissing' });
}
