import type { ServerResponse } from 'node:http';
import { CredentialRefused } from '../authentication/credential-refused.ts';
import { invalidCredential } from '../common/errors.ts';

/** The answer to a credential that is not good (RFC 6750, 3.1); any other error as it is. */
export function credentialError(error: unknown, response: ServerResponse): unknown {
  if (!(error instanceof CredentialRefused)) return error;
  response.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
  return invalidCredential(error.reason);
}
