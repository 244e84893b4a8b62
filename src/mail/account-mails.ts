import { readSettings } from '../database/settings.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Mailer } from './mailer.ts';
import { confirmEmailMail, type Recipient, resetPasswordMail } from './templates.ts';

/** The mails of an account's life. Each resolves when the mail has been handed over, and throws MailFailure otherwise. */
export interface AccountMails {
  confirmEmail(user: Recipient, code: string): Promise<void>;
  resetPassword(user: Recipient, code: string): Promise<void>;
}

export interface AccountMailOptions {
  readonly prisma: PrismaClient;
  readonly mailer: Mailer;
  /** This server as its clients see it: links never come from a request's `Host`. */
  readonly publicUrl: string;
}

export function createAccountMails({ prisma, mailer, publicUrl }: AccountMailOptions): AccountMails {
  return {
    async confirmEmail(user, code) {
      const { confirmEmailUrl } = await readSettings(prisma);
      const link = confirmEmailUrl
        ? withParameter(confirmEmailUrl, 'confirmation', code)
        : `${publicUrl}/confirm-email#confirmation=${code}`;
      await mailer.send(confirmEmailMail(user, link));
    },
    async resetPassword(user, code) {
      const { resetPasswordUrl } = await readSettings(prisma);
      const link = resetPasswordUrl
        ? withParameter(resetPasswordUrl, 'code', code)
        : `${publicUrl}/reset-password#code=${code}`;
      await mailer.send(resetPasswordMail(user, link));
    },
  };
}

/** The way Strapi's front ends expect it. Our own pages take the code behind the `#`, where no server's log sees it. */
function withParameter(page: string, name: string, value: string): string {
  const url = new URL(page);
  url.searchParams.set(name, value);
  return url.href;
}
