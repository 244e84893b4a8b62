import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  type SelectionSetNode,
} from 'graphql';
import { actionNamedBy, grantsOf, guardOf } from '../../authorization/guard.ts';
import type { Permissions } from '../../authorization/permissions.ts';
import { type ApiError, forbidden } from '../../common/errors.ts';
import { type CoercedOperation, readingOf } from './coerced-operation.ts';
import { collectFields, selectionsOf } from './collect-fields.ts';
import { possibleTypesOf } from './possible-types.ts';

/** Something selected in an operation that its viewer may not use, or not with these arguments. */
export interface Refusal {
  /** Response names from the root, without list positions: `["createPost", "author"]`. */
  readonly path: readonly string[];
  readonly node: FieldNode;
  readonly error: ApiError;
}

/**
 * What a field's arguments ask for may need more than the field's own action (relations that are set or filtered by need
 * their target's `find`), and may be wrong. The field says which in its extensions, under this name.
 */
export const ARGUMENT_CHECK = 'gatehouseArgumentCheck';

/** Why these arguments are refused; undefined when they are not. Looks at nothing but its parameters. */
export type ArgumentCheck = (args: Readonly<Record<string, unknown>>, permissions: Permissions) => ApiError | undefined;

/**
 * Everything in an operation that these permissions do not allow, in the order of the document, each path once.
 *
 * @throws GraphQLError when the value of an argument only turns out wrong once its variables are in it.
 */
export function refusalsOf(operation: CoercedOperation, permissions: Permissions): Refusal[] {
  const { schema, variableValues } = operation;
  const root = schema.getRootType(operation.operation.operation);
  if (!root) return [];
  const reading = readingOf(operation);
  const refusals: Refusal[] = [];

  function visit(
    sets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
    path: readonly string[],
    granted: readonly string[],
  ): void {
    for (const [name, { field, nodes }] of collectFields(reading, sets, type)) {
      if (!field) continue; // __typename has no definition, and needs no right
      const here = [...path, name];
      const [node] = nodes;
      const error = refusalOf(field, node, type, granted);
      if (error) refusals.push({ path: here, node, error });
      const inner = selectionsOf(nodes);
      if (inner.length === 0) continue;
      for (const possible of possibleTypesOf(schema, field)) visit(inner, possible, here, grantsOf(field));
    }
  }

  /** A field needs its own action, what guards the type it is on unless that was granted, and what its arguments use. */
  function refusalOf(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    type: GraphQLObjectType,
    granted: readonly string[],
  ): ApiError | undefined {
    const guard = granted.includes(type.name) ? undefined : guardOf(type);
    const missing = [actionNamedBy(field), guard].find((action) => action !== undefined && !permissions.allows(action));
    if (missing !== undefined) return forbidden(missing);
    const check = field.extensions[ARGUMENT_CHECK] as ArgumentCheck | undefined; // only content types set it
    return check?.(getArgumentValues(field, node, variableValues), permissions);
  }

  visit([operation.operation.selectionSet], root, [], []);
  return refusals;
}

/** What an operation answers when it is refused whole: each of its root fields null. */
export function refusedData(operation: CoercedOperation): Record<string, string | null> {
  const root = operation.schema.getRootType(operation.operation.operation);
  if (!root) return {};
  const fields = collectFields(readingOf(operation), [operation.operation.selectionSet], root);
  return Object.fromEntries([...fields].map(([name, { field }]) => [name, field ? null : root.name]));
}
