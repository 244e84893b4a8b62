import { lockAdministrator, lockPerson } from '../accounts/lock-account.ts';
import { actionsOfToken, type TokenActions } from '../authentication/authenticate.ts';
import type { Viewer } from '../authentication/viewer.ts';
import type { Clock } from '../common/clock.ts';
import { ApiError, forbidden, invalidCredential } from '../common/errors.ts';
import type { Transaction } from './administration.ts';

/** What an actor can give, take or become: no more than they have, as it is in this transaction. */
export interface Ceiling {
  /** @throws ApiError FORBIDDEN when these actions are more than the actor's own. `using` is the action of the request. */
  covers(actions: Iterable<string>, using: string): void;
  /** Those of these actions that the actor has, too. */
  among(actions: readonly string[]): string[];
}

/** Read in the transaction of the change, not when the request was authenticated: rights can be lost in between. */
export type CeilingOf = (transaction: Transaction) => Promise<Ceiling>;

/** The command line has full access. */
export const NO_CEILING: CeilingOf = async () => ({ covers: () => {}, among: (actions) => [...actions] });

/**
 * An administrator has full access, if the session was not ended and the role is still that of the request. A guest needs
 * none.
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
 * Of a viewer of `/graphql`: the actions of their role or token.
 *
 * @throws ApiError UNAUTHENTICATED when their session or token was ended since the request was let in.
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

/** Without the name of the action: it can be one of a role that the viewer is not allowed to see. */
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
