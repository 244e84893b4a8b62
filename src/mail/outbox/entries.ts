import type { Actor } from '../../audit/actor.ts';
import type { MailPurpose } from '../../generated/prisma/client.ts';

/** Whose account a mail is about. It is deleted with the account. */
export type MailAccount = { readonly userId: number } | { readonly adminId: number };

/** A mail that somebody asked for. Its words and links are made when it is sent. */
export interface OutgoingMail {
  readonly purpose: MailPurpose;
  readonly to: string;
  readonly account: MailAccount;
  /** The mailed code. The mail is sent as long as the code is good. */
  readonly code?: string;
  /** The address that the account is to have, or has by now. */
  readonly newEmail?: string;
}

/**
 * A request that leads to a mail, or to none: whether there is such an account is looked up after the answer, which does
 * not tell.
 */
export interface MailRequest {
  readonly email: string;
  readonly actor: Actor;
}

export type RequestKind = (typeof REQUESTS)[number];

const REQUESTS = ['forgotPassword', 'sendEmailConfirmation', 'adminForgotPassword'] as const;

/** `registration` is the mail `confirmEmail` of an account that does not stay when the mail cannot be sent. */
export type EntryKind = MailPurpose | 'registration' | RequestKind;

/** An entry of the outbox that this process has taken: no other process takes it before its time is over. */
export interface TakenEntry {
  readonly id: number;
  readonly kind: EntryKind;
  readonly userId: number | null;
  readonly adminId: number | null;
  readonly sealed: Uint8Array;
  readonly createdAt: Date;
  /** How often it was taken, this time included. It tells whoever took it later from whoever took it before. */
  readonly attempts: number;
}

/** Milliseconds that a process has for an entry which it took. A mail server that answers nothing is given up earlier. */
export const LEASE = 120_000;

export function isRequest(kind: EntryKind): kind is RequestKind {
  return (REQUESTS as readonly string[]).includes(kind); // whether it is one is asked
}

/** The kinds that a newer mail with a code replaces: the code in them ends with the newer one. */
export function replacedBy(purpose: MailPurpose): readonly EntryKind[] {
  return purpose === 'confirmEmail' ? ['confirmEmail', 'registration'] : [purpose];
}
