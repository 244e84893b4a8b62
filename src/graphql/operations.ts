import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { networkOf } from '../common/addresses.ts';
import { ApiError, answerTooLarge } from '../common/errors.ts';
import { whenNeeded } from '../common/lazy.ts';
import type { ConnectionShares } from '../database/connection-shares.ts';
import type { Context } from './context.ts';
import { answerOf, type OperationAnswer } from './operation/answer.ts';
import { createRunner } from './operation/check-operation.ts';
import { createFinish, type OnRefused } from './operation/client-errors.ts';
import { countValues } from './operation/count-values.ts';
import { selectsOnly } from './operation/entry-operation.ts';
import type { Limits } from './operation/limits.ts';
import { type Parameters, readParameters } from './operation/parameters.ts';
import { createPersistedQueries, type PersistedQueriesMode } from './operation/persisted-queries.ts';
import { createDocumentReader } from './operation/read-document.ts';
import type { OperationRequest } from './operation/request.ts';
import { unfitDocuments } from './operation/trusted-documents.ts';
import { tooManyValues } from './operation/unfit-input.ts';
import type { YogaOptions } from './operation/yoga.ts';

export interface OperationsOptions extends YogaOptions {
  readonly introspection: boolean;
  readonly limits: Limits;
  readonly persistedQueries: PersistedQueriesMode;
  readonly log: Logger;
  /** The mutations that lead to a new token, or give one up: whoever's token has ended may use them. */
  readonly entryFields: readonly string[];
  /** What an operation may hold of the database at a time. */
  readonly shares: Pick<ConnectionShares, 'within'>;
  /** Run after each mutation, before it is answered. */
  readonly afterWrite: () => Promise<void>;
  /** Told what was refused, after the answer was made. */
  readonly onRefused?: OnRefused;
}

/** What executes operations. */
export interface Operations {
  /** From a request that was already authenticated and bounded, to its answer. */
  answer(request: OperationRequest, context: Context): Promise<OperationAnswer>;
  /**
   * Whether a posted body asks for nothing but the entry fields, in a document that may be run. Nothing is run.
   *
   * @throws ApiError PERSISTED_QUERY_NOT_FOUND where nobody can say: the client sends the document then.
   */
  isEntry(body: string): boolean;
}

/**
 * What clients post is executed here. Yoga answers everything else: GET, GraphiQL, and what is not right about a request.
 * It is loaded when the first such one comes: it would take a fifth of the memory and of the time of a start.
 */
export function createOperations(options: OperationsOptions): Operations {
  const { schema, limits, log, entryFields, afterWrite, onRefused } = options;
  const reader = createDocumentReader(options);
  const runner = createRunner({ limits, shares: options.shares, afterWrite });
  const finish = createFinish(log, onRefused);
  const { persistedQueries } = options;
  const persisted = createPersistedQueries(persistedQueries);
  const unfit = persistedQueries.mode === 'only' ? unfitDocuments(persistedQueries.documents, reader) : [];
  if (unfit.length > 0) log.warn({ documents: unfit }, 'trusted documents do not fit the schema, and cannot be run');
  const yoga = whenNeeded(async () => {
    const { createByYoga } = await import('./operation/yoga.ts');
    return createByYoga(options, { reader, runner, finish, persisted });
  });

  async function execute(parameters: Parameters, contextValue: Context): Promise<ExecutionResult> {
    const { operationName, variables: variableValues } = parameters;
    try {
      const { query = '', keep } = persisted.find(parameters);
      const document = reader.parse(query);
      const errors = reader.validate(document);
      if (errors.length > 0) return { errors };
      const operation = { schema, document, operationName, variableValues, contextValue };
      const refusal = runner.refuse(operation);
      if (refusal) return refusal;
      keep?.(networkOf(contextValue.origin.address));
      return await runner.run(operation);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { errors: [error] };
    }
  }

  /** Before a body is parsed: variables may hold so many, and beside them stands little. */
  const mostValues = 2 * limits.input + 100;
  const holdsTooMuch = (body: string) => countValues(body, mostValues) > mostValues;

  return {
    async answer(request, context) {
      const refused = (error: ApiError) => answerOf(finish({ errors: [error] }, context), request.accept);
      if (request.body !== undefined && holdsTooMuch(request.body)) return refused(tooManyValues(limits.input));
      const parameters = request.body === undefined ? undefined : readParameters(request.body);
      const answer = parameters
        ? answerOf(finish(await execute(parameters, context), context), request.accept)
        : await (await yoga.get())(request, context);
      // Its data was counted; its errors are counted with it here.
      const isTooLarge = request.accept !== 'text/html' && Buffer.byteLength(answer.body) > limits.answer;
      return isTooLarge ? refused(answerTooLarge(limits.answer)) : answer;
    },
    isEntry(body) {
      if (holdsTooMuch(body)) return false;
      const parameters = readParameters(body);
      if (!parameters) return false;
      try {
        const { query = '' } = persisted.find(parameters);
        const document = reader.parse(query);
        // Validated first, which bounds it.
        return reader.validate(document).length === 0 && selectsOnly(entryFields, document, parameters.operationName);
      } catch (error) {
        const isUnknown = error instanceof ApiError && error.code === 'PERSISTED_QUERY_NOT_FOUND';
        if (error instanceof GraphQLError && !isUnknown) return false;
        throw error;
      }
    },
  };
}
