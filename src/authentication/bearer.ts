import { CredentialRefused } from './credential-refused.ts';

/**
 * The token of `Bearer <token>` (RFC 6750): the scheme in any case, one token, nothing else.
 *
 * @throws CredentialRefused for anything else.
 */
export function bearerOf(authorization: string): string {
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization.trim())?.[1];
  if (token === undefined) throw new CredentialRefused('invalid');
  return token;
}
