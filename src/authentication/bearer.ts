import { CredentialRefused } from './credential-refused.ts';

/**
 * The token of `Bearer <token>` (RFC 6750): the scheme in any case, one token, nothing else. Undefined without a
 * credential: no header, an empty one, or the scheme alone, which clients send that have no token yet.
 *
 * @throws CredentialRefused for anything else.
 */
export function bearerOf(authorization: string | undefined): string | undefined {
  const text = authorization?.trim() ?? '';
  if (text === '' || text.toLowerCase() === 'bearer') return undefined;
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(text)?.[1];
  if (token === undefined) throw new CredentialRefused('invalid');
  return token;
}
