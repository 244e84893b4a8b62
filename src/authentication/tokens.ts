import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import { CredentialRefused } from './credential-refused.ts';

/** What a user's token says about its bearer. */
export interface TokenClaims {
  /** The numeric id, as Strapi's tokens carry it. */
  readonly id: number;
  /** The user's documentId: a number alone may be another person's in another database. */
  readonly subject: string;
  /** The user's token version when the token was made: a token of an older version is dead. */
  readonly version: number;
}

/** Makes and checks the tokens of users: JWTs by HS256 (RFC 7519), algorithm, issuer and audience pinned. */
export interface Tokens {
  issue(user: { readonly id: number; readonly documentId: string; readonly tokenVersion: number }): Promise<string>;
  /** @throws CredentialRefused with `expired` for a token that was good once, `invalid` for everything else. */
  verify(token: string): Promise<TokenClaims>;
}

const ALGORITHM = 'HS256';
const ISSUER = 'gatehouse';
const AUDIENCE = 'gatehouse:users';

export interface TokenOptions {
  /** At least 32 bytes. */
  readonly secret: string;
  /** Life of a token, in seconds. */
  readonly expiresIn: number;
  readonly clock: Clock;
}

export async function createTokens({ secret, expiresIn, clock }: TokenOptions): Promise<Tokens> {
  // An imported key is half the work of raw bytes at each check.
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  );
  return {
    issue(user) {
      const now = Math.floor(clock().getTime() / 1000);
      return new SignJWT({ id: user.id, ver: user.tokenVersion })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setSubject(user.documentId)
        .setIssuedAt(now)
        .setExpirationTime(now + expiresIn)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .sign(key);
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ['sub', 'iat', 'exp'],
          currentDate: clock(),
        });
        const { id, ver, sub } = payload;
        if (!isRowNumber(id) || !isRowNumber(ver) || typeof sub !== 'string') throw new CredentialRefused('invalid');
        return { id, subject: sub, version: ver };
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw new CredentialRefused('expired');
        if (error instanceof errors.JOSEError) throw new CredentialRefused('invalid');
        throw error;
      }
    },
  };
}

/** What fits into a column of four bytes: anything else is not from us, and would be an error of the database's. */
function isRowNumber(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31;
}
