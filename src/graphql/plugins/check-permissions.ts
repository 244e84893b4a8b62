import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import type { CoercedOperation } from '../operation/coerced-operation.ts';
import { type Refusal, refusalsOf, refusedData } from '../operation/refused-fields.ts';
import { coercedOperationOf } from './check-variables.ts';
import { checkedBefore } from './execution.ts';

/**
 * Refuses a mutation as a whole when its viewer is not allowed anything that it selects: nothing is written, and the answer lists
 * every refused path. Queries are executed, with null and an error for each refused field.
 */
export function checkPermissions() {
  return checkedBefore((execution) => {
    const coerced = coercedOperationOf(execution);
    if (coerced.operation.operation !== OperationTypeNode.MUTATION) return undefined;
    const refusals = refusalsOf(coerced, execution.contextValue.viewer.permissions);
    return refusals.length > 0 ? refused(coerced, refusals) : undefined;
  });
}

/** The result of the operation if each of its root fields had been refused. */
function refused(coerced: CoercedOperation, refusals: readonly Refusal[]): ExecutionResult {
  return {
    data: refusedData(coerced),
    errors: refusals.map(({ path, node, error }) => {
      if (error.code === 'FORBIDDEN') error.extensions.http = { status: error.status, spec: true };
      return new GraphQLError(error.message, { nodes: node, path, originalError: error });
    }),
  };
}
