import { getOperationAST, OperationTypeNode } from 'graphql';
import { wrappedAround } from './execution.ts';

/** Does something after each mutation and before its answer, also where it failed: it may have written by then. */
export function settleWrites(afterWrite: () => Promise<void>) {
  return wrappedAround(async (execute, { document, operationName }) => {
    try {
      return await execute();
    } finally {
      if (getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION) await afterWrite();
    }
  });
}
