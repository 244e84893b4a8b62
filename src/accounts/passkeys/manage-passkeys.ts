import { userTarget } from '../../audit/audit.ts';
import { type AskedBy, actorOf } from '../../authentication/actor-of.ts';
import type { UserViewer } from '../../authentication/viewer.ts';
import { applicationError, type Fault, invalidInput, notFound, refuse } from '../../common/errors.ts';
import { charactersIn } from '../../common/text-length.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Passkey, Prisma } from '../../generated/prisma/client.ts';
import type { UserRow } from '../account-rows.ts';
import type { UserAccounts } from '../accounts.ts';
import { isLastWayIn } from '../last-way-in.ts';
import { faultsOfBlank } from '../required-texts.ts';
import type { FactorOwner } from '../second-factors/factor-owner.ts';
import { PASSKEY_REFUSED } from './passkey-refused.ts';

/** The passkeys of the viewer, the oldest first. */
export function listPasskeys({ realm, prisma }: UserAccounts, viewer: UserViewer): Promise<Passkey[]> {
  const where = realm.mailAccount(realm.ownAccount(viewer).id);
  return prisma.passkey.findMany({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
}

export interface AddPasskeyInput {
  /** What the browser returned. */
  readonly response: unknown;
  readonly name: string;
}

/**
 * Adds a passkey to the viewer's account, with which it can be logged in to from now on.
 *
 * @throws ApiError BAD_USER_INPUT, with one message for a challenge that is wrong, used or expired, a passkey that somebody has, and
 * whatever else is wrong with the response.
 */
export async function addPasskey(
  accounts: UserAccounts,
  { response, name }: AddPasskeyInput,
  asked: AskedBy<UserViewer>,
): Promise<Passkey> {
  const { realm, prisma, passkeys, outbox, audit } = accounts;
  await count(accounts, asked);
  refuse(faultsOfName(name));
  const owner = realm.mailAccount(realm.ownAccount(asked.viewer).id);
  const made = await passkeys.verifyNew(response, owner);
  if (!made) throw invalidInput([{ path: ['response'], message: PASSKEY_REFUSED }]);
  return inTransaction(prisma, async (transaction) => {
    const user = await realm.lockViewer(transaction, asked.viewer, accounts.clock());
    await refuseTooMany(transaction, owner);
    const added = await passkeys.add(transaction, owner, made, name.trim());
    if (!added) throw invalidInput([{ path: ['response'], message: PASSKEY_REFUSED }]);
    await outbox.enqueue(transaction, { purpose: 'passkeyAdded', to: user.email, account: owner });
    const after = { passkey: added.name };
    await audit.record(transaction, actorOf(asked), { event: 'user.addPasskey', target: userTarget(user), after });
    return added;
  });
}

/** @throws ApiError NOT_FOUND for a passkey of somebody else. */
export function renamePasskey(
  accounts: UserAccounts,
  { id, name }: { readonly id: string; readonly name: string },
  asked: AskedBy<UserViewer>,
): Promise<Passkey> {
  return change(accounts, id, asked, async (transaction, passkey, user) => {
    refuse(faultsOfName(name));
    const renamed = await transaction.passkey.update({ where: { id: passkey.id }, data: { name: name.trim() } });
    if (renamed.name === passkey.name) return renamed;
    await accounts.audit.record(transaction, actorOf(asked), {
      ...{ event: 'user.renamePasskey', target: userTarget(user) },
      ...{ before: { passkey: passkey.name }, after: { passkey: renamed.name } },
    });
    return renamed;
  });
}

/** @throws ApiError NOT_FOUND for a passkey of somebody else; APPLICATION_ERROR if nothing else logs in to the account. */
export async function removePasskey(accounts: UserAccounts, id: string, asked: AskedBy<UserViewer>): Promise<void> {
  await change(accounts, id, asked, async (transaction, passkey, user) => {
    if (await isLastWayIn(transaction, user.id))
      throw applicationError('This is the only way to log in to the account: set a password first');
    await transaction.passkey.delete({ where: { id: passkey.id }, select: { id: true } });
    const account = accounts.realm.mailAccount(user.id);
    await accounts.outbox.enqueue(transaction, { purpose: 'passkeyRemoved', to: user.email, account });
    const before = { passkey: passkey.name };
    const event = { event: 'user.removePasskey', target: userTarget(user), before } as const;
    await accounts.audit.record(transaction, actorOf(asked), event);
  });
}

/** Finds a passkey of the viewer's, with the account locked. */
async function change<Result>(
  accounts: UserAccounts,
  id: string,
  asked: AskedBy<UserViewer>,
  work: (transaction: Prisma.TransactionClient, passkey: Passkey, user: UserRow) => Promise<Result>,
): Promise<Result> {
  const { realm, prisma, clock } = accounts;
  await count(accounts, asked);
  return inTransaction(prisma, async (transaction) => {
    const user = await realm.lockViewer(transaction, asked.viewer, clock());
    const where = { id: id.replaceAll('\0', ''), ...realm.mailAccount(user.id) };
    const passkey = await transaction.passkey.findFirst({ where });
    if (!passkey) throw notFound('Passkey not found');
    return work(transaction, passkey, user);
  });
}

/** Each change is a mail. */
function count({ realm, attempts }: UserAccounts, { viewer, origin }: AskedBy<UserViewer>): Promise<void> {
  return attempts.count('passkeys', { address: origin.address, account: realm.ownAccount(viewer).documentId });
}

/** @throws ApiError APPLICATION_ERROR for an account that can have no more. */
export async function refuseTooMany({ passkey }: Pick<Prisma.TransactionClient, 'passkey'>, where: FactorOwner) {
  if ((await passkey.count({ where })) < MOST) return;
  throw applicationError(`An account has at most ${MOST} passkeys: remove one first`);
}

/** More than anybody has devices. */
const MOST = 20;
const MAX_NAME = 100;

function faultsOfName(name: string): Fault[] {
  if (charactersIn(name, MAX_NAME) <= MAX_NAME && !name.includes('\0')) return faultsOfBlank({ name });
  return [{ path: ['name'], message: `name must be at most ${MAX_NAME} characters` }];
}
