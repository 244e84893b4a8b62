import { type AskedBy, actorOf } from '../../authentication/actor-of.ts';
import type { Viewer } from '../../authentication/viewer.ts';
import { applicationError, type Fault, invalidInput, notFound, refuse } from '../../common/errors.ts';
import { charactersIn } from '../../common/text-length.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Passkey, Prisma } from '../../generated/prisma/client.ts';
import type { Accounts } from '../accounts.ts';
import type { Person } from '../realms/realm.ts';
import { faultsOfBlank } from '../required-texts.ts';
import type { FactorOwner } from '../second-factors/factor-owner.ts';
import { PASSKEY_REFUSED } from './passkey-refused.ts';

/** The passkeys of the viewer, the oldest first. */
export function listPasskeys<Account extends Person, Me extends Viewer>(
  { realm, prisma }: Accounts<Account, Me>,
  viewer: Me,
): Promise<Passkey[]> {
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
export async function addPasskey<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  { response, name }: AddPasskeyInput,
  asked: AskedBy<Me>,
): Promise<Passkey> {
  const { realm, prisma, passkeys, outbox, audit } = accounts;
  await count(accounts, asked);
  refuse(faultsOfName(name));
  const owner = realm.mailAccount(realm.ownAccount(asked.viewer).id);
  const made = await passkeys.verifyNew(response, owner);
  if (!made) throw invalidInput([{ path: ['response'], message: PASSKEY_REFUSED }]);
  return inTransaction(prisma, async (transaction) => {
    const account = await realm.lockViewer(transaction, asked.viewer, accounts.clock());
    await refuseTooMany(transaction, owner);
    const added = await passkeys.add(transaction, owner, made, name.trim());
    if (!added) throw invalidInput([{ path: ['response'], message: PASSKEY_REFUSED }]);
    await outbox.enqueue(transaction, { purpose: 'passkeyAdded', to: account.email, account: owner });
    const after = { passkey: added.name };
    await audit.record(transaction, actorOf(asked), {
      event: realm.events.addPasskey,
      target: realm.target(account),
      after,
    });
    return added;
  });
}

/** @throws ApiError NOT_FOUND for a passkey of somebody else. */
export function renamePasskey<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  { id, name }: { readonly id: string; readonly name: string },
  asked: AskedBy<Me>,
): Promise<Passkey> {
  return change(accounts, id, asked, async (transaction, passkey, account) => {
    refuse(faultsOfName(name));
    const renamed = await transaction.passkey.update({ where: { id: passkey.id }, data: { name: name.trim() } });
    if (renamed.name === passkey.name) return renamed;
    await accounts.audit.record(transaction, actorOf(asked), {
      ...{ event: accounts.realm.events.renamePasskey, target: accounts.realm.target(account) },
      ...{ before: { passkey: passkey.name }, after: { passkey: renamed.name } },
    });
    return renamed;
  });
}

/** @throws ApiError NOT_FOUND for a passkey of somebody else; APPLICATION_ERROR if nothing else logs in to the account. */
export async function removePasskey<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  id: string,
  asked: AskedBy<Me>,
): Promise<void> {
  const { realm, outbox, audit } = accounts;
  await change(accounts, id, asked, async (transaction, passkey, account) => {
    if (await realm.isLastWayIn(transaction, account.id))
      throw applicationError('This is the only way to log in to the account: set a password first');
    await transaction.passkey.delete({ where: { id: passkey.id }, select: { id: true } });
    const owner = realm.mailAccount(account.id);
    await outbox.enqueue(transaction, { purpose: 'passkeyRemoved', to: account.email, account: owner });
    const before = { passkey: passkey.name };
    const event = { event: realm.events.removePasskey, target: realm.target(account), before };
    await audit.record(transaction, actorOf(asked), event);
  });
}

/** Finds a passkey of the viewer's, with the account locked. */
async function change<Account extends Person, Me extends Viewer, Result>(
  accounts: Accounts<Account, Me>,
  id: string,
  asked: AskedBy<Me>,
  work: (transaction: Prisma.TransactionClient, passkey: Passkey, account: Account) => Promise<Result>,
): Promise<Result> {
  const { realm, prisma, clock } = accounts;
  await count(accounts, asked);
  return inTransaction(prisma, async (transaction) => {
    const account = await realm.lockViewer(transaction, asked.viewer, clock());
    const where = { id: id.replaceAll('\0', ''), ...realm.mailAccount(account.id) };
    const passkey = await transaction.passkey.findFirst({ where });
    if (!passkey) throw notFound('Passkey not found');
    return work(transaction, passkey, account);
  });
}

/** Each change is a mail. */
function count<Account extends Person, Me extends Viewer>(
  { realm, attempts }: Accounts<Account, Me>,
  { viewer, origin }: AskedBy<Me>,
): Promise<void> {
  return attempts.count(realm.attempts.passkeys, {
    address: origin.address,
    account: realm.ownAccount(viewer).documentId,
  });
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
