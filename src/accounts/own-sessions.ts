import type { AskedBy } from '../authentication/actor-of.ts';
import type { Viewer } from '../authentication/viewer.ts';
import { notFound } from '../common/errors.ts';
import type { Accounts } from './accounts.ts';
import type { Person } from './realms/realm.ts';
import type { OwnSession } from './sessions/sessions.ts';

/** Lists the viewer's sessions, most recently used first. */
export function listSessions<Account extends Person, Me extends Viewer>(
  { realm, sessions }: Accounts<Account, Me>,
  viewer: Me,
): Promise<OwnSession[]> {
  return sessions.list(realm.ownAccount(viewer).id);
}

/**
 * Ends one session of the viewer.
 *
 * @throws ApiError NOT_FOUND for a session that is not theirs.
 */
export async function revokeSession<Account extends Person, Me extends Viewer>(
  { realm, sessions }: Accounts<Account, Me>,
  documentId: string,
  asked: AskedBy<Me>,
): Promise<void> {
  const { id } = realm.ownAccount(asked.viewer);
  if (!(await sessions.end({ id }, documentId, asked))) throw notFound('Session not found');
}
