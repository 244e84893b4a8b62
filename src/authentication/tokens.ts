import { hash } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../common/clock.ts';
import { CredentialRefused } from './credential-refused.ts';

/** The claims of an account's token. */
export interface TokenClaims {
  /** The numeric id, as Strapi's tokens carry it. */
  readonly id: number;
  /** The account's documentId: in another database, the numeric id may belong to another account. */
  readonly subject: string;
  /** The account's token version when the token was issued. Older versions are revoked. */
  readonly version: number;
  /** The documentId of the token's session. Ending the session revokes the token. */
  readonly session: string;
}

export interface TokenRequest {
  readonly user: { readonly id: number; readonly documentId: string; readonly tokenVersion: number };
  readonly session: string;
  /** When it was issued, which may be some time before it is signed. */
  readonly from: Date;
  /** When it expires, at most `expiresIn` after `from`. */
  readonly until: Date;
  /** The documentId of the administrator who acts as this user: the claim `act` (RFC 8693, 4.1). */
  readonly actor?: string;
  /** Further claims. None of them can replace one of the others. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Issues and verifies the tokens of accounts: HS256 JWTs (RFC 7519) with fixed algorithm, issuer and audience. */
export interface Tokens {
  /** The maximum lifetime of a token, in seconds. */
  readonly expiresIn: number;
  issue(request: TokenRequest): Promise<string>;
  /** @throws CredentialRefused `expired` with the claims for a genuine token that has expired, `invalid` for anything else. */
  verify(token: string): Promise<TokenClaims>;
}

const ALGORITHM = 'HS256';
const ISSUER = 'gatehouse';

/** The realm that a token is for. The other realm refuses it. */
export type Audience = 'gatehouse:users' | 'gatehouse:admins';

export interface TokenOptions {
  readonly audience: Audience;
  /** Each at least 32 bytes. The first signs, all verify. */
  readonly secrets: readonly [string, ...string[]];
  /** The maximum lifetime of a token, in seconds. */
  readonly expiresIn: number;
  readonly clock: Clock;
}

export async function createTokens({ audience, secrets, expiresIn, clock }: TokenOptions): Promise<Tokens> {
  const keys = await Promise.all(secrets.map(importKey));
  const [signing] = keys as [CryptoKey]; // there is at least one

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

  /** Verified tokens by their hash. Signatures do not change; expiry is still checked each time. */
  const verified = new LRUCache<string, Verified>({ max: REMEMBERED });

  async function claimsOf(token: string): Promise<Verified> {
    const payload = await payloadOf(token);
    const { iat = 0, exp = Number.POSITIVE_INFINITY } = payload;
    const claims = claimsIn(payload);
    // No token issued here lives longer, unless the lifetime was reduced since: then it is revoked.
    if (!claims || exp - iat > expiresIn) throw new CredentialRefused('invalid');
    return { claims, exp };
  }

  return {
    expiresIn,
    issue({ user, session, from, until, actor, claims }) {
      const now = seconds(from);
      const own = { id: user.id, ver: user.tokenVersion, sid: session, ...(actor && { act: { sub: actor } }) };
      return new SignJWT({ ...claims, ...own })
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
        // jose checks expiry last, so signature, algorithm, issuer and audience are valid.
        if (error instanceof errors.JWTExpired) throw new CredentialRefused('expired', claimsIn(error.payload));
        if (error instanceof errors.JOSEError) throw new CredentialRefused('invalid');
        throw error;
      }
    },
  };
}

/** The size of the cache of verified tokens. */
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

/** Undefined for claims of another form than ours. */
function claimsIn({ id, ver, sub, sid }: JWTPayload): TokenClaims | undefined {
  const ours = isRowNumber(id) && isRowNumber(ver) && typeof sub === 'string' && typeof sid === 'string';
  return ours ? { id, subject: sub, version: ver, session: sid } : undefined;
}

/** Verification with an imported key takes half as long as with raw bytes. */
function importKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** Whether a value fits a four-byte column. Anything else is not from us, and would cause a database error. */
function isRowNumber(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31;
}
