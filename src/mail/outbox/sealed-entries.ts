import type { EntryKind, MailRequest, OutgoingMail, TakenEntry } from './entries.ts';
import { createSeal } from './seal.ts';

/** What of an entry nobody but this server may read. */
export type SealedContent = Pick<OutgoingMail, 'to' | 'code' | 'newEmail'> | MailRequest;

/** Whose an entry is, and what it is: columns that anybody who has the database can read. */
export type EntryPlace = Pick<TakenEntry, 'kind' | 'userId' | 'adminId'>;

/** Seals what users are mailed with the secrets of users' tokens, and what administrators are mailed with those of theirs. */
export interface EntrySeal {
  seal(content: SealedContent, place: EntryPlace): Uint8Array<ArrayBuffer>;
  /** Undefined where the secret that sealed it is none of the secrets any more. */
  open(entry: EntryPlace & Pick<TakenEntry, 'sealed'>): SealedContent | undefined;
}

export interface SealSecrets {
  readonly users: readonly [string, ...string[]];
  readonly administrators: readonly [string, ...string[]];
}

export function createEntrySeal(secrets: SealSecrets): EntrySeal {
  const seals = { users: createSeal(secrets.users), administrators: createSeal(secrets.administrators) };
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

/** Entries of administrators whose account is not known yet. */
const ADMINISTRATORS: ReadonlySet<EntryKind> = new Set(['adminForgotPassword']);
