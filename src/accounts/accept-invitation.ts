import { byUser, type Sent } from '../audit/actor.ts';
import { userTarget } from '../audit/audit.ts';
import { type ApiError, badInput, refuse } from '../common/errors.ts';
import { hashOf } from '../common/hash.ts';
import { inTransaction } from '../database/retry.ts';
import { isUniqueViolation } from '../database/write-errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { newIdentity, taken } from './claim-identifiers.ts';
import { completeLogin, type LoginResult } from './complete-login.ts';
import { faultsOfTypedTwice, type TypedTwice } from './new-password.ts';
import { type WrittenPassword, writtenPassword } from './public-password.ts';
import { validAccount } from './register.ts';
import { faultsOfBlank } from './required-texts.ts';
import { UserFieldTaken, type UserFieldValues, withUserFields } from './user-fields.ts';

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
  const user = await create(accounts, code, { username, fields, written }, sent);
  hooks.afterRegister(user, { ...sent, way: WAY });
  return completeLogin(accounts, user, settings, sent, WAY, ['mail']);
}

async function create(
  accounts: UserAccounts,
  code: string,
  { username, fields, written }: { username: string; fields: UserFieldValues; written: WrittenPassword },
  sent: Sent,
): Promise<UserRow> {
  const { prisma, userFields, audit, clock } = accounts;
  try {
    return await inTransaction(prisma, async (transaction) => {
      const invitation = await findInvitation(accounts, transaction, code);
      // Of two at once, one deletes the row. Others for the same address have nothing left to open.
      const { count } = await transaction.invitation.deleteMany({ where: { hash: hashOf(code) } });
      if (!invitation || count === 0) throw invalidCode();
      const { email, roleId, invitedBy } = invitation;
      await transaction.invitation.deleteMany({ where: { email } });
      const user = await transaction.user.create({
        data: { confirmed: true, emailVerifiedAt: clock(), roleId, ...newIdentity({ username, email }), ...written },
        select: USER,
      });
      await userFields.write(transaction, user.id, fields);
      const recorded = { username, email, role: user.role.type, confirmed: true, invitedBy };
      const after = withUserFields(userFields, recorded, fields);
      await audit.record(transaction, byUser(user, sent), { event: 'user.register', target: userTarget(user), after });
      return user;
    });
  } catch (error) {
    if (isUniqueViolation(error) || error instanceof UserFieldTaken) throw taken(userFields.uniquesIn(fields));
    throw error;
  }
}

/** One that is good. What a user who was blocked since has invited is not. */
function findInvitation(
  { clock }: Pick<UserAccounts, 'clock'>,
  { invitation }: Pick<Prisma.TransactionClient, 'invitation'>,
  code: string,
) {
  const isWelcome = { OR: [{ inviterId: null }, { inviter: { blocked: false } }] };
  const where = { hash: hashOf(code), expiresAt: { gt: clock() }, ...isWelcome };
  return invitation.findFirst({ where, select: { email: true, roleId: true, invitedBy: true } });
}

function invalidCode(): ApiError {
  return badInput('Incorrect code provided');
}
