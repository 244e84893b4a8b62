import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLocalhost } from './allowed-hosts.ts';
import { PREFLIGHTED } from './graphql-request.ts';

/** Which web pages may use this server from a browser: those of these origins, and those of the server itself. */
export type AllowedOrigins = readonly string[] | 'localhost';

/** Headers that a client of GraphQL may send, for who does not say which it wants to. */
const REQUEST_HEADERS = ['content-type', ...PREFLIGHTED];

/** Headers of ours that a script may read. */
const RESPONSE_HEADERS = ['x-request-id', 'retry-after', 'www-authenticate'];

/**
 * Tells the browser whether the page that asks may read the answer (Fetch standard, "CORS protocol"). A browser
 * sends its cookie along for pages that are named one by one, and never where all may read.
 */
export function allowOrigin(request: IncomingMessage, response: ServerResponse, allowed: AllowedOrigins): void {
  const { origin, 'access-control-request-headers': wanted } = request.headers;
  response.setHeader('Vary', request.method === 'OPTIONS' ? 'Origin, Access-Control-Request-Headers' : 'Origin');
  if (origin === undefined || !isAllowed(origin, allowed)) return;
  response.setHeader('Access-Control-Allow-Origin', isNamed(origin, allowed) ? origin : '*');
  if (isNamed(origin, allowed)) response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Expose-Headers', RESPONSE_HEADERS.join(', '));
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT');
    // Whatever they are: who may use the server may also say who it is, and trace its requests.
    response.setHeader('Access-Control-Allow-Headers', namesIn(wanted) ?? REQUEST_HEADERS.join(', '));
    response.setHeader('Access-Control-Max-Age', '7200'); // the longest that every browser keeps it
  }
}

/** The names of a list of headers (RFC 9110, 5.6.2); undefined for anything else. */
function namesIn(list: string | undefined): string | undefined {
  return list !== undefined && /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/.test(list)
    ? list
    : undefined;
}

function isAllowed(origin: string, allowed: AllowedOrigins): boolean {
  return isNamed(origin, allowed) || allowed.includes('*');
}

/** Whether pages of this origin were meant when the list was made, and not only let in with all others. */
export function isNamed(origin: string, allowed: AllowedOrigins): boolean {
  if (allowed !== 'localhost') return origin !== '*' && allowed.includes(origin);
  if (!URL.canParse(origin)) return false;
  const { origin: itself, protocol, hostname } = new URL(origin);
  // A page, as a browser names it: not an extension, and nothing beside scheme, host and port.
  return itself === origin && /^https?:$/.test(protocol) && isLocalhost(hostname);
}
