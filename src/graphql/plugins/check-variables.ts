import { type CoercedOperation, coerceOperation } from '../operation/coerced-operation.ts';
import { checkedBefore, type Execution } from './execution.ts';

/** Refuses variables that are not what they were declared to be. */
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
 * @throws ApiError for variables that are wrong.
 */
export function coercedOperationOf(execution: Execution): CoercedOperation {
  const before = coerced.get(execution);
  if (before) return before;
  const operation = coerceOperation(execution);
  coerced.set(execution, operation);
  return operation;
}
