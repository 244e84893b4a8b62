import { CredentialRefused } from '../authentication/credential-refused.ts';
import type { UserAccounts } from './accounts.ts';

/** What is true of a token now: the members of RFC 7662, 2.2, that there are here. */
export type TokenInfo = { readonly active: false } | ActiveToken;

export interface ActiveToken {
  readonly active: true;
  /** The documentId of the user. */
  readonly sub: string;
  readonly username: string;
  /** The documentId of the session. */
  readonly sid: string;
  /** The types of all roles. */
  readonly roles: readonly string[];
  readonly iss: string;
  readonly aud: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

/** Asks about a token as if its user had sent it, but notes no use. Every token that would be refused is only not active. */
export async function tokenInfo(
  { authenticateUser, realm }: Pick<UserAccounts, 'authenticateUser' | 'realm'>,
  token: string,
): Promise<TokenInfo> {
  try {
    const { viewer, claims } = await authenticateUser(token);
    const { documentId: sub, username } = viewer.account;
    const { session: sid, issuer: iss, issuedAt: iat, expiresAt: exp } = claims;
    return { active: true, sub, username, sid, roles: viewer.roles, iss, aud: realm.audience, iat, exp };
  } catch (error) {
    // Nobody learns why, or of whom it was.
    if (error instanceof CredentialRefused) return { active: false };
    throw error;
  }
}
