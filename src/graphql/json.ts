import { GraphQLError } from 'graphql';
import { faultOfJson } from '../common/bounded-json.ts';

/**
 * Reads a JSON value of a client, as plain objects and lists.
 *
 * @throws GraphQLError for one that is too large or too deep, or has names such as `__proto__`. It does not say the value.
 */
export function parseJson(value: unknown): NonNullable<unknown> {
  const fault = faultOfJson(value);
  if (fault !== undefined) throw new GraphQLError(`JSON ${fault}`);
  return JSON.parse(JSON.stringify(value));
}
