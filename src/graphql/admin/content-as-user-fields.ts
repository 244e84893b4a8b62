import type { ExecutionResult, GraphQLError } from 'graphql';
import { invalidInput } from '../../common/errors.ts';
import { type DocumentKey, documentKey } from '../../database/document-key.ts';
import type { Builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { parseJson } from '../json.ts';
import { DATABASE_COST } from '../operation/cost.ts';

/**
 * Runs a query on the schema of `/graphql` as a user, who may only read content then.
 *
 * @throws ApiError NOT_FOUND for a user that does not exist.
 */
export type ContentAsUser = (
  user: DocumentKey,
  params: { readonly query: string; readonly variables?: Record<string, unknown> },
  context: Context,
) => Promise<ExecutionResult>;

/** Adds `contentAsUser`. `maxCost`: that of an operation. */
export function addContentAsUser(builder: Builder, contentAsUser: ContentAsUser, maxCost: number): void {
  const answer = builder.objectRef<ExecutionResult>('ContentAsUser').implement({
    description: 'The answer of `/graphql` to a query of a user.',
    fields: (t) => ({
      data: t.field({ type: 'JSON', nullable: true, resolve: ({ data }) => data }),
      errors: t.field({
        type: ['JSON'],
        nullable: { list: true, items: false },
        description: 'Its errors, as a client of the user gets them.',
        resolve: ({ errors }) => errors?.map(asSent),
      }),
    }),
  });
  builder.queryField('contentAsUser', (t) =>
    t.field({
      type: answer,
      nullable: true,
      description:
        'What a user gets for a query on `/graphql`. Only the permissions to read content count, and the user does not notice it. One in an operation.',
      // Not an action of reading: it is for those who can act as the user.
      authScopes: { action: 'user.contentAsUser' },
      args: {
        user: t.arg.id({ required: true, description: 'The numeric id or the documentId of the user.' }),
        query: t.arg.string({ required: true, description: 'A GraphQL document with one query.' }),
        variables: t.arg({ type: 'JSON', description: 'An object.' }),
      },
      // Its query has limits of its own, so an operation has room for one of them.
      extensions: { [DATABASE_COST]: () => ({ once: Math.ceil(maxCost * 0.51), each: 0 }) },
      resolve: (_root, { user, query, variables }, context) =>
        contentAsUser(documentKey(user), { query, variables: variablesIn(variables) }, context),
    }),
  );
}

function variablesIn(given: unknown): Record<string, unknown> {
  if (given == null) return {};
  const value = parseJson(given);
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalidInput([{ path: ['variables'], message: 'variables must be an object' }]);
  }
  return value as Record<string, unknown>; // JSON, and neither a list nor a value
}

/** As a client gets it: without what is for HTTP. */
function asSent({ message, locations, path, extensions: { http: _http, ...extensions } }: GraphQLError) {
  return { message, locations, path, extensions };
}
