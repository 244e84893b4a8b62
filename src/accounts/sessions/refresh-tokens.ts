import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { hashOf } from '../../common/hash.ts';

/** Two times 256 bits: the half that stays with the session, and the half that is another each time. */
export interface RefreshToken {
  readonly text: string;
  readonly family: string;
  /** What is kept of the first half, and of the whole. */
  readonly familyHash: string;
  readonly hash: string;
}

/** A token that was made for a spent one, and the random part that has to be kept to make it again. */
export interface NextRefreshToken extends RefreshToken {
  readonly nonce: string;
}

/** Makes refresh tokens. The next one can be made again for who shows the spent one, and by nobody from the database alone. */
export interface RefreshTokens {
  next(spent: RefreshToken): NextRefreshToken;
  /**
   * The one that was made for `spent` with this nonce and has this hash; undefined when none of the secrets made it.
   * Secrets are changed while tokens live, and processes know of it one after the other.
   */
  again(spent: RefreshToken, made: { readonly nonce: string; readonly hash: string }): RefreshToken | undefined;
}

/** @param secrets the first makes tokens, any of them may have made one. */
export function createRefreshTokens(secrets: readonly [string, ...string[]]): RefreshTokens {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'gatehouse:refresh-tokens', 32)));
  const [making] = keys as [Buffer]; // there is one at least

  /** The spent token is in it, and is kept nowhere: so whoever reads the nonce knows nothing. */
  function made(key: Buffer, { family, text }: RefreshToken, nonce: string): RefreshToken {
    return refreshTokenOf(family, createHmac('sha256', key).update(`${nonce}.${text}`).digest('base64url'));
  }

  return {
    next(spent) {
      const nonce = random();
      return { ...made(making, spent, nonce), nonce };
    },
    again: (spent, { nonce, hash }) =>
      keys.map((key) => made(key, spent, nonce)).find((candidate) => candidate.hash === hash),
  };
}

/** The first one of a session: random. */
export function firstRefreshToken(): RefreshToken {
  return refreshTokenOf(random(), random());
}

/** Undefined for what cannot be one. */
export function readRefreshToken(text: string): RefreshToken | undefined {
  const [, family, secret] = /^([\w-]{43})\.([\w-]{43})$/.exec(text) ?? [];
  return family !== undefined && secret !== undefined ? refreshTokenOf(family, secret) : undefined;
}

function refreshTokenOf(family: string, secret: string): RefreshToken {
  const text = `${family}.${secret}`;
  return { text, family, familyHash: hashOf(family), hash: hashOf(text) };
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
