import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** Sets the security headers of an answer. */
export type SecureHeaders = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The default headers: browsers must not load, frame or run anything in an answer. Pages with scripts replace the policy with one
 * that lists them. Over TLS, HSTS is set.
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
    // CORS decides which other origins may read answers.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure && { maxAge: 365 * 86_400 },
  });
  return (request, response) => middleware(request, response, () => {});
}

/** The policy of GraphiQL: one page with inline script, style and workers, which connects to this server only. */
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
