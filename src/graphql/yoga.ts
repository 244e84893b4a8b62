import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import type { Graphiql } from './graphiql.ts';
import { operationCheck } from './operation/check-operation.ts';
import { clientErrors, type OnRefused } from './operation/client-errors.ts';
import { createDocumentCache, noErrorCache } from './operation/document-cache.ts';
import type { Limits } from './operation/limits.ts';
import { documentReader } from './operation/read-document.ts';

export interface YogaOptions {
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
export type Yoga = ReturnType<typeof createOperations>;

/** Yoga, with everything off that the server did before it. */
export function createOperations({
  schema,
  path,
  graphiql,
  introspection,
  limits,
  log,
  afterWrite,
  onRefused,
}: YogaOptions) {
  return createYoga<Context>({
    schema,
    graphqlEndpoint: path,
    graphiql,
    renderGraphiQL,
    plugins: [
      documentReader({ introspection, limits }),
      operationCheck(limits, afterWrite),
      clientErrors(log, onRefused),
    ],
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: noErrorCache },
    maskedErrors: false, // client-errors.ts masks, and logs with the request's id
    maxRequestBodySize: false, // bounded before, at a third of the cost
    cors: false,
    multipart: false,
    landingPage: false,
    logging: false,
  });
}
