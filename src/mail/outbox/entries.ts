import type { Actor } from '../../audit/actor.ts';
import type { MailPurpose } from '../../generated/prisma/client.ts';

/** The account of a mail. The entry is deleted with the account. */
export type MailAccount = { readonly userId: number } | { readonly adminId: number };

/** The mails about no account that there is. */
export const WITHOUT_ACCOUNT = ['accountDeleted', 'userInvitation'] as const satisfies readonly MailPurpose[];
export type PurposeWithoutAccount = (typeof WITHOUT_ACCOUNT)[number];

/** A queued mail. It is rendered when it is sent. */
export interface OutgoingMail {
  readonly purpose: MailPurpose;
  readonly to: string;
  readonly account: MailAccount;
  /** The mailed code. The mail is sent only while the code is valid. */
  readonly code?: string;
  /** The new address of the account. */
  readonly newEmail?: string;
  /** The label of the login provider that it is about. */
  readonly provider?: string;
  /** A day, as `2026-12-03`, or a time. */
  readonly date?: string;
  /** Of a login: the kind of device, and the address that it came from. */
  readonly device?: string;
  readonly address?: string;
}

/** A queued mail to somebody without an account. */
export interface MailWithoutAccount {
  readonly purpose: PurposeWithoutAccount;
  readonly to: string;
  /** The mailed code. The mail is sent only while the code is valid. */
  readonly code?: string;
}

/** What a queued mail holds beside its purpose and account. */
export type MailContents = Omit<OutgoingMail, 'purpose' | 'account'>;

/**
 * A request that may lead to a mail. The account is looked up after the response, which therefore cannot reveal whether
 * it exists.
 */
export interface MailRequest {
  readonly email: string;
  readonly actor: Actor;
}

export type RequestKind = (typeof REQUESTS)[number];

const REQUESTS = ['forgotPassword', 'sendEmailConfirmation', 'sendLoginCode', 'adminForgotPassword'] as const;

/** `registration` is a `confirmEmail` mail whose account is deleted if the mail cannot be sent. */
export type EntryKind = MailPurpose | 'registration' | RequestKind;

/** An entry that this process has leased: no other process takes it before the lease expires. */
export interface TakenEntry {
  readonly id: number;
  readonly kind: EntryKind;
  readonly userId: number | null;
  readonly adminId: number | null;
  readonly sealed: Uint8Array;
  readonly createdAt: Date;
  /** How often it was taken, including now. Identifies the lease: a process with an expired one has an older number. */
  readonly attempts: number;
}

/** The lease of an entry, in milliseconds. Longer than the timeout of the mail server. */
export const LEASE = 120_000;

export function isRequest(kind: EntryKind): kind is RequestKind {
  return (REQUESTS as readonly string[]).includes(kind); // `includes` accepts only its own type
}

export function isWithoutAccount(purpose: MailPurpose): purpose is PurposeWithoutAccount {
  return (WITHOUT_ACCOUNT as readonly string[]).includes(purpose); // `includes` accepts only its own type
}

/** The kinds of mail that a newer one with a code replaces, since it revokes their code. Each login is told of. */
export function replacedBy(purpose: MailPurpose): readonly EntryKind[] {
  if (purpose === 'newDevice') return [];
  return purpose === 'confirmEmail' ? ['confirmEmail', 'registration'] : [purpose];
}
