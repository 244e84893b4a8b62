import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** Puts on an answer what keeps browsers from misusing it. */
export type SecureHeaders = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The headers of every answer: nothing in it may be loaded, framed or run. A page that has scripts of its own replaces the
 * policy by one that names them. Over TLS browsers are told to keep to it.
 */
export function securityHeaders({ publicUrl }: { readonly publicUrl: string }): SecureHeaders {
  const secure = publicUrl.startsWith('https:');
  const middleware = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Pages of other origins read answers where CORS lets them.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure && { maxAge: 365 * 86_400 },
  });
  return (request, response) => middleware(request, response, () => {});
}

/** GraphiQL comes as one page with its script, its style and its workers in it, and asks nobody but this server. */
export const GRAPHIQL_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  'font-src data:',
  'worker-src blob:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
