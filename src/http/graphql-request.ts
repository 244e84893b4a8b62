import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { ApiError } from '../common/errors.ts';
import { JSON_TYPE, preferredType, RESPONSE_TYPE } from './media-type.ts';

/** Headers that another site cannot send without a preflight. GraphQL clients send some of them. */
export const PREFLIGHTED = [
  'authorization',
  'x-requested-with',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
];

/** Content types that another site's form can send. */
const SAFELISTED = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

export interface RequestOptions {
  /** Whether browsers get GraphiQL. */
  readonly graphiql: boolean;
}

/**
 * Checks the headers of a GraphQL request, and returns the media type of its answer: one of GraphQL over HTTP, or `text/html`
 * for GraphiQL.
 *
 * @throws ApiError UNSUPPORTED_MEDIA_TYPE for a body that is not JSON in UTF-8, CSRF for what another site could send without a
 * preflight (Fetch standard, "CORS-safelisted request"), BAD_REQUEST for a URL that is not UTF-8, NOT_ACCEPTABLE.
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

/** Whether the charset is UTF-8, the default of JSON (RFC 8259, 8.1). */
function isUtf8(contentType = JSON_TYPE): boolean {
  if (contentType === JSON_TYPE || !contentType.toLowerCase().includes('charset')) return true;
  try {
    const charset = new MIMEType(contentType).params.get('charset') ?? 'utf-8';
    return ['utf-8', 'utf8', 'us-ascii'].includes(charset.toLowerCase());
  } catch {
    return false; // not a media type
  }
}

/** Refuses invalid encodings, which URL parsers replace silently. */
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
