import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { whenNeeded } from '../common/lazy.ts';
import { readSmtpUrl } from './smtp-url.ts';

/** A mail that is ready to go, but for its sender. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The link the mail is about, if it is about one. It holds a code: it goes into no log but a developer's own. */
  readonly link?: string;
}

/** Hands mails over. */
export interface Mailer {
  /** @throws MailFailure when the mail could not be handed over. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** A mail could not be handed over. The message says why, to the log: without the address, which mail servers repeat. */
export class MailFailure extends Error {
  /** Whether another attempt may end better: the server was not reached, or said "later" (RFC 5321, 4.2.1). */
  readonly passing: boolean;

  constructor(cause: unknown) {
    // What nodemailer adds to its errors.
    const { message, responseCode, code } = cause as { message?: string; responseCode?: number; code?: string };
    super(
      `The mail could not be sent: ${String(message)
        .slice(0, 1_000)
        .replaceAll(/\S+@\S+/g, '(address)')}`,
    );
    this.name = 'MailFailure';
    this.passing = responseCode === undefined ? code !== 'EAUTH' : responseCode < 500;
  }
}

export interface SmtpOptions {
  readonly url: string;
  readonly from: string;
  /** Milliseconds after which a mail server that does not answer is given up. */
  readonly timeout?: number;
}

/** To an SMTP server (RFC 5321). */
export function createSmtpMailer({ url, from, timeout = 10_000 }: SmtpOptions): Mailer {
  const transport = whenNeeded(async () => {
    const { createTransport } = await import('nodemailer');
    const read = readSmtpUrl(url);
    if ('problems' in read) throw new Error(`SMTP_URL: ${read.problems.join('; ')}`); // checked at start
    const timeouts = {
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
      dnsTimeout: timeout,
    };
    return createTransport({ ...read.server, ...timeouts }, { from });
  });
  return {
    async send({ to, subject, text, html }) {
      try {
        await (await transport.get()).sendMail({ to, subject, text, html });
      } catch (error) {
        throw new MailFailure(error);
      }
    },
    close: () => transport.ifMade((made) => made.close()),
  };
}

export interface FolderOptions {
  /** The folder that each mail becomes an `.eml` file in. */
  readonly directory: string;
  readonly from: string;
  readonly log: Logger;
  /** Whether the link goes into the log, for a developer who has no mail server. */
  readonly logLinks: boolean;
}

/** To a folder, for as long as there is no mail server: each mail an `.eml` file that any mail program opens. */
export function createFolderMailer({ directory, from, log, logLinks }: FolderOptions): Mailer {
  const transport = whenNeeded(async () => {
    const { createTransport } = await import('nodemailer');
    return createTransport({ streamTransport: true, buffer: true }, { from });
  });
  let written = 0;
  return {
    async send({ to, subject, text, html, link }) {
      try {
        const { message } = await (await transport.get()).sendMail({ to, subject, text, html });
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
        const file = join(directory, `${stamp}-${process.pid}-${++written}.eml`);
        // The stream transport of `buffer: true` makes one.
        await writeFile(file, message as Buffer, { mode: 0o600, flag: 'wx' });
        log.info(
          { file, ...(logLinks && link !== undefined && { link }) },
          `mail written to the mail folder: ${subject}`,
        );
      } catch (error) {
        throw new MailFailure(error);
      }
    },
    close: () => transport.ifMade((made) => made.close()),
  };
}
