import { type Asked, type AskedBy, actorOf } from '../authentication/actor-of.ts';
import type { EndedToken } from '../authentication/credential-refused.ts';
import type { UserViewer, Viewer } from '../authentication/viewer.ts';
import { forbidden } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { UserAccounts } from './accounts.ts';
import type { RefreshableSessions } from './sessions/sessions.ts';

export interface LogOutInput extends Asked {
  /** The token of the request if it has expired or its session has ended. */
  readonly ended?: EndedToken | undefined;
}

/**
 * Ends the session of the token, even an expired one, and the session of the refresh token.
 *
 * @throws ApiError FORBIDDEN for an API token: it has no session, and success would suggest that it was revoked.
 */
export async function logOut(
  { sessions }: { readonly sessions: Pick<RefreshableSessions<never>, 'end' | 'endByRefreshToken'> },
  refreshToken: string | undefined,
  asked: LogOutInput,
): Promise<void> {
  const { viewer, ended } = asked;
  if (viewer.kind === 'token') throw forbidden('auth.logout');
  const own = ownSessionOf(viewer);
  const impersonator = viewer.kind === 'user' ? viewer.impersonator : undefined;
  if (own) await sessions.end(own.account, own.session, { ...asked, impersonator });
  // The session of an expired token lives on until its refresh token expires.
  else if (ended) await sessions.end(ended, ended.session, asked);
  if (refreshToken !== undefined) await sessions.endByRefreshToken(refreshToken, asked);
}

function ownSessionOf(
  viewer: Viewer,
): { readonly account: { readonly id: number }; readonly session: string } | undefined {
  if (viewer.kind === 'user') return viewer;
  return viewer.kind === 'admin' ? { account: viewer.admin, session: viewer.session } : undefined;
}

/** Ends every session of the viewer and revokes their mailed codes. */
export async function logOutEverywhere(
  { realm, prisma, audit, clock }: UserAccounts,
  asked: AskedBy<UserViewer>,
): Promise<void> {
  await inTransaction(prisma, async (transaction) => {
    const user = await realm.lockViewer(transaction, asked.viewer, clock());
    await realm.endCredentials(transaction, user.id, 'endSessions');
    await audit.record(transaction, actorOf(asked), { event: 'user.endSessions', target: realm.target(user) });
  });
}
