import { CredentialRefused } from './credential-refused.ts';

/**
 * The token of `Bearer <token>` (RFC 6750), with the scheme in any case. Undefined without a credential: no header, an empty one,
 * or the scheme alone, which some clients send before they have a token.
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
