import { lockAdministrator, lockPerson } from '../accounts/lock-account.ts';
import type { TokenActions } from '../authentication/authenticate.ts';
import { rolesOf, type Viewer } from '../authentication/viewer.ts';
import type { Permission } from '../authorization/grants.ts';
import { type Permissions, permissionsWith } from '../authorization/permissions.ts';
import type { Rules } from '../authorization/rules.ts';
import { type CanSend, isWithin } from '../authorization/within.ts';
import type { Clock } from '../common/clock.ts';
import { ApiError, forbidden, invalidCredential } from '../common/errors.ts';
import type { Transaction } from './administration.ts';
import { PERMISSION, permissionsIn } from './permission-row.ts';
import { effectivePermissions } from './roles/effective-permissions.ts';

/** Limits what an actor can grant, revoke or become to their own permissions, as read in this transaction. */
export interface Ceiling {
  /**
   * @param using the action of the request
   * @throws ApiError FORBIDDEN when one of these permissions allows something that the actor's do not.
   */
  covers(permissions: Iterable<Permission>, using: string): void;
  /** The actions among these that the actor has without restriction. */
  among(actions: readonly string[]): string[];
}

/** Reads the ceiling in the transaction of the change: permissions can be revoked after the request was authenticated. */
export type CeilingOf = (transaction: Transaction) => Promise<Ceiling>;

/** The command line has full access. */
export const NO_CEILING: CeilingOf = async () => ({ covers: () => {}, among: (actions) => [...actions] });

/**
 * Administrators have full access while their session exists and their role is unchanged since authentication. A guest
 * has no ceiling either: only registering the first administrator gets here.
 */
export function ceilingOfAdmin(viewer: Viewer): CeilingOf {
  return async (transaction) => {
    if (viewer.kind === 'admin') {
      const { role } = await lockAdministrator(transaction, viewer);
      if (role !== viewer.admin.role) throw forbidden();
    }
    return NO_CEILING(transaction);
  };
}

/**
 * The ceiling of a viewer of `/graphql`: the permissions of all their roles, or of their API token.
 *
 * @throws ApiError UNAUTHENTICATED when their session or token was revoked since the request was authenticated.
 */
export function ceilingOf(
  viewer: Viewer,
  { tokenActions, rules, clock }: { tokenActions: TokenActions; rules: Rules; clock: Clock },
): CeilingOf {
  return async (transaction) => {
    const permissions = await permissionsOf(transaction, viewer, tokenActions, clock());
    if (permissions === 'all') return NO_CEILING(transaction);
    const { own, covers } = coverageOf(permissions, rules);
    return {
      covers(permissions, using) {
        for (const permission of permissions) if (!covers(permission)) throw beyondOwn(using);
      },
      among: (actions) => actions.filter((action) => own.grants(action) === 'all'),
    };
  };
}

/** What these permissions allow together, and whether another one allows nothing beyond that. */
export function coverageOf(
  permissions: Iterable<Permission>,
  rules: Rules,
): { readonly own: Permissions; readonly covers: (permission: Permission) => boolean } {
  // As they are kept: who has no value for a variable can give what names it, and does not have it for that.
  const own = permissionsWith(permissions, { of: 'user', isValid: rules.isValid });
  const canSend = writableColumns(rules);
  return { own, covers: ([action, grants]) => isWithin(action, grants ?? 'all', own.grants(action), canSend) };
}

function writableColumns({ types }: Rules): CanSend {
  return (action, column) => {
    const type = types.find(({ actions }) => actions === action.split('.', 1)[0]);
    const field = type?.fields.find(({ name }) => name === column);
    return field?.kind === 'column' && field.writable;
  };
}

/** Does not name the missing action: it may belong to a role that the viewer is not allowed to see. */
function beyondOwn(using: string): ApiError {
  const reason = 'This would give, take or touch more than your own permissions';
  return new ApiError('FORBIDDEN', 'Forbidden access', { action: using, reason });
}

async function permissionsOf(
  transaction: Transaction,
  viewer: Viewer,
  tokenActions: TokenActions,
  now: Date,
): Promise<readonly Permission[] | 'all'> {
  const permissions = { select: PERMISSION } as const;
  switch (viewer.kind) {
    case 'user': {
      return effectivePermissions(transaction, rolesOf(await lockPerson(transaction, viewer, now)));
    }
    case 'token': {
      const { id } = viewer.token;
      const where = { id, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
      const token = await transaction.apiToken.findFirst({ where, select: { kind: true, permissions } });
      if (!token) throw invalidCredential('revoked');
      if (token.kind === 'FULL_ACCESS') return 'all';
      if (token.kind === 'READ_ONLY') return tokenActions.reading.map((action): Permission => [action, null]);
      return permissionsIn(token.permissions);
    }
    case 'public': {
      const role = await transaction.role.findUnique({ where: { type: 'public' }, select: { id: true } });
      return effectivePermissions(transaction, role ? [role] : []);
    }
    case 'guest':
    case 'admin':
      return []; // not reached: the schema of the administration has no ceiling
  }
}
