import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { ApiError, timedOut, unavailable } from '../../common/errors.ts';
import { databaseFailureOf } from '../../database/failures.ts';
import { raceErrorOf } from '../../database/races.ts';
import { withoutToken } from './syntax-error-message.ts';

/**
 * Converts any error for the client: an `ApiError` stays as it is, an error of the request gets its code and loses the values it
 * quotes, and anything else is logged with its causes and masked.
 */
export function clientError(error: GraphQLError, requestId: string, log: Logger): GraphQLError {
  const ours = apiErrorIn(error) ?? requestFault(error);
  if (ours) return placed(error, ours);
  const failure = databaseFailureOf(error);
  if (failure) {
    log.warn({ err: causeOf(error), requestId, path: error.path }, `the database: ${failure}`);
    return placed(error, failure === 'timeout' ? timedOut() : unavailable());
  }
  const race = raceErrorOf(causeOf(error));
  if (race) {
    log.warn({ err: causeOf(error), requestId, path: error.path }, race.message);
    return placed(error, race);
  }
  log.error({ err: causeOf(error), requestId, path: error.path }, 'unexpected error');
  const masked = new ApiError('INTERNAL_SERVER_ERROR', 'Internal Server Error', {}, { requestId });
  return placed(error, masked);
}

/** The error with the path and locations of the original, without computing them again. */
function placed(at: GraphQLError, { message, extensions }: ApiError): GraphQLError {
  const { nodes, source, positions, locations, path } = at;
  return Object.assign(new GraphQLError(message, { path, extensions }), { nodes, source, positions, locations });
}

function apiErrorIn(error: unknown): ApiError | undefined {
  for (let cause = error; cause instanceof GraphQLError; cause = cause.originalError) {
    if (cause instanceof ApiError) return cause;
  }
  return undefined;
}

/** An error that graphql-js or Yoga found in the request; undefined for an exception. */
function requestFault(error: GraphQLError): ApiError | undefined {
  if (error.originalError !== undefined && !(error.originalError instanceof GraphQLError)) return undefined;
  const { code, http } = error.extensions;
  if (code === 'GRAPHQL_VALIDATION_FAILED') return new ApiError(code, error.message);
  const argument = argumentFault(error);
  if (argument || error.path !== undefined) return argument;
  if (error.message.startsWith('Syntax Error'))
    return new ApiError('GRAPHQL_PARSE_FAILED', withoutToken(error.message));
  if (http?.status === 405) return new ApiError('METHOD_NOT_ALLOWED', error.message);
  if (http?.status !== undefined && http.status < 500) return new ApiError('BAD_REQUEST', error.message);
  return undefined;
}

/** An argument that is invalid only with its variables. graphql-js quotes the literal in its message. */
function argumentFault({ message }: GraphQLError): ApiError | undefined {
  const argument = /^Argument "([\w.@(:)]+)"/.exec(message)?.[1];
  return argument === undefined
    ? undefined
    : new ApiError('BAD_USER_INPUT', `Argument "${argument}" has an invalid value.`);
}

function causeOf(error: GraphQLError): unknown {
  let cause: unknown = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}
