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
  /** Mutations that lead to a new token, or give one up: they run as Public beside a token that is expired or revoked. */
  readonly loginFields: readonly string[];
  /** What an operation may hold of the database at a time. */
  readonly shares: Pick<ConnectionShares, 'within'>;
  /** Run after each mutation, before it is answered. */
  readonly afterWrite: () => Promise<void>;
  /** Called with what was refused, once the answer is made. */
  readonly onRefused: OnRefused;
  /** Those of the project. */
  readonly plugins?: readonly OperationPlugin[];
}

/** The one way that every operation goes. */
export interface Pipeline {
  /** Takes an operation whose viewer is known to its result. Whatever goes wrong is an error in it. */
  run(params: GraphQLParams, request: Request, context: Context): Promise<ExecutionResult>;
  /**
   * Whether an operation selects nothing but login fields, in a document that may be run. Nothing is run.
   *
   * @throws ApiError PERSISTED_QUERY_NOT_FOUND where that cannot be known: the client sends the document then.
   */
  isLogin(params: GraphQLParams): boolean;
}

/** Yoga, with our steps as its plugins, in the order in which they are listed. What it would do with HTTP is off. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, limits, log, loginFields, shares, afterWrite, onRefused, persistedQueries, plugins = [] } = options;
  const persisted = createPersistedQueries(persistedQueries);
  const reader = createDocumentReader(options);
  warnOf(options, unfitIn(persistedQueries));

  const yoga = createYoga<Context>({
    schema,
    plugins: [
      // What plugins of the project see, and may replace:
      executeWithGraphqlJs(),
      persistedDocuments(persisted),
      readDocument(reader),
      ...plugins,
      // What they do not switch off. Checks, in the order in which they refuse:
      confirmDocument(reader),
      checkValues(limits.input),
      checkVariables(),
      checkCost(limits.cost),
      checkPermissions(),
      // Around the execution, from the inside out:
      shareDatabase(shares),
      limitAnswer(limits.answer),
      stopAtDeadline(),
      settleWrites(afterWrite),
      // Of every result:
      maskErrors(log),
      reportRefusals(onRefused),
    ],
    parserAndValidationCache: false, // the reader has one, bounded by size
    maskedErrors: false, // maskErrors does
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
        return result as ExecutionResult; // maskErrors leaves nothing else
      } catch (error) {
        return failureOf(error, context, log); // a plugin threw where Yoga makes no result of it
      }
    },
    isLogin(params) {
      try {
        const { query = '' } = persisted.find(params);
        const document = reader.parse(query);
        // Validated first, which bounds it.
        return reader.validate(document).length === 0 && mutatesOnly(loginFields, document, params.operationName);
      } catch (error) {
        const isUnknown = error instanceof ApiError && error.code === 'PERSISTED_QUERY_NOT_FOUND';
        if (error instanceof GraphQLError && !isUnknown) return false;
        throw error;
      }
    },
  };

  function unfitIn(mode: PersistedQueriesMode): readonly string[] {
    return mode.mode === 'only' ? invalidDocuments(mode.documents, reader) : [];
  }
}

function warnOf({ log, plugins = [] }: PipelineOptions, unfit: readonly string[]): void {
  if (unfit.length > 0) log.warn({ documents: unfit }, 'trusted documents do not fit the schema, and cannot be run');
  const hooks = hooksNeverCalled(plugins);
  if (hooks.length > 0) log.warn({ hooks }, 'a plugin has hooks for HTTP, which are never called here');
}
