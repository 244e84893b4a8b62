import { ApiError, unavailable } from '../common/errors.ts';
import { accountPages } from './account-pages.ts';
import { type GraphqlEndpoint, type GraphqlOptions, graphqlHandler } from './graphql-handler.ts';
import type { Exchange, Handler } from './handler.ts';
import { metricsFor, type Scraped } from './metrics.ts';
import { sendJson } from './responses.ts';
import { type RestOptions, restHandlers } from './rest/rest-handler.ts';

export interface RouteOptions extends GraphqlOptions {
  /** What is executed at which path, and for whom. */
  readonly endpoints: Readonly<Record<`/${string}`, GraphqlEndpoint>>;
  /** Strapi's REST paths for accounts; undefined where they are not served. */
  readonly rest: RestOptions | undefined;
  /** Resolves when the database answers. */
  readonly databaseAnswers: () => Promise<unknown>;
  readonly metrics: { readonly registry: Scraped };
  /** Who may read the numbers at `/metrics`; undefined where nobody may. */
  readonly metricsToken: string | undefined;
}

export interface Routes {
  /** All paths that there are. */
  readonly paths: readonly string[];
  has(method: string, path: string): boolean;
  /** What answers to a method at a path: where there is nothing, what refuses it. */
  handlerOf(method: string, path: string): Handler;
}

/** A proxy may keep it to itself, under this very name. */
export const METRICS_PATH = '/metrics';

/** What the server answers to. */
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
    ...(options.rest && restHandlers(options.rest, options)),
    'GET /health': ({ response }) => sendJson(response, 200, { status: 'ok' }),
    'GET /ready': ready(databaseAnswers),
    'GET /reset-password': accountPages.resetPassword,
    'GET /confirm-email': accountPages.confirmEmail,
    'GET /admin/reset-password': accountPages.adminResetPassword,
    ...(metricsToken !== undefined && { [`GET ${METRICS_PATH}`]: metricsFor(metricsToken, metrics.registry) }),
  };
  return {
    paths: [...new Set(Object.keys(routes).map((route) => route.slice(route.indexOf('/'))))],
    has: (method, path) => `${method} ${path}` in routes,
    handlerOf(method, path) {
      const handler = routes[`${method} ${path}`];
      if (handler) return handler;
      const methods = METHODS.filter((known) => `${known} ${path}` in routes);
      // That there are numbers is not said to who asks for them in another way.
      return methods.length === 0 || path === METRICS_PATH ? notFound : methodNotAllowed(methods);
    },
  };
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
