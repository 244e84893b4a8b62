import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { hashOf } from '../../common/hash.ts';

/** Two halves of 256 bits: one identifies the session, the other changes with each refresh. */
export interface RefreshToken {
  readonly text: string;
  readonly family: string;
  /** The stored hashes of the first half and of the whole. */
  readonly familyHash: string;
  readonly hash: string;
}

/** The successor of a spent token, with the nonce that is stored to derive it again. */
export interface NextRefreshToken extends RefreshToken {
  readonly nonce: string;
}

/** Derives refresh tokens. A successor can be derived again from the spent token, but not from the database alone. */
export interface RefreshTokens {
  next(spent: RefreshToken): NextRefreshToken;
  /**
   * Derives the successor of `spent` with this nonce and hash again; undefined if no configured secret made it. Secrets
   * are rotated while tokens live, and not in all processes at once.
   */
  again(spent: RefreshToken, made: { readonly nonce: string; readonly hash: string }): RefreshToken | undefined;
}

/** @param secrets the first derives new tokens; the others are accepted for existing ones. */
export function createRefreshTokens(secrets: readonly [string, ...string[]]): RefreshTokens {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'gatehouse:refresh-tokens', 32)));
  const [making] = keys as [Buffer]; // there is one at least

  /** Depends on the spent token, which is stored nowhere, so the stored nonce reveals nothing. */
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

/** A random token for a new session. */
export function firstRefreshToken(): RefreshToken {
  return refreshTokenOf(random(), random());
}

/** Parses a token; undefined if it is malformed. */
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
