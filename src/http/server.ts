import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { ApiError } from '../common/errors.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { AnswersTo } from './allowed-hosts.ts';
import { receiveVisits, VISIT_BOUNDS, type VisitBounds } from './client-limits.ts';
import { allowOrigin } from './cors.ts';
import { pathFinder, type Target, targetOf } from './request-target.ts';
import { asApiError, sendError } from './responses.ts';
import { isRestPath, sendRestError } from './rest/rest-error.ts';
import { createRoutes, METRICS_PATH, type RouteOptions } from './routes.ts';
import { securityHeaders } from './security-headers.ts';

export interface ServerOptions extends Omit<RouteOptions, 'receiveVisit' | 'executionTimeout'> {
  /** Which hosts it answers to; undefined: to any. */
  readonly answersTo: AnswersTo | undefined;
  readonly timeouts?: Partial<Timeouts>;
  readonly bounds?: Partial<VisitBounds>;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  readonly log: Logger;
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

/** The HTTP server: what every request and every answer has in common. What it answers to is in routes.ts. */
export function createHttpServer(options: ServerOptions): Server {
  const { log, metrics, tracing } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const server = createServer({ ...timeouts, requireHostHeader: false });
  const receiveVisit = receiveVisits(server, options.trustedProxies, { ...VISIT_BOUNDS, ...options.bounds });
  const routes = createRoutes({ ...options, executionTimeout: timeouts.execution, receiveVisit });
  const pathOf = pathFinder(
    routes.paths.filter((path) => path !== METRICS_PATH),
    options.publicUrl,
  );
  const secureHeaders = securityHeaders(options);
  const warnOfProxy = proxyWarning(options);

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
    const trace = tracing?.begin({ method, headers: request.headers, requestId });
    const route = routes.has(method, path) ? path : 'other';
    response.once('finish', () => {
      const took = performance.now() - started;
      const ms = Math.round(took);
      metrics.answered(route, response.statusCode, took / 1_000);
      // While the server stops, a connection ends with the answer that it was kept for.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
      log.debug({ requestId, method: request.method, path, status: response.statusCode, ms }, 'request');
    });
    warnOfProxy(request);
    response.once('close', () => trace?.end(route, response.statusCode));
    // Nobody waits for a body where none belongs, and nothing is kept for what is left of it.
    if (method !== 'POST' && method !== 'PUT' && hasBody(request)) response.setHeader('Connection', 'close');
    const handle = async () => {
      checkHead(request, target, options.answersTo);
      await routes.handlerOf(method, path)({ request, response, requestId, trace });
    };
    handle().catch((error: unknown) => {
      const gone = request.destroyed && !request.complete && !(error instanceof ApiError);
      if (gone || response.writableEnded) return; // who asked has hung up in the middle of asking, or had to give way
      const send = options.rest && isRestPath(path) ? sendRestError : sendError;
      send(request, response, asApiError(error, requestId, log));
    });
  };
  server.on('request', answer);
  // Who asks first whether to send its body is told when it is read, and not where it would be refused anyway.
  server.on('checkContinue', answer);
  server.on('checkExpectation', answer);
  return server;
}

/**
 * @throws ApiError BAD_REQUEST without a host (RFC 9112, 3.2), MISDIRECTED_REQUEST for another one than those answered to,
 * EXPECTATION_FAILED for what nobody can wait for (RFC 9110, 10.1.1).
 */
function checkHead(
  { headers, httpVersion }: IncomingMessage,
  { host }: Target,
  answersTo: AnswersTo | undefined,
): void {
  if (host === undefined && httpVersion === '1.1') {
    throw new ApiError('BAD_REQUEST', 'A request has to have the header Host');
  }
  if (answersTo && !answersTo(host)) {
    throw new ApiError(
      'MISDIRECTED_REQUEST',
      'In development this server answers as localhost, HOST and PUBLIC_URL only. Ask it as one of these, or set PUBLIC_URL.',
    );
  }
  const { expect } = headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw new ApiError('EXPECTATION_FAILED', 'Expect only 100-continue');
  }
}

/** Says once that a proxy is there whose word is not believed. */
function proxyWarning({ trustedProxies, log }: ServerOptions): (request: IncomingMessage) => void {
  let seen = false;
  return ({ headers }) => {
    if (seen || trustedProxies > 0 || headers['x-forwarded-for'] === undefined) return;
    seen = true;
    log.warn('a proxy forwards requests, and TRUST_PROXY is 0: all clients behind it share its address and attempts');
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}
