import { getOperationAST, OperationTypeNode } from 'graphql';
import { wrappedAround } from './execution.ts';

/** Calls `afterWrite` after each mutation and before its answer, even if it failed: it may have written something. */
export function settleWrites(afterWrite: () => Promise<void>) {
  return wrappedAround(async (execute, { document, operationName }) => {
    try {
      return await execute();
    } finally {
      if (getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION) await afterWrite();
    }
  });
}
