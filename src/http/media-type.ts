import Negotiator from 'negotiator';

export const JSON_TYPE = 'application/json';
/** The media type of GraphQL over HTTP, with which the HTTP status reflects errors of the operation. */
export const RESPONSE_TYPE = 'application/graphql-response+json';

/**
 * The media type that an `Accept` header prefers (RFC 9110, 12.5.1): JSON when it has no preference, undefined when it accepts
 * neither.
 */
export function preferredType(accept = '*/*'): string | undefined {
  // JSON is always UTF-8, so the charset is ignored.
  const types = accept.toLowerCase().replaceAll(/;\s*charset=[^;,]*/g, '');
  return new Negotiator({ headers: { accept: types } }).mediaType([JSON_TYPE, RESPONSE_TYPE]);
}
