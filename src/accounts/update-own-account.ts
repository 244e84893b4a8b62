import { difference, userTarget } from '../audit/audit.ts';
import { type AskedBy, actorOf } from '../authentication/actor-of.ts';
import { isProven } from '../authentication/proof.ts';
import type { Account, UserViewer } from '../authentication/viewer.ts';
import { type Fault, refuse } from '../common/errors.ts';
import { rejectNull } from '../common/reject-null.ts';
import { inTransaction } from '../database/retry.ts';
import { uniquely } from '../database/write-errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { keepIdentifiers } from './claim-identifiers.ts';
import { faultsOfEmail, normalEmail } from './emails.ts';
import { lockPerson } from './lock-account.ts';
import { faultsOfCurrentPassword } from './passwords.ts';
import { stepUpMethods } from './step-up-methods.ts';
import { fieldTaken, UserFieldTaken, type UserFieldValues, withUserFields } from './user-fields.ts';
import { faultsOfForeignEmail, faultsOfUsername } from './usernames.ts';

/** What is absent stays as it is. */
export interface OwnAccountChange {
  readonly username?: string | null | undefined;
  /** Takes effect when it is confirmed by mail. Needs the current password, or a proof since the session began. */
  readonly email?: string | null | undefined;
  readonly currentPassword?: string | null | undefined;
  /** Of the fields that are the application's own, those that users write. */
  readonly fields?: UserFieldValues | undefined;
}

/** Changes the viewer's username and own fields at once, and the e-mail after it is confirmed. */
export async function updateOwnAccount(
  accounts: UserAccounts,
  change: OwnAccountChange,
  asked: AskedBy<UserViewer>,
): Promise<Account> {
  const { attempts, prisma, clock, userFields } = accounts;
  const { fields = {} } = change;
  const hasFields = Object.keys(fields).length > 0;
  const { account } = asked.viewer;
  rejectNull(change, ['username', 'email']);
  const username = change.username?.trim();
  const by = { address: asked.origin.address, account: String(account.id) };
  const renames = username !== undefined && username !== account.username;
  const newEmail = change.email == null ? undefined : normalEmail(change.email);
  if (renames) await attempts.count('updateMe.username', by);
  // Each change is an audit event, and one of a unique field tells whether a value is taken.
  if (hasFields) await attempts.count('updateMe.fields', by);
  const faults = [
    ...(username === undefined ? [] : faultsOfUsername(username)),
    ...(renames ? faultsOfForeignEmail({ username, email: account.email }) : []),
    ...(change.email == null ? [] : faultsOfEmail(change.email)),
    ...userFields.faultsOf({ writer: 'me', values: fields }, { creating: false }),
  ];
  const changesEmail = newEmail !== undefined && newEmail !== account.email;
  if (changesEmail) {
    await attempts.count('updateMe', by);
    faults.push(...(await faultsOfProof(accounts, asked.viewer, change.currentPassword ?? undefined)));
  }
  refuse(faults);

  if (username === undefined && !changesEmail && !hasFields) return account;
  const write = () =>
    inTransaction(prisma, async (transaction) => {
      // Fails if the password was changed or the viewer was blocked meanwhile.
      const before = await lockPerson(transaction, asked.viewer, clock());
      const named = username === undefined ? before : await rename(transaction, before, username);
      const changed = await writeFields(transaction, accounts, before, named, fields);
      if (changed) {
        const target = userTarget(named);
        await accounts.audit.record(transaction, actorOf(asked), { event: 'user.update', target, ...changed });
      }
      if (changesEmail) await requestEmail(transaction, accounts, named, newEmail, asked);
      return named;
    });
  return uniquely(
    write,
    () => fieldTaken(userFields.uniquesIn(fields)),
    (error) => error instanceof UserFieldTaken,
  );
}

/** Writes the fields that are the application's own. @returns what is different of the user, for the audit log. */
async function writeFields(
  transaction: Prisma.TransactionClient,
  { userFields }: UserAccounts,
  before: UserRow,
  after: UserRow,
  fields: UserFieldValues,
) {
  const [was, is] = [{ username: before.username }, { username: after.username }];
  if (Object.keys(fields).length === 0) return difference(was, is);
  const stored = await userFields.read(transaction, after.id);
  await userFields.write(transaction, after.id, fields);
  const written = await userFields.read(transaction, after.id);
  return difference(withUserFields(userFields, was, stored), withUserFields(userFields, is, written));
}

/** The current password is a proof by itself, and so is a step-up in this session. */
async function faultsOfProof(
  accounts: UserAccounts,
  viewer: UserViewer,
  currentPassword: string | undefined,
): Promise<Fault[]> {
  const { prisma, passwords, realm } = accounts;
  const path = ['currentPassword'];
  if (currentPassword === undefined) {
    if (await hasSteppedUp(accounts, viewer)) return [];
    return [{ path, message: 'currentPassword is a required field' }];
  }
  const hash = await realm.passwordHashOf(prisma, viewer.account.id);
  const faults = await faultsOfCurrentPassword(passwords, currentPassword, hash, path);
  if (faults.length > 0) return faults;
  if (await passwords.matches(currentPassword, hash)) return [];
  return [{ path, message: 'The provided current password is invalid' }];
}

/**
 * Whether the viewer has proven lately who they are. Where the password is what proves it, the login is not enough: whoever finds
 * an open session would change the address in it.
 */
async function hasSteppedUp(accounts: UserAccounts, viewer: UserViewer): Promise<boolean> {
  const { prisma, clock } = accounts;
  const { session: documentId } = viewer;
  if (!isProven(viewer, clock())) return false;
  if (!(await stepUpMethods(accounts, viewer)).includes('password')) return true;
  const session = await prisma.session.findUnique({
    where: { documentId },
    select: { createdAt: true, provenAt: true },
  });
  return session?.provenAt != null && session.provenAt > session.createdAt;
}

async function rename(transaction: Prisma.TransactionClient, before: UserRow, username: string): Promise<UserRow> {
  const { id } = before;
  const user = await transaction.user.update({ where: { id }, data: { username }, select: USER });
  await keepIdentifiers(transaction, id, before, user);
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
