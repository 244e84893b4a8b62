import type { PrismaClient } from '../generated/prisma/client.ts';
import { type Mailer, MailFailure } from './mailer.ts';
import { confirmEmailMail, type Recipient, resetPasswordMail } from './templates.ts';

/** The mails of an account's life. Each resolves when the mail has been handed over. */
export interface AccountMails {
  confirmEmail(user: Recipient, code: string): Promise<void>;
  resetPassword(user: Recipient, code: string): Promise<void>;
  /** Whether this was the mail's failure, and not a bug. */
  isMailFailure(error: unknown): boolean;
}

export interface AccountMailOptions {
  readonly prisma: PrismaClient;
  readonly mailer: Mailer;
  /** This server as its clients see it: links never come from a request's `Host`. */
  readonly publicUrl: string;
}

export function createAccountMails({ prisma, mailer, publicUrl }: AccountMailOptions): AccountMails {
  const pages = () =>
    prisma.settings.findUniqueOrThrow({ where: { id: 1 }, select: { resetPasswordUrl: true, confirmEmailUrl: true } });
  return {
    async confirmEmail(user, code) {
      const { confirmEmailUrl } = await pages();
      const link = confirmEmailUrl
        ? withParameter(confirmEmailUrl, 'confirmation', code)
        : `${publicUrl}/confirm-email#confirmation=${code}`;
      await mailer.send(confirmEmailMail(user, link));
    },
    async resetPassword(user, code) {
      const { resetPasswordUrl } = await pages();
      const link = resetPasswordUrl
        ? withParameter(resetPasswordUrl, 'code', code)
        : `${publicUrl}/reset-password#code=${code}`;
      await mailer.send(resetPasswordMail(user, link));
    },
    isMailFailure: (error) => error instanceof MailFailure,
  };
}

/** The way Strapi's front ends expect it. Our own pages take the code behind the `#`, where no server's log sees it. */
function withParameter(page: string, name: string, value: string): string {
  const url = new URL(page);
  url.searchParams.set(name, value);
  return url.href;
}
