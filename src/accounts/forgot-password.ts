import { type Asked, actorOf } from '../authentication/actor-of.ts';
import { refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { MailRequest } from '../mail/outbox/entries.ts';
import type { Accounts } from './accounts.ts';
import { faultsOfEmail, normalEmail } from './emails.ts';
import type { Person } from './realms/realm.ts';

/** Requests a mail with a password reset link, without revealing whether the account exists. */
export async function forgotPassword<Account extends Person>(
  { realm, prisma, attempts, outbox }: Accounts<Account>,
  email: string,
  asked: Asked,
): Promise<void> {
  await attempts.count(realm.attempts.forgotPassword, asked.origin);
  refuse(faultsOfEmail(email));
  // Writes the same row whether or not the account exists. It is looked up after the response.
  const request = { email: normalEmail(email), actor: actorOf(asked) };
  await outbox.request(prisma, realm.mails.forgotPassword, request);
}

/** Mails a password reset code if the account exists. */
export async function mailPasswordCode<Account extends Person>(
  accounts: Accounts<Account>,
  { email, actor }: MailRequest,
): Promise<void> {
  const { realm, prisma, attempts, outbox, audit, clock } = accounts;
  const found = await realm.findByEmail(prisma, email);
  if (!found || realm.isBlocked(found, clock()) || !(await attempts.mayMail(email))) return;
  await inTransaction(prisma, async (transaction) => {
    // The lock serializes this with everything that revokes codes.
    const account = await realm.lock(transaction, found.id);
    if (account?.email !== email || realm.isBlocked(account, clock())) return;
    const coded = await realm.passwordCodes.issue(accounts, transaction, account.id);
    await outbox.enqueue(transaction, { ...coded, to: email, account: realm.mailAccount(account.id) });
    const target = realm.target(account);
    await audit.record(transaction, actor, { event: realm.events.requestPassword, target });
  });
}
