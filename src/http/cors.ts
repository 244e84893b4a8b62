import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLocalhost } from './allowed-hosts.ts';
import { PREFLIGHTED } from './graphql-request.ts';

/** The origins whose pages may use this server from a browser, besides its own. */
export type AllowedOrigins = readonly string[] | 'localhost';

/** The request headers allowed when a preflight does not list any. */
const REQUEST_HEADERS = ['content-type', ...PREFLIGHTED];

/** The response headers that a script may read. */
const RESPONSE_HEADERS = ['x-request-id', 'retry-after', 'www-authenticate'];

/**
 * Sets the CORS headers (Fetch standard, "CORS protocol"). Cookies are allowed for origins that are listed by name, never for
 * those that only `*` covers.
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
    // Any header: a page that may use the server may also authenticate and trace its requests.
    response.setHeader('Access-Control-Allow-Headers', namesIn(wanted) ?? REQUEST_HEADERS.join(', '));
    response.setHeader('Access-Control-Max-Age', '7200'); // the longest that every browser keeps it
  }
}

/** The list, if it is a valid list of header names (RFC 9110, 5.6.2). */
function namesIn(list: string | undefined): string | undefined {
  return list !== undefined && /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/.test(list)
    ? list
    : undefined;
}

function isAllowed(origin: string, allowed: AllowedOrigins): boolean {
  return isNamed(origin, allowed) || allowed.includes('*');
}

/** Whether the list names this origin itself, and does not only cover it with `*`. */
export function isNamed(origin: string, allowed: AllowedOrigins): boolean {
  if (allowed !== 'localhost') return origin !== '*' && allowed.includes(origin);
  if (!URL.canParse(origin)) return false;
  const { origin: itself, protocol, hostname } = new URL(origin);
  // An origin as browsers write it: no extension, nothing but scheme, host and port.
  return itself === origin && /^https?:$/.test(protocol) && isLocalhost(hostname);
}
