import { type ExecutionResult, GraphQLError, getOperationAST, OperationTypeNode } from 'graphql';
import { answerTooLarge, type ErrorCode } from '../../common/errors.ts';
import { answerSize } from '../operation/answer-size.ts';
import { wrappedAround } from './execution.ts';

/** Refuses results whose data exceeds the maximum size of an answer. */
export function limitAnswer(maxBytes: number) {
  return wrappedAround(async (execute, { document, operationName }) => {
    const isMutation = getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;
    return withinBytes(await execute(), isMutation ? 'mutation' : 'query', maxBytes);
  });
}

/**
 * The result, unless it exceeds the limit or a field was too large to read. A query then has no data. A mutation has been
 * executed: its root fields, or those that were too large, are null, and the error says that it was executed.
 */
function withinBytes(result: ExecutionResult, executed: 'query' | 'mutation', maxBytes: number): ExecutionResult {
  const { errors } = result;
  const isTooLarge = answerSize(result.data, maxBytes) > maxBytes;
  if (!isTooLarge && !errors?.some(wasNotRead)) return result;
  const tooLarge = answerTooLarge(maxBytes, executed);
  if (executed === 'query') return { errors: [tooLarge] };
  if (isTooLarge) {
    const data = Object.fromEntries(Object.keys(result.data ?? {}).map((name) => [name, null]));
    return { data, errors: [tooLarge, ...(errors ?? [])] };
  }
  const explained = errors?.map((error) => {
    const { nodes, path } = error;
    return wasNotRead(error) ? new GraphQLError(tooLarge.message, { nodes, path, originalError: tooLarge }) : error;
  });
  return { ...result, ...(explained && { errors: explained }) };
}

function wasNotRead({ extensions }: GraphQLError): boolean {
  return extensions['code'] === ('ANSWER_LIMIT_EXCEEDED' satisfies ErrorCode);
}
