import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors.ts';

/** Headers that a page of another site cannot send without a preflight. Clients of GraphQL send some of them. */
const PREFLIGHTED = [
  'authorization',
  'x-requested-with',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
];

/** What a form of another site can send. */
const SAFELISTED = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';

export interface RequestOptions {
  /** Whether a browser that opens the address is shown GraphiQL. */
  readonly graphiql: boolean;
}

/**
 * Lets a request through to GraphQL, and tells in which media type it is to be answered: one of GraphQL over HTTP, or
 * `text/html` for GraphiQL.
 *
 * @throws ApiError UNSUPPORTED_MEDIA_TYPE for a body that is not JSON, CSRF for what a page of another site could send
 * unasked (Fetch standard, "CORS-safelisted request"), BAD_REQUEST for parameters that are no JSON, NOT_ACCEPTABLE.
 */
export function checkRequest(request: IncomingMessage, { graphiql }: RequestOptions): string {
  const { headers } = request;
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (request.method === 'POST') {
    if (type !== JSON_TYPE)
      throw type && SAFELISTED.includes(type) && !isPreflighted(headers) ? crossSite() : notJson();
    return answerType(headers.accept);
  }
  const parameters = new URL(request.url ?? '', 'http://localhost').searchParams;
  if (graphiql && headers.accept?.includes('text/html') && !parameters.has('query')) return 'text/html';
  if (type !== JSON_TYPE && !isPreflighted(headers)) throw crossSite();
  for (const name of ['variables', 'extensions']) checkJson(name, parameters.get(name));
  return answerType(headers.accept);
}

function isPreflighted(headers: IncomingMessage['headers']): boolean {
  return PREFLIGHTED.some((name) => name in headers);
}

/** The media type that the client likes best of the two there are; JSON where it likes anything (RFC 9110, 12.5.1). */
function answerType(accept = '*/*'): string {
  let best = { type: '', quality: 0 };
  for (const range of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    const type =
      name === RESPONSE_TYPE ? RESPONSE_TYPE : ['*/*', 'application/*', JSON_TYPE].includes(name) ? JSON_TYPE : '';
    if (type && quality > best.quality) best = { type, quality };
  }
  if (best.type) return best.type;
  throw new ApiError('NOT_ACCEPTABLE', `Ask for ${RESPONSE_TYPE} or ${JSON_TYPE}`);
}

/** Before anybody else parses it, and puts what it could not parse into a message. */
function checkJson(name: string, text: string | null): void {
  if (!text) return;
  try {
    JSON.parse(text);
  } catch {
    throw new ApiError('BAD_REQUEST', `The parameter ${name} is not JSON`);
  }
}

function notJson(): ApiError {
  return new ApiError('UNSUPPORTED_MEDIA_TYPE', `Send ${JSON_TYPE}`);
}

function crossSite(): ApiError {
  return new ApiError(
    'CSRF',
    'This request could have been sent by another site: send application/json, or a header such as X-Requested-With',
  );
}
