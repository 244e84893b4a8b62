import { type Asked, actorOf } from '../authentication/actor-of.ts';
import { refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { MailRequest } from '../mail/outbox/entries.ts';
import type { Accounts } from './accounts.ts';
import { faultsOfEmail, normalEmail } from './emails.ts';
import type { Person } from './realms/realm.ts';

/** Asks for a mail with a link to choose a new password. Whether there is such an account, nobody learns. */
export async function forgotPassword<Account extends Person>(
  { realm, prisma, attempts, outbox }: Accounts<Account>,
  email: string,
  asked: Asked,
): Promise<void> {
  await attempts.count(realm.attempts.forgotPassword, asked.origin);
  refuse(faultsOfEmail(email));
  // One row, whether or not there is such an account. What comes of it, after the answer, the answer does not tell.
  const request = { email: normalEmail(email), actor: actorOf(asked) };
  await outbox.request(prisma, realm.mails.forgotPassword, request);
}

/** Mails a code to who forgot a password, if there is such an account. */
export async function mailPasswordCode<Account extends Person>(
  accounts: Accounts<Account>,
  { email, actor }: MailRequest,
): Promise<void> {
  const { realm, prisma, attempts, outbox, audit, clock } = accounts;
  const found = await realm.findByEmail(prisma, email);
  if (!found || realm.isBlocked(found, clock()) || !(await attempts.mayMail(email))) return;
  await inTransaction(prisma, async (transaction) => {
    // What ends codes waits until this one is there, or was before it.
    const account = await realm.lock(transaction, found.id);
    if (account?.email !== email || realm.isBlocked(account, clock())) return;
    const coded = await realm.passwordCodes.issue(accounts, transaction, account.id);
    await outbox.enqueue(transaction, { ...coded, to: email, account: realm.mailAccount(account.id) });
    const target = realm.target(account);
    await audit.record(transaction, actor, { event: realm.events.requestPassword, target });
  });
}
