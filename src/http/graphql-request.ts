import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { ApiError } from '../common/errors.ts';
import { JSON_TYPE, preferredType, RESPONSE_TYPE } from './media-type.ts';

/** Headers that a page of another site cannot send without a preflight. Clients of GraphQL send some of them. */
export const PREFLIGHTED = [
  'authorization',
  'x-requested-with',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
];

/** What a form of another site can send. */
const SAFELISTED = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

export interface RequestOptions {
  /** Whether a browser that opens the address is shown GraphiQL. */
  readonly graphiql: boolean;
}

/**
 * Lets a request through to GraphQL, and tells in which media type it is to be answered: one of GraphQL over HTTP, or
 * `text/html` for GraphiQL.
 *
 * @throws ApiError UNSUPPORTED_MEDIA_TYPE for a body that is not JSON in UTF-8, CSRF for what a page of another site could send
 * unasked (Fetch standard, "CORS-safelisted request"), BAD_REQUEST for an address that is no UTF-8, NOT_ACCEPTABLE.
 */
export function checkRequest(request: IncomingMessage, { graphiql }: RequestOptions): string {
  const { headers } = request;
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (request.method === 'POST') {
    if (type !== JSON_TYPE)
      throw type && SAFELISTED.includes(type) && !isPreflighted(headers) ? crossSite() : notJson();
    if (!isUtf8(headers['content-type'])) throw notJson();
    return answerType(headers.accept);
  }
  checkEncoding(request.url ?? '');
  const parameters = new URL(request.url ?? '', 'http://localhost').searchParams;
  if (graphiql && headers.accept?.includes('text/html') && !parameters.has('query')) return 'text/html';
  if (type !== JSON_TYPE && !isPreflighted(headers)) throw crossSite();
  return answerType(headers.accept);
}

function isPreflighted(headers: IncomingMessage['headers']): boolean {
  return PREFLIGHTED.some((name) => name in headers);
}

function answerType(accept: string | undefined): string {
  const type = preferredType(accept);
  if (type) return type;
  throw new ApiError('NOT_ACCEPTABLE', `Ask for ${RESPONSE_TYPE} or ${JSON_TYPE}`);
}

/** Whether this media type is of UTF-8, which is also what JSON is where nothing else is said (RFC 8259, 8.1). */
function isUtf8(contentType = JSON_TYPE): boolean {
  if (contentType === JSON_TYPE || !contentType.toLowerCase().includes('charset')) return true;
  try {
    const charset = new MIMEType(contentType).params.get('charset') ?? 'utf-8';
    return ['utf-8', 'utf8', 'us-ascii'].includes(charset.toLowerCase());
  } catch {
    return false; // it is no media type
  }
}

/** Before anybody else decodes it, and puts another character in the place of what it could not decode. */
function checkEncoding(url: string): void {
  try {
    if (/[^!-~]/.test(url)) throw new URIError();
    decodeURIComponent(url);
  } catch {
    throw new ApiError('BAD_REQUEST', 'The parameters of a request have to be UTF-8, percent-encoded');
  }
}

function notJson(): ApiError {
  return new ApiError('UNSUPPORTED_MEDIA_TYPE', `Send ${JSON_TYPE} in UTF-8`);
}

function crossSite(): ApiError {
  return new ApiError(
    'CSRF',
    'This request could have been sent by another site: send application/json, or a header such as X-Requested-With',
  );
}
