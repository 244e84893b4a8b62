import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { operationCheck } from './operation/check-operation.ts';
import { clientErrors } from './operation/client-errors.ts';
import { createDocumentCache, noErrorCache } from './operation/document-cache.ts';
import type { Limits } from './operation/limits.ts';
import { documentReader } from './operation/read-document.ts';

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly path: string;
  readonly graphiql: boolean;
  readonly introspection: boolean;
  readonly limits: Limits;
  readonly log: Logger;
}

/** What executes operations: from a request that was already authenticated and bounded, to its answer. */
export type Yoga = ReturnType<typeof createOperations>;

/** Yoga, with everything off that the server did before it. */
export function createOperations({ schema, path, graphiql, introspection, limits, log }: YogaOptions) {
  return createYoga<Context>({
    schema,
    graphqlEndpoint: path,
    graphiql: graphiql && { title: 'Gatehouse', defaultQuery: FIRST_QUERY },
    renderGraphiQL,
    plugins: [documentReader({ introspection, limits }), operationCheck(limits), clientErrors(log)],
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: noErrorCache },
    maskedErrors: false, // client-errors.ts masks, and logs with the request's id
    maxRequestBodySize: false, // bounded before, at a third of the cost
    cors: false,
    multipart: false,
    landingPage: false,
    logging: false,
  });
}

const FIRST_QUERY = `# Welcome to Gatehouse. Press Ctrl-Enter to run this as nobody in particular (the Public role).
{
  posts {
    title
    author { name }
    category { name }
  }
}

# To be somebody, log in (the start message names the demo users) and set the header
#   { "Authorization": "Bearer <jwt>" }
`;
