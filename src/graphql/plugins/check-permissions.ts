import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import type { CoercedOperation } from '../operation/coerced-operation.ts';
import { type Refusal, refusalsOf, refusedData } from '../operation/refused-fields.ts';
import { coercedOperationOf } from './check-variables.ts';
import { checkedBefore } from './execution.ts';

/**
 * Refuses a mutation in which anything, down to the last selected relation, is not allowed to its viewer: nothing is written,
 * and every refused path is in the answer. Queries are executed, and answer null with an error where something is refused.
 */
export function checkPermissions() {
  return checkedBefore((execution) => {
    const coerced = coercedOperationOf(execution);
    if (coerced.operation.operation !== OperationTypeNode.MUTATION) return undefined;
    const refusals = refusalsOf(coerced, execution.contextValue.viewer.permissions);
    return refusals.length > 0 ? refused(coerced, refusals) : undefined;
  });
}

/** As the operation would have answered, had each of its root fields been refused. */
function refused(coerced: CoercedOperation, refusals: readonly Refusal[]): ExecutionResult {
  return {
    data: refusedData(coerced),
    errors: refusals.map(({ path, node, error }) => {
      if (error.code === 'FORBIDDEN') error.extensions.http = { status: error.status, spec: true };
      return new GraphQLError(error.message, { nodes: node, path, originalError: error });
    }),
  };
}
