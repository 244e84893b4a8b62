import type { ExecutionResult, GraphQLError } from 'graphql';
import { type ErrorCode, statusOf } from '../../common/errors.ts';

/**
 * Says with each error which HTTP status it asks for, as Yoga has it: in its extensions, under `http`. `spec` marks those that
 * plain `application/json` answers with 200.
 */
export function withStatus(errors: readonly GraphQLError[], { data }: ExecutionResult): GraphQLError[] {
  const beforeExecution = data === undefined;
  const allRefused = !beforeExecution && everyRootRefused(errors, data);
  return errors.map((error) => {
    const code = error.extensions['code'] as ErrorCode; // every error has one by now
    // A mutation that was refused before it ran has said so itself. What Yoga adds to others is not ours.
    if (code === 'FORBIDDEN' && 'http' in error.extensions) return error;
    const status = beforeExecution || allRefused ? statusOf(code) : 200;
    const spec = (allRefused && !FAILURES.includes(code)) || FAULTS_OF_THE_DOCUMENT.includes(code);
    error.extensions.http = { status, spec, headers: headersOf(error) };
    return error;
  });
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
