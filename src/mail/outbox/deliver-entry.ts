import type { Logger } from 'pino';
import type { Clock } from '../../common/clock.ts';
import type { AccountMails } from '../account-mails.ts';
import type { Mailer } from '../mailer.ts';
import {
  type EntryKind,
  isRequest,
  isWithoutAccount,
  type MailAccount,
  type MailContents,
  type MailRequest,
  type MailWithoutAccount,
  type OutgoingMail,
  type RequestKind,
  type TakenEntry,
} from './entries.ts';
import type { EntrySeal } from './sealed-entries.ts';

/** The rules of accounts for queued mails. */
export interface MailRules {
  /** Whether to send the mail: its code may have been revoked meanwhile. */
  wanted(mail: OutgoingMail, attempt: number): Promise<boolean>;
  /** The same for a mail to somebody without an account. */
  wantedWithoutAccount(mail: MailWithoutAccount, attempt: number): Promise<boolean>;
  /** Handles a mail that could not be sent. */
  failed(kind: EntryKind, account: MailAccount, attempts: number): Promise<void>;
  /** The same for a mail to somebody without an account; `to` is undefined where the entry could not be read. */
  failedWithoutAccount(kind: EntryKind, to: string | undefined, attempts: number): Promise<void>;
  /** Handles a request: enqueues a mail, or nothing if no account matches. */
  readonly requests: Readonly<Record<RequestKind, (request: MailRequest) => Promise<void>>>;
}

/** The outcome of an entry. `unreadable`: it was sealed with a secret that is no longer configured. */
export type Delivered = 'sent' | 'requested' | 'unwanted' | 'unreadable';

export interface EntryDeliveryOptions {
  readonly seal: EntrySeal;
  readonly mails: AccountMails;
  readonly mailer: Mailer;
  readonly rules: MailRules;
  readonly clock: Clock;
  readonly log: Logger;
}

const HOUR = 3_600_000;
/** The lifetime of a request, in milliseconds. Older ones are dropped. */
const REQUEST_LIFE = HOUR;
/** The lifetime of a mail without a code. A mail with a code is sent while the code is valid. */
const NOTICE_LIFE = 24 * HOUR;

/**
 * Sends the mail of an entry, or handles its request.
 *
 * @throws MailFailure when the mail could not be sent. Other errors pass through.
 */
export async function deliverEntry(options: EntryDeliveryOptions, entry: TakenEntry): Promise<Delivered> {
  const { seal, mails, mailer, rules, clock } = options;
  const content = seal.open(entry);
  if (!content) return 'unreadable';
  const age = clock().getTime() - entry.createdAt.getTime();
  const { kind } = entry;
  if (isRequest(kind)) {
    if (age > REQUEST_LIFE) return 'unwanted';
    await rules.requests[kind](content as MailRequest); // the seal guarantees the kind
    return 'requested';
  }
  const purpose = kind === 'registration' ? 'confirmEmail' : kind;
  // The seal guarantees the kind.
  const contents = content as MailContents;
  const account = accountOf(entry);
  if (!account) {
    if (!isWithoutAccount(purpose) || (contents.code === undefined && age > NOTICE_LIFE)) return 'unwanted';
    const mail = { ...contents, purpose };
    if (!(await rules.wantedWithoutAccount(mail, entry.attempts))) return 'unwanted';
    await mailer.send(await mails.render(mail));
    return 'sent';
  }
  const mail = { ...contents, purpose, account };
  if (mail.code === undefined && age > NOTICE_LIFE) return 'unwanted';
  if (!(await rules.wanted(mail, entry.attempts))) return 'unwanted';
  await mailer.send(await mails.render(mail));
  return 'sent';
}

/** The account of an entry; undefined for a request, and for a mail about no account. */
export function accountOf({ userId, adminId }: TakenEntry): MailAccount | undefined {
  if (userId !== null) return { userId };
  return adminId === null ? undefined : { adminId };
}
