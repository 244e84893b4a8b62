import { renderSVG } from 'uqr';
import { type AskedBy, actorOf } from '../../authentication/actor-of.ts';
import type { Viewer } from '../../authentication/viewer.ts';
import { applicationError, invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { MailPurpose, Prisma } from '../../generated/prisma/client.ts';
import type { Accounts } from '../accounts.ts';
import type { Person, Realm } from '../realms/realm.ts';
import { factorsOf, type OwnFactors } from './factor-methods.ts';
import { totpUri } from './totp.ts';

/** What an app needs to show codes. */
export interface TotpSetup {
  /** In Base32, to be typed. */
  readonly secret: string;
  /** The same as an address `otpauth://`. */
  readonly uri: string;
  /** The address as a QR code. */
  readonly qrSvg: string;
}

/** The second factors of the viewer. */
export function ownFactors<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  viewer: Me,
): Promise<OwnFactors> {
  return factorsOf(accounts, accounts.realm.ownAccount(viewer).id);
}

/** Makes a secret for an app. It is no second factor before `confirmTotp`. */
export async function startTotp<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  asked: AskedBy<Me>,
): Promise<TotpSetup> {
  const { secondFactors, issuer } = accounts;
  const { secret, email } = await change(accounts, asked, async (transaction, account) => ({
    secret: await secondFactors.start(transaction, accounts.realm.mailAccount(account.id)),
    email: account.email,
  }));
  const uri = totpUri(secret, { issuer, label: email });
  return { secret, uri, qrSvg: renderSVG(uri, { border: 2 }) };
}

/**
 * Makes the app a second factor, in place of another one, and returns the backup codes.
 *
 * @throws ApiError BAD_USER_INPUT for a code that is not of the app.
 */
export function confirmTotp<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  code: string,
  asked: AskedBy<Me>,
): Promise<readonly string[]> {
  const { realm, secondFactors } = accounts;
  return change(accounts, asked, async (transaction, account) => {
    const codes = await secondFactors.confirm(transaction, realm.mailAccount(account.id), code);
    if (!codes) throw invalidInput([{ path: ['code'], message: 'The code is not correct' }]);
    await tell(accounts, transaction, account, asked, { event: 'addFactor', mail: 'secondFactorAdded' });
    return codes;
  });
}

/** Removes the app and the backup codes. @throws ApiError APPLICATION_ERROR if there is none. */
export function removeTotp<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  asked: AskedBy<Me>,
): Promise<void> {
  const { realm, secondFactors } = accounts;
  return change(accounts, asked, async (transaction, account) => {
    if (!(await secondFactors.remove(transaction, realm.mailAccount(account.id)))) throw hasNone();
    await tell(accounts, transaction, account, asked, { event: 'removeFactor', mail: 'secondFactorRemoved' });
  });
}

/** Replaces the backup codes. @throws ApiError APPLICATION_ERROR without an app. */
export function newBackupCodes<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  asked: AskedBy<Me>,
): Promise<readonly string[]> {
  const { realm, secondFactors } = accounts;
  return change(accounts, asked, async (transaction, account) => {
    const owner = realm.mailAccount(account.id);
    if (!(await secondFactors.stateOf(transaction, owner)).totpSince) throw hasNone();
    const codes = await secondFactors.replaceBackupCodes(transaction, owner);
    await tell(accounts, transaction, account, asked, { event: 'replaceBackupCodes', mail: 'backupCodesReplaced' });
    return codes;
  });
}

/** Locks the account, and counts: a code can be guessed, and each change is a mail. */
async function change<Account extends Person, Me extends Viewer, Result>(
  { realm, prisma, attempts, clock }: Accounts<Account, Me>,
  asked: AskedBy<Me>,
  work: (transaction: Prisma.TransactionClient, account: Account) => Promise<Result>,
): Promise<Result> {
  const { documentId } = realm.ownAccount(asked.viewer);
  await attempts.count(realm.attempts.secondFactors, { address: asked.origin.address, account: documentId });
  return inTransaction(prisma, async (transaction) =>
    work(transaction, await realm.lockViewer(transaction, asked.viewer, clock())),
  );
}

/** Records a change, and mails a notice of it. */
async function tell<Account extends Person, Me extends Viewer>(
  { realm, audit, outbox }: Accounts<Account, Me>,
  transaction: Prisma.TransactionClient,
  account: Account,
  asked: AskedBy<Me>,
  told: {
    readonly event: keyof Pick<Realm<never>['events'], 'addFactor' | 'removeFactor' | 'replaceBackupCodes'>;
    readonly mail: MailPurpose;
  },
): Promise<void> {
  const to = account.email;
  await outbox.enqueue(transaction, { purpose: told.mail, to, account: realm.mailAccount(account.id) });
  await audit.record(transaction, actorOf(asked), { event: realm.events[told.event], target: realm.target(account) });
}

function hasNone(): Error {
  return applicationError('There is no second factor. Set one up first.');
}
