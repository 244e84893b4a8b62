import type { Logger } from 'pino';
import { readSettings } from '../database/settings.ts';
import type { MailPurpose, PrismaClient } from '../generated/prisma/client.ts';
import { withParameter } from './links.ts';
import type { Mail } from './mailer.ts';
import { faultsOfTemplate, filledIn, MAILS, type MailValues, type Template } from './templates.ts';

/** What a mail of an account's life is made of. */
export interface MailContent {
  readonly purpose: MailPurpose;
  readonly to: string;
  readonly code?: string;
  readonly newEmail?: string;
}

/** The mails of an account's life, in the words of the settings, with links that they lead to. */
export interface AccountMails {
  render(content: MailContent): Promise<Mail>;
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

  async function linkOf(purpose: MailPurpose, code: string): Promise<string> {
    const { confirmEmailUrl, resetPasswordUrl } = await readSettings(prisma);
    switch (PAGES[purpose]) {
      case 'confirm':
        return confirmEmailUrl
          ? withParameter(confirmEmailUrl, 'confirmation', code)
          : `${publicUrl}/confirm-email#confirmation=${code}`;
      case 'choosePassword':
        return resetPasswordUrl
          ? withParameter(resetPasswordUrl, 'code', code)
          : `${publicUrl}/reset-password#code=${code}`;
      default:
        return `${publicUrl}/admin/reset-password#code=${code}`;
    }
  }

  return {
    async render({ purpose, to, code, newEmail }) {
      return mail(purpose, to, {
        ...(code !== undefined && { code, link: await linkOf(purpose, code) }),
        ...(newEmail !== undefined && { newEmail }),
      });
    },
    words: templateOf,
    async sample(purpose, to, words) {
      const code = 'an-example-that-opens-nothing';
      const link = `${publicUrl}/#code=${code}`;
      const values = { email: to, url: publicUrl, newEmail: 'new.address@example.com', link, code };
      return { to, ...filledIn(words ?? (await templateOf(purpose)), values) };
    },
  };
}

/** Where the link of a mail leads. Administrators have no other front end yet than the server's own pages. */
const PAGES: Readonly<Partial<Record<MailPurpose, 'confirm' | 'choosePassword'>>> = {
  confirmEmail: 'confirm',
  changeEmail: 'confirm',
  resetPassword: 'choosePassword',
  invitation: 'choosePassword',
};
