import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Origin } from '../audit/origin.ts';
import type { Authenticate } from '../authentication/authenticate.ts';
import { CredentialRefused, type EndedToken, type RefusalReason } from '../authentication/credential-refused.ts';
import { ApiError, unavailable } from '../common/errors.ts';
import { createContext } from '../graphql/context.ts';
import type { Operations } from '../graphql/operations.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { RequestTrace, Tracing } from '../telemetry/tracing.ts';
import { accountPages } from './account-pages.ts';
import type { AnswersTo } from './allowed-hosts.ts';
import { clientAddress } from './client-address.ts';
import { receiveVisits, VISIT_BOUNDS, type Visit, type VisitBounds } from './client-limits.ts';
import { type AllowedOrigins, allowOrigin } from './cors.ts';
import { credentialError } from './credential-error.ts';
import { checkRequest } from './graphql-request.ts';
import { metricsFor } from './metrics.ts';
import { refreshCookieOf } from './refresh-cookie.ts';
import { pathFinder, targetOf } from './request-target.ts';
import { asApiError, sendError, sendJson } from './responses.ts';
import { GRAPHIQL_POLICY, securityHeaders } from './security-headers.ts';

export interface ServerOptions {
  /** What is executed at which path, and for whom. */
  readonly endpoints: Readonly<Record<`/${string}`, Endpoint>>;
  /** Resolves when the database answers. */
  readonly databaseAnswers: () => Promise<unknown>;
  readonly allowedOrigins: AllowedOrigins;
  /** This server as its clients see it. */
  readonly publicUrl: string;
  /** Which hosts it answers to; undefined: to any. */
  readonly answersTo: AnswersTo | undefined;
  /** How many proxies stand in front, whose word about the client's address is believed. */
  readonly trustedProxies: number;
  readonly timeouts?: Partial<Timeouts>;
  readonly bounds?: Partial<VisitBounds>;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  /** Who may read the numbers at `/metrics`; undefined where nobody may. */
  readonly metricsToken: string | undefined;
  readonly log: Logger;
}

/** A path that GraphQL is served at: each tells in its own way who asks. */
export interface Endpoint {
  readonly authenticate: Authenticate;
  readonly operations: Operations;
  /** Whether a browser that opens it is shown GraphiQL. */
  readonly graphiql: boolean;
  /** Told of a credential that was not good. */
  readonly onCredentialRefused?: (
    reason: RefusalReason,
    from: { readonly origin: Origin; readonly requestId: string },
  ) => void;
}

/** In milliseconds: how slow a client may be, and how slow we may. */
export interface Timeouts {
  /** For the head of a request, and for the whole of it. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** Between two requests on one connection: longer than a load balancer keeps it, which would else write into its end. */
  readonly keepAliveTimeout: number;
  /** How often the first two are looked at. */
  readonly connectionsCheckingInterval: number;
  /** For the execution of an operation. */
  readonly execution: number;
}

const TIMEOUTS: Timeouts = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
  execution: 30_000,
};

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  span: RequestTrace | undefined,
) => Promise<void> | void;

/** The HTTP server: what it answers to is the list in here. */
export function createHttpServer(options: ServerOptions): Server {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const graphql = (endpoint: Endpoint) => graphqlOf(endpoint, options, timeouts, (...of) => visitOf(...of));
  const routes: Readonly<Record<string, Handler>> = {
    ...Object.fromEntries(
      Object.entries(options.endpoints).flatMap(([path, endpoint]) => [
        [`GET ${path}`, graphql(endpoint)],
        [`POST ${path}`, graphql(endpoint)],
        [`OPTIONS ${path}`, noContent],
      ]),
    ),
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'ok' }),
    'GET /ready': ready(options),
    'GET /reset-password': accountPages.resetPassword,
    'GET /confirm-email': accountPages.confirmEmail,
    'GET /admin/reset-password': accountPages.adminResetPassword,
    ...(options.metricsToken !== undefined && {
      [`GET ${METRICS}`]: metricsFor(options.metricsToken, options.metrics.registry),
    }),
  };
  const secureHeaders = securityHeaders(options);
  const methodsOf = (path: string) => METHODS.filter((method) => `${method} ${path}` in routes);

  const paths = Object.keys(routes).map((route) => route.slice(route.indexOf('/')));
  const pathOf = pathFinder(
    paths.filter((path) => path !== METRICS), // which a proxy may keep to itself, under this very name
    options.publicUrl,
  );

  let proxySeen = false;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (request.socket.destroyed) return; // what was sent with it is not worth the work
    const requestId = randomUUID();
    const started = performance.now();
    const target = targetOf(request);
    const path = pathOf(target.path);
    request.url = `${path}${target.query}`;
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    response.setHeader('X-Request-Id', requestId);
    secureHeaders(request, response);
    response.setHeader('Cache-Control', 'no-store'); // answers hold tokens, and what one person may see
    allowOrigin(request, response, options.allowedOrigins);
    const span = options.tracing?.begin({ method, headers: request.headers, requestId });
    const route = routes[`${method} ${path}`] ? path : 'other';
    response.once('finish', () => {
      const took = performance.now() - started;
      const ms = Math.round(took);
      options.metrics.answered(route, response.statusCode, took / 1_000);
      // While the server stops, a connection ends with the answer that it was kept for.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
      options.log.debug({ requestId, method: request.method, path, status: response.statusCode, ms }, 'request');
    });

    if (!proxySeen && options.trustedProxies === 0 && request.headers['x-forwarded-for'] !== undefined) {
      proxySeen = true; // said once
      options.log.warn(
        'a proxy forwards requests, and TRUST_PROXY is 0: all clients behind it share its address and attempts',
      );
    }
    response.once('close', () => span?.end(route, response.statusCode));
    // Nobody waits for a body where none belongs, and nothing is kept for what is left of it.
    if (method !== 'POST' && hasBody(request)) response.setHeader('Connection', 'close');
    const handle = async () => {
      if (target.host === undefined && request.httpVersion === '1.1') {
        throw new ApiError('BAD_REQUEST', 'A request has to have the header Host');
      }
      if (options.answersTo && !options.answersTo(target.host)) throw misdirected();
      const { expect } = request.headers;
      if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
        throw new ApiError('EXPECTATION_FAILED', 'Expect only 100-continue');
      }
      const handler = routes[`${method} ${path}`];
      if (handler) return handler(request, response, requestId, span);
      const methods = methodsOf(path);
      // Nobody is told that there are numbers, who does not ask for them in the right way.
      if (methods.length === 0 || path === METRICS) throw new ApiError('NOT_FOUND', 'There is nothing here');
      response.setHeader('Allow', methods.join(', '));
      throw new ApiError('METHOD_NOT_ALLOWED', 'This path does not take that method');
    };
    handle().catch((error: unknown) => {
      const gone = request.destroyed && !request.complete && !(error instanceof ApiError);
      if (gone || response.writableEnded) return; // who asked has hung up in the middle of asking, or had to give way
      sendError(request, response, asApiError(error, requestId, options.log));
    });
  };
  const server = createServer({ ...timeouts, requireHostHeader: false }, answer);
  const visitOf = receiveVisits(server, options.trustedProxies, { ...VISIT_BOUNDS, ...options.bounds });
  // Who asks first whether to send its body is told when it is read, and not where it would be refused anyway.
  server.on('checkContinue', answer);
  server.on('checkExpectation', answer);
  return server;
}

