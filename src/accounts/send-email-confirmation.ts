import { type Asked, actorOf } from '../authentication/actor-of.ts';
import { isBlocked } from '../authentication/viewer.ts';
import { refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { MailRequest } from '../mail/outbox/entries.ts';
import type { UserAccounts } from './accounts.ts';
import { faultsOfEmail, normalEmail } from './emails.ts';

/** Requests another confirmation mail, without revealing whether an account waits for it. */
export async function sendEmailConfirmation(
  { prisma, attempts, outbox }: UserAccounts,
  email: string,
  asked: Asked,
): Promise<void> {
  await attempts.count('sendEmailConfirmation', asked.origin);
  refuse(faultsOfEmail(email));
  await outbox.request(prisma, 'sendEmailConfirmation', { email: normalEmail(email), actor: actorOf(asked) });
}

/** Mails a confirmation code if an account waits for it. */
export async function mailConfirmationCode(accounts: UserAccounts, { email }: MailRequest): Promise<void> {
  const { realm, prisma, attempts, codes, outbox, clock } = accounts;
  if (!(await accounts.settings()).emailConfirmation) return;
  const found = await realm.findByEmail(prisma, email);
  if (!found || found.confirmed || isBlocked(found, clock()) || !(await attempts.mayMail(email))) return;
  await inTransaction(prisma, async (transaction) => {
    // The lock serializes this with everything that revokes codes.
    const user = await realm.lock(transaction, found.id);
    if (user?.email !== email || user.confirmed || isBlocked(user, clock())) return;
    const code = await codes.issue(transaction, user.id, 'confirmEmail');
    await outbox.enqueue(transaction, { purpose: 'confirmEmail', to: email, account: { userId: user.id }, code });
  });
}
