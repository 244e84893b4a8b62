import Negotiator from 'negotiator';

export const JSON_TYPE = 'application/json';
/** The media type of GraphQL over HTTP, in which the status tells what became of an operation. */
export const RESPONSE_TYPE = 'application/graphql-response+json';

/**
 * The media type that an `Accept` header likes best of the two there are (RFC 9110, 12.5.1); JSON where it likes both alike;
 * undefined where it likes neither.
 */
export function preferredType(accept = '*/*'): string | undefined {
  // Answers are UTF-8, whatever charset clients write beside the type: JSON has no other.
  const types = accept.toLowerCase().replaceAll(/;\s*charset=[^;,]*/g, '');
  return new Negotiator({ headers: { accept: types } }).mediaType([JSON_TYPE, RESPONSE_TYPE]);
}
