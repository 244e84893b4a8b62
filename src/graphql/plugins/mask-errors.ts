import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { withStatus } from '../operation/answer-status.ts';
import { clientError } from '../operation/client-errors.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** Converts every error of a result for the client, with its HTTP status. */
export function maskErrors(log: Logger): OperationPlugin {
  return {
    onExecutionResult({ result, setResult, context }) {
      if (!isAsyncIterable(result)) {
        // A plugin may set any result, also an empty one.
        const answers = result && (result.data !== undefined || result.errors?.length);
        setResult(masked(answers ? result : failure(new Error('An operation had no result')), context, log));
        return;
      }
      result[Symbol.asyncIterator]()
        .return?.()
        ?.catch(() => {}); // stops the stream, which nobody reads
      setResult(masked(failure(new Error('An operation returned a stream, which is not supported')), context, log));
    },
  };
}

/** An error that was thrown outside of any result, such as by a plugin, as a result. */
export function failureOf(error: unknown, context: Context, log: Logger): ExecutionResult {
  return masked(failure(error), context, log);
}

function failure(error: unknown): ExecutionResult {
  if (error instanceof GraphQLError) return { errors: [error] };
  const originalError = error instanceof Error ? error : new Error(String(error));
  return { errors: [new GraphQLError('Unexpected error', { originalError })] };
}

function masked(result: ExecutionResult, { requestId }: Context, log: Logger): ExecutionResult {
  if (!result.errors?.length) return result;
  const errors = result.errors.map((error) => clientError(error, requestId, log));
  return { ...result, errors: withStatus(errors, result) };
}
