import { execute } from 'graphql';
import { ApiError } from '../../common/errors.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/**
 * graphql-js executes, and not Yoga's own executor: what checks an operation and what executes it have to coerce its variables
 * by the same code. At the deadline no further field is begun.
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
    // None of the checks before execution looks at what is subscribed to.
    onSubscribe({ setResultAndStopExecution }) {
      setResultAndStopExecution({ errors: [new ApiError('BAD_REQUEST', 'Subscriptions are not served')] });
    },
  };
}
