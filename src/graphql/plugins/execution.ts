import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { OperationArguments } from '../operation/coerced-operation.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** The arguments of an execution in the types of graphql-js. Those of Envelop are `any`. */
export interface Execution extends OperationArguments {
  readonly contextValue: Context;
}

/** A plugin that checks each operation before execution. If the check returns a result or throws a GraphQLError, nothing is executed. */
export function checkedBefore(check: (execution: Execution) => ExecutionResult | undefined): OperationPlugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refusalBy(check, args);
      if (refusal) setResultAndStopExecution(refusal);
    },
  };
}

function refusalBy(
  check: (execution: Execution) => ExecutionResult | undefined,
  execution: Execution,
): ExecutionResult | undefined {
  try {
    return check(execution);
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

/** A plugin that wraps the execution of each operation, whatever executes it. */
export function wrappedAround(
  wrap: (execute: () => Promise<ExecutionResult>, execution: Execution) => Promise<ExecutionResult>,
): OperationPlugin {
  return {
    onExecute({ executeFn, setExecuteFn, args }) {
      setExecuteFn((given) => wrap(async () => executeFn(given), args));
    },
  };
}
