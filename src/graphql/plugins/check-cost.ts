import type { OperationDefinitionNode } from 'graphql';
import { ApiError } from '../../common/errors.ts';
import { type CoercedOperation, readingOf } from '../operation/coerced-operation.ts';
import { costOf } from '../operation/cost.ts';
import { introspectionCost, introspects, standardIntrospectionCost } from '../operation/introspection-cost.ts';
import { coercedOperationOf } from './check-variables.ts';
import { checkedBefore } from './execution.ts';

/** Refuses operations that may cost more than this, or with too much introspection. */
export function checkCost(maxCost: number) {
  /** The cost of an operation without variables never changes, and parsed documents are cached. */
  const known = new WeakMap<OperationDefinitionNode, number>();

  function cost(coerced: CoercedOperation, isFixed: boolean): number {
    const { operation } = coerced;
    const before = isFixed ? known.get(operation) : undefined;
    if (before !== undefined) return before;
    const cost = costOf(readingOf(coerced), operation, maxCost);
    if (isFixed) known.set(operation, cost);
    return cost;
  }

  return checkedBefore((execution) => {
    const coerced = coercedOperationOf(execution);
    const isFixed = !coerced.operation.variableDefinitions?.length && !execution.variableValues;
    const isTooCostly =
      cost(coerced, isFixed) > maxCost || (introspects(execution.document) && introspectsTooMuch(coerced, maxCost));
    return isTooCostly ? { errors: [tooCostly(maxCost)] } : undefined;
  });
}

/** Twice the standard introspection query is always allowed, however large the schema. */
function introspectsTooMuch(coerced: CoercedOperation, maxCost: number): boolean {
  const allowed = Math.max(maxCost, 2 * standardIntrospectionCost(coerced.schema));
  return introspectionCost(readingOf(coerced), coerced.operation, allowed) > allowed;
}

function tooCostly(maxCost: number): ApiError {
  return new ApiError(
    'COST_LIMIT_EXCEEDED',
    `The operation may come to more than ${maxCost} fields, each list counted by the size of its page, and filters by what they take of the database: ask for less at once`,
  );
}
