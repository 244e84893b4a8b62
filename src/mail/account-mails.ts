import type { Logger } from 'pino';
import { readSettings } from '../database/settings.ts';
import type { MailPurpose, PrismaClient } from '../generated/prisma/client.ts';
import { withParameter } from './links.ts';
import type { Mail } from './mailer.ts';
import { faultsOfTemplate, filledIn, MAILS, type MailValues, type Template } from './templates.ts';

/** The purpose, recipient and values of an account mail. */
export interface MailContent {
  readonly purpose: MailPurpose;
  readonly to: string;
  readonly code?: string;
  readonly newEmail?: string;
  /** The label of a login provider. */
  readonly provider?: string;
  /** A day, as `2026-12-03`, or a time. */
  readonly date?: string;
  /** Of a login: the kind of device, and the address that it came from. */
  readonly device?: string;
  readonly address?: string;
}

/** Renders account mails from the configured templates. */
export interface AccountMails {
  render(content: MailContent): Promise<Mail>;
  /** Renders a mail with example values, from the given template or the current one. */
  sample(purpose: MailPurpose, to: string, words?: Template): Promise<Mail>;
  /** The current template. */
  words(purpose: MailPurpose): Promise<Template>;
}

export interface AccountMailOptions {
  readonly prisma: PrismaClient;
  /** The public URL of this server. Links never use a request's `Host` header. */
  readonly publicUrl: string;
  readonly log: Logger;
}

export function createAccountMails({ prisma, publicUrl, log }: AccountMailOptions): AccountMails {
  async function mail(purpose: MailPurpose, to: string, values: MailValues): Promise<Mail> {
    const { link } = values;
    const words = filledIn(await templateOf(purpose), { email: to, url: publicUrl, ...values });
    return { to, ...words, ...(link !== undefined && { link }) };
  }

  /** Falls back to the built-in template: one written with SQL was never validated and may lack the link. */
  async function templateOf(purpose: MailPurpose): Promise<Template> {
    const own = await prisma.mailTemplate.findUnique({ where: { purpose } });
    if (!own) return MAILS[purpose].template;
    const faults = faultsOfTemplate(purpose, own);
    if (faults.length === 0) return own;
    log.error({ purpose, faults }, 'a mail template is not valid, so the built-in one is used');
    return MAILS[purpose].template;
  }

  async function linkOf(purpose: MailPurpose, email: string, code: string): Promise<string> {
    const { confirmEmailUrl, resetPasswordUrl, loginCodeUrl, acceptInvitationUrl } = await readSettings(prisma);
    switch (PAGES[purpose]) {
      case 'confirm':
        return confirmEmailUrl
          ? withParameter(confirmEmailUrl, 'confirmation', code)
          : `${publicUrl}/confirm-email#confirmation=${code}`;
      case 'choosePassword':
        return resetPasswordUrl
          ? withParameter(resetPasswordUrl, 'code', code)
          : `${publicUrl}/reset-password#code=${code}`;
      case 'acceptInvitation':
        return acceptInvitationUrl
          ? withParameter(acceptInvitationUrl, 'code', code)
          : `${publicUrl}/accept-invitation#code=${code}`;
      case 'disownLogin':
        return `${publicUrl}/disown-login#code=${code}`;
      case 'loginCode':
        return loginCodeUrl
          ? withParameter(withParameter(loginCodeUrl, 'email', email), 'code', code)
          : `${publicUrl}/login-code#code=${code}`;
      default:
        return `${publicUrl}/admin/reset-password#code=${code}`;
    }
  }

  return {
    async render({ purpose, to, code, newEmail, provider, date, device, address }) {
      return mail(purpose, to, {
        ...(code !== undefined && { code }),
        ...(code !== undefined && hasLink(purpose) && { link: await linkOf(purpose, to, code) }),
        ...(newEmail !== undefined && { newEmail }),
        ...(provider !== undefined && { provider }),
        ...(date !== undefined && { date }),
        ...(device !== undefined && { device }),
        ...(address !== undefined && { address }),
      });
    },
    words: templateOf,
    async sample(purpose, to, words) {
      const code = 'an-example-that-opens-nothing';
      const link = `${publicUrl}/#code=${code}`;
      const values = {
        email: to,
        url: publicUrl,
        newEmail: 'new.address@example.com',
        provider: 'Google',
        date: '2030-01-31',
        device: 'Firefox, Windows',
        address: '192.0.2.1',
        link,
        code,
      };
      return { to, ...filledIn(words ?? (await templateOf(purpose)), values) };
    },
  };
}

/** A code that somebody types where they are has no page of its own. */
function hasLink(purpose: MailPurpose): boolean {
  return MAILS[purpose].variables.includes('link');
}

/** The page that the link of a mail opens. Mails to administrators link to the server's own pages. */
const PAGES: Readonly<
  Partial<Record<MailPurpose, 'confirm' | 'choosePassword' | 'loginCode' | 'acceptInvitation' | 'disownLogin'>>
> = {
  confirmEmail: 'confirm',
  changeEmail: 'confirm',
  resetPassword: 'choosePassword',
  invitation: 'choosePassword',
  loginCode: 'loginCode',
  userInvitation: 'acceptInvitation',
  newDevice: 'disownLogin',
};
