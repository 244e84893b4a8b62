import type { TokenAlgorithm } from './algorithms.ts';

/** When a key signs, and when tokens of it are accepted: a row of `signing_keys`. */
export interface KeyTimes {
  readonly algorithm: string;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  /** Null while nothing comes after it. */
  readonly signsUntil: Date | null;
  readonly publishedUntil: Date | null;
  /** Empty once the key was revoked, whatever the times are: clocks differ. */
  readonly privateJwkEncrypted: Uint8Array;
}

/** Seconds for which others may keep the published keys. */
export const MAX_AGE = 300;

/** Milliseconds from the publication of a key to its first signature: those who verify have read it by then. */
export const AHEAD = 2 * MAX_AGE * 1_000;

/** Milliseconds beyond the life of the last token: clocks differ, and a token is signed a little after its time of issue. */
export const BEYOND = AHEAD;

export function isPublished({ publishedUntil, privateJwkEncrypted }: KeyTimes, now: Date): boolean {
  return privateJwkEncrypted.length > 0 && (publishedUntil === null || publishedUntil > now);
}

export function signsAt({ signsFrom, signsUntil }: KeyTimes, now: Date): boolean {
  return signsFrom <= now && (signsUntil === null || signsUntil > now);
}

/** Whether it is published and does not sign yet. */
export function waitsAt({ signsFrom }: KeyTimes, now: Date): boolean {
  return signsFrom > now;
}

/**
 * The key that signs: the newest of the algorithm, or of another one while that has none that signs, as after a change of the
 * algorithm.
 */
export function signingAt<Key extends KeyTimes>(
  keys: readonly Key[],
  now: Date,
  algorithm: TokenAlgorithm,
): Key | undefined {
  const signing = keys
    .filter((key) => signsAt(key, now))
    .sort((one, other) => other.signsFrom.getTime() - one.signsFrom.getTime());
  return signing.find((key) => key.algorithm === algorithm) ?? signing[0];
}

/** The key of the algorithm that nothing comes after, whether it signs or waits. */
export function lastOf<Key extends KeyTimes>(keys: readonly Key[], algorithm: TokenAlgorithm): Key | undefined {
  return keys.find((key) => key.algorithm === algorithm && key.signsUntil === null);
}

/** In words, for people. */
export function stateOf(key: KeyTimes, now: Date): string {
  if (waitsAt(key, now)) return `published, signs from ${key.signsFrom.toISOString()}`;
  if (signsAt(key, now)) return key.signsUntil ? `signs until ${key.signsUntil.toISOString()}` : 'signs';
  return `signs no more, published until ${key.publishedUntil?.toISOString() ?? 'its end'}`;
}
