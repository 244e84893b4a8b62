import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { networkOf } from '../../common/addresses.ts';
import type { Context } from '../context.ts';
import type { Graphiql } from '../graphiql.ts';
import type { OperationPlugin } from '../plugins/operation-plugin.ts';
import type { OperationAnswer } from './answer.ts';
import type { Operation, Runner } from './check-operation.ts';
import type { Finish } from './client-errors.ts';
import type { FoundDocument, PersistedQueries } from './persisted-queries.ts';
import type { DocumentReader } from './read-document.ts';
import type { OperationRequest } from './request.ts';

/** What reads documents, checks and runs operations, and gives results their final shape, whoever executes. */
export interface Steps {
  readonly reader: DocumentReader;
  readonly runner: Runner;
  readonly finish: Finish;
  readonly persisted: PersistedQueries;
}

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly path: string;
  /** What GraphiQL shows first; false without it. */
  readonly graphiql: Graphiql | false;
  /** Those of the project. */
  readonly plugins?: readonly OperationPlugin[];
}

export type ByYoga = (request: OperationRequest, context: Context) => Promise<OperationAnswer>;

/** Yoga, with everything off that the server did before it, and our own steps in the place of its. */
export function createByYoga({ schema, path, graphiql, plugins = [] }: YogaOptions, steps: Steps): ByYoga {
  const yoga = createYoga<Context>({
    schema,
    graphqlEndpoint: path,
    graphiql,
    // Loaded when it is first opened: it is nine megabytes of page, and takes fifty of memory.
    renderGraphiQL: async (options) => {
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
      return renderGraphiQL(options ?? {}).replace('<head>', `<head>${scriptOfOwnStorage(path)}`);
    },
    plugins: [...plugins, withSteps(steps)],
    parserAndValidationCache: false, // the reader has one, bounded by size
    maskedErrors: false, // client-errors.ts masks, and logs with the request's id
    maxRequestBodySize: false, // bounded before, at a third of the cost
    cors: false,
    multipart: false,
    landingPage: false,
    logging: false,
  });

  return async ({ method, url, accept, body }, context) => {
    const request = new yoga.fetchAPI.Request(`http://localhost${url}`, {
      method,
      headers: { accept, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    const answer = await yoga.fetch(request, context);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  };
}

/**
 * GraphiQL keeps tabs and headers in the browser under names that are the same at each path: an administrator's token would
 * be sent to the other endpoint, and only who opens a page first would see what it shows first.
 */
function scriptOfOwnStorage(path: string): string {
  return `<script>
for (const name of ['getItem', 'setItem', 'removeItem']) {
  const original = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...value) {
    return original.call(this, ${JSON.stringify(`${path} `)} + key, ...value);
  };
}
</script>`;
}

/** What is checked and what is executed have to be the same: so graphql-js does both, and coerces the variables of both. */
function withSteps({ reader, runner, finish, persisted }: Steps): Plugin<Context> {
  /** What there is to be kept of a request's document, by the parameters that Yoga hands on. */
  const keeping = new WeakMap<object, NonNullable<FoundDocument['keep']>>();
  return {
    onParams({ params, setParams }) {
      const { query, keep } = persisted.find(params);
      const found = { ...params, ...(query !== undefined && { query }) };
      if (keep) keeping.set(found, keep);
      setParams(found);
    },
    onParse: ({ setParseFn }) => setParseFn((source) => reader.parse(source)),
    onValidate: ({ setValidationFn }) => setValidationFn((_schema, document) => reader.validate(document)),
    onExecute({ args, setResultAndStopExecution, setExecuteFn }) {
      setExecuteFn((args) => runner.run(args as unknown as Operation));
      const refusal = runner.refuse(args as unknown as Operation);
      if (refusal) setResultAndStopExecution(refusal);
      else keeping.get(args.contextValue.params)?.(networkOf(args.contextValue.origin.address));
    },
    onResultProcess({ result, setResult, serverContext }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      setResult(finish(result, serverContext as unknown as Context));
    },
  };
}
