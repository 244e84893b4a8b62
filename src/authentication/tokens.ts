import { hash } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../common/clock.ts';
import { CredentialRefused } from './credential-refused.ts';

/** What a user's token says about its bearer. */
export interface TokenClaims {
  /** The numeric id, as Strapi's tokens carry it. */
  readonly id: number;
  /** The user's documentId: a number alone may be another person's in another database. */
  readonly subject: string;
  /** The user's token version when the token was made: a token of an older version is dead. */
  readonly version: number;
  /** The documentId of the session that the token belongs to: it dies with it. */
  readonly session: string;
}

export interface TokenRequest {
  readonly user: { readonly id: number; readonly documentId: string; readonly tokenVersion: number };
  readonly session: string;
  /** When its life begins: that is some time ago when it is signed, and its life is as long as it was configured. */
  readonly from: Date;
  /** When it ends; no token lives longer than `expiresIn`. */
  readonly until: Date;
}

/** Makes and checks the tokens of people: JWTs by HS256 (RFC 7519), algorithm, issuer and audience pinned. */
export interface Tokens {
  issue(request: TokenRequest): Promise<string>;
  /** @throws CredentialRefused with `expired`, and whose it was, for a token that was good once; `invalid` for everything else. */
  verify(token: string): Promise<TokenClaims>;
}

const ALGORITHM = 'HS256';
const ISSUER = 'gatehouse';

/** Who a token is for. One of the one audience is nothing to the other. */
export type Audience = 'gatehouse:users' | 'gatehouse:admins';

export interface TokenOptions {
  readonly audience: Audience;
  /** Each at least 32 bytes. The first signs, all of them verify. */
  readonly secrets: readonly [string, ...string[]];
  /** Longest life of a token, in seconds. */
  readonly expiresIn: number;
  readonly clock: Clock;
}

export async function createTokens({ audience, secrets, expiresIn, clock }: TokenOptions): Promise<Tokens> {
  const keys = await Promise.all(secrets.map(importKey));
  const [signing] = keys as [CryptoKey]; // there is one at least

  async function payloadOf(token: string): Promise<JWTPayload> {
    let mismatch: unknown;
    for (const key of keys) {
      try {
        return (await jwtVerify(token, key, { ...EXPECTED, audience, currentDate: clock() })).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
        mismatch = error;
      }
    }
    throw mismatch;
  }

  /** Tokens that were good, by their hash: what is signed does not change. What it says has to be true still each time. */
  const verified = new LRUCache<string, Verified>({ max: REMEMBERED });

  async function claimsOf(token: string): Promise<Verified> {
    const payload = await payloadOf(token);
    const { iat = 0, exp = Number.POSITIVE_INFINITY } = payload;
    const claims = claimsIn(payload);
    // Nothing that was made here lives longer. Where the life of tokens was shortened, the longer ones end.
    if (!claims || exp - iat > expiresIn) throw new CredentialRefused('invalid');
    return { claims, exp };
  }

  return {
    issue({ user, session, from, until }) {
      const now = seconds(from);
      return new SignJWT({ id: user.id, ver: user.tokenVersion, sid: session })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setSubject(user.documentId)
        .setIssuedAt(now)
        .setExpirationTime(Math.min(seconds(until), now + expiresIn))
        .setIssuer(ISSUER)
        .setAudience(audience)
        .sign(signing);
    },
    async verify(token) {
      const key = hash('sha256', token, 'base64');
      const known = verified.get(key);
      if (known) {
        if (known.exp > seconds(clock())) return known.claims;
        verified.delete(key);
        throw new CredentialRefused('expired', known.claims);
      }
      try {
        const found = await claimsOf(token);
        verified.set(key, found);
        return found.claims;
      } catch (error) {
        // That is found out last: signature, algorithm, issuer and audience are right.
        if (error instanceof errors.JWTExpired) throw new CredentialRefused('expired', claimsIn(error.payload));
        if (error instanceof errors.JOSEError) throw new CredentialRefused('invalid');
        throw error;
      }
    },
  };
}

/** As many verified tokens are remembered, the latest. */
const REMEMBERED = 10_000;

interface Verified {
  readonly claims: TokenClaims;
  /** Seconds since 1970. */
  readonly exp: number;
}

const EXPECTED = {
  algorithms: [ALGORITHM],
  issuer: ISSUER,
  requiredClaims: ['sub', 'iat', 'exp'],
};

/** Undefined where they are not of the form that our tokens have. */
function claimsIn({ id, ver, sub, sid }: JWTPayload): TokenClaims | undefined {
  const ours = isRowNumber(id) && isRowNumber(ver) && typeof sub === 'string' && typeof sid === 'string';
  return ours ? { id, subject: sub, version: ver, session: sid } : undefined;
}

/** An imported key is half the work of raw bytes at each check. */
function importKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** What fits into a column of four bytes: anything else is not from us, and would be an error of the database's. */
function isRowNumber(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31;
}
