import { endCredentialsOfUser } from '../../accounts/revoke-credentials.ts';
import { userTarget } from '../../audit/audit.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import type { AdministrationServices, By } from '../administration.ts';
import { changeUser } from './change-user.ts';

/** Ends every session of a user: all tokens are revoked. @returns the user's id. */
export async function endSessionsOfUser(services: AdministrationServices, by: By, key: DocumentKey): Promise<number> {
  const { after } = await changeUser(services, by, key, async (transaction, { id, ...user }) => {
    await endCredentialsOfUser(transaction, id, 'endSessions');
    return [{ event: 'user.endSessions', target: userTarget(user) }];
  });
  return after.id;
}
