import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiError } from '../../common/errors.ts';
import { JSON_TYPE } from '../media-type.ts';

/** Whether a path belongs to the REST API, whose errors have Strapi's shape. */
export function isRestPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}

/** Refuses a request in the shape of Strapi's REST API. */
export function sendRestError(request: IncomingMessage, response: ServerResponse, error: ApiError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { retryAfter } = error.extensions;
  response
    .writeHead(error.status, {
      'Content-Type': `${JSON_TYPE}; charset=utf-8`,
      ...(typeof retryAfter === 'number' && { 'Retry-After': String(retryAfter) }),
      // The unread rest of the body would be taken for the next request.
      ...(!request.complete && { Connection: 'close' }),
    })
    .end(JSON.stringify({ data: null, error: restError(error) }));
}

function restError({ code, status, message, extensions }: ApiError) {
  const {
    code: _code,
    error,
    ...more
  } = extensions as {
    readonly code: string;
    readonly error: { readonly name: string; readonly details: object };
  };
  return {
    status,
    name: error.name,
    message: MESSAGES[code as keyof typeof MESSAGES] ?? message,
    details: { ...error.details, ...more },
  };
}

/** Messages that differ between Strapi's REST and GraphQL APIs. */
const MESSAGES = { FORBIDDEN: 'Forbidden', METHOD_NOT_ALLOWED: 'Method Not Allowed' } as const;
