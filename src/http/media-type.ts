export const JSON_TYPE = 'application/json';
/** The media type of GraphQL over HTTP, in which the status tells what became of an operation. */
export const RESPONSE_TYPE = 'application/graphql-response+json';

/**
 * The media type that an `Accept` header likes best of the two there are; JSON where it likes anything (RFC 9110,
 * 12.5.1); undefined where it likes neither.
 */
export function preferredType(accept = '*/*'): string | undefined {
  let best = { type: '', quality: 0 };
  for (const range of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    const type =
      name === RESPONSE_TYPE ? RESPONSE_TYPE : ['*/*', 'application/*', JSON_TYPE].includes(name) ? JSON_TYPE : '';
    if (type && quality > best.quality) best = { type, quality };
  }
  return best.type || undefined;
}
