import { type Asked, type AskedBy, actorOf } from '../authentication/actor-of.ts';
import type { EndedToken } from '../authentication/credential-refused.ts';
import type { AdminViewer, UserViewer } from '../authentication/viewer.ts';
import { forbidden } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { AdminAccounts, UserAccounts } from './accounts.ts';

export interface LogOutInput extends Asked {
  /** The token that was sent, where it has expired, or its session is over. */
  readonly ended?: EndedToken | undefined;
}

/**
 * Ends the session of the token, also of one that has expired, and that of the refresh token.
 *
 * @throws ApiError FORBIDDEN for an API token. A program has no session: an answer that all is well would be believed.
 */
export async function logOut(
  { sessions }: UserAccounts,
  refreshToken: string | undefined,
  asked: LogOutInput,
): Promise<void> {
  const { viewer, ended } = asked;
  if (viewer.kind === 'token') throw forbidden('auth.logout');
  if (viewer.kind === 'user') await sessions.end(viewer.account, viewer.session, asked);
  // A token that expired is the session's all the same, which goes on as long as its refresh token does.
  else if (ended) await sessions.end(ended, ended.session, asked);
  if (refreshToken !== undefined) await sessions.endByRefreshToken(refreshToken, asked);
}

/** Ends the session of an administrator's token. */
export async function logOutAdministrator({ sessions }: AdminAccounts, asked: AskedBy<AdminViewer>): Promise<void> {
  const { admin, session } = asked.viewer;
  await sessions.end(admin, session, asked);
}

/** Ends every session of the user of the token, and every mailed code. */
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
