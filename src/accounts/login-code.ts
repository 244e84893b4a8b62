import { byUser, type Sent } from '../audit/actor.ts';
import { userTarget } from '../audit/audit.ts';
import { type Asked, actorOf } from '../authentication/actor-of.ts';
import { isBlocked } from '../authentication/viewer.ts';
import { applicationError, badInput, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { MailRequest } from '../mail/outbox/entries.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { completeLogin, type LoginResult } from './complete-login.ts';
import { faultsOfEmail, normalEmail } from './emails.ts';
import { refuseClosed } from './refuse-closed.ts';
import { faultsOfBlank } from './required-texts.ts';
import { takeOver } from './take-over.ts';
import { verifyEmail } from './verify-email.ts';

const WAY = 'loginWithCode';

/**
 * Requests a mail with a code to log in, without revealing whether the account exists.
 *
 * @throws ApiError APPLICATION_ERROR while the setting `emailLoginCodes` is off.
 */
export async function sendLoginCode(accounts: UserAccounts, email: string, asked: Asked): Promise<void> {
  const { prisma, attempts, outbox } = accounts;
  await attempts.count('sendLoginCode', asked.origin);
  await refuseWhenOff(accounts);
  refuse(faultsOfEmail(email));
  await outbox.request(prisma, 'sendLoginCode', { email: normalEmail(email), actor: actorOf(asked) });
}

/** Mails a code to log in if the account exists. */
export async function mailLoginCode(accounts: UserAccounts, { email }: MailRequest): Promise<void> {
  const { realm, prisma, attempts, shortCodes, outbox, clock } = accounts;
  if (!(await accounts.settings()).emailLoginCodes) return;
  const found = await realm.findByEmail(prisma, email);
  if (!found || isBlocked(found, clock()) || !(await attempts.mayMail(email))) return;
  await inTransaction(prisma, async (transaction) => {
    // The lock serializes this with everything that revokes codes.
    const user = await realm.lock(transaction, found.id);
    if (user?.email !== email || isBlocked(user, clock())) return;
    const code = await shortCodes.issue(transaction, user.id, 'login');
    await outbox.enqueue(transaction, { purpose: 'loginCode', to: email, account: { userId: user.id }, code });
  });
}

/**
 * Logs in with a mailed code. It shows that the user reads the mails of the address, so it confirms an account that waits for that,
 * and ends what its maker had.
 *
 * @throws ApiError BAD_USER_INPUT, with one message for a wrong, used, replaced and expired code and an unknown address, in even
 * time; otherwise as `logIn`.
 */
export async function logInWithCode(
  accounts: UserAccounts,
  { email: typed, code }: { readonly email: string; readonly code: string },
  sent: Sent,
): Promise<LoginResult<UserRow>> {
  const { realm, prisma, attempts, shortCodes, clock, hooks } = accounts;
  const email = normalEmail(typed);
  await attempts.count(WAY, { address: sent.origin.address, account: email });
  await refuseWhenOff(accounts);
  refuse([...faultsOfEmail(typed), ...faultsOfBlank({ code })]);
  const found = await realm.findByEmail(prisma, email);
  const isRight = await shortCodes.use(prisma, found?.id, 'login', code);
  accounts.onLogin(isRight ? 'accepted' : 'refused');
  if (!found || !isRight) {
    accounts.loginRefusals?.count();
    hooks.onLoginRefused('credential', found, { ...sent, way: WAY });
    throw badInput('Invalid code');
  }
  const user = await inTransaction(prisma, async (transaction) => {
    const locked = await realm.lock(transaction, found.id);
    // Whatever ends codes ended this one, too.
    if (locked?.tokenVersion !== found.tokenVersion || locked.email !== email) throw badInput('Invalid code');
    if (locked.confirmed) {
      await verifyEmail(transaction, locked.id, clock());
      return locked;
    }
    await takeOver(accounts, transaction, locked.id);
    const confirmed = await transaction.user.findUniqueOrThrow({ where: { id: locked.id }, select: USER });
    const event = { event: 'user.confirm', target: userTarget(confirmed) } as const;
    await accounts.audit.record(transaction, byUser(confirmed, sent), event);
    return confirmed;
  });
  const settings = await accounts.settings();
  refuseClosed(accounts, user, settings, sent, WAY);
  return completeLogin(accounts, user, settings, sent, WAY, ['mail']);
}

async function refuseWhenOff(accounts: UserAccounts): Promise<void> {
  if (!(await accounts.settings()).emailLoginCodes) throw applicationError('Login codes are currently disabled');
}
