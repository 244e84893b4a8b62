import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { ApiError, type ErrorCode, notFound, statusOf, timedOut, unavailable } from '../../common/errors.ts';
import { databaseFailureOf } from '../../database/failures.ts';
import { isDeletedMeanwhile, isWriteConflict } from '../../database/write-errors.ts';
import type { Context } from '../context.ts';
import type { AnswerStatus } from './answer.ts';
import { withoutToken } from './messages.ts';

/** The actions that an operation was refused for. */
export type OnRefused = (actions: ReadonlySet<string>, context: Context) => void;

function actionRefusedIn({ extensions }: GraphQLError): string[] {
  if (extensions['code'] !== 'FORBIDDEN') return [];
  const { action } = (extensions['error'] as { readonly details: { readonly action?: string } }).details;
  return [action ?? ''];
}

/** Gives a result its final shape. */
export type Finish = (result: ExecutionResult, context: Context) => ExecutionResult;

/**
 * Gives every error its final shape, whatever its cause: one of ours as it is, a fault of the request under its code and
 * without the values it quotes, and anything else masked, and logged with its causes.
 */
export function createFinish(log: Logger, onRefused?: OnRefused): Finish {
  return (result, context) => {
    if (!result.errors?.length) return result;
    const errors = result.errors.map((error) => clientError(error, context.requestId, log));
    if (onRefused) {
      const actions = errors.flatMap(actionRefusedIn);
      if (actions.length > 0) onRefused(new Set(actions), context);
    }
    return { ...result, errors: withStatus(errors, result) };
  };
}

function clientError(error: GraphQLError, requestId: string, log: Logger): GraphQLError {
  const ours = apiErrorIn(error) ?? requestFault(error);
  if (ours) return placed(error, ours);
  const failure = databaseFailureOf(error);
  if (failure) {
    log.warn({ err: causeOf(error), requestId, path: error.path }, `the database: ${failure}`);
    return placed(error, failure === 'timeout' ? timedOut() : unavailable());
  }
  const race = raceIn(causeOf(error));
  if (race) {
    log.warn({ err: causeOf(error), requestId, path: error.path }, race.message);
    return placed(error, race);
  }
  log.error({ err: causeOf(error), requestId, path: error.path }, 'unexpected error');
  const masked = new ApiError('INTERNAL_SERVER_ERROR', 'Internal Server Error', {}, { requestId });
  return placed(error, masked);
}

/** Somebody else wrote at the same moment: nothing of this was written. */
function raceIn(cause: unknown): ApiError | undefined {
  if (isDeletedMeanwhile(cause)) return notFound('Something that this needs was deleted meanwhile');
  if (isWriteConflict(cause)) return unavailable('Others changed the same at this moment: try again');
  return undefined;
}

/** The error at the place in the answer and in the document where it happened, which is not searched for again. */
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

/** A fault that graphql-js or Yoga found in the request; undefined for what was thrown by code. */
function requestFault(error: GraphQLError): ApiError | undefined {
  if (error.originalError !== undefined && !(error.originalError instanceof GraphQLError)) return undefined;
  const { code, http } = error.extensions as { code?: string; http?: { status?: number } };
  if (code === 'GRAPHQL_VALIDATION_FAILED') return new ApiError(code, error.message);
  const argument = argumentFault(error);
  if (argument || error.path !== undefined) return argument;
  if (error.message.startsWith('Syntax Error'))
    return new ApiError('GRAPHQL_PARSE_FAILED', withoutToken(error.message));
  if (http?.status === 405) return new ApiError('METHOD_NOT_ALLOWED', error.message);
  if (http?.status !== undefined && http.status < 500) return new ApiError('BAD_REQUEST', error.message);
  return undefined;
}

/** An argument that only turned out wrong with its variables in it. The message quotes the literal it was part of. */
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

/** For these a document that could not run is answered with 200 to who asked for plain `application/json` (GraphQL over HTTP, 6.4.1). */
const FAULTS_OF_THE_DOCUMENT: readonly unknown[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_ONLY',
] satisfies ErrorCode[];

/** Refusals that become the status of the whole answer when nothing but them came of it. */
const REFUSALS: readonly unknown[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
] satisfies ErrorCode[];

/** Not for the client to mend: whoever stands in between (a proxy, a load balancer) has to see it too. */
const FAILURES: readonly unknown[] = ['SERVICE_UNAVAILABLE', 'TIMEOUT'] satisfies ErrorCode[];

/** Says with each error which HTTP status it asks for. `spec` marks those that plain `application/json` answers with 200. */
function withStatus(errors: readonly GraphQLError[], { data }: ExecutionResult): GraphQLError[] {
  const beforeExecution = data === undefined;
  const allRefused = !beforeExecution && everyRootRefused(errors, data);
  return errors.map((error) => {
    const code = error.extensions['code'] as ErrorCode; // every error has one by now
    // A mutation that was refused before it ran has said so itself. What Yoga adds to others is not ours.
    if (code === 'FORBIDDEN' && 'http' in error.extensions) return error;
    const status = beforeExecution || allRefused ? statusOf(code) : 200;
    const spec = (allRefused && !FAILURES.includes(code)) || FAULTS_OF_THE_DOCUMENT.includes(code);
    Object.assign(error.extensions, { http: { status, spec, headers: headersOf(error) } satisfies AnswerStatus });
    return error;
  });
}

function headersOf({ extensions }: GraphQLError): Record<string, string> {
  if (extensions['code'] === 'METHOD_NOT_ALLOWED') return { Allow: 'POST' };
  const { retryAfter } = extensions;
  return typeof retryAfter === 'number' ? { 'Retry-After': String(retryAfter) } : {};
}

function everyRootRefused(errors: readonly GraphQLError[], data: ExecutionResult['data']): boolean {
  const refused = errors.filter(({ extensions }) => REFUSALS.includes(extensions['code'])).map(({ path }) => path?.[0]);
  const names = Object.keys(data ?? {});
  return refused.length > 0 && names.every((name) => data?.[name] === null && refused.includes(name));
}
