import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { whenNeeded } from '../common/lazy.ts';
import { readSmtpUrl } from './smtp-url.ts';

/** A rendered mail, without its sender. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The link in the mail, if any. It contains a code, so it is logged only in development. */
  readonly link?: string;
}

/** Sends mails. */
export interface Mailer {
  /** @throws MailFailure when the mail could not be sent. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** A mail could not be sent. The message is for the log, without the address, which mail servers repeat. */
export class MailFailure extends Error {
  /** Whether to retry: the server was unreachable or replied with a transient error (RFC 5321, 4.2.1). */
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
  /** The timeout of the mail server, in milliseconds. */
  readonly timeout?: number;
}

/** Sends mails to an SMTP server (RFC 5321). */
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
  /** The mail folder. */
  readonly directory: string;
  readonly from: string;
  readonly log: Logger;
  /** Whether to log links, for development without a mail server. */
  readonly logLinks: boolean;
}

/** Writes each mail as an `.eml` file to the mail folder, when no mail server is configured. */
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
