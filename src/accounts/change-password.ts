import { type AskedBy, actorOf } from '../authentication/actor-of.ts';
import type { Viewer } from '../authentication/viewer.ts';
import { badInput, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { Accounts } from './accounts.ts';
import { type LoginResult, renewSession } from './complete-login.ts';
import { faultsOfTypedTwice, type TypedTwice } from './new-password.ts';
import { faultsOfCurrentPassword, normalPassword } from './passwords.ts';
import { writtenPassword } from './public-password.ts';
import type { Person } from './realms/realm.ts';

export interface ChangePasswordInput extends TypedTwice {
  readonly currentPassword: string;
}

/** Changes the viewer's password, revokes all their sessions and codes, and begins a new session. */
export async function changePassword<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  { currentPassword, ...typed }: ChangePasswordInput,
  asked: AskedBy<Me>,
): Promise<LoginResult<Account>> {
  const { realm, prisma, attempts, passwords, outbox, audit, clock } = accounts;
  const own = realm.ownAccount(asked.viewer);
  const { address } = asked.origin;
  await attempts.count(realm.attempts.changePassword, { address, account: own.documentId });
  const settings = await accounts.settings();
  const hash = await realm.passwordHashOf(prisma, own.id);
  refuse([
    ...(await faultsOfCurrentPassword(passwords, currentPassword, hash, ['currentPassword'])),
    ...faultsOfTypedTwice(typed, { minLength: realm.minLength(settings), names: own.names }),
  ]);
  if (!(await passwords.matches(currentPassword, hash))) {
    throw badInput('The provided current password is invalid');
  }
  if (normalPassword(typed.password) === normalPassword(currentPassword)) {
    throw badInput('Your new password must be different than your current password');
  }

  const written = await writtenPassword(passwords, typed.password);
  const account = await inTransaction(prisma, async (transaction) => {
    // Overwrites only the password that was checked: of two concurrent changes, the first revokes the other's session.
    const { id } = await realm.lockViewer(transaction, asked.viewer, clock());
    const account = await realm.writePassword(transaction, id, written);
    await outbox.enqueue(transaction, {
      purpose: 'passwordChanged',
      to: account.email,
      account: realm.mailAccount(id),
    });
    const event = realm.events.changePassword;
    await audit.record(transaction, actorOf(asked), { event, target: realm.target(account) });
    return account;
  });
  return renewSession(accounts, account, settings, asked, [...realm.amrOf(asked.viewer), 'pwd']);
}
