import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiError, forbidden } from '../../common/errors.ts';
import { JSON_TYPE } from '../media-type.ts';
import { sendRefusal } from '../responses.ts';

/** Whether a path belongs to the REST API, whose errors have Strapi's shape. */
export function isRestPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}

/** Refuses a request in the shape of Strapi's REST API. */
export function sendRestError(request: IncomingMessage, response: ServerResponse, error: ApiError): void {
  sendRefusal(request, response, error, JSON_TYPE, { data: null, error: restError(error) });
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
    message: code === 'METHOD_NOT_ALLOWED' ? 'Method Not Allowed' : (MESSAGES[message] ?? message),
    details: { ...error.details, ...more },
  };
}

/** Messages that differ between Strapi's REST and GraphQL APIs. */
const MESSAGES: Readonly<Record<string, string>> = { [forbidden().message]: 'Forbidden' };
