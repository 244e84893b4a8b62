import { byUser, type Sent } from '../audit/actor.ts';
import { userTarget } from '../audit/audit.ts';
import { applicationError } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { Settings } from '../database/settings.ts';
import { isUniqueViolation } from '../database/write-errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { MailFailure } from '../mail/mailer.ts';
import type { OutgoingMail } from '../mail/outbox/entries.ts';
import type { TakenMail } from '../mail/outbox/outbox.ts';
import { USER, type UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { newIdentity, taken } from './claim-identifiers.ts';
import { deleteUnconfirmed } from './delete-unconfirmed.ts';
import type { WrittenPassword } from './public-password.ts';
import { UserFieldTaken, type UserFieldValues, withUserFields } from './user-fields.ts';

/** An account that somebody makes for themselves. Everything in it is valid. */
export interface NewAccount {
  readonly username: string;
  readonly email: string;
  readonly fields: UserFieldValues;
  readonly written: WrittenPassword;
  /** Without it a mail asks to confirm the address. */
  readonly confirmed: boolean;
  /** Where a login provider knows who it is. */
  readonly identity?: { readonly provider: string; readonly subject: string; readonly emailVerified: boolean };
  /** Where somebody was invited, at this e-mail: uses the invitation up in the transaction, and returns what it gives. */
  readonly takeInvitation?: (transaction: Prisma.TransactionClient) => Promise<TakenInvitation>;
}

export interface TakenInvitation {
  /** In place of the default role. */
  readonly roleId: number;
  readonly invitedBy: string;
}

/**
 * Creates an account with the default role, or with that of an invitation, and sends the mail that asks to confirm its address.
 *
 * @throws ApiError APPLICATION_ERROR if an identifier is taken, the identity has an account already, or the mail cannot be sent. No
 * account is kept then.
 */
export async function createAccount(
  accounts: UserAccounts,
  account: NewAccount,
  settings: Settings,
  sent: Sent,
): Promise<UserRow> {
  const { user, mail } = await create(accounts, account, settings, sent);
  if (mail) await sendConfirmation(accounts, user, mail);
  return user;
}

async function create(
  { prisma, codes, outbox, audit, userFields, clock }: UserAccounts,
  { username, email, fields, written, confirmed, identity, takeInvitation }: NewAccount,
  { defaultRoleId }: Settings,
  sent: Sent,
): Promise<{ readonly user: UserRow; readonly mail: RegistrationMail | undefined }> {
  const provider = identity && { provider: identity.provider };
  try {
    return await inTransaction(prisma, async (transaction) => {
      const invitation = await takeInvitation?.(transaction);
      const user = await transaction.user.create({
        data: {
          confirmed,
          roleId: invitation?.roleId ?? defaultRoleId,
          ...newIdentity({ username, email }),
          ...written,
          ...provider,
          ...((identity?.emailVerified || invitation) && { emailVerifiedAt: clock() }),
          ...(identity && { identities: { create: { ...identity, email, lastUsedAt: clock() } } }),
        },
        select: USER,
      });
      await userFields.write(transaction, user.id, fields);
      let mail: RegistrationMail | undefined;
      if (!user.confirmed) {
        // In the same transaction, so that everything that revokes codes finds this one.
        const code = await codes.issue(transaction, user.id, 'confirmEmail');
        const outgoing = { purpose: 'confirmEmail', to: user.email, account: { userId: user.id }, code } as const;
        mail = { mail: outgoing, taken: await outbox.enqueueRegistration(transaction, outgoing) };
      }
      const invitedBy = invitation && { invitedBy: invitation.invitedBy };
      const recorded = { username, email, role: user.role.type, confirmed: user.confirmed, ...provider, ...invitedBy };
      const after = withUserFields(userFields, recorded, fields);
      await audit.record(transaction, byUser(user, sent), { event: 'user.register', target: userTarget(user), after });
      return { user, mail };
    });
  } catch (error) {
    // The unique key decides, not a check before the write: one of two concurrent registrations fails here.
    if (isUniqueViolation(error) || error instanceof UserFieldTaken) throw taken(userFields.uniquesIn(fields));
    throw error;
  }
}

interface RegistrationMail {
  readonly mail: OutgoingMail;
  readonly taken: TakenMail;
}

/**
 * Sends the confirmation mail before answering. If that fails, the account is deleted and the client gets an error. If
 * this process dies meanwhile, another one sends the mail or deletes the account.
 */
async function sendConfirmation(
  accounts: UserAccounts,
  user: UserRow,
  { mail, taken }: RegistrationMail,
): Promise<void> {
  const { prisma, mails, outbox, sendNow, log } = accounts;
  try {
    await sendNow(await mails.render(mail));
  } catch (error) {
    await deleteUnconfirmed(accounts, user.id);
    if (!(error instanceof MailFailure)) throw error;
    log.error({ err: error }, 'a confirmation mail could not be sent, so the account was not created');
    throw applicationError('Error sending confirmation email');
  }
  await outbox.remove(prisma, taken).catch((error: unknown) => {
    log.warn({ err: error }, 'a sent mail could not be removed from the outbox and will be sent again');
  });
}
