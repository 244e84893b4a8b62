import { getOperationAST, OperationTypeNode } from 'graphql';
import { ApiError } from '../../common/errors.ts';
import { checkedBefore } from './execution.ts';

/** Refuses every operation that is not a query. */
export function queriesOnly() {
  return checkedBefore(({ document, operationName }) => {
    const operation = getOperationAST(document, operationName)?.operation;
    if (operation === OperationTypeNode.QUERY) return undefined;
    return { errors: [new ApiError('BAD_USER_INPUT', 'Only a query can be sent here')] };
  });
}
