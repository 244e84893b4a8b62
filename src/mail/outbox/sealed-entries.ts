import { createSeal } from '../../common/seal.ts';
import type { EntryKind, MailContents, MailRequest, TakenEntry } from './entries.ts';

/** The encrypted content of an entry. */
export type SealedContent = MailContents | MailRequest;

/** The plain columns of an entry, which its content is bound to. */
export type EntryPlace = Pick<TakenEntry, 'kind' | 'userId' | 'adminId'>;

/** Seals entries of users with the secrets of users' tokens, and those of administrators with the secrets of theirs. */
export interface EntrySeal {
  seal(content: SealedContent, place: EntryPlace): Uint8Array<ArrayBuffer>;
  /** Undefined if the secret that sealed it is no longer configured. */
  open(entry: EntryPlace & Pick<TakenEntry, 'sealed'>): SealedContent | undefined;
}

export interface SealSecrets {
  readonly users: readonly [string, ...string[]];
  readonly administrators: readonly [string, ...string[]];
}

export function createEntrySeal(secrets: SealSecrets): EntrySeal {
  const seals = {
    users: createSeal(secrets.users, 'mail-outbox'),
    administrators: createSeal(secrets.administrators, 'mail-outbox'),
  };
  const sealOf = ({ kind, adminId }: EntryPlace) =>
    seals[adminId !== null || ADMINISTRATORS.has(kind) ? 'administrators' : 'users'];
  const placeOf = ({ kind, userId, adminId }: EntryPlace) => [kind, userId, adminId];

  return {
    seal: (content, place) => sealOf(place).seal(JSON.stringify(content), placeOf(place)),
    open(entry) {
      const text = sealOf(entry).open(entry.sealed, placeOf(entry));
      return text === undefined ? undefined : (JSON.parse(text) as SealedContent); // nobody else could seal it
    },
  };
}

/** Requests for administrators, whose account is not known yet. */
const ADMINISTRATORS: ReadonlySet<EntryKind> = new Set(['adminForgotPassword']);
