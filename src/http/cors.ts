import type { IncomingMessage, ServerResponse } from 'node:http';
import { PREFLIGHTED } from './graphql-request.ts';

/** Which web pages may use this server from a browser: those of these origins, and those of the server itself. */
export type AllowedOrigins = readonly string[] | 'localhost';

/** Headers that a client of GraphQL may send. */
const REQUEST_HEADERS = ['content-type', ...PREFLIGHTED];

/** Headers of ours that a script may read. */
const RESPONSE_HEADERS = ['x-request-id', 'retry-after', 'www-authenticate'];

/**
 * Tells the browser whether the page that asks may read the answer (Fetch standard, "CORS protocol"). A browser
 * sends its cookie along for pages that are named one by one, and never where all may read.
 */
export function allowOrigin(request: IncomingMessage, response: ServerResponse, allowed: AllowedOrigins): void {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (origin === undefined || !isAllowed(origin, allowed)) return;
  response.setHeader('Access-Control-Allow-Origin', isNamed(origin, allowed) ? origin : '*');
  if (isNamed(origin, allowed)) response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Expose-Headers', RESPONSE_HEADERS.join(', '));
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
    response.setHeader('Access-Control-Allow-Headers', REQUEST_HEADERS.join(', '));
    response.setHeader('Access-Control-Max-Age', '600');
  }
}

function isAllowed(origin: string, allowed: AllowedOrigins): boolean {
  return isNamed(origin, allowed) || allowed.includes('*');
}

/** Whether pages of this origin were meant when the list was made, and not only let in with all others. */
export function isNamed(origin: string, allowed: AllowedOrigins): boolean {
  if (allowed !== 'localhost') return origin !== '*' && allowed.includes(origin);
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]'
  );
}
