import { join } from 'node:path';
import { createMailRules } from '../accounts/account-mail-rules.ts';
import type { AdminAccounts, UserAccounts } from '../accounts/accounts.ts';
import { mailPasswordCode } from '../accounts/forgot-password.ts';
import { mailLoginCode } from '../accounts/login-code.ts';
import { mailConfirmationCode } from '../accounts/send-email-confirmation.ts';
import { systemClock } from '../common/clock.ts';
import { createAccountMails } from '../mail/account-mails.ts';
import { createFolderMailer, createSmtpMailer, type Mailer } from '../mail/mailer.ts';
import { createDelivery, type Delivery } from '../mail/outbox/delivery.ts';
import { createOutbox } from '../mail/outbox/outbox.ts';
import { createEntrySeal } from '../mail/outbox/sealed-entries.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { GatehouseOptions } from './options.ts';

/** Everything with which one server writes and sends mails. */
export type Mail = ReturnType<typeof createMail>;

export function createMail(options: GatehouseOptions) {
  const { config, database, log, clock = systemClock } = options;
  const seal = createEntrySeal({ users: config.jwtSecrets, administrators: config.adminJwtSecrets });
  return {
    mailer: options.mailer ?? mailerOf(options),
    seal,
    outbox: createOutbox({ seal, clock, delay: () => 100 + Math.random() * 1_500 }),
    mails: createAccountMails({ prisma: database.prisma, publicUrl: config.publicUrl, log }),
  };
}

/** Creates the delivery, which sends the mails of the outbox, also those of other processes. */
export function createMailDelivery(
  { database, outboxLookEvery, log, clock = systemClock }: GatehouseOptions,
  { mailer, seal, outbox, mails }: Mail,
  accounts: UserAccounts,
  adminAccounts: AdminAccounts,
  metrics: Metrics,
): Delivery {
  return createDelivery({
    prisma: database.prisma,
    outbox,
    seal,
    mails,
    mailer,
    rules: {
      ...createMailRules(accounts),
      requests: {
        forgotPassword: (request) => mailPasswordCode(accounts, request),
        sendLoginCode: (request) => mailLoginCode(accounts, request),
        sendEmailConfirmation: (request) => mailConfirmationCode(accounts, request),
        adminForgotPassword: (request) => mailPasswordCode(adminAccounts, request),
      },
    },
    shares: database.shares,
    onMail: metrics.mail,
    lookEvery: outboxLookEvery,
    clock,
    log,
  });
}

function mailerOf({ config, log }: GatehouseOptions): Mailer {
  if (config.smtpUrl) return createSmtpMailer({ url: config.smtpUrl, from: config.mailFrom });
  const directory = join(config.dataDir, 'outbox');
  // For an hour, a mailed link is as good as a password. Only a development log may contain it.
  return createFolderMailer({ directory, from: config.mailFrom, log, logLinks: !config.production });
}
