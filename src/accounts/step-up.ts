import { type AskedBy, actorOf } from '../authentication/actor-of.ts';
import { PROOF_LIFESPAN } from '../authentication/proof.ts';
import type { AdminViewer } from '../authentication/viewer.ts';
import { invalidInput, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { AdminAccounts } from './accounts.ts';
import { faultsOfGivenPassword } from './passwords.ts';

/**
 * Proves again, with the password, that the viewer is the administrator of the session, and returns until when that counts.
 *
 * @throws ApiError BAD_USER_INPUT for a wrong password, which is counted and audited.
 */
export async function stepUp(
  { realm, prisma, attempts, passwords, audit, clock }: AdminAccounts,
  { password }: { readonly password: string },
  asked: AskedBy<AdminViewer>,
): Promise<{ readonly until: Date }> {
  const { admin, session } = asked.viewer;
  await attempts.count('admin.stepUp', { address: asked.origin.address, account: admin.documentId });
  refuse(faultsOfGivenPassword(password, ['password']));
  if (!(await passwords.matches(password, await realm.passwordHashOf(prisma, admin.id)))) {
    const target = realm.target(await realm.findById(prisma, admin.id));
    await audit.record(prisma, actorOf(asked), { event: 'admin.stepUp', outcome: 'refused', target });
    throw invalidInput([{ path: ['password'], message: 'The password is not correct' }]);
  }
  const provenAt = clock();
  await inTransaction(prisma, async (transaction) => {
    // A change of the password ends the session, so what was compared is still the password.
    await realm.lockViewer(transaction, asked.viewer, provenAt);
    await transaction.adminSession.update({ where: { documentId: session }, data: { provenAt }, select: { id: true } });
  });
  return { until: new Date(provenAt.getTime() + PROOF_LIFESPAN) };
}
