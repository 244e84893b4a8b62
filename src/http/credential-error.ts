import type { ServerResponse } from 'node:http';
import { CredentialRefused } from '../authentication/credential-refused.ts';
import { invalidCredential } from '../common/errors.ts';

/** The client's error for an invalid credential (RFC 6750, 3.1); any other error unchanged. */
export function credentialError(error: unknown, response: ServerResponse): unknown {
  if (!(error instanceof CredentialRefused)) return error;
  response.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
  return invalidCredential(error.reason);
}
