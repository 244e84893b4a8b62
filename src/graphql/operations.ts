import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, processRegularResult } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import type { Graphiql } from './graphiql.ts';
import { createRunner, operationCheck } from './operation/check-operation.ts';
import { clientErrors, createFinish, type OnRefused } from './operation/client-errors.ts';
import { createDocumentCache, noErrorCache } from './operation/document-cache.ts';
import type { Limits } from './operation/limits.ts';
import { readParameters } from './operation/parameters.ts';
import { documentReader } from './operation/read-document.ts';

export interface OperationsOptions {
  readonly schema: GraphQLSchema;
  readonly path: string;
  /** What GraphiQL shows first; false without it. */
  readonly graphiql: Graphiql | false;
  readonly introspection: boolean;
  readonly limits: Limits;
  readonly log: Logger;
  /** Run after each mutation, before it is answered. */
  readonly afterWrite: () => Promise<void>;
  /** Told what was refused, after the answer was made. */
  readonly onRefused?: OnRefused;
}

/** What executes operations: from a request that was already authenticated and bounded, to its answer. */
export type Operations = (request: OperationRequest, context: Context) => Promise<OperationAnswer>;

export interface OperationRequest {
  readonly method: string;
  /** With its query: `/graphql?query=…`. */
  readonly url: string;
  /** The media type of the answer. */
  readonly accept: string;
  /** Of a POST. */
  readonly body: string | undefined;
}

export interface OperationAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Yoga, with everything off that the server did before it. A document that was valid once is run without it: parsing,
 * validating and Yoga's own objects for request and answer are most of what a small operation takes.
 */
export function createOperations(options: OperationsOptions): Operations {
  const { schema, path, graphiql, introspection, limits, log, afterWrite, onRefused } = options;
  const documents = createDocumentCache();
  const valid = new WeakSet<DocumentNode>();
  const runner = createRunner({ limits, afterWrite });
  const finish = createFinish(log, onRefused);
  const yoga = createYoga<Context>({
    schema,
    graphqlEndpoint: path,
    graphiql,
    // Loaded when it is first opened: it is a fifth of the memory that a server starts with.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options ?? {}),
    plugins: [
      documentReader({ introspection, limits, onValid: (document) => void valid.add(document) }),
      operationCheck(runner),
      clientErrors(finish),
    ],
    parserAndValidationCache: { documentCache: documents, errorCache: noErrorCache },
    maskedErrors: false, // client-errors.ts masks, and logs with the request's id
    maxRequestBodySize: false, // bounded before, at a third of the cost
    cors: false,
    multipart: false,
    landingPage: false,
    logging: false,
  });

  async function byYoga({ method, url, accept, body }: OperationRequest, context: Context): Promise<OperationAnswer> {
    const request = new yoga.fetchAPI.Request(`http://localhost${url}`, {
      method,
      headers: { accept, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    const answer = await yoga.fetch(request, context);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  }

  return async (request, context) => {
    const parameters = request.body === undefined ? undefined : readParameters(request.body);
    const document = parameters && documents.get(parameters.query);
    if (!document || !valid.has(document)) return byYoga(request, context);
    const { operationName, variables: variableValues } = parameters;
    const operation = { schema, document, operationName, variableValues, contextValue: context };
    const result = runner.refuse(operation) ?? (await runner.run(operation));
    return answerOf(finish(result, context), request.accept);
  };
}

/** By the rules of Yoga for the status and for what of an error is told. */
function answerOf(result: ExecutionResult, accept: string): OperationAnswer {
  return processRegularResult(result, PLAIN, accept) as unknown as PlainResponse;
}

/** What Yoga makes an answer of, without the cost of one of the Fetch standard. */
class PlainResponse implements OperationAnswer {
  readonly body: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    body: string,
    { status, headers }: { readonly status: number; readonly headers: Record<string, string> },
  ) {
    this.body = body;
    this.status = status;
    this.headers = headers;
  }
}

const PLAIN = { Response: PlainResponse } as unknown as Parameters<typeof processRegularResult>[1];
