import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type GraphQLParams } from 'graphql-yoga';
import type { Logger } from 'pino';
import { ApiError } from '../common/errors.ts';
import type { ConnectionShares } from '../database/connection-shares.ts';
import type { Context } from './context.ts';
import { createDocumentReader } from './operation/document-reader.ts';
import type { Limits } from './operation/limits.ts';
import { mutatesOnly } from './operation/mutates-only.ts';
import { createPersistedQueries, type PersistedQueriesMode } from './operation/persisted-queries.ts';
import { invalidDocuments } from './operation/trusted-documents.ts';
import { checkCost } from './plugins/check-cost.ts';
import { checkPermissions } from './plugins/check-permissions.ts';
import { checkProof, type ProofCheck } from './plugins/check-proof.ts';
import { checkValues } from './plugins/check-values.ts';
import { checkVariables } from './plugins/check-variables.ts';
import { executeWithGraphqlJs } from './plugins/execute-with-graphql-js.ts';
import { limitAnswer } from './plugins/limit-answer.ts';
import { failureOf, maskErrors } from './plugins/mask-errors.ts';
import { hooksNeverCalled, type OperationPlugin } from './plugins/operation-plugin.ts';
import { persistedDocuments } from './plugins/persisted-documents.ts';
import { confirmDocument, readDocument } from './plugins/read-document.ts';
import { type OnRefused, reportRefusals } from './plugins/report-refusals.ts';
import { settleWrites } from './plugins/settle-writes.ts';
import { shareDatabase } from './plugins/share-database.ts';
import { stopAtDeadline } from './plugins/stop-at-deadline.ts';

export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly limits: Limits;
  readonly persistedQueries: PersistedQueriesMode;
  readonly log: Logger;
  /** Mutations that issue or end a token. With an expired or revoked token they run as Public. */
  readonly loginFields: readonly string[];
  /** Which mutations need a recent proof of who the viewer is. */
  readonly proof?: ProofCheck;
  /** Limits each client's share of the connection pool. */
  readonly shares: Pick<ConnectionShares, 'within'>;
  /** Called after each mutation, before its answer. */
  readonly afterWrite: () => Promise<void>;
  /** Called with the refused actions, after the result is complete. */
  readonly onRefused: OnRefused;
  /** Plugins of the project. */
  readonly plugins?: readonly OperationPlugin[];
}

/** Executes every operation. */
export interface Pipeline {
  /** Executes an operation of a known viewer. Never rejects: every failure is an error in the result. */
  run(params: GraphQLParams, request: Request, context: Context): Promise<ExecutionResult>;
  /**
   * Whether an operation is valid and selects only login fields. Does not execute it.
   *
   * @throws ApiError PERSISTED_QUERY_NOT_FOUND for an unknown hash, so that the client sends the document.
   */
  isLogin(params: GraphQLParams): boolean;
}

/** Yoga with our steps as plugins, in this order, and without its HTTP features. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, limits, log, loginFields, shares, afterWrite, onRefused, persistedQueries, plugins = [] } = options;
  const persisted = createPersistedQueries(persistedQueries);
  const reader = createDocumentReader(options);
  warnAbout(options, invalidIn(persistedQueries));

  const yoga = createYoga<Context>({
    schema,
    plugins: [
      // Plugins of the project can observe and replace these:
      executeWithGraphqlJs(),
      persistedDocuments(persisted),
      readDocument(reader),
      ...plugins,
      // They cannot switch off the rest. Checks, in the order in which they refuse:
      confirmDocument(reader),
      checkValues(limits.input),
      checkVariables(),
      checkCost(limits.cost),
      checkPermissions(),
      ...(options.proof ? [checkProof(options.proof)] : []),
      // Around the execution, from the inside out:
      shareDatabase(shares),
      limitAnswer(limits.answer),
      stopAtDeadline(),
      settleWrites(afterWrite),
      // For every result:
      maskErrors(log),
      reportRefusals(onRefused),
    ],
    parserAndValidationCache: false, // the reader has one, limited by size
    maskedErrors: false, // maskErrors does it
    maxRequestBodySize: false,
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
  });
  const { getResultForParams } = yoga;

  return {
    async run(params, request, context) {
      try {
        const result = await getResultForParams({ params, request }, context);
        return result as ExecutionResult; // maskErrors replaces streams
      } catch (error) {
        return failureOf(error, context, log); // a plugin threw where Yoga does not catch it
      }
    },
    isLogin(params) {
      try {
        const { query = '' } = persisted.find(params);
        const document = reader.parse(query);
        // Validation first: it checks the limits.
        return reader.validate(document).length === 0 && mutatesOnly(loginFields, document, params.operationName);
      } catch (error) {
        const isUnknown = error instanceof ApiError && error.code === 'PERSISTED_QUERY_NOT_FOUND';
        if (error instanceof GraphQLError && !isUnknown) return false;
        throw error;
      }
    },
  };

  function invalidIn(mode: PersistedQueriesMode): readonly string[] {
    return mode.mode === 'only' ? invalidDocuments(mode.documents, reader) : [];
  }
}

function warnAbout({ log, plugins = [] }: PipelineOptions, invalid: readonly string[]): void {
  if (invalid.length > 0)
    log.warn({ documents: invalid }, 'trusted documents are not valid for the schema and cannot be executed');
  const hooks = hooksNeverCalled(plugins);
  if (hooks.length > 0) log.warn({ hooks }, 'a plugin has hooks for HTTP, which are never called');
}
