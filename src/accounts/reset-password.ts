import type { Sent } from '../audit/actor.ts';
import { type ApiError, badInput, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { Accounts } from './accounts.ts';
import { completeLogin, type LoginResult } from './complete-login.ts';
import { faultsOfTypedTwice, type TypedTwice } from './new-password.ts';
import { writtenPassword } from './public-password.ts';
import type { Person } from './realms/realm.ts';
import { faultsOfBlank } from './required-texts.ts';

export interface ResetPasswordInput extends TypedTwice {
  /** The mailed code. */
  readonly code: string;
}

/**
 * Sets a new password with a mailed one-time code and revokes all tokens and codes of the account.
 *
 * @throws ApiError BAD_USER_INPUT, with the same message for a wrong, used, replaced and expired code.
 */
export async function resetPassword<Account extends Person>(
  accounts: Accounts<Account>,
  { code, ...typed }: ResetPasswordInput,
  sent: Sent,
): Promise<LoginResult<Account>> {
  const { realm, prisma, attempts, passwords, outbox, audit } = accounts;
  await attempts.count(realm.attempts.resetPassword, { address: sent.origin.address, account: code });
  const settings = await accounts.settings();
  const minLength = realm.minLength(settings);
  refuse([...faultsOfBlank({ code }), ...faultsOfTypedTwice(typed, { minLength, names: [] })]);
  // Checked before the slow hash, so that guessing is cheap for us; used in the transaction, so that it works once.
  const owner = await realm.passwordCodes.ownerOf(accounts, prisma, code);
  if (!owner) throw incorrectCode();
  // The owner's names are checked only now: without a valid code nothing about the owner is revealed.
  refuse(faultsOfTypedTwice(typed, { minLength, names: realm.namesOf(owner) }));
  const written = await writtenPassword(passwords, typed.password);

  const account = await inTransaction(prisma, async (transaction) => {
    // Locks the account first, as everything that revokes codes does, to avoid deadlocks.
    const locked = await realm.lock(transaction, owner.id);
    if (!locked || !(await realm.passwordCodes.use(accounts, transaction, code))) throw incorrectCode();
    // Also revokes a pending change of e-mail: an intruder may have requested it.
    const account = await realm.writePassword(transaction, owner.id, written);
    const mail = { purpose: 'passwordChanged', to: account.email, account: realm.mailAccount(account.id) } as const;
    await outbox.enqueue(transaction, mail);
    const event = realm.events.resetPassword;
    await audit.record(transaction, realm.actor(account, sent), { event, target: realm.target(account) });
    return account;
  });
  return completeLogin(accounts, account, settings, sent, 'resetPassword', ['mail']);
}

function incorrectCode(): ApiError {
  return badInput('Incorrect code provided');
}
