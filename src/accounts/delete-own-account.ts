import { type Actor, byUser, SERVER, type Sent } from '../audit/actor.ts';
import { userTarget } from '../audit/audit.ts';
import { type AskedBy, actorOf } from '../authentication/actor-of.ts';
import { rolesOf, type UserViewer } from '../authentication/viewer.ts';
import { applicationError } from '../common/errors.ts';
import { checkDeferredConstraints } from '../database/deferred-constraints.ts';
import { databaseFailureOf } from '../database/failures.ts';
import { inTransaction } from '../database/retry.ts';
import { isRelationGone, isStillReferenced } from '../database/write-errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { endCredentialsOfUser } from './revoke-credentials.ts';
import { type UserFieldValues, withUserFields } from './user-fields.ts';

const DAY = 86_400_000;

/**
 * Deletes the viewer's account, or closes it until the days of grace are over. Rows of the application go with it as their relations
 * say.
 *
 * @returns when it will be deleted; null if it was deleted.
 * @throws ApiError APPLICATION_ERROR where rows of the application keep it.
 */
export async function deleteOwnAccount(
  accounts: UserAccounts,
  asked: AskedBy<UserViewer>,
): Promise<{ readonly deletesAt: Date | null }> {
  const { prisma, attempts, clock, outbox, audit, realm } = accounts;
  const { account } = asked.viewer;
  await attempts.count('deleteMe', { address: asked.origin.address, account: account.documentId });
  const { deleteGraceDays } = await accounts.settings();
  const lock = (transaction: Prisma.TransactionClient) => realm.lockViewer(transaction, asked.viewer, clock());
  if (deleteGraceDays === 0) {
    const deleted = await unlessKept(() =>
      inTransaction(prisma, async (transaction) =>
        deleteUser(accounts, transaction, await lock(transaction), actorOf(asked)),
      ),
    );
    accounts.hooks.afterDelete(deleted, { ...asked, way: 'deleteMe' });
    return { deletesAt: null };
  }
  const deletesAt = new Date(clock().getTime() + deleteGraceDays * DAY);
  // What keeps it is better known now than when it is due.
  await unlessKept(() => tryToDelete(accounts, account.id));
  await inTransaction(prisma, async (transaction) => {
    const user = await lock(transaction);
    await endCredentialsOfUser(transaction, user.id, 'deletion');
    await transaction.user.update({ where: { id: user.id }, data: { deletesAt }, select: { id: true } });
    const date = deletesAt.toISOString().slice(0, 10);
    const mail = { purpose: 'deletionRequested', to: user.email, account: { userId: user.id }, date } as const;
    await outbox.enqueue(transaction, mail);
    const after = { deletesAt: deletesAt.toISOString() };
    const event = { event: 'user.requestDeletion', target: userTarget(user), after } as const;
    await audit.record(transaction, actorOf(asked), event);
  });
  return { deletesAt };
}

/** Keeps an account whose owner logs in before it is deleted. */
export async function keepAccount(
  { prisma, audit }: Pick<UserAccounts, 'prisma' | 'audit'>,
  user: UserRow,
  sent: Sent,
): Promise<void> {
  await inTransaction(prisma, async (transaction) => {
    const where = { id: user.id, deletesAt: { not: null } };
    const { count } = await transaction.user.updateMany({ where, data: { deletesAt: null } });
    if (count === 0) return; // another login was faster
    const before = { deletesAt: user.deletesAt?.toISOString() };
    await audit.record(transaction, byUser(user, sent), { event: 'user.keep', target: userTarget(user), before });
  });
}

/** Accounts that are read at once. */
const PAGE = 1_000;

/**
 * Deletes every account whose days of grace are over. One that the application's rows or triggers keep, or whose rows take too long, is
 * logged, and stays closed.
 *
 * @throws when the database does not answer.
 */
export async function deleteEndedAccounts(accounts: UserAccounts): Promise<void> {
  const { prisma, clock } = accounts;
  // A page ends where the next one begins: those that stay must not hide the others.
  for (let last = 0; ; ) {
    const due = { deletesAt: { lte: clock() }, id: { gt: last } };
    const select = { id: true, documentId: true };
    const page = await prisma.user.findMany({ where: due, select, orderBy: { id: 'asc' }, take: PAGE });
    for (const ended of page) await deleteEnded(accounts, ended);
    if (page.length < PAGE) return;
    last = page.at(-1)?.id ?? last;
  }
}

async function deleteEnded(
  accounts: UserAccounts,
  { id, documentId }: { readonly id: number; readonly documentId: string },
): Promise<void> {
  const { prisma, clock, realm, log } = accounts;
  try {
    const deleted = await inTransaction(prisma, async (transaction) => {
      const user = await realm.lock(transaction, id);
      // Another process was faster, or the owner logged in meanwhile.
      if (!user?.deletesAt || user.deletesAt > clock()) return undefined;
      return deleteUser(accounts, transaction, user, SERVER);
    });
    if (deleted) accounts.hooks.afterDelete(deleted, { way: 'deleteMe', requestId: null, origin: undefined });
  } catch (error) {
    // What a trigger of the application says, too, and a limit of time: one account must not keep the others.
    if (databaseFailureOf(error)) await prisma.$queryRaw`SELECT 1`;
    log.error({ err: error, user: documentId }, 'an account is due to be deleted, and could not be');
  }
}

interface DeletedUser extends UserRow {
  readonly fields: UserFieldValues;
}

/** Needs the row locked. */
async function deleteUser(
  { userFields, audit, outbox }: UserAccounts,
  transaction: Prisma.TransactionClient,
  user: UserRow,
  actor: Actor,
): Promise<DeletedUser> {
  const fields = await userFields.read(transaction, user.id);
  await transaction.user.delete({ where: { id: user.id }, select: { id: true } });
  await checkDeferredConstraints(transaction);
  await outbox.enqueueWithoutAccount(transaction, { purpose: 'accountDeleted', to: user.email });
  const { username, email, confirmed, blocked, blockedUntil } = user;
  const roles = rolesOf(user).map(({ type }) => type);
  const record = { username, email, role: user.role.type, roles, confirmed, blocked, blockedUntil };
  const before = withUserFields(userFields, record, fields);
  await audit.record(transaction, actor, { event: 'user.delete', target: userTarget(user), before });
  return { ...user, fields };
}

/** Deletes a user and takes it back. */
async function tryToDelete({ prisma }: UserAccounts, id: number): Promise<void> {
  const takenBack = new Error('taken back');
  await inTransaction(prisma, async (transaction) => {
    await transaction.user.delete({ where: { id }, select: { id: true } });
    await checkDeferredConstraints(transaction);
    throw takenBack;
  }).catch((error: unknown) => {
    if (error !== takenBack) throw error;
  });
}

async function unlessKept<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isKept(error) ? applicationError('The account cannot be deleted: other documents need it') : error;
  }
}

function isKept(error: unknown): boolean {
  return isStillReferenced(error) || isRelationGone(error);
}
