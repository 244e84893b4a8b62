import { difference, userTarget } from '../audit/audit.ts';
import { type AskedBy, actorOf } from '../authentication/actor-of.ts';
import type { Account, UserViewer } from '../authentication/viewer.ts';
import { type Fault, refuse } from '../common/errors.ts';
import { rejectNull } from '../common/reject-null.ts';
import { inTransaction } from '../database/retry.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { keepIdentifiers } from './claim-identifiers.ts';
import { faultsOfEmail, normalEmail } from './emails.ts';
import { lockPerson } from './lock-account.ts';
import { faultsOfCurrentPassword } from './passwords.ts';
import { faultsOfForeignEmail, faultsOfUsername } from './usernames.ts';

/** What is absent stays as it is. */
export interface OwnAccountChange {
  readonly username?: string | null | undefined;
  /** Takes effect when it is confirmed by mail. Needs the current password. */
  readonly email?: string | null | undefined;
  readonly currentPassword?: string | null | undefined;
}

/** Changes the viewer's username at once, and the e-mail after it is confirmed. */
export async function updateOwnAccount(
  accounts: UserAccounts,
  change: OwnAccountChange,
  asked: AskedBy<UserViewer>,
): Promise<Account> {
  const { attempts, prisma, clock } = accounts;
  const { account } = asked.viewer;
  rejectNull(change, ['username', 'email']);
  const username = change.username?.trim();
  const by = { address: asked.origin.address, account: String(account.id) };
  const renames = username !== undefined && username !== account.username;
  const newEmail = change.email == null ? undefined : normalEmail(change.email);
  if (renames) await attempts.count('updateMe.username', by);
  const faults = [
    ...(username === undefined ? [] : faultsOfUsername(username)),
    ...(renames ? faultsOfForeignEmail({ username, email: account.email }) : []),
    ...(change.email == null ? [] : faultsOfEmail(change.email)),
  ];
  const changesEmail = newEmail !== undefined && newEmail !== account.email;
  if (changesEmail) {
    await attempts.count('updateMe', by);
    faults.push(...(await faultsOfProof(accounts, account, change.currentPassword ?? undefined)));
  }
  refuse(faults);

  if (username === undefined && !changesEmail) return account;
  return inTransaction(prisma, async (transaction) => {
    // Fails if the password was changed or the viewer was blocked meanwhile.
    const before = await lockPerson(transaction, asked.viewer, clock());
    const updated = username === undefined ? before : await rename(transaction, accounts, before, username, asked);
    if (changesEmail) await requestEmail(transaction, accounts, updated, newEmail, asked);
    return updated;
  });
}

async function faultsOfProof(
  { prisma, passwords, realm }: UserAccounts,
  { id }: Account,
  currentPassword: string | undefined,
): Promise<Fault[]> {
  const path = ['currentPassword'];
  if (currentPassword === undefined) return [{ path, message: 'currentPassword is a required field' }];
  const hash = await realm.passwordHashOf(prisma, id);
  const faults = await faultsOfCurrentPassword(passwords, currentPassword, hash, path);
  if (faults.length > 0) return faults;
  if (await passwords.matches(currentPassword, hash)) return [];
  return [{ path, message: 'The provided current password is invalid' }];
}

async function rename(
  transaction: Prisma.TransactionClient,
  { audit }: UserAccounts,
  before: UserRow,
  username: string,
  asked: AskedBy<UserViewer>,
): Promise<UserRow> {
  const { id } = before;
  const user = await transaction.user.update({ where: { id }, data: { username }, select: USER });
  await keepIdentifiers(transaction, id, before, user);
  const changed = difference({ username: before.username }, { username });
  if (changed) {
    await audit.record(transaction, actorOf(asked), { event: 'user.update', target: userTarget(user), ...changed });
  }
  return user;
}

/**
 * Mails a code to the new address and a notice to the old one. If the new address belongs to another account, its mail
 * is dropped at delivery, so the response does not reveal it.
 */
async function requestEmail(
  transaction: Prisma.TransactionClient,
  { codes, outbox, audit }: UserAccounts,
  user: Account,
  newEmail: string,
  asked: AskedBy<UserViewer>,
): Promise<void> {
  const account = { userId: user.id };
  const code = await codes.issue(transaction, user.id, 'changeEmail', newEmail);
  await outbox.enqueue(transaction, { purpose: 'emailChangeRequested', to: user.email, newEmail, account });
  await outbox.enqueue(transaction, { purpose: 'changeEmail', to: newEmail, code, account });
  const [before, after] = [{ email: user.email }, { email: newEmail }];
  const target = userTarget(user);
  await audit.record(transaction, actorOf(asked), { event: 'user.requestEmail', target, before, after });
}
