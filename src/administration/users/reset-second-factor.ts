import { endCredentialsOfUser } from '../../accounts/revoke-credentials.ts';
import { userTarget } from '../../audit/audit.ts';
import { applicationError, refuse } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import type { AdministrationServices, By } from '../administration.ts';
import { faultsOfReason } from '../reason.ts';
import { changeUser } from './change-user.ts';

/**
 * Removes the second factor and the passkeys of a user who lost them, ends every session, and mails a notice. @returns the user's id.
 *
 * @throws ApiError APPLICATION_ERROR if there is none.
 */
export async function resetSecondFactorOfUser(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
  reason: string,
): Promise<number> {
  refuse(faultsOfReason(reason));
  const { secondFactors, outbox } = services;
  const { after } = await changeUser(services, by, key, async (transaction, { id, email, ...user }) => {
    if (!(await secondFactors.removeAll(transaction, { userId: id }))) throw hasNoFactor();
    await endCredentialsOfUser(transaction, id, 'endSessions');
    await outbox.enqueue(transaction, { purpose: 'secondFactorReset', to: email, account: { userId: id } });
    return [{ event: 'user.resetFactor', target: userTarget(user), after: { reason: reason.trim() } }];
  });
  return after.id;
}

export function hasNoFactor(): Error {
  return applicationError('This account has no second factor');
}
