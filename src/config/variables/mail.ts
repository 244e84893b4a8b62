import { z } from 'zod';
import { readSmtpUrl } from '../../mail/smtp-url.ts';
import { urlReadBy } from '../formats.ts';
import { variable } from '../variable.ts';

/** How mails are sent. */
export function mailVariables() {
  return {
    SMTP_URL: variable(urlReadBy(readSmtpUrl).optional(), {
      description: 'The mail server.',
      otherwise: 'each mail is written to `DATA_DIR/outbox/` as a file, and its link is logged',
      example: 'smtps://user:password@mail.example.com:465',
    }),
    MAIL_FROM: variable(z.string().trim().min(3).default('Gatehouse <no-reply@localhost>'), {
      description: 'The sender of mails.',
      default: 'Gatehouse <no-reply@localhost>',
    }),
  };
}
