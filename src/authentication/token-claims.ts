import { decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose';
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
  readonly issuer: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/**
 * The header of a token of which nothing else is known yet.
 *
 * @throws CredentialRefused `invalid` without one.
 */
export function headerOf(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token);
  } catch {
    throw new CredentialRefused('invalid');
  }
}

/** Undefined for claims of another form than ours. */
export function claimsIn({
  id,
  ver,
  sub,
  sid,
  iss = '',
  iat = 0,
  exp = Infinity,
}: JWTPayload): TokenClaims | undefined {
  const ours = isRowNumber(id) && isRowNumber(ver) && typeof sub === 'string' && typeof sid === 'string';
  if (!ours) return undefined;
  return { id, subject: sub, version: ver, session: sid, issuer: iss, issuedAt: iat, expiresAt: exp };
}

/** Whether a value fits a four-byte column. Anything else is not from us, and would cause a database error. */
function isRowNumber(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31;
}
