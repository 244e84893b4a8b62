import type { Mail, Mailer } from '../mail/mailer.ts';

/** A mail that the server sent, with the code that its link has for who clicks it. */
export interface CapturedMail extends Mail {
  readonly code?: string | undefined;
}

/** A mailer that keeps its mails, the oldest first. */
export function keepMails(): { readonly mails: CapturedMail[]; readonly mailer: Mailer } {
  const mails: CapturedMail[] = [];
  const mailer: Mailer = {
    send: async (mail) => void mails.push({ ...mail, code: codeIn(mail.link) }),
    close: () => {},
  };
  return { mails, mailer };
}

/** The code in a link: of a reset or an invitation `code`, of a confirmation `confirmation`; it can be in the fragment. */
function codeIn(link: string | undefined): string | undefined {
  const [, written] = /[?&#](?:code|confirmation)=([^&#]+)/.exec(link ?? '') ?? [];
  return written === undefined ? undefined : decodeURIComponent(written);
}
