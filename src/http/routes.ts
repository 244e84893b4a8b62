import { ApiError, unavailable } from '../common/errors.ts';
import { type GraphqlEndpoint, type GraphqlOptions, graphqlHandler } from './graphql-handler.ts';
import { mailFrame } from './mail-frame.ts';
import { metricsFor, type Scraped } from './metrics.ts';
import { type AccountPageOptions, accountPages } from './pages/account-pages.ts';
import { mailedPages } from './pages/mailed-pages.ts';
import type { Pages } from './pages/pages.ts';
import { type PanelOptions, panelHandler } from './panel.ts';
import { sendJson } from './responses.ts';
import { type RestOptions, restHandlers } from './rest/rest-handler.ts';
import type { Exchange, Handler } from './route-handler.ts';
import { type TokenKeys, tokenKeyHandlers } from './token-keys.ts';

export interface RouteOptions extends GraphqlOptions {
  /** The GraphQL endpoints by path. */
  readonly endpoints: Readonly<Record<`/${string}`, GraphqlEndpoint>>;
  /** The paths of accounts: the way to login providers, and Strapi's REST API. */
  readonly rest: RestOptions;
  /** The public keys of users' tokens. */
  readonly tokenKeys: TokenKeys;
  /** The server's own pages, other than the panel. */
  readonly pages: Pages;
  /** The pages of accounts; undefined when they are disabled. */
  readonly accountPages: AccountPageOptions | undefined;
  /** The panel of the administration; undefined when it is disabled. */
  readonly panel: PanelOptions | undefined;
  /** The origins of other domains whose pages use passkeys of this one. */
  readonly relatedOrigins: readonly string[];
  /** Resolves when the database answers. */
  readonly databaseAnswers: () => Promise<unknown>;
  readonly metrics: { readonly registry: Scraped };
  /** The bearer token for `/metrics`; undefined when it is not served here. */
  readonly metricsToken: string | undefined;
}

export interface Routes {
  /** All paths with a handler. */
  readonly paths: readonly string[];
  /** The path of the route that handles a request, which is `/admin/*` for all below `/admin/`; undefined without one. */
  routeOf(method: string, path: string): string | undefined;
  /** The handler of a method and path; for an unknown one, a handler that refuses. */
  handlerOf(method: string, path: string): Handler;
}

/** Matched exactly, so that a proxy can block it by this path. */
export const METRICS_PATH = '/metrics';

/** All routes of the server. */
export function createRoutes(options: RouteOptions): Routes {
  const { endpoints, databaseAnswers, metrics, metricsToken } = options;
  const routes: Readonly<Record<string, Handler>> = {
    ...Object.fromEntries(
      Object.entries(endpoints).flatMap(([path, endpoint]) => {
        const graphql = graphqlHandler(path, endpoint, options);
        return [
          [`GET ${path}`, graphql],
          [`POST ${path}`, graphql],
          [`OPTIONS ${path}`, preflight],
        ];
      }),
    ),
    ...restHandlers(options.rest, options),
    'GET /health': ({ response }) => sendJson(response, 200, { status: 'ok' }),
    'GET /ready': ready(databaseAnswers),
    ...tokenKeyHandlers(options.tokenKeys, options.publicUrl),
    ...relatedOrigins(options.relatedOrigins),
    ...mailedPages(options.pages),
    ...(options.accountPages && accountPages(options.pages, options.accountPages)),
    ...panelRoutes(options.panel),
    ...(metricsToken !== undefined && { [`GET ${METRICS_PATH}`]: metricsFor(metricsToken, metrics.registry) }),
  };
  const paths = [...new Set(Object.keys(routes).map((route) => route.slice(route.indexOf('/'))))];
  /** A path with a route of its own is never the panel's. */
  const routeOf = (path: string) =>
    paths.includes(path) ? path : paths.find((known) => known.endsWith('/*') && path.startsWith(known.slice(0, -1)));
  return {
    paths,
    routeOf(method, path) {
      const route = routeOf(path);
      return `${method} ${route}` in routes ? route : undefined;
    },
    handlerOf(method, path) {
      const route = routeOf(path);
      const handler = routes[`${method} ${route}`];
      if (handler) return handler;
      const methods = METHODS.filter((known) => `${known} ${route}` in routes);
      // A 405 would reveal that the metrics exist.
      // A path that only a route of another method might know is none.
      const isUnknown = methods.length === 0 || (route?.startsWith('/api/') && route.endsWith('/*'));
      return isUnknown || path === METRICS_PATH ? notFound : methodNotAllowed(methods);
    },
  };
}

/** Where browsers look whether pages of another domain may use the passkeys of this one (WebAuthn, 5.11). */
function relatedOrigins(origins: readonly string[]): Readonly<Record<string, Handler>> {
  if (origins.length === 0) return {};
  return { 'GET /.well-known/webauthn': ({ response }) => sendJson(response, 200, { origins }) };
}

function panelRoutes(panel: PanelOptions | undefined): Readonly<Record<string, Handler>> {
  if (!panel) return {};
  const handler = panelHandler(panel);
  return { 'GET /admin': handler, 'GET /admin/mail-frame': mailFrame, 'GET /admin/*': handler };
}

const METHODS = ['GET', 'POST', 'PUT', 'OPTIONS'] as const;

function notFound(): never {
  throw new ApiError('NOT_FOUND', 'There is nothing here');
}

function methodNotAllowed(methods: readonly string[]): Handler {
  return ({ response }) => {
    response.setHeader('Allow', methods.join(', '));
    throw new ApiError('METHOD_NOT_ALLOWED', 'This path does not take that method');
  };
}

function preflight({ response }: Exchange): void {
  response.writeHead(204, { Allow: 'GET, POST, OPTIONS' }).end();
}

function ready(databaseAnswers: () => Promise<unknown>): Handler {
  let asked: Promise<unknown> | undefined;
  return async ({ response }) => {
    // The server listens only after the migrations are applied, so only the database needs a check.
    // Concurrent requests share one check: this path has no limits.
    asked ??= databaseAnswers().finally(() => {
      asked = undefined;
    });
    await asked.catch(() => {
      throw unavailable();
    });
    sendJson(response, 200, { status: 'ready' });
  };
}
