import type { ServerResponse } from 'node:http';
import type { UserAccounts } from '../../accounts/accounts.ts';
import type { Authenticate } from '../../authentication/authenticate.ts';
import { CredentialRefused, type EndedToken } from '../../authentication/credential-refused.ts';
import { refusalOf } from '../../authorization/guard.ts';
import { ApiError, notFound } from '../../common/errors.ts';
import type { ConnectionShares } from '../../database/connection-shares.ts';
import { raceErrorOf } from '../../database/races.ts';
import type { AdmitRequest, AdmittedRequest } from '../client-limits.ts';
import { CONNECT_ROUTES, STRAPI_CONNECT_ROUTES } from '../connect/connect-routes.ts';
import { flowCookieOf } from '../connect/flow-cookie.ts';
import { messagePage } from '../connect/message-page.ts';
import { credentialError } from '../credential-error.ts';
import type { Pages } from '../pages/pages.ts';
import { type RefreshCookieOptions, refreshCookieOf } from '../refresh-cookie.ts';
import { targetOf } from '../request-target.ts';
import type { Exchange, Handler } from '../route-handler.ts';
import { authorizationOf, originOf } from '../sender.ts';
import { readRestBody } from './request-body.ts';
import type { RestAnswer, RestRoute } from './rest-route.ts';
import { REST_ROUTES } from './rest-routes.ts';

export interface RestOptions {
  readonly accounts: UserAccounts;
  /** Whether Strapi's paths are served, beside those of login providers. */
  readonly strapiPaths: boolean;
  /** As on `/graphql`. */
  readonly authenticate: Authenticate;
  /** Limits each client's share of the connection pool. */
  readonly shares: Pick<ConnectionShares, 'within'>;
  /** Run after each write, before it is answered. */
  readonly afterWrite: () => Promise<void>;
  /** Called with the action that was not allowed. */
  readonly onRefused: (action: string) => void;
}

export interface RestServerOptions extends RefreshCookieOptions {
  readonly pages: Pages;
  /** How many proxies are trusted to report the client's address. */
  readonly trustedProxies: number;
  /** The time limit of a request, in milliseconds. */
  readonly executionTimeout: number;
  readonly admitRequest: AdmitRequest;
}

/** The handlers of the paths of accounts, by method and path. */
export function restHandlers(rest: RestOptions, server: RestServerOptions): Record<string, Handler> {
  const strapi = rest.strapiPaths ? { ...REST_ROUTES, ...STRAPI_CONNECT_ROUTES } : {};
  const routes = Object.entries<RestRoute>({ ...CONNECT_ROUTES, ...strapi });
  const paths = [...new Set(routes.map(([of]) => pathOf(of)))];
  return {
    ...Object.fromEntries(routes.map(([of, route]) => [of, restHandler(route, rest, server)])),
    ...Object.fromEntries(
      paths.map((path) => {
        const methods = routes.filter(([of]) => pathOf(of) === path).map(([of]) => of.split(' ', 1)[0]);
        return [`OPTIONS ${path}`, preflight([...methods, 'OPTIONS'].join(', '))];
      }),
    ),
  };
}

function pathOf(methodAndPath: string): string {
  return methodAndPath.slice(methodAndPath.indexOf('/'));
}

function preflight(allow: string): Handler {
  return ({ response }) => void response.writeHead(204, { Allow: allow }).end();
}

function restHandler(route: RestRoute, rest: RestOptions, server: RestServerOptions): Handler {
  return async (exchange) => {
    if (route.paths?.test(targetOf(exchange.request).path) === false) throw notFound('There is nothing here');
    const admitted = server.admitRequest(exchange.request, exchange.response);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), server.executionTimeout);
    try {
      send(await answer(route, exchange, admitted, deadline.signal, rest, server), exchange, admitted, server.pages);
    } finally {
      clearTimeout(timer);
      admitted.finish();
    }
  };
}

/** Authenticates, checks the permission, then runs the route: the same order as for GraphQL. */
async function answer(
  { action, isEntry, reads, answer }: RestRoute,
  { request, response, requestId, trace }: Exchange,
  admitted: AdmittedRequest,
  deadline: AbortSignal,
  { accounts, authenticate, shares, afterWrite, onRefused }: RestOptions,
  server: RestServerOptions,
): Promise<RestAnswer> {
  const step = <T>(name: string, work: () => Promise<T>) => (trace ? trace.step(name, work) : work());
  // Mail programs prefetch links with HEAD, which must not change anything.
  if (request.method === 'HEAD' && !reads) throw notByHead(response);
  const takesBody = request.method === 'POST' || request.method === 'PUT';
  const text = takesBody ? await admitted.readBody() : '';
  admitted.start();
  const body = takesBody ? readRestBody(request, text) : {};
  const origin = originOf(request, server.trustedProxies);
  let ended: EndedToken | undefined;
  const viewer = await step('authenticate', () => authenticate(authorizationOf(request), origin)).catch(
    (error: unknown) => {
      ended = error instanceof CredentialRefused ? error.ended : undefined;
      if (ended && isEntry) return authenticate(undefined, origin);
      throw credentialError(error, response);
    },
  );
  if (!viewer.permissions.allows(action)) {
    onRefused(action);
    throw refusalOf(viewer.permissions, action);
  }
  const refreshCookie = refreshCookieOf(request, response, server, 'users');
  const flowCookie = flowCookieOf(request, response, server);
  const target = targetOf(request);
  const query = new URLSearchParams(target.query);
  const asked = {
    viewer,
    ended,
    origin,
    requestId,
    deadline,
    refreshCookie,
    flowCookie,
    body,
    query,
    path: target.path,
  };
  try {
    return await step('operation', () =>
      shares.within({ address: origin.address, deadline }, () => answer(accounts, asked)),
    );
  } catch (error) {
    throw raceErrorOf(error) ?? error;
  } finally {
    if (!reads) await afterWrite();
  }
}

function send(answer: RestAnswer, { request, response }: Exchange, admitted: AdmittedRequest, pages: Pages): void {
  if ('location' in answer) {
    response.writeHead(302, { Location: answer.location });
    admitted.send('');
    return;
  }
  if ('page' in answer) {
    const spoken = pages.speak(request);
    admitted.send(pages.write(response, 200, spoken, messagePage(answer.page(spoken), spoken)));
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
  admitted.send(JSON.stringify(answer.body));
}

function notByHead(response: ServerResponse): ApiError {
  response.setHeader('Allow', 'GET, OPTIONS');
  return new ApiError('METHOD_NOT_ALLOWED', 'This path does not take that method');
}
