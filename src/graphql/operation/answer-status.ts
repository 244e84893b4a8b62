import type { ExecutionResult, GraphQLError } from 'graphql';
import { type ErrorCode, statusOf } from '../../common/errors.ts';

/**
 * Adds the HTTP status to each error in `extensions.http`, like Yoga. `spec` marks errors that `application/json` answers with
 * 200.
 */
export function withStatus(errors: readonly GraphQLError[], { data }: ExecutionResult): GraphQLError[] {
  const beforeExecution = data === undefined;
  const allRefused = !beforeExecution && everyRootRefused(errors, data);
  return errors.map((error) => {
    const code = error.extensions['code'] as ErrorCode; // maskErrors gave it one
    // Set for a mutation that was refused as a whole before it ran. Any other `http` is from Yoga and is replaced.
    if (REFUSED_WHOLE.includes(code) && 'http' in error.extensions) return error;
    const status = beforeExecution || allRefused ? statusOf(code) : 200;
    const spec = (allRefused && !FAILURES.includes(code)) || DOCUMENT_ERRORS.includes(code);
    error.extensions.http = { status, spec, headers: headersOf(error) };
    return error;
  });
}

/** Errors of a document that cannot run: `application/json` answers them with 200 (GraphQL over HTTP, 6.4.1). */
const DOCUMENT_ERRORS: readonly unknown[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_ONLY',
] satisfies ErrorCode[];

/** Refusals of checkPermissions and checkProof. */
const REFUSED_WHOLE: readonly unknown[] = ['FORBIDDEN', 'STEP_UP_REQUIRED'] satisfies ErrorCode[];

/** Refusals that set the status of the answer when every root field was refused. */
const REFUSALS: readonly unknown[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
] satisfies ErrorCode[];

/** Failures of the server: proxies and load balancers have to see their status too. */
const FAILURES: readonly unknown[] = ['SERVICE_UNAVAILABLE', 'TIMEOUT'] satisfies ErrorCode[];

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
