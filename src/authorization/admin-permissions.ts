import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { actionNamedBy, actionsOf } from './guard.ts';
import { type Permissions, permissionsOf } from './permissions.ts';

/** The actions of guests: those that lead to a login, and its end. */
const OF_GUESTS = [
  'auth.entrance',
  'auth.login',
  'auth.loginWithPasskey',
  'auth.completeLogin',
  'auth.refresh',
  'auth.logout',
  'auth.registerFirstAdmin',
  'auth.forgotPassword',
  'auth.resetPassword',
];
/** The prefix of actions on the own account, which every administrator is allowed. */
const OF_OWN_ACCOUNT = 'self.';
/**
 * The actions of queries that READ_ONLY does not have. The first finds documents by any condition, and so tells what columns hold that
 * no content type shows: that is for those who can give themselves such a permission. The second runs fields of the project as a
 * user: that is for those who can act as one.
 */
const OF_WRITERS: readonly string[] = ['role.previewDocuments', 'user.contentAsUser'];

/**
 * The permissions of each administrator role on `/admin/graphql`, and of a guest. They are derived from the schema and so include
 * new fields. READ_ONLY has the actions of queries, except `OF_WRITERS`.
 *
 * @throws Error at start when a query and a mutation share an action, because reading would allow writing.
 */
export function adminPermissions(
  schema: GraphQLSchema,
): Readonly<Record<'ADMINISTRATOR' | 'READ_ONLY' | 'guest', Permissions>> {
  const reading = actionsNamedBy(schema.getQueryType());
  const writing = actionsNamedBy(schema.getMutationType());
  const shared = writing.filter((action) => reading.includes(action));
  if (shared.length > 0) throw new Error(`A query and a mutation share an action: ${shared.join(', ')}`);
  const own = writing.filter((action) => action.startsWith(OF_OWN_ACCOUNT));
  return {
    ADMINISTRATOR: permissionsOf(actionsOf(schema)),
    READ_ONLY: permissionsOf([...reading.filter((action) => !OF_WRITERS.includes(action)), ...own, ...OF_GUESTS]),
    guest: permissionsOf(OF_GUESTS),
  };
}

function actionsNamedBy(type: GraphQLObjectType | null | undefined): string[] {
  const named = Object.values(type?.getFields() ?? {}).map(actionNamedBy);
  return [...new Set(named.filter((action) => action !== undefined))];
}
