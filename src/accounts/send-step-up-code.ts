import type { AskedBy } from '../authentication/actor-of.ts';
import type { UserViewer } from '../authentication/viewer.ts';
import { applicationError, rateLimited } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { UserAccounts } from './accounts.ts';
import { stepUpMethods } from './step-up-methods.ts';

/** Seconds until another mail makes sense, when there were too many. */
const LATER = 600;

/**
 * Mails a code that proves who the viewer is, to the address of the account.
 *
 * @throws ApiError APPLICATION_ERROR for an account that has something better: a second factor, or a password.
 */
export async function sendStepUpCode(accounts: UserAccounts, asked: AskedBy<UserViewer>): Promise<void> {
  const { realm, prisma, attempts, shortCodes, outbox, clock } = accounts;
  const { documentId } = asked.viewer.account;
  await attempts.count('sendStepUpCode', { address: asked.origin.address, account: documentId });
  const methods = await stepUpMethods(accounts, asked.viewer);
  if (!methods.includes('code'))
    throw applicationError(`A mailed code does not count here: use ${methods.join(' or ')}`);
  if (!(await attempts.mayMail(asked.viewer.account.email))) throw rateLimited(LATER);
  await inTransaction(prisma, async (transaction) => {
    const { id, email } = await realm.lockViewer(transaction, asked.viewer, clock());
    const code = await shortCodes.issue(transaction, id, 'stepUp');
    await outbox.enqueue(transaction, { purpose: 'stepUpCode', to: email, account: { userId: id }, code });
  });
}
