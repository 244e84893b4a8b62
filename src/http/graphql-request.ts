import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors.ts';

/** Headers that a page of another site cannot send without a preflight. Apollo's and Strapi's clients send some of them. */
const PREFLIGHTED = [
  'authorization',
  'x-requested-with',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
];

/**
 * Lets a request through to GraphQL.
 *
 * @throws ApiError UNSUPPORTED_MEDIA_TYPE for a body that is not JSON, CSRF for what a page of another site could send
 * unasked (Fetch standard, "CORS-safelisted request").
 */
export function checkRequest(request: IncomingMessage): void {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (request.method === 'POST') {
    if (type === 'application/json') return; // not safelisted: the browser asks first
    throw type !== undefined && SAFELISTED.includes(type)
      ? crossSite()
      : new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Send application/json');
  }
  if (wantsPage(request) || type === 'application/json' || PREFLIGHTED.some((name) => name in request.headers)) return;
  throw crossSite();
}

const SAFELISTED = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

function crossSite(): ApiError {
  return new ApiError(
    'CSRF',
    'This request could have been sent by another site: send application/json, or a header such as X-Requested-With',
  );
}

/** A browser that is shown GraphiQL, and no operation. */
function wantsPage({ headers, url }: IncomingMessage): boolean {
  return Boolean(headers.accept?.includes('text/html')) && !/[?&]query=/.test(url ?? '');
}