const METRICS = '/metrics';
const METHODS = ['GET', 'POST', 'OPTIONS'] as const;

/** WHO, then the operation: a bad credential is refused before anything runs. */
function graphqlOf(
  endpoint: Endpoint,
  options: ServerOptions,
  timeouts: Timeouts,
  visitOf: (request: IncomingMessage, response: ServerResponse) => Visit,
): Handler {
  const { authenticate, operations, graphiql, onCredentialRefused } = endpoint;
  const { trustedProxies } = options;
  const execute = async (visit: Visit, ...[request, response, requestId, span]: Parameters<Handler>) => {
    const step = <T>(name: string, work: () => Promise<T>) => (span ? span.step(name, work) : work());
    const body = request.method === 'POST' ? await visit.receive() : undefined;
    visit.begin();
    const accept = checkRequest(request, { graphiql });
    const origin = originOf(request, trustedProxies);
    let ended: EndedToken | undefined;
    const viewer = await step('who asks', () => authenticate(authorizationOf(request), origin)).catch(
      (error: unknown) => {
        if (error instanceof CredentialRefused) {
          ended = error.ended;
          // Clients send the token that they have with whatever they ask, also where it is to be replaced.
          if (ended && body !== undefined && operations.isEntry(body)) return authenticate(undefined, origin);
          onCredentialRefused?.(error.reason, { origin, requestId });
        }
        throw credentialError(error, response);
      },
    );
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeouts.execution);
    const refreshCookie = refreshCookieOf(request, response, options);
    const context = createContext({ viewer, ended, origin, refreshCookie, requestId, deadline: deadline.signal });
    const { method = 'GET', url = '' } = request;
    const answer = await step('operation', () => operations.answer({ method, url, accept, body }, context)).finally(
      () => clearTimeout(timer),
    );
    response.statusCode = answer.status;
    for (const name in answer.headers) response.setHeader(name, answer.headers[name] ?? '');
    if (accept === 'text/html') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.setHeader('Content-Security-Policy', GRAPHIQL_POLICY);
    }
    visit.send(answer.body);
  };
  return async (...asked) => {
    const visit = visitOf(asked[0], asked[1]);
    try {
      await execute(visit, ...asked);
    } finally {
      visit.end();
    }
  };
}

function misdirected(): ApiError {
  return new ApiError(
    'MISDIRECTED_REQUEST',
    'In development this server answers as localhost, HOST and PUBLIC_URL only. Ask it as one of these, or set PUBLIC_URL.',
  );
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

/** All of them, where there are several: Node takes the first and drops the rest, and two are no credential that is known. */
function authorizationOf({ headersDistinct }: IncomingMessage): string | undefined {
  return headersDistinct['authorization']?.join(', ');
}

function originOf(request: IncomingMessage, trustedProxies: number): Origin {
  return { address: clientAddress(request, trustedProxies), userAgent: request.headers['user-agent'] };
}

function ready({ databaseAnswers }: ServerOptions): Handler {
  let asked: Promise<unknown> | undefined;
  return async (_request, response) => {
    // The server listens only once the migrations are applied, so that much is true of every process that answers.
    // Asked once for all who want to know at the same time: nobody is turned away here, however many there are.
    asked ??= databaseAnswers().finally(() => {
      asked = undefined;
    });
    await asked.catch(() => {
      throw unavailable();
    });
    sendJson(response, 200, { status: 'ready' });
  };
}

function noContent(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, { Allow: 'GET, POST, OPTIONS' }).end();
}
