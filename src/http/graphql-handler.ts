import type { GraphQLParams } from 'graphql-yoga';
import type { Origin } from '../audit/origin.ts';
import type { Authenticate } from '../authentication/authenticate.ts';
import { CredentialRefused, type RefusalReason } from '../authentication/credential-refused.ts';
import { ApiError, answerTooLarge } from '../common/errors.ts';
import { type Context, createContext } from '../graphql/context.ts';
import type { Graphiql } from '../graphql/graphiql.ts';
import type { Limits } from '../graphql/operation/limits.ts';
import type { Pipeline } from '../graphql/pipeline.ts';
import type { AdmitRequest, AdmittedRequest } from './client-limits.ts';
import type { AllowedOrigins } from './cors.ts';
import { credentialError } from './credential-error.ts';
import { fetchRequestOf } from './fetch-request.ts';
import { graphiqlPage } from './graphiql-page.ts';
import { answerOf } from './graphql-answer.ts';
import { parametersInQuery, postedParameters } from './graphql-parameters.ts';
import { checkRequest } from './graphql-request.ts';
import { type CookieOf, refreshCookieOf } from './refresh-cookie.ts';
import type { Exchange, Handler } from './route-handler.ts';
import { GRAPHIQL_POLICY } from './security-headers.ts';
import { authorizationOf, originOf } from './sender.ts';

/** A path that serves GraphQL, with its own authentication. */
export interface GraphqlEndpoint {
  readonly authenticate: Authenticate;
  readonly pipeline: Pipeline;
  /** Whose refresh token its cookie has. */
  readonly cookieOf: CookieOf;
  /** The page for browsers. */
  readonly graphiql: Graphiql | false;
  /** Called with a credential that was not valid. */
  readonly onCredentialRefused?: (
    reason: RefusalReason,
    from: { readonly origin: Origin; readonly requestId: string },
  ) => void;
}

export interface GraphqlOptions {
  /** The URL at which clients reach this server. */
  readonly publicUrl: string;
  readonly allowedOrigins: AllowedOrigins;
  /** How many proxies are trusted to report the client's address. */
  readonly trustedProxies: number;
  readonly limits: Pick<Limits, 'input' | 'answer'>;
  /** The time limit of an operation's execution, in milliseconds. */
  readonly executionTimeout: number;
  readonly admitRequest: AdmitRequest;
}

/** Reads parameters and viewer from the request, runs the pipeline, and writes its result. */
export function graphqlHandler(path: string, endpoint: GraphqlEndpoint, options: GraphqlOptions): Handler {
  return async (exchange) => {
    const admitted = options.admitRequest(exchange.request, exchange.response);
    try {
      await answer(exchange, admitted);
    } finally {
      admitted.finish();
    }
  };

  async function answer(exchange: Exchange, admitted: AdmittedRequest): Promise<void> {
    const { request, response, trace } = exchange;
    const step = <T>(name: string, work: () => Promise<T>) => (trace ? trace.step(name, work) : work());
    const body = request.method === 'POST' ? await admitted.readBody() : undefined;
    admitted.start();
    const mediaType = checkRequest(request, { graphiql: endpoint.graphiql !== false });
    const parameters = () =>
      body === undefined ? parametersInQuery(request.url ?? '') : postedParameters(body, options.limits.input);
    // An invalid credential is refused before anything runs.
    const acting = await step('authenticate', () => actingFor(exchange, body === undefined ? undefined : parameters));
    if (endpoint.graphiql && mediaType === 'text/html') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.setHeader('Content-Security-Policy', GRAPHIQL_POLICY);
      admitted.send(await graphiqlPage(path, endpoint.graphiql));
      return;
    }
    const params = parameters();
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), options.executionTimeout);
    const context = createContext({
      ...acting,
      refreshCookie: refreshCookieOf(request, response, options, endpoint.cookieOf),
      inAddress: body === undefined,
      requestId: exchange.requestId,
      deadline: deadline.signal,
    });
    const result = await step('operation', () =>
      endpoint.pipeline.run(params, fetchRequestOf(request, options.publicUrl), context),
    ).finally(() => clearTimeout(timer));
    const { status, headers, body: text } = answerOf(result, mediaType);
    // The pipeline limits the data; this limits data and errors together.
    if (Buffer.byteLength(text) > options.limits.answer) throw answerTooLarge(options.limits.answer);
    response.statusCode = status;
    for (const name in headers) response.setHeader(name, headers[name] ?? '');
    admitted.send(text);
  }

  /** The viewer of the request. A posted login with an expired or revoked token acts as Public. */
  async function actingFor(
    { request, response, requestId }: Exchange,
    posted: (() => GraphQLParams) | undefined,
  ): Promise<Pick<Context, 'viewer' | 'ended' | 'origin'>> {
    const origin = originOf(request, options.trustedProxies);
    try {
      return { viewer: await endpoint.authenticate(authorizationOf(request), origin), origin };
    } catch (error) {
      if (error instanceof CredentialRefused) {
        const { ended } = error;
        // Clients send their old token with every request, also with the login that replaces it.
        if (ended && posted && isLogin(posted)) {
          return { viewer: await endpoint.authenticate(undefined, origin), ended, origin };
        }
        endpoint.onCredentialRefused?.(error.reason, { origin, requestId });
      }
      throw credentialError(error, response);
    }
  }

  function isLogin(posted: () => GraphQLParams): boolean {
    let parameters: GraphQLParams;
    try {
      parameters = posted();
    } catch (error) {
      if (error instanceof ApiError) return false; // not an operation
      throw error;
    }
    return endpoint.pipeline.isLogin(parameters);
  }
}
