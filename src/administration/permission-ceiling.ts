import { lockAdministrator, lockPerson } from '../accounts/lock-account.ts';
import { actionsOfToken, type TokenActions } from '../authentication/authenticate.ts';
import type { Viewer } from '../authentication/viewer.ts';
import type { Clock } from '../common/clock.ts';
import { ApiError, forbidden, invalidCredential } from '../common/errors.ts';
import type { Transaction } from './administration.ts';

/** Limits what an actor can grant, revoke or become to their own permissions, as read in this transaction. */
export interface Ceiling {
  /** @throws ApiError FORBIDDEN when the actor lacks one of these actions. `using` is the action of the request. */
  covers(actions: Iterable<string>, using: string): void;
  /** The actions among these that the actor has. */
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
 * The ceiling of a viewer of `/graphql`: the actions of their role or API token.
 *
 * @throws ApiError UNAUTHENTICATED when their session or token was revoked since the request was authenticated.
 */
export function ceilingOf(viewer: Viewer, tokenActions: TokenActions, clock: Clock): CeilingOf {
  return async (transaction) => {
    const actions = await actionsOf(transaction, viewer, tokenActions, clock());
    if (actions === 'all') return NO_CEILING(transaction);
    const own = new Set(actions);
    return {
      covers(actions, using) {
        for (const action of actions) if (!own.has(action)) throw beyondOwn(using);
      },
      among: (actions) => actions.filter((action) => own.has(action)),
    };
  };
}

/** Does not name the missing action: it may belong to a role that the viewer is not allowed to see. */
function beyondOwn(using: string): ApiError {
  const reason = 'This would give, take or touch more than your own permissions';
  return new ApiError('FORBIDDEN', 'Forbidden access', { action: using, reason });
}

async function actionsOf(
  transaction: Transaction,
  viewer: Viewer,
  tokenActions: TokenActions,
  now: Date,
): Promise<readonly string[] | 'all'> {
  const permissions = { select: { action: true } } as const;
  switch (viewer.kind) {
    case 'user': {
      const { id } = await lockPerson(transaction, viewer, now);
      const user = await transaction.user.findUnique({ where: { id }, select: { role: { select: { permissions } } } });
      return user?.role.permissions.map(({ action }) => action) ?? [];
    }
    case 'token': {
      const { id } = viewer.token;
      const where = { id, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
      const token = await transaction.apiToken.findFirst({ where, select: { kind: true, permissions } });
      if (!token) throw invalidCredential('revoked');
      if (token.kind === 'FULL_ACCESS') return 'all';
      const actions = token.permissions.map(({ action }) => action);
      return actionsOfToken({ kind: token.kind, actions }, tokenActions);
    }
    case 'public': {
      const role = await transaction.role.findUnique({ where: { type: 'public' }, select: { permissions } });
      return role?.permissions.map(({ action }) => action) ?? [];
    }
    case 'guest':
    case 'admin':
      return []; // not reached: the schema of the administration has no ceiling
  }
}
