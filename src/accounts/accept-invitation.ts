import type { Sent } from '../audit/actor.ts';
import { type ApiError, badInput, refuse } from '../common/errors.ts';
import { hashOf } from '../common/hash.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { completeLogin, type LoginResult } from './complete-login.ts';
import { createAccount, type TakenInvitation } from './create-account.ts';
import { faultsOfTypedTwice, type TypedTwice } from './new-password.ts';
import { writtenPassword } from './public-password.ts';
import { validAccount } from './register.ts';
import { faultsOfBlank } from './required-texts.ts';
import type { UserFieldValues } from './user-fields.ts';

export interface AcceptInvitationInput extends TypedTwice {
  /** The mailed code. */
  readonly code: string;
  readonly username: string;
  /** Of the fields that are the application's own, those that somebody who registers writes. */
  readonly fields?: UserFieldValues | undefined;
}

const WAY = 'acceptInvitation';

/**
 * Creates the account of somebody who was invited, with the role of the invitation, and logs in. The code shows that they read the
 * mails of the address.
 *
 * @throws ApiError BAD_USER_INPUT, with the same message for a wrong, used, replaced, revoked and expired code; APPLICATION_ERROR if
 * an identifier is taken: then the code can be used again.
 */
export async function acceptInvitation(
  accounts: UserAccounts,
  { code, username: typed, fields: sentFields, ...password }: AcceptInvitationInput,
  sent: Sent,
): Promise<LoginResult<UserRow>> {
  const { prisma, attempts, passwords, hooks } = accounts;
  await attempts.count('acceptInvitation', { address: sent.origin.address, account: code });
  const settings = await accounts.settings();
  const { passwordMinLength: minLength } = settings;
  refuse([...faultsOfBlank({ code }), ...faultsOfTypedTwice(password, { minLength, names: [typed] })]);
  const invitation = await findInvitation(accounts, prisma, code);
  if (!invitation) throw invalidCode();
  const { email } = invitation;
  const given = { username: typed, email, password: password.password, fields: sentFields };
  const { username, fields } = await validAccount(accounts, given, settings, { ...sent, way: WAY });
  const written = await writtenPassword(passwords, password.password);
  const account = { username, email, fields, written, confirmed: true };
  const takeInvitation = (transaction: Prisma.TransactionClient) => take(accounts, transaction, code);
  const user = await createAccount(accounts, { ...account, takeInvitation }, settings, sent);
  hooks.afterRegister(user, { ...sent, way: WAY });
  return completeLogin(accounts, user, settings, sent, WAY, ['mail']);
}

/** Of two at once, one deletes the row. Others for the same address have nothing left to open. */
async function take(
  accounts: Pick<UserAccounts, 'clock'>,
  transaction: Prisma.TransactionClient,
  code: string,
): Promise<TakenInvitation> {
  const found = await findInvitation(accounts, transaction, code);
  const { count } = await transaction.invitation.deleteMany({ where: { hash: hashOf(code) } });
  if (!found || count === 0) throw invalidCode();
  await transaction.invitation.deleteMany({ where: { email: found.email } });
  return found;
}

/** One that is good. What a user who is blocked or leaves has invited is not. */
function findInvitation(
  { clock }: Pick<UserAccounts, 'clock'>,
  { invitation }: Pick<Prisma.TransactionClient, 'invitation'>,
  code: string,
) {
  const now = clock();
  const isOpen = { deletesAt: null, OR: [{ blocked: false }, { blockedUntil: { lte: now } }] };
  const isWelcome = { OR: [{ inviterId: null }, { inviter: isOpen }] };
  const where = { hash: hashOf(code), expiresAt: { gt: now }, ...isWelcome };
  return invitation.findFirst({ where, select: { email: true, roleId: true, invitedBy: true } });
}

function invalidCode(): ApiError {
  return badInput('Incorrect code provided');
}
