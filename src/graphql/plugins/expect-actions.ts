import type { GraphQLSchema } from 'graphql';
import { actionsOf } from '../../authorization/guard.ts';

/** @throws Error when a list of sensitive acts names an action that the schema does not have. */
export function expectActions(schema: GraphQLSchema, actions: readonly string[]): void {
  const known = actionsOf(schema);
  const unknown = actions.filter((action) => !known.includes(action));
  if (unknown.length > 0) throw new Error(`Sensitive acts that the schema does not have: ${unknown.join(', ')}`);
}
