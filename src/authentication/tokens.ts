import { hash } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, type ProtectedHeaderParameters, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../common/clock.ts';
import { CredentialRefused } from './credential-refused.ts';
import { isKeyAlgorithm } from './signing-keys/algorithms.ts';
import type { SigningKeys } from './signing-keys/signing-keys.ts';
import { claimsIn, headerOf, type TokenClaims } from './token-claims.ts';

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

/**
 * Issues and verifies the tokens of accounts: JWTs (RFC 7519) with fixed audience. One without a key id (`kid`) is HS256 with a
 * secret. One with a key id has the algorithm of that key, whatever its header says.
 */
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
  /** Key pairs, which sign in place of the secrets if they are used; undefined where there are none. */
  readonly pairs?: TokenKeyPairs;
}

export interface TokenKeyPairs extends Pick<SigningKeys, 'signing' | 'find'> {
  /** The issuer of the tokens that they sign. */
  readonly issuer: string;
}

export async function createTokens({ audience, secrets, expiresIn, clock, pairs }: TokenOptions): Promise<Tokens> {
  const keys = await Promise.all(secrets.map(importKey));
  const [signing] = keys as [CryptoKey]; // there is at least one

  async function ofSecrets(token: string): Promise<JWTPayload> {
    let mismatch: unknown;
    for (const key of keys) {
      try {
        const expected = { ...EXPECTED, algorithms: [ALGORITHM], issuer: ISSUER };
        return (await jwtVerify(token, key, { ...expected, audience, currentDate: clock() })).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
        mismatch = error;
      }
    }
    throw mismatch;
  }

  async function ofPair(token: string, { kid, alg }: ProtectedHeaderParameters): Promise<JWTPayload> {
    // Refused below, too: the keys need not be read for it.
    const couldBe = typeof kid === 'string' && isKeyAlgorithm(String(alg));
    const pair = couldBe ? await pairs?.find(kid) : undefined;
    if (!pairs || !pair) throw new CredentialRefused('invalid');
    if (pair === 'ended') throw endedWithItsKey();
    const expected = { ...EXPECTED, algorithms: [pair.algorithm], issuer: pairs.issuer };
    return (await jwtVerify(token, pair.publicKey, { ...expected, audience, currentDate: clock() })).payload;
  }

  /** Verified tokens by their hash. Signatures do not change; expiry is still checked each time. */
  const verified = new LRUCache<string, Verified>({ max: REMEMBERED });

  async function claimsOf(token: string): Promise<Verified> {
    const header = headerOf(token);
    const claims = claimsIn('kid' in header ? await ofPair(token, header) : await ofSecrets(token));
    // No token issued here lives longer, unless the lifetime was reduced since: then it is revoked.
    if (!claims || claims.expiresAt - claims.issuedAt > expiresIn) throw new CredentialRefused('invalid');
    return { claims, kid: header.kid };
  }

  /** Signatures stay valid; a key that was revoked or has ended does not. */
  async function expectKey({ kid }: Verified): Promise<void> {
    if (kid === undefined) return;
    const pair = await pairs?.find(kid);
    if (!pair) throw new CredentialRefused('invalid');
    if (pair === 'ended') throw endedWithItsKey();
  }

  return {
    expiresIn,
    async issue({ user, session, from, until, actor, claims }) {
      const pair = await pairs?.signing();
      const now = seconds(from);
      const own = { id: user.id, ver: user.tokenVersion, sid: session, ...(actor && { act: { sub: actor } }) };
      return new SignJWT({ ...claims, ...own })
        .setProtectedHeader(pair ? { alg: pair.algorithm, typ: 'JWT', kid: pair.kid } : { alg: ALGORITHM, typ: 'JWT' })
        .setSubject(user.documentId)
        .setIssuedAt(now)
        .setExpirationTime(Math.min(seconds(until), now + expiresIn))
        .setIssuer(pair && pairs ? pairs.issuer : ISSUER)
        .setAudience(audience)
        .sign(pair ? pair.privateKey : signing);
    },
    async verify(token) {
      const key = hash('sha256', token, 'base64');
      const known = verified.get(key);
      if (known) {
        await expectKey(known);
        if (known.claims.expiresAt > seconds(clock())) return known.claims;
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
  /** Of the key pair; undefined for one that a secret signed. */
  readonly kid: string | undefined;
}

const EXPECTED = { requiredClaims: ['sub', 'iat', 'exp'] };

/**
 * As expired: a client that can refresh its token should. The claims may be those of somebody who has the key, so they name nobody,
 * and no session ends by them.
 */
function endedWithItsKey(): CredentialRefused {
  return new CredentialRefused('expired', { id: 0, session: '' });
}

/** Verification with an imported key takes half as long as with raw bytes. */
function importKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
