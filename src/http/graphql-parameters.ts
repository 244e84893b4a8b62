import type { GraphQLParams } from 'graphql-yoga';
import { ApiError } from '../common/errors.ts';
import { tooManyValues } from '../graphql/operation/check-input.ts';
import { countValues } from './count-values.ts';

/**
 * Reads the parameters of a posted operation (GraphQL over HTTP, 5.4). Checks their types only.
 *
 * @throws ApiError BAD_REQUEST for anything but a JSON object with parameters of the right types; INPUT_LIMIT_EXCEEDED for more
 * values than variables may have, before parsing.
 */
export function postedParameters(body: string, maxValues: number): GraphQLParams {
  const max = 2 * maxValues + 100; // some more for everything but the variables
  if (countValues(body, max) > max) throw tooManyValues(maxValues);
  return checked(parsed(body, 'The body of a request'));
}

/** Reads the parameters in the query of a URL (GraphQL over HTTP, 5.3). An empty parameter counts as absent. */
export function parametersInQuery(url: string): GraphQLParams {
  const given = new URL(url, 'http://localhost').searchParams;
  const text = (name: string) => given.get(name) || undefined;
  const json = (name: string) => {
    const value = text(name);
    return value === undefined ? undefined : parsed(value, `The parameter ${name}`);
  };
  return checked({
    query: text('query'),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  });
}

function parsed(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ApiError('BAD_REQUEST', `${what} is not JSON`); // without quoting it: it may contain a password
  }
}

const PARAMETERS = {
  query: ['a string', isString],
  operationName: ['a string', isString],
  variables: ['an object', isObject],
  extensions: ['an object', isObject],
} as const satisfies Record<keyof GraphQLParams, readonly [what: string, is: (value: unknown) => boolean]>;

/** Null counts as absent. */
function checked(given: unknown): GraphQLParams {
  if (!isObject(given))
    throw new ApiError('BAD_REQUEST', 'A request has to be one JSON object. Batches are not served');
  const parameters = Object.entries(given).filter(([, value]) => value != null);
  for (const [name, value] of parameters) {
    if (!isParameter(name)) {
      throw new ApiError('BAD_REQUEST', `A request has no parameters but ${Object.keys(PARAMETERS).join(', ')}`);
    }
    const [what, is] = PARAMETERS[name];
    if (!is(value)) throw new ApiError('BAD_REQUEST', `The parameter ${name} has to be ${what}`);
  }
  return Object.fromEntries(parameters);
}

function isParameter(name: string): name is keyof typeof PARAMETERS {
  return Object.hasOwn(PARAMETERS, name);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
