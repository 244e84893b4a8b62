import type { Sent } from '../audit/actor.ts';
import { type ApiError, badInput, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { Accounts } from './accounts.ts';
import { faultsOfEmpty } from './blank.ts';
import { type LoginResult, letIn } from './let-in.ts';
import { faultsOfTypedTwice, type TypedTwice } from './new-password.ts';
import { writtenPassword } from './public-password.ts';
import type { Person } from './realms/realm.ts';

export interface ResetPasswordInput extends TypedTwice {
  /** The mailed one. */
  readonly code: string;
}

/**
 * A new password for who holds the mailed code, which works once. Every older token and code of the account ends.
 *
 * @throws ApiError BAD_USER_INPUT alike for a code that is wrong, used, replaced or expired.
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
  refuse([...faultsOfEmpty({ code }), ...faultsOfTypedTwice(typed, { minLength, names: [] })]);
  // Looked at before the costly hash, so that guessing costs us little; used up after it, so that it works once.
  const owner = await realm.passwordCodes.ownerOf(accounts, prisma, code);
  if (!owner) throw incorrectCode();
  // Only who holds the code learns whose it is.
  refuse(faultsOfTypedTwice(typed, { minLength, names: realm.namesOf(owner) }));
  const written = await writtenPassword(passwords, typed.password);

  const account = await inTransaction(prisma, async (transaction) => {
    // The account first, as for everybody who ends codes: two that wait for each other would be ended by the database.
    const locked = await realm.lock(transaction, owner.id);
    if (!locked || !(await realm.passwordCodes.use(accounts, transaction, code))) throw incorrectCode();
    // Who asked for another address before may be whom the password is changed against.
    const account = await realm.writePassword(transaction, owner.id, written);
    const mail = { purpose: 'passwordChanged', to: account.email, account: realm.mailAccount(account.id) } as const;
    await outbox.enqueue(transaction, mail);
    const event = realm.events.resetPassword;
    await audit.record(transaction, realm.actor(account, sent), { event, target: realm.target(account) });
    return account;
  });
  return letIn(accounts, account, settings, sent);
}

function incorrectCode(): ApiError {
  return badInput('Incorrect code provided');
}
