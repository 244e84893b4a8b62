import { type CoercedOperation, coerceOperation } from '../operation/coerced-operation.ts';
import { checkedBefore, type Execution } from './execution.ts';

/** Refuses variables that do not match their declared types. */
export function checkVariables() {
  return checkedBefore((execution) => {
    coercedOperationOf(execution);
    return undefined;
  });
}

const coerced = new WeakMap<Execution, CoercedOperation>();

/**
 * The operation with its variables coerced, once for all checks.
 *
 * @throws ApiError for invalid variables.
 */
export function coercedOperationOf(execution: Execution): CoercedOperation {
  const before = coerced.get(execution);
  if (before) return before;
  const operation = coerceOperation(execution);
  coerced.set(execution, operation);
  return operation;
}
