import type { Logger } from 'pino';
import type { Clock } from '../../common/clock.ts';
import type { AccountMails } from '../account-mails.ts';
import type { Mailer } from '../mailer.ts';
import {
  type EntryKind,
  isRequest,
  type MailAccount,
  type MailRequest,
  type OutgoingMail,
  type RequestKind,
  type TakenEntry,
} from './entries.ts';
import type { EntrySeal } from './sealed-entries.ts';

/** What accounts say about mails that wait. */
export interface MailRules {
  /** Whether a mail is still to be sent: what happened meanwhile may have ended its code. */
  wanted(mail: OutgoingMail, attempt: number): Promise<boolean>;
  /** Does what is to be done about a mail that was never sent. */
  failed(kind: EntryKind, account: MailAccount, attempts: number): Promise<void>;
  /** Does what was asked for: writes a mail, or nothing. */
  readonly requests: Readonly<Record<RequestKind, (request: MailRequest) => Promise<void>>>;
}

/** What came of an entry: `unreadable` is one that was sealed with a secret which is none any more. */
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
/** Milliseconds after which nobody expects what a request leads to. */
const REQUEST_LIFE = HOUR;
/** The same of a mail without a code. One with a code is sent as long as the code is good. */
const NOTICE_LIFE = 24 * HOUR;

/**
 * Does what an entry is for.
 *
 * @throws MailFailure when its mail could not be handed over; whatever else went wrong, else.
 */
export async function deliverEntry(options: EntryDeliveryOptions, entry: TakenEntry): Promise<Delivered> {
  const { seal, mails, mailer, rules, clock } = options;
  const content = seal.open(entry);
  if (!content) return 'unreadable';
  const age = clock().getTime() - entry.createdAt.getTime();
  const { kind } = entry;
  if (isRequest(kind)) {
    if (age > REQUEST_LIFE) return 'unwanted';
    await rules.requests[kind](content as MailRequest); // sealed as what its kind says
    return 'requested';
  }
  const account = accountOf(entry);
  if (!account) return 'unwanted';
  const purpose = kind === 'registration' ? 'confirmEmail' : kind;
  // Sealed as what its kind says.
  const mail = { ...(content as Pick<OutgoingMail, 'to' | 'code' | 'newEmail'>), purpose, account };
  if (mail.code === undefined && age > NOTICE_LIFE) return 'unwanted';
  if (!(await rules.wanted(mail, entry.attempts))) return 'unwanted';
  await mailer.send(await mails.render(mail));
  return 'sent';
}

/** Undefined for an entry that is about no account. */
export function accountOf({ userId, adminId }: TakenEntry): MailAccount | undefined {
  if (userId !== null) return { userId };
  return adminId === null ? undefined : { adminId };
}
