import type { IncomingMessage } from 'node:http';
import type { Origin } from '../audit/origin.ts';
import { clientAddress } from './client-address.ts';

/**
 * The `Authorization` header. Several headers are joined and so refused as invalid; Node would use the first and drop the rest.
 */
export function authorizationOf({ headersDistinct }: IncomingMessage): string | undefined {
  return headersDistinct['authorization']?.join(', ');
}

/** The address and user agent of a request. */
export function originOf(request: IncomingMessage, trustedProxies: number): Origin {
  return { address: clientAddress(request, trustedProxies), userAgent: request.headers['user-agent'] };
}
