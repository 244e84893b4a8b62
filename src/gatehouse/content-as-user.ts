import type { GraphQLSchema } from 'graphql';
import type { AccessReader } from '../authentication/access-cache/read-access.ts';
import type { Viewer } from '../authentication/viewer.ts';
import { onlyActions } from '../authorization/only-actions.ts';
import { notFound } from '../common/errors.ts';
import { whereOf } from '../database/document-key.ts';
import type { ContentAsUser } from '../graphql/admin/content-as-user-fields.ts';
import { readingActionsOf } from '../graphql/content-type/actions.ts';
import type { ContentType } from '../graphql/content-type/content-type.ts';
import { type Context, createContext } from '../graphql/context.ts';
import { createPipeline } from '../graphql/pipeline.ts';
import { queriesOnly } from '../graphql/plugins/queries-only.ts';
import type { GatehouseOptions } from './options.ts';

interface Parts {
  /** The public one. */
  readonly schema: GraphQLSchema;
  /** What it serves. */
  readonly types: readonly ContentType[];
  readonly access: Pick<AccessReader, 'user'>;
}

/**
 * Runs queries of an administrator on the schema of `/graphql` as a user: through the same pipeline, with the same limits, plugins and
 * rules as the user's own requests. Of the user's permissions only those to read content count, and no session begins.
 */
export function createContentAsUser(
  { config, database, log, plugins = [] }: GatehouseOptions,
  { schema, types, access }: Parts,
): ContentAsUser {
  const reading = onlyActions(new Set(readingActionsOf(types)));
  const pipeline = createPipeline({
    schema,
    plugins: [...plugins, queriesOnly()],
    // Trusted documents restrict front ends, and administrators may send any query.
    persistedQueries: { mode: 'off' },
    introspection: false,
    limits: config.limits,
    log,
    loginFields: [],
    shares: database.shares,
    afterWrite: async () => {},
    // A refusal is what the administrator asked to see: the user has done nothing.
    onRefused: () => {},
  });

  async function viewerOf(key: Parameters<ContentAsUser>[0]): Promise<Viewer> {
    const user = await database.prisma.user.findUnique({ where: whereOf(key), select: { id: true } });
    const found = user ? await access.user(user.id, NO_SESSION) : undefined;
    if (!found) throw notFound('User not found');
    const { account, union } = found;
    return {
      kind: 'user',
      account,
      session: NO_SESSION,
      amr: [],
      provenAt: null,
      roles: union.types,
      permissions: reading(union.permissions),
    };
  }

  return async (key, params, { origin, requestId, deadline }) => {
    const context = createContext({
      viewer: await viewerOf(key),
      origin,
      requestId,
      deadline,
      refreshCookie: NO_COOKIE,
    });
    return pipeline.run(params, new Request(new URL('/graphql', config.publicUrl), { method: 'POST' }), context);
  };
}

/** No session has an empty documentId. */
const NO_SESSION = '';
const NO_COOKIE: Context['refreshCookie'] = { token: undefined, set() {}, clear() {} };
