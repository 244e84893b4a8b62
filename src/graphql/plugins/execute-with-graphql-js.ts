import { execute } from 'graphql';
import { ApiError } from '../../common/errors.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/**
 * Executes with graphql-js instead of Yoga's own executor, so that checks and execution coerce variables with the same code. No
 * field starts after the deadline.
 */
export function executeWithGraphqlJs(): OperationPlugin {
  return {
    onExecute({ setExecuteFn, context: { deadline } }) {
      setExecuteFn(({ schema, document, operationName, variableValues, contextValue }) =>
        execute({
          schema,
          document,
          ...(operationName != null && { operationName }),
          variableValues: variableValues ?? {},
          contextValue,
          abortSignal: deadline,
        }),
      );
    },
    // The checks before execution do not cover subscriptions.
    onSubscribe({ setResultAndStopExecution }) {
      setResultAndStopExecution({ errors: [new ApiError('BAD_REQUEST', 'Subscriptions are not served')] });
    },
  };
}
