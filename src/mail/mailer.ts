import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';

/** A mail that is ready to go, but for its sender. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The link the mail is about. It holds a code: it goes into no log but a developer's own. */
  readonly link: string;
}

/** Hands mails over. */
export interface Mailer {
  /** @throws MailFailure when the mail could not be handed over. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** A mail could not be handed over; `cause` says why, to the log. */
export class MailFailure extends Error {
  constructor(cause: unknown) {
    super('The mail could not be sent', { cause });
    this.name = 'MailFailure';
  }
}

/** Milliseconds after which a mail server that does not answer is given up. */
const TIMEOUT = 10_000;

/** To an SMTP server (RFC 5321). */
export function createSmtpMailer(options: { readonly url: string; readonly from: string }): Mailer {
  const transport = createTransport(options.url, { from: options.from });
  Object.assign(transport.options, {
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
    dnsTimeout: TIMEOUT,
  });
  return {
    async send({ to, subject, text, html }) {
      try {
        await transport.sendMail({ to, subject, text, html });
      } catch (error) {
        throw new MailFailure(error);
      }
    },
    close: () => transport.close(),
  };
}

export interface OutboxOptions {
  /** The folder that each mail becomes an `.eml` file in. */
  readonly directory: string;
  readonly from: string;
  readonly log: Logger;
  /** Whether the link goes into the log, for a developer who has no mail server. */
  readonly logLinks: boolean;
}

/** To a folder, for as long as there is no mail server: each mail an `.eml` file that any mail program opens. */
export function createOutboxMailer({ directory, from, log, logLinks }: OutboxOptions): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true }, { from });
  let written = 0;
  return {
    async send({ to, subject, text, html, link }) {
      try {
        const { message } = await transport.sendMail({ to, subject, text, html });
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
        const file = join(directory, `${stamp}-${process.pid}-${++written}.eml`);
        await writeFile(file, message as Buffer, { mode: 0o600, flag: 'wx' });
        log.info({ file, ...(logLinks && { link }) }, `mail written to the outbox: ${subject}`);
      } catch (error) {
        throw new MailFailure(error);
      }
    },
    close: () => transport.close(),
  };
}
