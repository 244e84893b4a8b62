import type { Logger } from 'pino';
import { readSettings } from '../database/settings.ts';
import type { MailPurpose, PrismaClient } from '../generated/prisma/client.ts';
import { withParameter } from './links.ts';
import type { Mail } from './mailer.ts';
import { faultsOfTemplate, filledIn, MAILS, type MailValues, type Template } from './templates.ts';

/** Who a mail is for. */
export interface Recipient {
  readonly email: string;
}

/** The mails of an account's life, ready to be sent: in the words of the settings, with links that they lead to. */
export interface AccountMails {
  confirmEmail(user: Recipient, code: string): Promise<Mail>;
  resetPassword(user: Recipient, code: string): Promise<Mail>;
  /** To the address that is to be the user's. */
  changeEmail(newEmail: string, code: string): Promise<Mail>;
  /** To the address that is still the user's. */
  emailChangeRequested(user: Recipient, newEmail: string): Promise<Mail>;
  /** To the address that was the user's. */
  emailChanged(user: Recipient, newEmail: string): Promise<Mail>;
  passwordChanged(user: Recipient): Promise<Mail>;
  /** To who is to choose a first password. */
  invitation(user: Recipient, code: string): Promise<Mail>;
  adminInvitation(admin: Recipient, code: string): Promise<Mail>;
  adminResetPassword(admin: Recipient, code: string): Promise<Mail>;
  /** A mail with made-up values, in these words or in those that are in use. */
  sample(purpose: MailPurpose, to: string, words?: Template): Promise<Mail>;
  /** The words that are in use. */
  words(purpose: MailPurpose): Promise<Template>;
}

export interface AccountMailOptions {
  readonly prisma: PrismaClient;
  /** This server as its clients see it: links never come from a request's `Host`. */
  readonly publicUrl: string;
  readonly log: Logger;
}

export function createAccountMails({ prisma, publicUrl, log }: AccountMailOptions): AccountMails {
  async function mail(purpose: MailPurpose, to: string, values: MailValues): Promise<Mail> {
    const { link } = values;
    const words = filledIn(await templateOf(purpose), { email: to, url: publicUrl, ...values });
    return { to, ...words, ...(link !== undefined && { link }) };
  }

  /** Words that were written into the table without being looked at may lack what the mail is for. */
  async function templateOf(purpose: MailPurpose): Promise<Template> {
    const own = await prisma.mailTemplate.findUnique({ where: { purpose } });
    if (!own) return MAILS[purpose].template;
    const faults = faultsOfTemplate(purpose, own);
    if (faults.length === 0) return own;
    log.error({ purpose, faults }, 'a mail template is not valid, so the built-in one is used');
    return MAILS[purpose].template;
  }

  async function confirmation(purpose: 'confirmEmail' | 'changeEmail', to: string, code: string): Promise<Mail> {
    const { confirmEmailUrl } = await readSettings(prisma);
    const link = confirmEmailUrl
      ? withParameter(confirmEmailUrl, 'confirmation', code)
      : `${publicUrl}/confirm-email#confirmation=${code}`;
    return mail(purpose, to, { link, code });
  }

  async function choosePassword(purpose: MailPurpose, to: string, code: string): Promise<Mail> {
    const { resetPasswordUrl } = await readSettings(prisma);
    const link = resetPasswordUrl
      ? withParameter(resetPasswordUrl, 'code', code)
      : `${publicUrl}/reset-password#code=${code}`;
    return mail(purpose, to, { link, code });
  }

  /** Always a page of the server's own: administrators have no other front end yet. */
  const adminLink = (code: string) => `${publicUrl}/admin/reset-password#code=${code}`;

  return {
    confirmEmail: ({ email }, code) => confirmation('confirmEmail', email, code),
    changeEmail: (newEmail, code) => confirmation('changeEmail', newEmail, code),
    resetPassword: ({ email }, code) => choosePassword('resetPassword', email, code),
    invitation: ({ email }, code) => choosePassword('invitation', email, code),
    adminInvitation: ({ email }, code) => mail('adminInvitation', email, { link: adminLink(code), code }),
    adminResetPassword: ({ email }, code) => mail('adminResetPassword', email, { link: adminLink(code), code }),
    emailChangeRequested: ({ email }, newEmail) => mail('emailChangeRequested', email, { newEmail }),
    emailChanged: ({ email }, newEmail) => mail('emailChanged', email, { newEmail }),
    passwordChanged: ({ email }) => mail('passwordChanged', email, {}),
    words: templateOf,
    async sample(purpose, to, words) {
      const code = 'an-example-that-opens-nothing';
      const link = `${publicUrl}/#code=${code}`;
      const values = { email: to, url: publicUrl, newEmail: 'new.address@example.com', link, code };
      return { to, ...filledIn(words ?? (await templateOf(purpose)), values) };
    },
  };
}
