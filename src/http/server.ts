import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { ApiError } from '../common/errors.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { IsAllowedHost } from './allowed-hosts.ts';
import { CLIENT_LIMITS, type ClientLimits, limitClients } from './client-limits.ts';
import { isConnectPath, sendConnectError } from './connect/connect-error.ts';
import { allowOrigin } from './cors.ts';
import { pathFinder, type Target, targetOf } from './request-target.ts';
import { asApiError, sendError } from './responses.ts';
import { isRestPath, sendRestError } from './rest/rest-error.ts';
import { createRoutes, METRICS_PATH, type RouteOptions } from './routes.ts';
import { securityHeaders } from './security-headers.ts';

export interface ServerOptions extends Omit<RouteOptions, 'admitRequest' | 'executionTimeout'> {
  /** The hosts that the server answers; undefined: any. */
  readonly isAllowedHost: IsAllowedHost | undefined;
  readonly timeouts?: Partial<Timeouts>;
  readonly clientLimits?: Partial<ClientLimits>;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  readonly log: Logger;
}

/** Timeouts in milliseconds. */
export interface Timeouts {
  /** For receiving the headers, and for receiving the whole request. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** Between two requests on a connection. Longer than that of a load balancer, which might reuse a connection as it closes. */
  readonly keepAliveTimeout: number;
  /** The interval at which the first two are checked. */
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

/** The HTTP server: everything that all requests have in common. Paths are in routes.ts. */
export function createHttpServer(options: ServerOptions): Server {
  const { log, metrics, tracing } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const server = createServer({ ...timeouts, requireHostHeader: false });
  const admitRequest = limitClients(server, options.trustedProxies, { ...CLIENT_LIMITS, ...options.clientLimits });
  const routes = createRoutes({ ...options, executionTimeout: timeouts.execution, admitRequest });
  const pathOf = pathFinder(
    routes.paths.filter((path) => path !== METRICS_PATH),
    options.publicUrl,
  );
  const secureHeaders = securityHeaders(options);
  const warnOfProxy = proxyWarning(options);

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (request.socket.destroyed) return; // the client is gone, or over its limits
    const requestId = randomUUID();
    const started = performance.now();
    const target = targetOf(request);
    const path = pathOf(target.path);
    request.url = `${path}${target.query}`;
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    response.setHeader('X-Request-Id', requestId);
    secureHeaders(request, response);
    response.setHeader('Cache-Control', 'no-store'); // answers contain tokens and private data
    allowOrigin(request, response, options.allowedOrigins);
    const trace = tracing?.begin({ method, headers: request.headers, requestId });
    const route = routes.routeOf(method, path) ?? 'other';
    response.once('finish', () => {
      const took = performance.now() - started;
      const ms = Math.round(took);
      metrics.answered(route, response.statusCode, took / 1_000);
      // While the server stops, each connection is closed after its answer.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
      log.debug({ requestId, method: request.method, path, status: response.statusCode, ms }, 'request');
    });
    warnOfProxy(request);
    response.once('close', () => trace?.end(route, response.statusCode));
    // A body is not read for other methods, so the connection cannot be reused.
    if (method !== 'POST' && method !== 'PUT' && hasBody(request)) response.setHeader('Connection', 'close');
    const handle = async () => {
      checkHead(request, target, options.isAllowedHost);
      await routes.handlerOf(method, path)({ request, response, requestId, trace });
    };
    handle().catch((error: unknown) => {
      const gone = request.destroyed && !request.complete && !(error instanceof ApiError);
      if (gone || response.writableEnded) return; // the client disconnected, or was evicted
      const rest = options.rest.strapiPaths && isRestPath(path) ? sendRestError : sendError;
      const refusal = asApiError(error, requestId, log);
      if (isConnectPath(path)) sendConnectError(options.pages, request, response, refusal);
      else rest(request, response, refusal);
    });
  };
  server.on('request', answer);
  // With `Expect: 100-continue`, 100 is sent when the body is read, and not when the request is refused without it.
  server.on('checkContinue', answer);
  server.on('checkExpectation', answer);
  return server;
}

/**
 * @throws ApiError BAD_REQUEST without a host (RFC 9112, 3.2), MISDIRECTED_REQUEST for a host that is not allowed,
 * EXPECTATION_FAILED for an unknown expectation (RFC 9110, 10.1.1).
 */
function checkHead(
  { headers, httpVersion }: IncomingMessage,
  { host }: Target,
  isAllowedHost: IsAllowedHost | undefined,
): void {
  if (host === undefined && httpVersion === '1.1') {
    throw new ApiError('BAD_REQUEST', 'A request has to have the header Host');
  }
  if (isAllowedHost && !isAllowedHost(host)) {
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

/** Warns once about a proxy that is not trusted. */
function proxyWarning({ trustedProxies, log }: ServerOptions): (request: IncomingMessage) => void {
  let seen = false;
  return ({ headers }) => {
    if (seen || trustedProxies > 0 || headers['x-forwarded-for'] === undefined) return;
    seen = true;
    log.warn(
      'requests arrive through a proxy, but TRUST_PROXY is 0: all its clients share one address and its limits. Set TRUST_PROXY to the number of proxies',
    );
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}
