import type { IncomingMessage } from 'node:http';
import type { Origin } from '../audit/origin.ts';
import { clientAddress } from './client-address.ts';

/**
 * What a request was sent with in `Authorization`. All of them, where there are several: Node takes the first and drops the rest, and two are no credential that is known.
 */
export function authorizationOf({ headersDistinct }: IncomingMessage): string | undefined {
  return headersDistinct['authorization']?.join(', ');
}

/** Where a request came from. */
export function originOf(request: IncomingMessage, trustedProxies: number): Origin {
  return { address: clientAddress(request, trustedProxies), userAgent: request.headers['user-agent'] };
}
